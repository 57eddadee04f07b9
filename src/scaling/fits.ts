import type { Panel } from '../experiment/experiment.ts';
import type { FitResult, Resampled } from '../experiment/results.ts';
import { resampledMeans } from '../statistics/bootstrap.ts';
import { quantile } from '../statistics/quantiles.ts';
import { crossingOf } from './crossover.ts';
import type { CurvePlace } from './curves.ts';
import { leverages, slopeOf } from './slope.ts';
import { type ScalingAt, type TheoryFit, theoryFits } from './theory-fits.ts';

const RESAMPLES = 2000;

/** Of fewer trials resamples are too much alike for 95 % intervals. */
const LEAST_TRIALS = 100;

/** Share of the resamples that may lack what is sought before the interval means nothing. */
const MOST_LACKING = 0.005;

/** Errors of a cell in the order of its trials, NaN where a trial failed. */
export type TrialsOf = (cell: number) => Float64Array;

/** Every fit that a panel asks for, theory and simulation; in steps, some for each fit. */
export function* panelFits(
  panel: Panel,
  scalingAt: ScalingAt,
  trialsOf: TrialsOf,
): Generator<void, readonly FitResult[]> {
  const fits: FitResult[] = [];
  for (const fit of theoryFits(panel, scalingAt)) {
    yield;
    fits.push('result' in fit ? yield* simulated(fit, trialsOf, panel.seed) : fit);
  }
  return fits;
}

function* simulated(
  { result, curve, window }: TheoryFit,
  trialsOf: TrialsOf,
  seed: number,
): Generator<void, FitResult> {
  const seek = result.crossover !== null;
  if (result.refused !== null && !seek) return result;
  const points = seek ? curve.points : window.points;
  const sample = sampleOf(points, trialsOf);
  const few = sample.trials < LEAST_TRIALS ? `found ${sample.trials} trials, need ${LEAST_TRIALS}` : null;
  const all = { ...result, trials: sample.trials, refused: result.refused ?? few };
  if (few !== null) return all;
  const resamples: (readonly number[])[] = [];
  for (const means of resampledMeans(sample.columns, RESAMPLES, seed)) {
    resamples.push(means);
    yield;
  }
  const inside = points.flatMap((point, i) => (window.points.includes(point) ? [i] : []));
  const weights = leverages(inside.map((i) => points[i]!.x));
  const slope =
    all.refused !== null
      ? null
      : resampled(sample.means, resamples, (means) =>
          slopeOf(
            weights,
            inside.map((i) => sample.excess(means, i)),
          ),
        );
  const xs = points.map(({ x }) => x);
  const cross = (means: readonly number[]) =>
    crossingOf(
      xs,
      xs.map((_, i) => sample.excess(means, i) / sample.base(means, i)),
    ) ?? Number.NaN;
  return {
    ...all,
    slope,
    refused: all.refused ?? (slope === null ? 'what is fitted is not positive in all resamples: more trials' : null),
    crossover: result.crossover && { ...result.crossover, simulated: resampled(sample.means, resamples, cross) },
  };
}

/** Trials of all cells of a curve, those of the curve it is compared with behind them. */
interface Sample {
  readonly columns: readonly Float64Array[];
  readonly means: readonly number[];
  readonly trials: number;
  /** What the curve adds at point i, or its error where it is compared with none. */
  excess(means: readonly number[], i: number): number;
  base(means: readonly number[], i: number): number;
}

/** Only trials that succeeded in every cell: resamples draw a trial in all of them or in none. */
function sampleOf(points: readonly CurvePlace[], trialsOf: TrialsOf): Sample {
  const cells = [...points.map(({ cell }) => cell), ...points.flatMap(({ base }) => (base === null ? [] : [base]))];
  const all = cells.map(trialsOf);
  const length = Math.min(...all.map((column) => column.length));
  const whole = Array.from({ length }, (_, t) => t).filter((t) => all.every((column) => !Number.isNaN(column[t])));
  const columns = all.map((column) => Float64Array.from(whole, (t) => column[t]!));
  const base = (means: readonly number[], i: number) => means[points.length + i] ?? 0;
  return {
    columns,
    means: columns.map((column) => column.reduce((sum, error) => sum + error, 0) / column.length),
    trials: whole.length,
    excess: (means, i) => means[i]! - base(means, i),
    base,
  };
}

/** A statistic of the means with its percentile interval; null where too many resamples have none. */
function resampled(
  means: readonly number[],
  resamples: readonly (readonly number[])[],
  statistic: (means: readonly number[]) => number,
): Resampled | null {
  const value = statistic(means);
  const values = resamples.map(statistic).filter(Number.isFinite);
  if (!Number.isFinite(value) || values.length < (1 - MOST_LACKING) * resamples.length) return null;
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const squares = values.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return {
    value,
    low: quantile(values, 0.025),
    high: quantile(values, 0.975),
    error: Math.sqrt(squares / (values.length - 1)),
  };
}
