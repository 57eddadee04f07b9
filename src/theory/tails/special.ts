/** Gamma and zeta functions of positive arguments, to about 1e-14. */
import { power } from '../../reference/power.ts';

/** B_2k / (2k (2k - 1)), k = 1 .. 8: the coefficients of Stirling's series (DLMF 5.11.1). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400] as const;

export function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 12; z++) shift += Math.log(z);
  let series = 0;
  for (let k = STIRLING.length - 1; k >= 0; k--) series = series / (z * z) + STIRLING[k]!;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series / z - shift;
}

/** Derivative of log Gamma at x > 0: Stirling's series, term by term (DLMF 5.11.2). */
export function digamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 12; z++) shift += 1 / z;
  let series = 0;
  for (let k = STIRLING.length - 1; k >= 0; k--) series = series / (z * z) + (2 * k + 1) * STIRLING[k]!;
  return Math.log(z) - 0.5 / z - series / (z * z) - shift;
}

export const gamma = (x: number): number => Math.exp(logGamma(x));

/** B_2k, k = 1 .. 8. */
const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510] as const;

/**
 * sum_{i >= 0} ((a + i) / unit)^-s for s > 1, a > 0: ten terms, then Euler and Maclaurin (DLMF 25.11.43). With the unit a it is of order
 * 1 to a / s, however large s.
 */
export function hurwitz(s: number, a: number, unit = 1): number {
  const TERMS = 10;
  let sum = 0;
  for (let i = 0; i < TERMS; i++) sum += power((a + i) / unit, -s);
  const z = a + TERMS;
  sum += (unit * power(z / unit, 1 - s)) / (s - 1) + 0.5 * power(z / unit, -s);
  // s (s + 1) ... (s + 2k - 2) z^(-s - 2k + 1) / (2k)!
  let factor = (s * power(z / unit, -s - 1)) / (2 * unit);
  for (const [k, bernoulli] of BERNOULLI.entries()) {
    // Powers beyond f64, of an s whose products are beyond it too.
    if (factor === 0) break;
    sum += bernoulli * factor;
    const n = 2 * (k + 1);
    factor *= ((s + n - 1) * (s + n)) / (z * z * (n + 1) * (n + 2));
  }
  return sum;
}

/** Riemann's zeta for s > 1. */
export const zeta = (s: number): number => hurwitz(s, 1);
