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
 * root, and the first one that does not fall is the root to rounding.
 */
export function kappa(spectrum: readonly number[], rows: number, ridge: number): number {
  if (ridge === 0 && rows >= spectrum.length) return 0;
  let root = ridge + spectrum.reduce((sum, s) => sum + s, 0) / rows;
  for (;;) {
    const next = root - (root * spare(spectrum, rows, root, 1) - rows * ridge) / margin(spectrum, rows, root);
    if (!(next < root)) return root;
    root = next;
  }
}

/** nu = T - df_2(kappa), positive at every root of the fixed point except ridgeless T = d. */
export function margin(spectrum: readonly number[], rows: number, root: number): number {
  return spare(spectrum, rows, root, 2);
}

/** T - df_m(kappa), m = 1 or 2. For T >= d as T - d + sum (1 - x_j^m), x_j = s_j/(s_j+kappa), so that nothing cancels. */
function spare(spectrum: readonly number[], rows: number, root: number, power: 1 | 2): number {
  if (rows < spectrum.length) return rows - degreesOfFreedom(spectrum, root, power);
  const lost = (s: number) => (root / (s + root)) * (power === 1 ? 1 : 1 + s / (s + root));
  return spectrum.reduce((sum, s) => sum + lost(s), rows - spectrum.length);
}

/** d kappa / d lambda = 1 / (1 - df_2(kappa) / T). Infinite at the threshold (T = d without ridge). */
export function kappaSlope(spectrum: readonly number[], rows: number, ridge: number): number {
  return rows / margin(spectrum, rows, kappa(spectrum, rows, ridge));
}
