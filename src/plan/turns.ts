/** Longest time, milliseconds, that the event loop waits: the launcher wants to hand the device its next submit before the one under way is done. */
export const MOST_BUSY_MS = 10;

/** Work that takes no longer than this is done to its end, stopped or not. */
export const PATIENCE_MS = 300;

/** Lets the event loop turn: whoever loops on the CPU without it hears neither Ctrl-C nor Stop nor the device. */
export const eventLoop = () => new Promise((resolve) => setTimeout(resolve));

/** Work in steps, `tell` told what each yields and the event loop heard between them. Null where the signal was aborted and the end was not near. */
export async function inTurns<T, S>(
  steps: Generator<S, T>,
  signal?: AbortSignal,
  tell?: (step: S) => void,
): Promise<{ readonly value: T } | null> {
  const start = performance.now();
  let since = start;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return { value: step.value };
    tell?.(step.value);
    if (performance.now() - since < MOST_BUSY_MS) continue;
    await eventLoop();
    since = performance.now();
    if (signal?.aborted && since - start > PATIENCE_MS) return null;
  }
}

/** The same without a pause. */
export function atOnce<T>(steps: Generator<unknown, T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** The same steps, each yielding what there is to say of it. */
export function* saying<T, S>(steps: Generator<unknown, T>, what: () => S): Generator<S, T> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    yield what();
  }
}
