/**
 * The effective ridge kappa and the degrees of freedom. A spectrum is the list of eigenvalues of Sigma, all positive,
 * length d; `rows` is the sample size T; `ridge` is lambda in `(1/T) sum (x'w - y)^2 + lambda ||w||^2`.
 */

/** df_m(kappa) = sum_j (s_j / (s_j + kappa))^m. */
export function degreesOfFreedom(spectrum: readonly number[], kappa: number, power: number): number {
  return spectrum.reduce((sum, s) => sum + (s / (s + kappa)) ** power, 0);
}

/**
 * The largest root >= 0 of `kappa - lambda = kappa df_1(kappa) / T` (arXiv:2402.07712v2, eq. (14)): with ridge the only
 * positive one, without ridge 0 where T >= d and the solution of df_1 = T below.
 *
 * Newton's method from the right: the residual is convex and not negative at the start, so the iterates fall to the
 * root, and the first one that does not fall is the root to rounding. With u_j = kappa / (s_j + kappa) it reads
 * `kappa (T - d + sum u_j) / T - lambda`, in which nothing cancels for T >= d.
 */
export function kappa(spectrum: readonly number[], rows: number, ridge: number): number {
  const excess = rows - spectrum.length;
  if (ridge === 0 && excess >= 0) return 0;
  let root = ridge + spectrum.reduce((sum, s) => sum + s, 0) / rows;
  for (;;) {
    const shrunk = excess + spectrum.reduce((sum, s) => sum + root / (s + root), 0);
    const next = root - (root * shrunk - rows * ridge) / margin(spectrum, rows, root);
    if (!(next < root)) return root;
    root = next;
  }
}

/** T - df_2(kappa), positive at every root of the fixed point except ridgeless T = d; summed so that nothing cancels. */
export function margin(spectrum: readonly number[], rows: number, root: number): number {
  const residual = (s: number) => (root / (s + root)) * (1 + s / (s + root));
  return spectrum.reduce((sum, s) => sum + residual(s), rows - spectrum.length);
}

/** d kappa / d lambda = 1 / (1 - df_2(kappa) / T). Infinite at the threshold (T = d without ridge). */
export function kappaSlope(spectrum: readonly number[], rows: number, ridge: number): number {
  return rows / margin(spectrum, rows, kappa(spectrum, rows, ridge));
}
