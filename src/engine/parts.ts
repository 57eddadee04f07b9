import type { TrialBatch, TrialSource } from '../samplers/sampler.ts';

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

/** Parts in their order as one batch, of no trials where there are none. */
export function joined(first: number, parts: readonly TrialBatch[]): TrialBatch {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const cells = count === 0 ? 0 : parts[0]!.errors.length / parts[0]!.count;
  const whole = { first, count, errors: new Float64Array(cells * count), statuses: new Uint8Array(cells * count) };
  for (const part of parts)
    for (let cell = 0; cell < cells; cell++) {
      const [from, to] = [cell * part.count, (cell + 1) * part.count];
      const at = cell * count + part.first - first;
      whole.errors.set(part.errors.subarray(from, to), at);
      whole.statuses.set(part.statuses.subarray(from, to), at);
    }
  return whole;
}
