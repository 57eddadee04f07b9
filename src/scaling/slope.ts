/**
 * Least squares of log y on log x, all points weighing the same: `slope = sum_i leverage_i log y_i`. Unweighted, so that
 * simulation and theory fit the same thing whatever the errors of the simulation are.
 */
export function leverages(xs: readonly number[]): readonly number[] {
  const logs = xs.map(Math.log);
  const mean = logs.reduce((sum, u) => sum + u, 0) / logs.length;
  const spread = logs.reduce((sum, u) => sum + (u - mean) ** 2, 0);
  return logs.map((u) => (u - mean) / spread);
}

/** The slope; NaN where a y is not positive. */
export function slopeOf(weights: readonly number[], ys: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * Math.log(ys[i]!), 0);
}

/** Slopes from each point to the next. */
export function localSlopes(xs: readonly number[], ys: readonly number[]): readonly number[] {
  return xs.slice(1).map((x, i) => Math.log(ys[i + 1]! / ys[i]!) / Math.log(x / xs[i]!));
}
