import { mixtureTestError } from '../mixture.ts';
import { type MixtureProblem, weightedMixture } from '../mixture-problem.ts';

export interface OptimalWeight {
  /** a of `(1-a)/n1 sum over real rows + a/n2 sum over synthetic rows`. */
  readonly weight: number;
  readonly error: number;
}

const STEPS = 50;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The a at which theory puts the least test error: the least of a grid, then golden section between its neighbours. */
export function optimalWeight(problem: MixtureProblem): OptimalWeight | null {
  const errorAt = (a: number): number => {
    const prediction = mixtureTestError(weightedMixture(problem, a));
    return prediction.kind === 'value' && prediction.allowance < Infinity ? prediction.value : Infinity;
  };
  const grid = Array.from({ length: STEPS + 1 }, (_, i) => ({ weight: i / STEPS, error: errorAt(i / STEPS) }));
  const least = grid.reduce((best, point) => (point.error < best.error ? point : best));
  if (least.error === Infinity) return null;
  let [low, high] = [Math.max(0, least.weight - 1 / STEPS), Math.min(1, least.weight + 1 / STEPS)];
  while (high - low > 1e-7) {
    const [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    if (errorAt(left) < errorAt(right)) high = right;
    else low = left;
  }
  const found = { weight: (low + high) / 2, error: errorAt((low + high) / 2) };
  return found.error < least.error ? found : least;
}

/** Cor 2 of the paper as printed: its proof takes a for 1 - a and leaves the weights out of the noise. */
export function printedWeightedError(d: number, c2: number, problem: MixtureProblem, a: number): number {
  const { real, synthetic } = problem;
  const n = real.rows + synthetic.rows;
  const [p1, p2] = [real.rows / n, synthetic.rows / n];
  return p2 ** 2 * a ** 2 * c2 + (((1 - a) * p1 * real.noise ** 2 + a * p2 * synthetic.noise ** 2) * d) / n;
}
