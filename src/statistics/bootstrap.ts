import { integers } from './integers.ts';

/** More trials than this are first averaged in this many blocks, whose means are as independent as the trials. */
const MOST_BLOCKS = 1000;

/**
 * Means of several columns of numbers over the same trials, for resamples of the trials (Efron 1979), all columns together
 * so that what they have in common stays in common. The same seed gives the same resamples.
 *
 * @param columns of equal length; `columns[c][t]` belongs to trial t.
 */
export function* resampledMeans(
  columns: readonly ArrayLike<number>[],
  resamples: number,
  seed: number,
): Generator<readonly number[], void> {
  const blocks = columns.map(blockMeans);
  const count = blocks[0]?.length ?? 0;
  const random = integers(seed);
  const times = new Float64Array(count);
  for (let resample = 0; resample < resamples; resample++) {
    times.fill(0);
    for (let i = 0; i < count; i++) times[random() % count]! += 1;
    yield blocks.map((block) => block.reduce((sum, mean, b) => sum + times[b]! * mean, 0) / count);
  }
}

/** Trials left over after the last whole block are left out: less than one in a hundred wherever there are blocks. */
function blockMeans(column: ArrayLike<number>): Float64Array {
  const size = column.length <= MOST_BLOCKS ? 1 : Math.ceil(column.length / MOST_BLOCKS);
  const means = new Float64Array(Math.floor(column.length / size));
  for (let i = 0; i < means.length * size; i++) means[Math.floor(i / size)]! += column[i]! / size;
  return means;
}
