/**
 * Least squares without ridge on more rows than unknowns: exact at finite size, for any Sigma and any w0, since
 * E[(X'X)^-1] = Sigma^-1/(T-d-1). Noise is a standard deviation. Infinite for T <= d + 1.
 */

/** Mean test error of one fit: sigma^2 d / (T - d - 1). */
export function leastSquaresError(dimension: number, rows: number, noise: number): number {
  const surplus = rows - dimension - 1;
  return surplus > 0 ? (noise ** 2 * dimension) / surplus : Infinity;
}
