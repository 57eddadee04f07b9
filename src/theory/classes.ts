import { cholesky, choleskySolve } from '../reference/linalg.ts';
import { misclassified } from '../reference/misclassified.ts';
import { estimatedCovariance, type MeanRows } from './estimated-covariance.ts';
import { kappa } from './fixed-point.ts';
import { type Frame4, type JudgedRows, keptMoments } from './kept-moments.ts';
import { logisticFit } from './logistic.ts';
import type { Prediction } from './prediction.ts';

/** Rows of one kind; `label` and `judge` may be the classifier of the round before. */
export interface RoundRows extends Omit<JudgedRows, 'label' | 'judge'> {
  readonly label: Frame4 | null | 'model';
  readonly judge: Frame4 | 'model';
  /** Rows whose covariance is that of x; null where it is I. */
  readonly covariance: number | null;
}

/** A classifier on what is kept of all its rows: of least squares, or logistic, with the ridge that `ClassFit` says. */
export interface ClassRound {
  readonly blocks: readonly RoundRows[];
  readonly loss: 'squares' | 'logistic';
  readonly ridge: number;
}

export interface ClassProblem {
  readonly dimension: number;
  /** |mu|, 0 without class means. */
  readonly separation: number;
  /** In order; labels of the first are none of a model's. */
  readonly rounds: readonly ClassRound[];
}

/** Of what theorem a logistic round is. */
export const LOGISTIC_SOURCE =
  'arXiv:1803.06964v3, eq. (5), with a ridge arXiv:1906.03761v1, for kept rows (docs/theory.md, "Select")';

/** Coordinates that labels and judge know. */
const KNOWN = 4;

/** Directions that tell kept rows from others, label and judge: along each the scatter of moments is relative 1 / (T - df_2), and not in the formula. */
const PLANE = 2;

/** A classifier in the frame, its last coordinate the length of all beside the three directions, and what is left out relative to what is measured of it. */
export interface ClassOutcome {
  readonly model: Frame4;
  readonly relative: number;
  /** Without the terms 1/d of logistic fits. */
  readonly scatter: number;
}

/** Of the relative terms 1/d of a logistic fit, which grow with its length (docs/theory.md). */
const LEFT_OUT = 0.15;

/**
 * The classifier after every round, to leading order. Of a row only the frame of truth, generator, judge and labelling
 * classifier is not Gaussian and independent, so that with moments C, b of the kept rows there, T of them, and the fixed point
 * kappa of the others: u = (C + kappa)^-1 b in the frame, |v|^2 = r^2 (df_2/T) / (1 - df_2/T) beside it; of a logistic one
 * `logisticFit` says u and |v|. null where moments have no closed form, hardly a row is kept, or there is no fit.
 */
export function classOutcomes({ dimension, rounds }: ClassProblem): readonly ClassOutcome[] | null {
  const outcomes: ClassOutcome[] = [];
  let model: Frame4 | null = null;
  let [scatter, left] = [0, 0];
  const length = Math.max(
    1,
    ...rounds[0]!.blocks.map(({ label, sigmoid }) => (sigmoid ? Math.hypot(...(label as Frame4)) : 1)),
  );
  for (const round of rounds) {
    const blocks = round.blocks.map((block) => ({
      ...block,
      label: block.label === 'model' ? model! : block.label,
      judge: block.judge === 'model' ? model! : block.judge,
    }));
    const next: Fitted | null = fitted({ ...round, blocks }, dimension);
    if (!next) return null;
    model = next.model;
    scatter += PLANE / next.spare;
    if (round.loss === 'logistic') left += (LEFT_OUT * Math.max(1, Math.hypot(...model) / length)) / dimension;
    outcomes.push({ model, relative: scatter + left, scatter });
  }
  return outcomes;
}

/** The share of misclassified rows after the last round, or its length or cosine with the truth; `source` names the theorem of least squares. */
export function classPrediction(
  problem: ClassProblem,
  source: string,
  measure: 'misclassified' | 'norm' | 'cosine' = 'misclassified',
): Prediction | null {
  const outcome = classOutcomes(problem)?.at(-1);
  if (!outcome) return null;
  const { model, relative } = outcome;
  const { dimension, separation, rounds } = problem;
  // Of a logistic fit s is the scatter in all d directions, of which one is along the truth.
  const share = rounds.at(-1)!.loss === 'logistic' ? Math.sqrt(1 - 1 / dimension) : 1;
  const turned: Frame4 = [model[0], model[1], model[2], share * model[3]];
  const value = {
    misclassified: misclassified(turned, separation),
    norm: Math.hypot(...model),
    cosine: model[0] / Math.hypot(...turned),
  }[measure];
  const theorem = rounds.at(-1)!.loss === 'logistic' ? LOGISTIC_SOURCE : source;
  return { kind: 'value', value, allowance: value * relative, source: theorem };
}

/** A round with its labeller put in. */
interface Round extends Omit<ClassRound, 'blocks'> {
  readonly blocks: readonly MeanRows[];
}

/** A classifier, and the freedom that its rows have left. */
interface Fitted {
  readonly model: Frame4;
  readonly spare: number;
}

function fitted(round: Round, dimension: number): Fitted | null {
  if (round.blocks.some(({ covariance }) => covariance !== null))
    return round.loss === 'squares' ? estimatedCovariance(round.blocks, round.ridge, dimension) : null;
  if (round.loss === 'logistic') return logisticFit(round, dimension);
  // Across the truth an estimate scatters in the frame as it does beside it.
  return leastSquares(round, dimension - 1);
}

/** null where there is no saying. */
function leastSquares({ blocks, ridge }: Round, columns: number): Fitted | null {
  const squares = [0, 1, 2, 3].map(() => [0, 0, 0, 0]);
  const labelled = [0, 0, 0, 0];
  let [kept, drawn] = [0, 0];
  for (const block of blocks) {
    const moments = keptMoments(block);
    if (!moments) return null;
    const { rows } = block;
    drawn += rows;
    kept += rows * moments.share;
    for (let i = 0; i < KNOWN; i++) {
      labelled[i]! += rows * moments.labelled[i]!;
      for (let j = 0; j < KNOWN; j++) squares[i]![j]! += rows * moments.squares[i]![j]!;
    }
  }
  if (!(kept > 2 * KNOWN)) return null;
  const spectrum = { values: [1], counts: [columns], dimension: columns };
  const root = kappa(spectrum, kept, (ridge * drawn) / kept);
  const b = labelled.map((sum) => sum / kept);
  const u = solved(
    squares.map((row, i) => row.map((sum, j) => sum / kept + (i === j ? root : 0))),
    b,
  );
  const fit = u.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const square = u.reduce((sum, x, i) => sum + x * squares[i]!.reduce((all, c, j) => all + (c / kept) * u[j]!, 0), 0);
  const residual = 1 - 2 * fit + square;
  const freedom = columns / (1 + root) ** 2;
  const spare = kept - freedom;
  if (!(spare > 0)) return null;
  const beside = residual * (freedom / spare);
  const model: Frame4 = [u[0]!, u[1]!, u[2]!, Math.sqrt(u[3]! ** 2 + beside)];
  return { model, spare };
}

/** A x = b for a symmetric positive A of order 4. */
function solved(matrix: readonly (readonly number[])[], b: readonly number[]): Float64Array {
  const root = cholesky(Float64Array.from(matrix.flat()), KNOWN);
  if (root.kind !== 'ok') return new Float64Array(KNOWN).fill(Number.NaN);
  return choleskySolve(root.factor, Float64Array.from(b));
}
