import type { FitMoments } from './fit-moments.ts';
import { kappa, margin } from './fixed-point.ts';

/**
 * Deterministic equivalents: the moments of a fit to leading order as T and d grow at a fixed ratio. With k = kappa,
 * x_j = s_j/(s_j+k), u_j = 1 - x_j, nu = T - df_2(k) (arXiv:2402.07712v2, App. A):
 *
 *     mean_j      = x_j
 *     missed(b)_j = u_j^2 (b_j + s_j theta),   theta = sum_i x_i^2 (b_i/s_i) / nu
 *     noise_j     = x_j^2 / (s_j nu)
 *
 * Relative error of order 1/nu. These give the formulas as printed; predictions use `correctedMoments`.
 */
export function leadingMoments(spectrum: readonly number[], rows: number, ridge: number): FitMoments {
  const root = kappa(spectrum, rows, ridge);
  const nu = margin(spectrum, rows, root);
  const kept = spectrum.map((s) => s / (s + root));
  const missed = (b: readonly number[]) => {
    const theta = kept.reduce((sum, x, j) => sum + (x * x * b[j]!) / spectrum[j]!, 0) / nu;
    return spectrum.map((s, j) => (root / (s + root)) ** 2 * (b[j]! + s * theta));
  };
  return { mean: kept, missed, noise: kept.map((x, j) => (x * x) / (spectrum[j]! * nu)), margin: nu };
}
