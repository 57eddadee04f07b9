import type { TrialBatch, TrialSource } from '../program/trials.ts';

/** Milliseconds of one part: so soon whoever asks for a stop is heard, single trials that take longer aside. */
const PART = 50;

/** The trials of a batch from `first` on, a few at a time, without a device in between. */
export async function* partsOf(source: TrialSource, first: number, count: number): AsyncGenerator<TrialBatch, void> {
  const end = first + count;
  let size = 1;
  for (let next = first; next < end; ) {
    const since = performance.now();
    const part = await source.run(next, Math.min(size, end - next));
    yield part;
    next += part.count;
    if (performance.now() - since < PART / 2) size *= 2;
  }
}
