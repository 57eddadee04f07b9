import type { CellResult } from '../experiment/results.ts';
import { type MedianTest, medianTest } from '../theory/median-test.ts';
import type { Outlook } from '../theory/outlook.ts';
import type { Prediction } from '../theory/prediction.ts';

/** What can be said of a cell. All but `agrees` and `disagrees` judge nothing, and say why. */
export type Verdict =
  | 'agrees'
  | 'disagrees'
  /** No trial ended with an error; more failed than did not. Both fail a check. */
  | 'all failed'
  | 'most failed'
  /** More trials are missing than a factorisation in single precision may lose: they are no random part. */
  | 'censored'
  /** Mean and theory are both less than single precision can tell from 0. */
  | 'below rounding'
  /** The standard error is as large as the mean. */
  | 'too noisy'
  /** The variance of a trial is infinite and its law is not known. */
  | 'heavy tail'
  | 'too few trials'
  | 'no theory'
  /** The theory gives a number that no mean can be: a mistake of this program. */
  | 'theory fault'
  | 'no mean';

/** Verdicts over which a check fails. */
export const BAD: ReadonlySet<Verdict> = new Set(['disagrees', 'all failed', 'most failed']);

/** A cell agrees when mean and theory are within this many standard errors, besides the allowances; a median likewise. */
export const STANDARD_ERRORS = 4;

/** Below this a standard error says too little to judge by. */
export const FEWEST_TRIALS = 8;

/** Below this a median may be anything within four of its standard errors, which are 1/2 / sqrt(trials) in probability. */
const FEWEST_FOR_MEDIAN = 32;

/** A verdict and what it was reached by. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly by: 'mean' | 'median';
  /** Distance from the theory in standard errors; null where there is none. */
  readonly z: number | null;
  /** Distance of mean and theory that still agrees; null where the mean is not judged. */
  readonly tolerance: number | null;
}

/** How far single precision moves a mean: `relative` of the theory, plus `absolute`. */
export interface RoundingAllowance {
  readonly relative: number;
  readonly absolute: number;
}

/** Why trials are missing from a cell, where too many are; null where none are, or as few as are to be expected. */
export function missingTrials(
  { trials, failed }: Pick<CellResult, 'trials' | 'failed'>,
  { failures }: Outlook,
): 'all failed' | 'most failed' | 'censored' | null {
  if (failed === 0) return null;
  if (trials === 0) return 'all failed';
  if (failed > trials) return 'most failed';
  const expected = failures * (trials + failed);
  return failed > expected + STANDARD_ERRORS * Math.sqrt(expected) ? 'censored' : null;
}

/** Holds a cell, or a term of one, against its theory. */
export function judge(
  cell: CellResult,
  prediction: Prediction | null,
  outlook: Outlook,
  rounding: RoundingAllowance,
): Judgement {
  const unjudged = (verdict: Verdict): Judgement => ({ ...beside(cell, prediction, rounding), verdict });
  const missing = missingTrials(cell, outlook);
  if (missing !== null) return unjudged(missing);
  if (prediction === null) return unjudged('no theory');
  if (prediction.kind === 'fault') return unjudged('theory fault');
  if (prediction.kind === 'no-mean') return unjudged('no mean');
  // A formula that admits to be off by its own size says nothing here: very small problems at the interpolation threshold.
  if (prediction.allowance > 0 && prediction.allowance >= Math.abs(prediction.value)) return unjudged('no theory');
  if (cell.trials < FEWEST_TRIALS) return unjudged('too few trials');
  if (outlook.tail !== null && prediction.value > rounding.absolute) return byMedian(cell, outlook.tail.law, unjudged);
  return byMean(cell, prediction, rounding);
}

function byMedian(
  cell: CellResult,
  law: Parameters<typeof medianTest>[0] | null,
  unjudged: (verdict: Verdict) => Judgement,
): Judgement {
  if (law === null) return unjudged('heavy tail');
  if (cell.trials < FEWEST_FOR_MEDIAN) return unjudged('too few trials');
  const { z }: MedianTest = medianTest(law, cell.median, cell.trials);
  // Written so that a median that is NaN disagrees.
  const verdict = Math.abs(z) <= STANDARD_ERRORS ? 'agrees' : 'disagrees';
  return { verdict, by: 'median', z, tolerance: null };
}

function byMean(
  cell: CellResult,
  prediction: Extract<Prediction, { kind: 'value' }>,
  rounding: RoundingAllowance,
): Judgement {
  const { value } = prediction;
  const found = beside(cell, prediction, rounding);
  const distance = Math.abs(cell.mean - value);
  const of = (verdict: Verdict): Judgement => ({ ...found, verdict });
  if (distance > 0 && value <= rounding.absolute && Math.abs(cell.mean) <= rounding.absolute)
    return of('below rounding');
  // Written so that a mean or a tolerance that is NaN disagrees.
  if (!(distance <= found.tolerance!)) return of('disagrees');
  const error = errorOf(cell, prediction);
  return of(error > 0 && error >= Math.abs(cell.mean) ? 'too noisy' : 'agrees');
}

/** Where a cell stands beside its theory, whether that is judged or not. */
function beside(
  cell: CellResult,
  prediction: Prediction | null,
  rounding: RoundingAllowance,
): Omit<Judgement, 'verdict'> {
  if (prediction?.kind !== 'value') return { by: 'mean', z: null, tolerance: null };
  const { value, allowance } = prediction;
  return {
    by: 'mean',
    z: cell.sem > 0 ? (cell.mean - value) / cell.sem : null,
    tolerance:
      STANDARD_ERRORS * errorOf(cell, prediction) + allowance + rounding.relative * Math.abs(value) + rounding.absolute,
  };
}

/** The standard error, not below the one that the theory knows where rare events may be missing from the sample. */
function errorOf({ sem, trials }: CellResult, { deviation = 0 }: { readonly deviation?: number }): number {
  return Math.max(sem, deviation / Math.sqrt(trials));
}
