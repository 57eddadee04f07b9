import { normalCdf, normalDensity } from '../reference/normal-law.ts';
import type { Prediction } from './prediction.ts';

/** One direction of a regression that learns from the labels of the model before which a verifier accepts. */
export interface TruncatedProblem {
  /** The truth, whose labels real rows have. */
  readonly truth: number;
  /** Of a label, beside the model. */
  readonly noise: number;
  /** What the verifier takes for the truth, and how far a label may be from it. */
  readonly centre: number;
  readonly band: number;
  /** Real rows, then by round those accepted. */
  readonly rows: readonly number[];
}

/** Mean and variance of the coefficient after the last round, and how much of both a step of first order would not have seen. */
export interface TruncatedLaw {
  readonly mean: number;
  readonly variance: number;
}

/** An accepted label of a model theta: normal, cut where the verifier ends. */
export function acceptedLabel(theta: number, { noise, centre, band }: Omit<TruncatedProblem, 'rows' | 'truth'>) {
  const [a, b] = [(centre - band - theta) / noise, (centre + band - theta) / noise];
  // From the side on which the tail is: the difference of two numbers near 1 has no digits.
  const chance = a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a);
  const [atA, atB] = [normalDensity(a), normalDensity(b)];
  const moved = (atA - atB) / chance;
  return {
    chance,
    mean: theta + noise * moved,
    variance: noise * noise * (1 + (a * atA - b * atB) / chance - moved * moved),
  };
}

/**
 * The law of theta_k by its mean and variance: with m and v those of an accepted label of theta, theta_(k+1) has given theta_k the mean m and the variance
 * v/n exactly, and theta_k is taken for normal when they are averaged over it (per direction, arXiv:2510.16657v1, Sec. 3, whose Thm 4.1 bounds it).
 */
export function truncatedLaw(problem: TruncatedProblem): TruncatedLaw {
  const { truth, noise, rows } = problem;
  let law: TruncatedLaw = { mean: truth, variance: (noise * noise) / rows[0]! };
  for (const n of rows.slice(1)) {
    let [first, second] = [0, 0];
    const spread = Math.sqrt(law.variance);
    for (let k = -32; k <= 32; k++) {
      const weight = 0.25 * normalDensity(0.25 * k);
      const { mean, variance } = acceptedLabel(law.mean + 0.25 * k * spread, problem);
      first += weight * mean;
      second += weight * (mean * mean + variance / n);
    }
    law = { mean: first, variance: second - first * first };
  }
  return law;
}

/** The same where the map is taken for a line about its mean. */
function linearLaw(problem: TruncatedProblem): TruncatedLaw {
  const { truth, noise, rows } = problem;
  let law: TruncatedLaw = { mean: truth, variance: (noise * noise) / rows[0]! };
  for (const n of rows.slice(1)) {
    const step = 1e-4 * noise;
    const { mean, variance } = acceptedLabel(law.mean, problem);
    const slope =
      (acceptedLabel(law.mean + step, problem).mean - acceptedLabel(law.mean - step, problem).mean) / (2 * step);
    law = { mean, variance: slope * slope * law.variance + variance / n };
  }
  return law;
}

/**
 * Sum over `directions` of E(theta - truth)^2 or E(theta - centre)^2, or E theta. What the bend of the map adds, of relative order 1/n, is in it; the
 * allowance is what the next order would be if orders fell geometrically.
 */
export function truncatedPrediction(
  problem: TruncatedProblem,
  measure: 'truth' | 'centre' | 'mean',
  directions: number,
): Prediction {
  const { truth, noise, centre, band, rows } = problem;
  // Less the truth and in units of the noise: a truth that is large beside the noise would leave squares no digits.
  const whole = { truth: 0, noise: 1, centre: (centre - truth) / noise, band: band / noise, rows };
  const of = ({ mean, variance }: TruncatedLaw) =>
    measure === 'mean'
      ? truth + noise * mean
      : directions * noise ** 2 * ((mean - (measure === 'centre' ? whole.centre : 0)) ** 2 + variance);
  const [value, linear] = [of(truncatedLaw(whole)), of(linearLaw(whole))];
  const scale = measure === 'mean' ? noise : value;
  const bend = Math.abs(value - linear) / scale;
  const allowance = bend < 1 ? (scale * bend * bend) / (1 - bend) : Number.POSITIVE_INFINITY;
  return { kind: 'value', value, allowance, source: 'arXiv:2510.16657v1, Thm 4.1, as a map of exact moments' };
}
