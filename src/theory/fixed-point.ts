import { growingRoot } from './growing-root.ts';

/**
 * The effective ridge kappa and the degrees of freedom. A spectrum is the list of eigenvalues of Sigma, all positive,
 * length d; `rows` is the sample size T; `ridge` is lambda in `(1/T) sum (x'w - y)^2 + lambda ||w||^2`. All to rounding
 * relative to their own size, however small it is: no two numbers are subtracted that are nearly equal.
 */

/** df_m(kappa) = sum_j (s_j / (s_j + kappa))^m. */
export function degreesOfFreedom(spectrum: readonly number[], kappa: number, power: number): number {
  return spectrum.reduce((sum, s) => sum + (s / (s + kappa)) ** power, 0);
}

/**
 * The largest root >= 0 of `kappa - lambda = kappa df_1(kappa) / T` (arXiv:2402.07712v2, eq. (14)): with ridge the only
 * positive one, without ridge 0 where T >= d and the solution of df_1 = T below.
 *
 * Divided by kappa/T it is `T - df_1 = T lambda/kappa`, whose left side less its right side grows with log kappa at the rate
 * sum x_j u_j + T lambda/kappa.
 */
export function kappa(spectrum: readonly number[], rows: number, ridge: number): number {
  const positive = spectrum.every((s) => s > 0) ? spectrum : spectrum.filter((s) => s > 0);
  const d = positive.length;
  if (ridge === 0 && rows >= d) return 0;
  const sorted = descending(positive, rows);
  const excess = (root: number) => {
    const asked = rows * (ridge / root);
    return { value: spare(sorted, rows, root, 1) - asked, slope: spread(sorted, root) + asked };
  };
  // df_1 <= tr Sigma/kappa; and without ridge df_1 >= d/(1 + kappa/s) for the least s.
  const high = ridge + sorted.reduce((sum, s) => sum + s, 0) / rows;
  const low = ridge > 0 ? ridge : sorted.reduce((a, b) => Math.min(a, b)) * (d / rows - 1);
  return growingRoot(excess, low, high);
}

/** nu = T - df_2(kappa), positive at every root of the fixed point except ridgeless T = d. */
export function margin(spectrum: readonly number[], rows: number, root: number): number {
  return spare(descending(spectrum, rows), rows, root, 2);
}

/** The T largest eigenvalues come first, where there are others: their order among themselves does not matter. */
function descending(spectrum: readonly number[], rows: number): readonly number[] {
  if (rows >= spectrum.length || spectrum.every((s, j) => j === 0 || s <= spectrum[j - 1]!)) return spectrum;
  return [...spectrum].sort((a, b) => b - a);
}

/**
 * T - df_m(kappa), m = 1 or 2, as what each of the T largest eigenvalues lacks of 1, 1 - x_j^m, less what the others have: at a root
 * of the fixed point the first sum is the larger by a third or more.
 */
function spare(sorted: readonly number[], rows: number, root: number, power: 1 | 2): number {
  let sum = Math.max(0, rows - sorted.length);
  for (const [j, s] of sorted.entries()) {
    const x = s / (s + root);
    if (j < rows) sum += (root / (s + root)) * (power === 1 ? 1 : 1 + x);
    else sum -= power === 1 ? x : x * x;
  }
  return sum;
}

/** sum_j x_j u_j = df_1 - df_2. */
function spread(spectrum: readonly number[], root: number): number {
  return spectrum.reduce((sum, s) => sum + (s / (s + root)) * (root / (s + root)), 0);
}
