/**
 * Student's t distribution in f64, through the regularised incomplete beta function I_x(a, b):
 * P(|T| > t) = I_x(df/2, 1/2) with x = df / (df + t^2) (DLMF 8.17). Error below 1e-10 for df from 1 to 1e6; df need not
 * be an integer.
 */

const TINY = 1e-300;
const MAX_TERMS = 10_000;

/** P(T <= t). */
export function studentTCdf(t: number, df: number): number {
  return t < 0 ? upperTail(-t, df) : 1 - upperTail(t, df);
}

/** The t with P(T <= t) = p. */
export function studentTQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`A probability for a t quantile lies in (0, 1); found ${p}.`);
  if (!(df > 0)) throw new RangeError(`Degrees of freedom are positive; found ${df}.`);
  return p < 0.5 ? -upperQuantile(p, df) : upperQuantile(1 - p, df);
}

/** Solves P(T > t) = tail for t >= 0 by Newton steps that may not leave a shrinking bracket. */
function upperQuantile(tail: number, df: number): number {
  let low = 0;
  let high = 1;
  while (upperTail(high, df) > tail) high *= 2;
  let t = high / 2;
  for (let step = 0; step < 200 && high - low > 1e-14 * high; step++) {
    const excess = upperTail(t, df) - tail;
    if (excess > 0) low = t;
    else high = t;
    const next = t + excess / density(t, df);
    if (Math.abs(next - t) <= 1e-15 * t) return next;
    t = next > low && next < high ? next : (low + high) / 2;
  }
  return t;
}

function density(t: number, df: number): number {
  return Math.exp(-0.5 * (df + 1) * Math.log1p((t * t) / df) - logBetaHalf(df / 2)) / Math.sqrt(df);
}

/** P(T > t) for t >= 0. */
function upperTail(t: number, df: number): number {
  const a = df / 2;
  const square = t * t;
  if (square === Number.POSITIVE_INFINITY) return 0;
  const x = df / (df + square);
  const oneMinusX = square / (df + square);
  // x^a (1-x)^(1/2) / B(a, 1/2); log1p keeps a log x exact to rounding for large df.
  const front = Math.exp(-a * Math.log1p(square / df) - logBetaHalf(a)) * Math.sqrt(oneMinusX);
  // Each continued fraction converges fast only on its own side of the mean of the beta distribution.
  if (x < (a + 1) / (a + 2.5)) return (0.5 * front * betaFraction(a, 0.5, x)) / a;
  return 0.5 - front * betaFraction(0.5, a, oneMinusX);
}

/** Continued fraction of I_x(a, b) (DLMF 8.17.22) by Lentz's method. */
function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = awayFromZero(1 - ((a + b) * x) / (a + 1));
  d = 1 / d;
  let value = d;
  for (let m = 1; m <= MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) return value;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/**
 * log B(a, 1/2) = log sqrt(pi) - log(Gamma(a + 1/2) / Gamma(a)). The ratio comes from its own asymptotic series (DLMF
 * 5.11.13), because the difference of two log-gammas of size 1e6 would lose ten digits.
 */
function logBetaHalf(a: number): number {
  let shift = 0;
  let big = a;
  // Gamma(a+1/2)/Gamma(a) = (a / (a+1/2)) Gamma(a+3/2)/Gamma(a+1); from a = 16 on the first omitted term is below 3e-14.
  for (; big < 16; big++) shift += Math.log1p(0.5 / big);
  const r = 1 / big;
  const r2 = r * r;
  const series = r * (-1 / 8 + r2 * (1 / 192 + r2 * (-1 / 640 + r2 * (17 / 14336))));
  return 0.5 * Math.log(Math.PI) - (0.5 * Math.log(big) + series - shift);
}
