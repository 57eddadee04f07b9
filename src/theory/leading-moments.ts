import type { FitMoments } from './fit-moments.ts';
import { kappa, margin } from './fixed-point.ts';
import { counted, type Eigenvalues, sumOver } from './spectrum.ts';

/**
 * Deterministic equivalents: the moments of a fit to leading order as T and d grow at a fixed ratio. With k = kappa,
 * x_j = s_j/(s_j+k), u_j = 1 - x_j, nu = T - df_2(k) (arXiv:2402.07712v2, App. A):
 *
 *     mean_j      = x_j
 *     missed(b)_j = u_j^2 (b_j + s_j theta),   theta = sum_i x_i^2 (b_i/s_i) / nu
 *     kept(b)_j   = x_j^2 b_j + u_j^2 s_j theta
 *     crossed(b)_j = x_j u_j b_j - u_j^2 s_j theta
 *     noise_j     = x_j^2 / (s_j nu)
 *
 * Relative error of order 1/nu. These give the formulas as printed; predictions use `correctedMoments`.
 */
export function leadingMoments(eigenvalues: Eigenvalues, rows: number, ridge: number): FitMoments {
  const spectrum = counted(eigenvalues);
  const { values } = spectrum;
  const root = kappa(spectrum, rows, ridge);
  const nu = margin(spectrum, rows, root);
  const kept = values.map((s) => s / (s + root));
  const lost = values.map((s) => root / (s + root));
  /** By coordinate, given u_j^2 s_j theta. */
  const each = (b: readonly number[], f: (x: number, u: number, b: number, spread: number) => number) => {
    const theta = sumOver(spectrum, (s, j) => (kept[j]! ** 2 * b[j]!) / s) / nu;
    return values.map((s, j) => f(kept[j]!, lost[j]!, b[j]!, lost[j]! ** 2 * s * theta));
  };
  return {
    mean: kept,
    lost,
    missed: (b) => each(b, (_, u, own, spread) => u ** 2 * own + spread),
    kept: (b) => each(b, (x, _, own, spread) => x ** 2 * own + spread),
    crossed: (b) => each(b, (x, u, own, spread) => x * u * own - spread),
    noise: kept.map((x, j) => (x * x) / (values[j]! * nu)),
    margin: nu,
  };
}
