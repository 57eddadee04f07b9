import type { TokenLaw } from '../../../regimes/discrete-law.ts';

/**
 * For every token and number of draws, rising: a random word below it means that none of a Poisson number of draws is the token,
 * which has the chance exp(-T q_i), rounded to 2^-32.
 */
export function thresholdsOf(law: TokenLaw, tokens: number, draws: readonly number[]): Uint32Array {
  const bins = draws.length;
  const thresholds = new Uint32Array(tokens * bins);
  for (let i = 0; i < tokens; i++) {
    const mass = law.mass(i + 1);
    for (let b = 0; b < bins; b++)
      thresholds[i * bins + b] = Math.min(2 ** 32 - 1, Math.round(2 ** 32 * Math.exp(-draws[b]! * mass)));
  }
  return thresholds;
}
