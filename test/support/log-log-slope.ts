/** A point of a curve; `sem` is the standard error of y, null where y has none (a theory curve). */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  readonly sem: number | null;
}

/** The straight line log y = intercept + slope log x (natural logarithms). */
export interface LogLogFit {
  readonly slope: number;
  /** Standard error of the slope. */
  readonly error: number;
  readonly intercept: number;
  /** Points used: x and y positive. */
  readonly points: number;
}

interface Weighted {
  readonly u: number;
  readonly v: number;
  readonly weight: number;
}

/**
 * Weighted least squares of log y on log x. With standard errors a point weighs (y / sem)^2, the inverse variance of
 * log y to first order, and the slope's error follows from these alone; without, all weigh the same and the error
 * follows from the scatter about the line. Points with x or y not positive have no logarithm and are left out.
 */
export function logLogSlope(curve: readonly CurvePoint[]): LogLogFit {
  const usable = curve.filter(({ x, y }) => x > 0 && y > 0);
  const known = usable.every(({ sem }) => sem !== null && sem > 0);
  const points = usable.map(({ x, y, sem }) => ({
    u: Math.log(x),
    v: Math.log(y),
    weight: known ? (y / sem!) ** 2 : 1,
  }));
  return { ...fitLine(points, known), points: points.length };
}

function fitLine(points: readonly Weighted[], known: boolean): Omit<LogLogFit, 'points'> {
  const total = sum(points, (p) => p.weight);
  const uMean = sum(points, (p) => p.weight * p.u) / total;
  const vMean = sum(points, (p) => p.weight * p.v) / total;
  const spread = sum(points, (p) => p.weight * (p.u - uMean) ** 2);
  if (!(spread > 0)) return { slope: Number.NaN, error: Number.NaN, intercept: Number.NaN };
  const slope = sum(points, (p) => p.weight * (p.u - uMean) * (p.v - vMean)) / spread;
  const scatter = known ? 1 : residualVariance(points, slope, vMean - slope * uMean);
  return { slope, error: Math.sqrt(scatter / spread), intercept: vMean - slope * uMean };
}

/** Two parameters are fitted, so n - 2 degrees of freedom; NaN for two points. */
function residualVariance(points: readonly Weighted[], slope: number, intercept: number): number {
  const squares = sum(points, (p) => (p.v - intercept - slope * p.u) ** 2);
  return points.length > 2 ? squares / (points.length - 2) : Number.NaN;
}

function sum(points: readonly Weighted[], term: (point: Weighted) => number): number {
  return points.reduce((total, point) => total + term(point), 0);
}
