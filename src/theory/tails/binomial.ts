import { logGamma } from './special.ts';

/** Probabilities below this share of the largest one are left out. */
const NEGLIGIBLE = 1e-18;

/**
 * E g(Y), Y ~ Binomial(draws, probability), with g(y) = values[y], 0 beyond the values: outwards from the most likely y,
 * each probability from its neighbour.
 */
export function binomialMean(draws: number, probability: number, values: ArrayLike<number>): number {
  if (!(probability > 0)) return values[0] ?? 0;
  const last = Math.min(draws, values.length - 1);
  if (probability >= 1) return last === draws ? values[draws]! : 0;
  const odds = probability / (1 - probability);
  const start = Math.min(last, Math.floor((draws + 1) * probability));
  const top = binomialMass(draws, probability, start);
  let sum = top * values[start]!;
  for (let y = start, mass = top; y > 0 && mass > NEGLIGIBLE * top; y--) {
    mass *= y / ((draws - y + 1) * odds);
    sum += mass * values[y - 1]!;
  }
  for (let y = start, mass = top; y < last && mass > NEGLIGIBLE * top; y++) {
    mass *= ((draws - y) * odds) / (y + 1);
    sum += mass * values[y + 1]!;
  }
  return sum;
}

/** P(Y = y) for 0 < probability < 1. */
export function binomialMass(draws: number, probability: number, y: number): number {
  const none = (draws - y) * Math.log1p(-probability);
  if (y === 0) return Math.exp(none);
  const ways = logGamma(draws + 1) - logGamma(y + 1) - logGamma(draws - y + 1);
  return Math.exp(ways + y * Math.log(probability) + none);
}
