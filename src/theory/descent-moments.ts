import { type FitMoments, remembered } from './fit-moments.ts';
import { counted, type Eigenvalues, type Spectrum, sumOver } from './spectrum.ts';

/** One pass of stochastic gradient descent: w begins at 0, every step takes the next `batch` rows. */
export interface DescentShape {
  readonly batch: number;
  readonly rate: number;
  /** Times that the rate is halved, after equal parts of the steps. */
  readonly halvings: number;
  /** Last steps of which the mean is the estimate, at least 1. */
  readonly averaged: number;
}

/** The rate of step t = 0, 1, .. of so many. */
export function rateAt({ rate, halvings }: DescentShape, t: number, steps: number): number {
  return rate * 0.5 ** Math.floor((t * (halvings + 1)) / steps);
}

/**
 * The moments of a fit by descent, exact at every size, O(k) a step for k different coordinates. With v = w minus the model w' that labels the rows, a step
 * is v -> M v + (rate/B) sum x g, M = I - (rate/B) sum x x', and v begins at -w'. All moments stay diagonal in the eigenbasis of Sigma, and
 *
 *     E[M]        1 - rate s
 *     E[M D M]    D - 2 rate s D + rate^2 [(1 + 1/B) s^2 D + (s/B) tr Sigma D]
 *     noise       rate^2 s/B a step
 *
 * because E xx'Dxx' = 2 Sigma D Sigma + Sigma tr Sigma D. What is missed is pulled back from the last step to the first, what noise adds is carried
 * forwards. The mean of the last N iterates: the sum of the products of M over them is pulled back in their place, with its mean.
 */
export function descentMoments(eigenvalues: Eigenvalues, rows: number, shape: DescentShape): FitMoments {
  const spectrum = counted(eigenvalues);
  const steps = rows / shape.batch;
  const { mean, lost } = meanOf(spectrum, steps, shape);
  const missed = remembered((b) => missedOf(spectrum, steps, shape, b));
  return {
    mean,
    lost,
    missed,
    kept: (b) => missed(b).map((value, j) => b[j]! * (mean[j]! - lost[j]!) + value),
    crossed: (b) => missed(b).map((value, j) => b[j]! * lost[j]! - value),
    noise: noiseOf(spectrum, steps, shape),
    margin: Infinity,
  };
}

/**
 * Whether the mean square of the iterates grows without end at this rate: the largest eigenvalue of the map D -> E[M D M] is 1 or more, that is
 * sum (rate s/B)/(2 - rate (1 + 1/B) s) >= 1, or one of the denominators is not positive.
 */
export function diverges(eigenvalues: Eigenvalues, { rate, batch }: DescentShape): boolean {
  const spectrum = counted(eigenvalues);
  const left = (s: number) => 2 - rate * (1 + 1 / batch) * s;
  if (spectrum.values.some((s) => !(left(s) > 0))) return true;
  return sumOver(spectrum, (s) => (rate * s) / batch / left(s)) >= 1;
}

function meanOf({ values }: Spectrum, steps: number, shape: DescentShape) {
  const [mean, lost] = [new Float64Array(values.length), new Float64Array(values.length)];
  const [kept, left] = [new Float64Array(values.length), new Float64Array(values.length).fill(1)];
  for (let t = 0; t < steps; t++) {
    const rate = rateAt(shape, t, steps);
    const counts = t >= steps - shape.averaged;
    for (let j = 0; j < values.length; j++) {
      const step = rate * values[j]!;
      kept[j]! += step * left[j]!;
      left[j]! -= step * left[j]!;
      if (!counts) continue;
      mean[j]! += kept[j]! / shape.averaged;
      lost[j]! += left[j]! / shape.averaged;
    }
  }
  return { mean: [...mean], lost: [...lost] };
}

/** R: the sum over the averaged steps from here on of the products of M since. `square` is E[R' diag(b) R], `sum` is E[R]. */
function missedOf(spectrum: Spectrum, steps: number, shape: DescentShape, b: readonly number[]): readonly number[] {
  const { values, counts } = spectrum;
  const k = values.length;
  const { batch, averaged } = shape;
  const square = Float64Array.from(b);
  const sum = new Float64Array(k).fill(1);
  for (let t = steps - 1; t >= 0; t--) {
    const rate = rateAt(shape, t, steps);
    let trace = 0;
    for (let j = 0; j < k; j++) trace += counts[j]! * values[j]! * square[j]!;
    const spread = (rate * rate * trace) / batch;
    const isAveraged = t > steps - averaged;
    for (let j = 0; j < k; j++) {
      const step = rate * values[j]!;
      square[j]! += step * ((1 + 1 / batch) * step - 2) * square[j]! + spread * values[j]!;
      if (averaged === 1) continue;
      sum[j]! -= step * sum[j]!;
      if (!isAveraged) continue;
      square[j]! += b[j]! * (1 + 2 * sum[j]!);
      sum[j]! += 1;
    }
  }
  return Array.from(square, (value) => value / averaged ** 2);
}

/** `own` is the second moment of v, `both` that of v and of the sum of the averaged ones so far, `all` that of the sum. */
function noiseOf(spectrum: Spectrum, steps: number, shape: DescentShape): readonly number[] {
  const { values, counts } = spectrum;
  const k = values.length;
  const { batch, averaged } = shape;
  const [own, both, all] = [0, 1, 2].map(() => new Float64Array(k)) as [Float64Array, Float64Array, Float64Array];
  for (let t = 0; t < steps; t++) {
    const rate = rateAt(shape, t, steps);
    let trace = 0;
    for (let j = 0; j < k; j++) trace += counts[j]! * values[j]! * own[j]!;
    const spread = (rate * rate * (trace + 1)) / batch;
    const isAveraged = t >= steps - averaged;
    for (let j = 0; j < k; j++) {
      const step = rate * values[j]!;
      own[j]! += step * ((1 + 1 / batch) * step - 2) * own[j]! + spread * values[j]!;
      if (!isAveraged) continue;
      both[j]! -= step * both[j]!;
      all[j]! += 2 * both[j]! + own[j]!;
      both[j]! += own[j]!;
    }
  }
  return Array.from(all, (value) => value / averaged ** 2);
}
