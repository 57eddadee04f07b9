import { normalCdf, normalCells } from '../../bench/normal-cells.ts';
import { SLAB } from '../../src/kernels/probe.ts';

/** Name of a statistic, and how many standard errors it is off for independent standard normals. */
type Score = readonly [name: string, score: number];

/** Scores of a slab of normals, columns after each other. */
export function normalScores(z: Float32Array): Score[] {
  return [...moments(z), ...tails(z), kolmogorovSmirnov(z), ...correlations(z)];
}

/** Means of z^k: 0 or (k-1)!!, variance (2k-1)!! minus its square. */
function moments(z: Float32Array): Score[] {
  const sums = new Float64Array(9);
  for (let i = 0; i < z.length; i++) for (let k = 1, power = z[i]!; k <= 8; k++, power *= z[i]!) sums[k]! += power;
  const mean = (k: number): number => (k % 2 === 1 ? 0 : k === 0 ? 1 : (k - 1) * mean(k - 2));
  return Array.from({ length: 8 }, (_, i) => {
    const k = i + 1;
    const error = Math.sqrt((mean(2 * k) - mean(k) ** 2) / z.length);
    return [`moment ${k}`, (sums[k]! / z.length - mean(k)) / error];
  });
}

/** Numbers of normals beyond a bound on either side, expected in their hundreds and thousands, and a handful beyond 5. */
function tails(z: Float32Array): Score[] {
  const bounds = [3, 4, 5];
  const above = [0, 0, 0];
  const below = [0, 0, 0];
  for (let i = 0; i < z.length; i++) {
    const x = z[i]!;
    for (let k = 0; k < 3 && Math.abs(x) > bounds[k]!; k++) (x > 0 ? above : below)[k]!++;
  }
  return bounds.flatMap((bound, k) => {
    const expected = z.length * normalCdf(-bound);
    return [
      [`above ${bound}`, (above[k]! - expected) / Math.sqrt(expected)],
      [`below -${bound}`, (below[k]! - expected) / Math.sqrt(expected)],
    ] as const;
  });
}

/** sqrt(n) times the largest distance of distribution functions at 65 535 points, as the normal score of its p-value. */
function kolmogorovSmirnov(z: Float32Array): Score {
  const cell = normalCells();
  const counts = new Uint32Array(65536);
  for (let i = 0; i < z.length; i++) counts[Math.trunc(cell(z[i]!))]!++;
  let seen = 0;
  let largest = 0;
  counts.forEach((count, i) => {
    seen += count;
    largest = Math.max(largest, Math.abs(seen / z.length - (i + 1) / 65536));
  });
  // Kolmogorov's tail 2 exp(-2 t^2) beside the normal tail 2 exp(-s^2 / 2): a score of 2 t on that scale.
  return ['Kolmogorov-Smirnov', 2 * largest * Math.sqrt(z.length)];
}

/** Neighbours along a line's coordinate, of a Box-Muller pair and beyond it, and of blocks of four columns. */
function correlations(z: Float32Array): Score[] {
  const { lines } = SLAB;
  return [1, 2, lines, 2 * lines, 3 * lines, 4 * lines].flatMap((lag) => {
    let plain = 0;
    let squares = 0;
    const count = z.length - lag;
    for (let i = 0; i < count; i++) {
      const x = z[i]!;
      const y = z[i + lag]!;
      plain += x * y;
      squares += (x * x - 1) * (y * y - 1);
    }
    return [
      [`correlation at ${lag}`, plain / Math.sqrt(count)],
      [`correlation of squares at ${lag}`, squares / (2 * Math.sqrt(count))],
    ] as const;
  });
}
