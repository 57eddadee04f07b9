import { Exit } from './exit.ts';

/** A wrapper such as npx passes on the Ctrl-C that the terminal has sent already: within this many milliseconds both are one. */
const ONE_KEYPRESS = 100;

/**
 * The first Ctrl-C, SIGTERM or SIGHUP asks the run to finish its batch and save; only a second Ctrl-C stops at once, for whoever
 * ends a session sends the others more than once. Returns the signal for the run and a function that gives Ctrl-C back.
 */
export function interruptible(onFirst: () => void): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  let pressed = Number.NEGATIVE_INFINITY;
  const stop = () => {
    if (controller.signal.aborted) return;
    controller.abort();
    onFirst();
  };
  const press = () => {
    const since = performance.now() - pressed;
    if (since > ONE_KEYPRESS && since < Number.POSITIVE_INFINITY) process.exit(Exit.stopped);
    pressed = performance.now();
    stop();
  };
  process.on('SIGINT', press);
  for (const signal of ENDINGS) process.on(signal, stop);
  const release = () => {
    process.off('SIGINT', press);
    for (const signal of ENDINGS) process.off(signal, stop);
  };
  return { signal: controller.signal, release };
}

const ENDINGS = ['SIGTERM', 'SIGHUP'] as const;
