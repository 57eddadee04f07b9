import { growingRoot } from './growing-root.ts';
import { counted, type Eigenvalues, type Spectrum, sumOver } from './spectrum.ts';

/**
 * The effective ridge kappa and the degrees of freedom. A spectrum is the list of eigenvalues of Sigma, all positive,
 * length d; `rows` is the sample size T; `ridge` is lambda in `(1/T) sum (x'w - y)^2 + lambda ||w||^2`. All to rounding
 * relative to their own size, however small it is: no two numbers are subtracted that are nearly equal.
 */

/** df_m(kappa) = sum_j (s_j / (s_j + kappa))^m. */
export function degreesOfFreedom(spectrum: Eigenvalues, kappa: number, power: number): number {
  return sumOver(counted(spectrum), (s) => (s / (s + kappa)) ** power);
}

/**
 * The largest root >= 0 of `kappa - lambda = kappa df_1(kappa) / T` (arXiv:2402.07712v2, eq. (14)): with ridge the only
 * positive one, without ridge 0 where T >= d and the solution of df_1 = T below.
 *
 * Divided by kappa/T it is `T - df_1 = T lambda/kappa`, whose left side less its right side grows with log kappa at the rate
 * sum x_j u_j + T lambda/kappa.
 */
export function kappa(spectrum: Eigenvalues, rows: number, ridge: number): number {
  const positive = seen(counted(spectrum));
  const d = positive.dimension;
  if (ridge === 0 && rows >= d) return 0;
  const sorted = descending(positive, rows);
  const excess = (root: number) => {
    const asked = rows * (ridge / root);
    return { value: spare(sorted, rows, root, 1) - asked, slope: spread(sorted, root) + asked };
  };
  // df_1 <= tr Sigma/kappa; and without ridge df_1 >= d/(1 + kappa/s) for the least s.
  const high = ridge + sumOver(sorted, (s) => s) / rows;
  const low = ridge > 0 ? ridge : sorted.values.reduce((a, b) => Math.min(a, b)) * (d / rows - 1);
  return growingRoot(excess, low, high);
}

/** nu = T - df_2(kappa), positive at every root of the fixed point except ridgeless T = d. */
export function margin(spectrum: Eigenvalues, rows: number, root: number): number {
  return spare(descending(counted(spectrum), rows), rows, root, 2);
}

/** Without the coordinates that have no variance. */
function seen(spectrum: Spectrum): Spectrum {
  if (spectrum.values.every((s) => s > 0)) return spectrum;
  const at = [...spectrum.values.keys()].filter((j) => spectrum.values[j]! > 0);
  const counts = at.map((j) => spectrum.counts[j]!);
  return {
    values: at.map((j) => spectrum.values[j]!),
    counts,
    dimension: counts.reduce((sum, count) => sum + count, 0),
  };
}

/** The T largest eigenvalues come first, where there are others: their order among themselves does not matter. */
function descending(spectrum: Spectrum, rows: number): Spectrum {
  const { values, counts, dimension } = spectrum;
  if (rows >= dimension || values.every((s, j) => j === 0 || s <= values[j - 1]!)) return spectrum;
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!);
  return { values: order.map((j) => values[j]!), counts: order.map((j) => counts[j]!), dimension };
}

/**
 * T - df_m(kappa), m = 1 or 2, as what each of the T largest eigenvalues lacks of 1, 1 - x_j^m, less what the others have: at a root
 * of the fixed point the first sum is the larger by a third or more.
 */
function spare({ values, counts, dimension }: Spectrum, rows: number, root: number, power: 1 | 2): number {
  let sum = Math.max(0, rows - dimension);
  // Of the T largest, those not met yet.
  let left = rows;
  for (const [j, s] of values.entries()) {
    const x = s / (s + root);
    const first = Math.min(left, counts[j]!);
    const others = counts[j]! - first;
    if (first > 0) sum += first * (root / (s + root)) * (power === 1 ? 1 : 1 + x);
    if (others > 0) sum -= others * (power === 1 ? x : x * x);
    left -= first;
  }
  return sum;
}

/** sum_j x_j u_j = df_1 - df_2. */
function spread(spectrum: Spectrum, root: number): number {
  return sumOver(spectrum, (s) => (s / (s + root)) * (root / (s + root)));
}
