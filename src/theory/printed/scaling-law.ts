import { criticalExponent, type PowerLaw, partExponents } from '../scaling-law.ts';

/** Right-hand side of Thm 5.2 of arXiv:2402.07712v2 for T rows, T0 generator rows in dimension d < T0. Noise is a standard deviation. */
export function scalingLaw(
  law: PowerLaw,
  dimension: number,
  generations: number,
  generator: { readonly rows: number; readonly noise: number },
  downstream: { readonly rows: number; readonly noise: number; readonly l: number },
): number {
  const { rows, noise, l } = downstream;
  const { bias, variance } = partExponents(law, l);
  const load = dimension / generator.rows;
  const clean = Math.max(noise ** 2 * rows ** variance, rows ** bias);
  const fake = ((generations * generator.noise ** 2) / (1 - load)) * Math.max(rows / generator.rows, load);
  return clean + fake * rows ** variance;
}

/** c of the clean optimum, error ~ T^-c. */
export function cleanRate(law: PowerLaw): number {
  return 1 - criticalExponent(law) / law.beta;
}
