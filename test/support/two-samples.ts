import type { TrialSource } from '../../src/program/trials.ts';
import type { SamplerJob } from '../../src/samplers/sampler.ts';

/** Kolmogorov-Smirnov distance of two samples. */
export function distance(a: Float64Array, b: Float64Array): number {
  const [x, y] = [a.toSorted(), b.toSorted()];
  let largest = 0;
  for (let i = 0, j = 0; i < x.length && j < y.length; ) {
    const at = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i]! <= at) i++;
    while (j < y.length && y[j]! <= at) j++;
    largest = Math.max(largest, Math.abs(i / x.length - j / y.length));
  }
  return largest;
}

/** The distance that two samples of sizes n and m from one law exceed with probability `level` at most (Smirnov, large n, m). */
export function criticalDistance(n: number, m: number, level: number): number {
  return Math.sqrt(-0.5 * Math.log(level / 2) * (1 / n + 1 / m));
}

/** Test errors of all trials, per cell, from any source, in batches it accepts. */
export async function allErrors(
  source: TrialSource,
  job: SamplerJob,
  trials: number,
  first = 0,
): Promise<Float64Array[]> {
  const cells = job.recipes.map(() => new Float64Array(trials));
  for (let done = 0; done < trials; done += source.capacity) {
    const count = Math.min(source.capacity, trials - done);
    const batch = await source.run(first + done, count);
    cells.forEach((cell, c) => {
      cell.set(batch.errors.subarray(c * count, (c + 1) * count), done);
    });
  }
  return cells;
}
