/** P(chi_k <= x) in f64, relative error about 1e-9: the regularised incomplete gamma function P(k/2, x^2/2). */
export function chiCdf(k: number, x: number): number {
  if (x <= 0) return 0;
  const a = k / 2;
  const z = (x * x) / 2;
  const front = Math.exp(a * Math.log(z) - z - logGamma(a));
  return z < a + 1 ? front * series(a, z) : 1 - front * continuedFraction(a, z);
}

/** sum_n z^n / (a (a + 1) ... (a + n)), DLMF 8.7.1. */
function series(a: number, z: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= z / (a + n);
    sum += term;
  }
  return sum;
}

/** Gamma(a, z) e^z z^-a by Lentz's method, DLMF 8.9.2 contracted. */
function continuedFraction(a: number, z: number): number {
  let b = z + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < 1e6; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return value;
}

/** Stirling's series after shifting the argument above 10. */
function logGamma(a: number): number {
  let shift = 0;
  let x = a;
  for (; x < 10; x++) shift += Math.log(x);
  const s = 1 / (x * x);
  const tail = (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s / 1680))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + tail - shift;
}
