/** The standard normal density. */
export const normalDensity = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

/** Between these the series is shorter than the continued fraction, and loses no digit beside its 1/2. */
const NEAR = [-1.5, 4] as const;

/**
 * P(Z <= x) for a standard normal Z, to 1e-15 relative in the lower tail too: a series of positive terms near 0, Laplace's continued fraction
 * far from it (Abramowitz and Stegun 26.2.11 and 26.2.14).
 */
export function normalCdf(x: number): number {
  if (x < NEAR[0]) return tail(-x);
  if (x > NEAR[1]) return 1 - tail(x);
  let [sum, term] = [x, x];
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + normalDensity(x) * sum;
}

/** P(Z > x), x above 1. */
function tail(x: number): number {
  let fraction = 0;
  for (let k = 200; k >= 1; k--) fraction = k / (x + fraction);
  return normalDensity(x) / (x + fraction);
}
