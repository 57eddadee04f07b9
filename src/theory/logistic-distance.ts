import { type ClassProblem, classOutcomes, LOGISTIC_SOURCE } from './classes.ts';
import type { Prediction } from './prediction.ts';
import { gaussLegendre, normalNodes, panelEnds } from './quadrature.ts';

/**
 * E|w - w0|^2 of the last of a chain of logistic fits to fresh rows, w0 of this length along the first axis: that of fits for d and n without bound, and the
 * term 1/d of each, for along its labeller a fit scatters by 1/I_1 instead of 1/I_2, the Fisher information across it.
 */
export function replacedDistance(problem: ClassProblem, norm: number): Prediction | null {
  const found = distanceOf(problem, norm);
  if (!found) return null;
  const { value, left } = found;
  return { kind: 'value', value, allowance: value * left, source: LOGISTIC_SOURCE };
}

/** The distance after the last fit, and what is left out of it: the square of the term 1/d, and twice what the length is off by. */
function distanceOf(problem: ClassProblem, norm: number) {
  const outcomes = classOutcomes(problem);
  if (!outcomes) return null;
  const labellers = [norm, ...outcomes.map(({ model }) => Math.hypot(...model))];
  const alone = problem.rounds.reduce((sum, { blocks }, round) => {
    const { along, across } = information(labellers[round]!);
    return sum + (1 / along - 1 / across) / blocks[0]!.rows;
  }, 0);
  const { model, scatter } = outcomes.at(-1)!;
  const [first, ...others] = model;
  const value = (first - norm) ** 2 + squared(others) + alone;
  const term = alone / value;
  return { value, left: term ** 2 / (1 - term) + 2 * scatter };
}

const squared = (v: readonly number[]) => v.reduce((sum, x) => sum + x * x, 0);

const RULE = gaussLegendre(8);

/** E sigmoid'(x'w) (x'e)^2 of a row, e along w and across it. */
function information(length: number): { readonly along: number; readonly across: number } {
  let [along, across] = [0, 0];
  for (const [z, share] of normalNodes(RULE, panelEnds(-10, 10, 1, [{ at: 0, width: 1 / length }]), 0)) {
    const p = 1 / (1 + Math.exp(-length * z));
    across += share * p * (1 - p);
    along += share * p * (1 - p) * z * z;
  }
  return { along, across };
}

/**
 * E|w - w0|^2 of the fit of greatest likelihood to the rows of all rounds so far, each labelled by the fit before it: the scores of a round add noise to a
 * mean over t + 1 rounds of what each fit was off, so that for n without bound and d fixed
 *     w_t = w_(t-1) + xi_t / (t + 1),   E|w_t - w0|^2 = E|w_0 - w0|^2 sum_(k <= t + 1) 1/k^2,
 * which tends to pi^2/6 times the first (arXiv:2410.22812v2). The first is that of `one`, its only round; what is left out of the others is of the
 * relative order d/n: of a fit to k times the rows a k-th of what the first differs from tr I^-1/n, I the Fisher information.
 */
export function accumulatedDistance(one: ClassProblem, norm: number, generations: number): Prediction | null {
  const first = distanceOf(one, norm);
  if (!first) return null;
  const { along, across } = information(norm);
  const leading = (1 / along + (one.dimension - 1) / across) / one.rounds[0]!.blocks[0]!.rows;
  let [sum, rows] = [0, 0];
  for (let k = 1; k <= generations + 1; k++) {
    sum += 1 / (k * k);
    rows += 1 / k;
  }
  const value = first.value * sum;
  const left = Math.abs(first.value / leading - 1) * (rows - 1) + first.left;
  return {
    kind: 'value',
    value,
    allowance: value * left,
    source: 'arXiv:2410.22812v2, logistic fits, labels of all rounds kept',
  };
}
