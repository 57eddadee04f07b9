import { type Prediction, soundPrediction } from '../theory/prediction.ts';
import type { Scaling } from '../theory/scaling.ts';
import { partExponents } from '../theory/scaling-law.ts';
import { type LinearCell, lawOf, rowsOf } from './linear-parameters.ts';
import { type Labeller, ridgeOf } from './ridge.ts';

/** Rows are varied by this to see which power of them the ridge is. */
const STEP = 1e-3;

/**
 * Thm 5.2 of arXiv:2402.07712v2 for a cell of a chain of generators. null where the theorem does not hold: no power laws,
 * generators that lose directions, a ridge below T^-beta.
 */
export function chainScaling(
  cell: LinearCell,
  labellers: readonly Labeller[],
  ungated: Prediction | null,
): Scaling | null {
  const prediction = soundPrediction(ungated);
  const law = lawOf(cell);
  const l = ridgeExponent(cell, labellers);
  if (law === null || !(law.beta > 1 && law.r > 0) || !(l > -1e-9 && l < law.beta)) return null;
  if (labellers.some(({ rows }) => rows <= cell.dimension + 1)) return null;
  if (prediction?.kind !== 'value' || prediction.terms === undefined) return null;
  const { bias, variance, collapse } = prediction.terms;
  const exponents = partExponents(law, l);
  // Below d rows the generators' errors pass through all directions: max(T/T0, d/T0) T^-(1 - l/beta).
  const below = rowsOf(cell.downstream.samples, cell.dimension) < cell.dimension;
  return {
    terms: [
      { name: 'bias', value: bias.value, exponent: exponents.bias },
      { name: 'variance', value: variance.value, exponent: exponents.variance },
      { name: 'collapse', value: collapse.value, exponent: below ? exponents.variance : exponents.collapse },
    ],
    allowance: prediction.allowance,
    source: 'arXiv:2402.07712v2, Thm 5.2',
  };
}

/** l of lambda ~ T^-l about this T, NaN without ridge. */
function ridgeExponent(cell: LinearCell, labellers: readonly Labeller[]): number {
  const rows = rowsOf(cell.downstream.samples, cell.dimension);
  const at = (samples: number) => ridgeOf({ ...cell, downstream: { ...cell.downstream, samples } }, labellers);
  return -Math.log(at(rows * (1 + STEP)) / at(rows)) / Math.log1p(STEP);
}
