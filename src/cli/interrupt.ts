import { Exit } from './exit.ts';

/**
 * Ctrl-C: the first asks the run to finish its batch and save, the second stops at once. Returns the signal for the run and
 * a function that gives Ctrl-C back.
 */
export function interruptible(onFirst: () => void): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const handle = () => {
    if (controller.signal.aborted) process.exit(Exit.stopped);
    controller.abort();
    onFirst();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  const release = () => {
    process.off('SIGINT', handle);
    process.off('SIGTERM', handle);
  };
  return { signal: controller.signal, release };
}
