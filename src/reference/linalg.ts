/** The slow, obvious f64 twin of shaders/linalg: dense row-major matrices in one Float64Array. */

/** Adds x x' to the lower triangle of `gram`, order x.length. */
export function addOuterProduct(gram: Float64Array, x: Float64Array): void {
  const n = x.length;
  for (let i = 0; i < n; i++) {
    const xi = x[i]!;
    const row = i * n;
    for (let j = 0; j <= i; j++) gram[row + j]! += xi * x[j]!;
  }
}

export function dot(x: Float64Array, y: Float64Array, length = x.length, xStart = 0, yStart = 0): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += x[xStart + i]! * y[yStart + i]!;
  return sum;
}

/** y += factor * x */
export function addScaled(y: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i]! += factor * x[i]!;
}

/** A Cholesky factor, or the first pivot that is not positive and finite. */
export type Factorisation =
  | { readonly kind: 'ok'; readonly factor: Float64Array }
  | { readonly kind: 'non-positive-pivot'; readonly index: number };

/** Lower Cholesky factor L of the symmetric matrix whose lower triangle is `a` (order n), with A = L L'. */
export function cholesky(a: Float64Array, n: number): Factorisation {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++)
      factor[i * n + j] = (a[i * n + j]! - dot(factor, factor, j, i * n, j * n)) / factor[j * n + j]!;
    const pivot = a[i * n + i]! - dot(factor, factor, i, i * n, i * n);
    if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) return { kind: 'non-positive-pivot', index: i };
    factor[i * n + i] = Math.sqrt(pivot);
  }
  return { kind: 'ok', factor };
}

/** Least share of its diagonal entry that a pivot of `a + penalty` keeps; 0 without a factor. */
export function weakestPivot(factorisation: Factorisation, a: Float64Array, penalty: number): number {
  if (factorisation.kind !== 'ok') return 0;
  const n = Math.sqrt(a.length);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i += n + 1) least = Math.min(least, factorisation.factor[i]! ** 2 / (a[i]! + penalty));
  return least;
}

/** Solves L L' x = b. */
export function choleskySolve(factor: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let i = 0; i < n; i++) x[i] = (x[i]! - dot(factor, x, i, i * n)) / factor[i * n + i]!;
  for (let i = n - 1; i >= 0; i--) {
    x[i]! /= factor[i * n + i]!;
    const xi = x[i]!;
    for (let j = 0; j < i; j++) x[j]! -= factor[i * n + j]! * xi;
  }
  return x;
}

const POWER_STEPS = 30;

/**
 * Condition number of A = `gram` + penalty I scaled to unit diagonal, by the power method on it and on its inverse: within a few per
 * cent, from below. `gram` is a lower triangle, `factor` the Cholesky factor of A.
 */
export function scaledCondition(gram: Float64Array, penalty: number, factor: Float64Array): number {
  const n = Math.sqrt(gram.length);
  const scale = Float64Array.from({ length: n }, (_, i) => (gram[i * n + i]! + penalty) ** -0.5);
  const forwards = (v: Float64Array) => {
    const scaled = v.map((x, i) => x * scale[i]!);
    const image = scaled.map((x) => penalty * x);
    for (let i = 0; i < n; i++) {
      image[i]! += gram[i * n + i]! * scaled[i]!;
      for (let j = 0; j < i; j++) {
        image[i]! += gram[i * n + j]! * scaled[j]!;
        image[j]! += gram[i * n + j]! * scaled[i]!;
      }
    }
    return image.map((x, i) => x * scale[i]!);
  };
  const unscaled = (v: Float64Array) => v.map((x, i) => x / scale[i]!);
  const backwards = (v: Float64Array) => unscaled(choleskySolve(factor, unscaled(v)));
  return largestEigenvalue(n, forwards) * largestEigenvalue(n, backwards);
}

function largestEigenvalue(n: number, apply: (v: Float64Array) => Float64Array): number {
  let v: Float64Array = Float64Array.from({ length: n }, (_, i) => Math.cos(1 + i * i));
  let length = Math.sqrt(dot(v, v));
  for (let step = 0; step < POWER_STEPS; step++) {
    const size = length;
    v = apply(v.map((x) => x / size));
    length = Math.sqrt(dot(v, v));
  }
  return length;
}
