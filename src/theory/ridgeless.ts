/**
 * Least squares without ridge on more rows than unknowns: exact at finite size, for any Sigma and any w0, since
 * E[(X'X)^-1] = Sigma^-1/(T-d-1). Noise is a standard deviation. Infinite for T <= d + 1.
 */

/** Mean test error of one fit: sigma^2 d / (T - d - 1). */
export function leastSquaresError(dimension: number, rows: number, noise: number): number {
  const surplus = rows - dimension - 1;
  return surplus > 0 ? (noise ** 2 * dimension) / surplus : Infinity;
}

/** arXiv:2402.07712v2, Thm 4.1, at finite size: n generators on T0 rows each, fresh or reused, then T rows. */
export function ridgelessError(
  dimension: number,
  generations: number,
  generator: { readonly rows: number; readonly noise: number },
  downstream: { readonly rows: number; readonly noise: number },
): number {
  const clean = leastSquaresError(dimension, downstream.rows, downstream.noise);
  if (generations === 0) return clean;
  return clean + generations * leastSquaresError(dimension, generator.rows, generator.noise);
}

/** The same where fit m = 1..n has m T rows (ibid., Sec. 4): the error grows like log n instead of n. */
export function growingDataError(dimension: number, fits: number, rows: number, noise: number): number {
  let error = 0;
  for (let m = 1; m <= fits; m++) error += leastSquaresError(dimension, m * rows, noise);
  return error;
}
