import type { Term } from '../experiment/experiment.ts';
import type { CellResult, Results } from '../experiment/results.ts';
import { type Prediction, predictedTerm } from '../theory/prediction.ts';
import { inconsistencies } from './consistency.ts';
import { partsOf } from './quantity.ts';

type At = Readonly<Record<string, number>>;

export type Verdict = 'agrees' | 'disagrees' | 'no theory' | 'no mean' | 'too few trials';

export interface CellCheck {
  readonly panel: string;
  readonly at: At;
  /** The term that is checked; absent: the test error itself. */
  readonly term?: Term;
  readonly verdict: Verdict;
  /** What the theory says now, whatever the file says. */
  readonly prediction: Prediction | null;
  /** (mean - theory) / sem from that prediction; null where there is none. */
  readonly z: number | null;
  /** Distance of mean and theory that still agrees; null without either. */
  readonly tolerance: number | null;
  /** Ways in which the numbers of the cell contradict each other or the theory, in words. */
  readonly inconsistencies: readonly string[];
}

export interface CheckReport {
  /** False if any cell disagrees or contradicts itself. */
  readonly ok: boolean;
  readonly cells: readonly CellCheck[];
}

/** How far single precision moves a mean: `relative` of the theory, plus `absolute`. */
export interface RoundingAllowance {
  readonly relative: number;
  readonly absolute: number;
}

const F32_ALLOWANCE: RoundingAllowance = { relative: 1e-5, absolute: 1e-12 };

/** A cell agrees when mean and theory are within this many standard errors, besides the allowances. */
export const STANDARD_ERRORS = 4;

/** Below this a standard error says too little to judge by. */
export const FEWEST_TRIALS = 8;

/** Holds results against a theory worked out afresh; the theory and the z that the file stores are only cross-checked. */
export function checkResults(
  results: Pick<Results, 'panels'>,
  predict: (panel: string, at: At) => Prediction | null,
  allowance: RoundingAllowance = F32_ALLOWANCE,
): CheckReport {
  const cells = results.panels.flatMap(({ name, cells }) =>
    cells.flatMap((cell) => checkParts(name, cell, predict(name, cell.at), allowance)),
  );
  const bad = cells.some(({ verdict, inconsistencies }) => verdict === 'disagrees' || inconsistencies.length > 0);
  return { ok: !bad, cells };
}

/** A cell, then its terms: they are differences of test errors, whose rounding is relative to those. */
function checkParts(
  panel: string,
  whole: CellResult,
  prediction: Prediction | null,
  allowance: RoundingAllowance,
): readonly CellCheck[] {
  const total = prediction?.kind === 'value' ? prediction.value : 0;
  const ofTerm = { ...allowance, absolute: allowance.absolute + allowance.relative * total };
  return partsOf(whole).map(({ part, cell }) =>
    part === null
      ? checkCell(panel, cell, prediction, allowance)
      : { ...checkCell(panel, cell, predictedTerm(prediction, part), ofTerm), term: part },
  );
}

function checkCell(
  panel: string,
  cell: CellResult,
  prediction: Prediction | null,
  allowance: RoundingAllowance,
): CellCheck {
  const tolerance = toleranceOf(cell, prediction, allowance);
  const distance = prediction?.kind === 'value' ? cell.mean - prediction.value : null;
  return {
    panel,
    at: cell.at,
    verdict: verdictOf(cell, prediction, tolerance),
    prediction,
    z: distance !== null && cell.sem > 0 ? distance / cell.sem : null,
    tolerance,
    inconsistencies: inconsistencies(cell, prediction),
  };
}

function verdictOf({ trials, mean }: CellResult, prediction: Prediction | null, tolerance: number | null): Verdict {
  if (prediction === null) return 'no theory';
  if (prediction.kind === 'no-mean') return 'no mean';
  // A formula that admits to be off by its own size says nothing here: very small problems at the interpolation threshold.
  if (prediction.allowance > 0 && prediction.allowance >= Math.abs(prediction.value)) return 'no theory';
  if (trials < FEWEST_TRIALS) return 'too few trials';
  // Written so that a mean or a tolerance that is NaN disagrees.
  return tolerance !== null && Math.abs(mean - prediction.value) <= tolerance ? 'agrees' : 'disagrees';
}

function toleranceOf(
  { sem, trials }: CellResult,
  prediction: Prediction | null,
  rounding: RoundingAllowance,
): number | null {
  if (prediction?.kind !== 'value') return null;
  const { value, allowance, deviation = 0 } = prediction;
  const error = Math.max(sem, deviation / Math.sqrt(trials));
  return STANDARD_ERRORS * error + allowance + rounding.relative * Math.abs(value) + rounding.absolute;
}
