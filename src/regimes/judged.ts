import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer, positive } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { normalCdf } from '../reference/normal-law.ts';
import type { ClassRound, RoundRows } from '../theory/classes.ts';
import type { Frame4 } from '../theory/kept-moments.ts';
import {
  type ClassBlock,
  type ClassRecipe,
  classFitsBehind,
  type Direction,
  isClassFit,
  type Keep,
} from './class-recipe.ts';
import { largestDimension } from './linear-parameters.ts';

/** What regimes of classifiers on judged rows share: numbers within bounds, directions, the rule of the judge, rows for recipe and theory. */

/** Least dimension: four coordinates are drawn as they are, and five more begin the rest. */
const LEAST_DIMENSION = 12;

const largestSamples = 2 ** 24;

export const dimension = axis(integer(LEAST_DIMENSION, largestDimension)).describe('d, number of features');

export const samples = axis(integer(20, largestSamples));

export const ridge = axis(positive()).describe(
  "lambda above 0: of lambda |w|^2 beside (1/n) sum (x'w - y)^2 over the kept of n rows; logistic: of (lambda/2) |w|^2 beside -(1/n) sum ln sigmoid(y x'w)",
);

export const loss = z
  .enum(['squares', 'logistic'])
  .default('squares')
  .describe('what the classifier makes least: a ridge regression on labels 1 and -1, or a logistic one with a ridge');

export const response = z
  .enum(['sign', 'sigmoid'])
  .default('sign')
  .describe("sign: y = sign(x'w) of the model that labels; sigmoid: y = 1 with the chance sigmoid(x'w), else -1");

export const cosine = axis(
  z
    .number({ error: 'a number from -1 to 1' })
    .min(-1, { error: 'a number from -1 to 1' })
    .max(1, { error: 'a number from -1 to 1' }),
);

export const chance = axis(
  z
    .number({ error: 'a number from 0 to 1' })
    .min(0, { error: 'a number from 0 to 1' })
    .max(1, { error: 'a number from 0 to 1' }),
);

const share = axis(
  z
    .number({ error: 'a number above 0, at most 1' })
    .gt(0, { error: 'a number above 0, at most 1' })
    .max(1, { error: 'a number above 0, at most 1' }),
);

export const keep = z
  .strictObject({
    rule: z
      .enum(['all', 'hard', 'easy', 'band'])
      .default('all')
      .describe(
        "hard: rows near the judge's border, |x'o| small; easy: rows far from it; band: those beyond the nearest",
      ),
    share: share.prefault(1).describe("of rows that hard, easy or band keep, by |x'o| alone"),
    nearest: chance.prefault(0).describe('share of rows nearest to the border that a band leaves out'),
    agree: z
      .boolean()
      .default(false)
      .describe('whether a row is kept only if the judge gives it the label that it has'),
  })
  .prefault({});

export type KeepParameters = Resolved<z.output<typeof keep>>;

/** Keeps every row that a judge sees. */
export const KEEP_ALL: Keep = {
  judge: [1, 0, 0],
  least: 0,
  most: Number.POSITIVE_INFINITY,
  agree: false,
  right: 1,
  wrong: 1,
};

export function keepOf({ rule, share: kept, nearest, agree }: KeepParameters, judge: Keep['judge']): Keep {
  const from = rule === 'easy' ? 1 - kept : rule === 'band' ? nearest : 0;
  const to = rule === 'all' ? 1 : from + kept;
  const least = from > 0 ? sizeBelow(from) : 0;
  const most = to < 1 - 1e-12 ? sizeBelow(to) : Number.POSITIVE_INFINITY;
  return { ...KEEP_ALL, least, most, judge, agree };
}

/** a with P(|Z| <= a) = p for a standard normal Z, by halving. */
function sizeBelow(p: number): number {
  let [low, high] = [0, 40];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (1 - 2 * normalCdf(-middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** A direction with this cosine to the truth. */
export const directionAt = (cosine: number): Direction => [cosine, Math.sqrt(1 - cosine * cosine), 0];

/** A direction in the frame whose first axis is the truth, and one that has cosines with both; null where no vectors have these. */
export function directionsOf(
  first: number,
  second: number,
  between: number,
): { readonly generator: Direction; readonly judge: Direction } | null {
  const beside = Math.sqrt(Math.max(0, 1 - first * first));
  const rest = Math.sqrt(Math.max(0, 1 - second * second));
  const aligned = between - first * second;
  if (beside < 1e-9) return Math.abs(aligned) < 1e-9 ? { generator: [first, 0, 0], judge: [second, rest, 0] } : null;
  const along = aligned / beside;
  const left = 1 - second * second - along * along;
  if (left < -1e-9) return null;
  return { generator: [first, beside, 0], judge: [second, along, Math.sqrt(Math.max(0, left))] };
}

/** Of data that take as long to plan as a fit: the steps of a logistic one are planned one by one. */
export const plannedAs = (made: 'squares' | 'logistic'): number => (made === 'logistic' ? BLOCKS_OF_LOGISTIC : 1);

const BLOCKS_OF_LOGISTIC = 60;

/** Rows that a fit of any use needs. */
const FEW = 50;

/** What is wrong with a rule for so many rows: that it keeps too few, or asks for rows that are not there. */
export function keepProblems({ rule, share: kept, nearest }: KeepParameters, rows: number): readonly Problem[] {
  const band = rule === 'band';
  if (!band && nearest > 0) return [{ path: 'keep.nearest', message: `found ${nearest}, which is for the rule band` }];
  if (band && nearest + kept > 1 + 1e-12)
    return [{ path: 'keep.nearest', message: `found ${nearest}, more than the rest beside the share ${kept}` }];
  return fewProblems('keep.share', rows, rule === 'all' ? 1 : kept);
}

/** How many rows a share keeps, where that is too few. */
export function fewProblems(path: string, rows: number, kept: number): readonly Problem[] {
  if (rows * kept >= FEW) return [];
  return [{ path, message: `keeps about ${Math.round(rows * kept)} of ${rows} rows, need ${FEW} or more` }];
}

/** Labels beside their makers: of known moments, by sign, none turned round, all kept. */
export const PLAIN = { estimated: null, response: 'sign', flips: 0, keep: KEEP_ALL } as const;

/** The same fits as theory has them, in order: a fit knows the one before alone. */
export function roundsOf(recipe: ClassRecipe): readonly ClassRound[] {
  return classFitsBehind(recipe.estimate.fit).map(({ blocks, ridge: penalty, loss: made }) => ({
    blocks: blocks.map((block) => rowsOf(block, recipe)),
    ridge: penalty,
    loss: made,
  }));
}

function rowsOf(
  { rows, labels, response: said, flips, estimated, keep: { judge, ...rule } }: ClassBlock,
  { dimension: d, separation, norm }: ClassRecipe,
): RoundRows {
  const truth = [1, 0, 0, 0] as const;
  const given = labels === 'truth' ? null : isClassFit(labels) ? 'model' : ([...labels, 0] as const);
  const sigmoid = said === 'sigmoid';
  const long = ([x, y, v, w]: Frame4): Frame4 => [norm * x, norm * y, norm * v, norm * w];
  const label = sigmoid && given !== 'model' ? long(given ?? truth) : given;
  const own = judge === 'labeller' ? (label ?? truth) : ([...judge, 0] as const);
  const beside = estimated ? Math.sqrt((d - 1) / estimated.rows) : 0;
  return {
    rows,
    label,
    sigmoid,
    flips,
    mean: [separation, 0, 0, beside],
    covariance: estimated?.covariance ? estimated.rows : null,
    judge: own,
    ...rule,
  };
}
