/** A square upper bidiagonal matrix; `above[i]` is entry (i, i + 1), the last one is not read. */
export interface Form {
  readonly diagonal: Float64Array;
  readonly above: Float64Array;
}

/**
 * x = argmin of the sum over both blocks of weight ||B x - y||^2, by the normal equations, which are tridiagonal: L D L'
 * without pivots (Golub and Van Loan, Matrix Computations, Sec. 4.3.6).
 */
export function leastSquares(
  forms: readonly [Form, Form],
  weights: readonly [number, number],
  sides: readonly [Float64Array, Float64Array],
): Float64Array {
  const n = sides[0].length;
  const diagonal = new Float64Array(n);
  const above = new Float64Array(n);
  const x = new Float64Array(n);
  forms.forEach((form, block) => {
    const weight = weights[block]!;
    for (let i = 0; i < n; i++) {
      const [a, b, y] = [form.diagonal[i]!, form.above[i]!, sides[block]![i]!];
      diagonal[i]! += weight * a * a;
      x[i]! += weight * a * y;
      if (i + 1 === n) continue;
      above[i]! += weight * a * b;
      diagonal[i + 1]! += weight * b * b;
      x[i + 1]! += weight * b * y;
    }
  });
  for (let i = 1; i < n; i++) {
    const factor = above[i - 1]! / diagonal[i - 1]!;
    diagonal[i]! -= factor * above[i - 1]!;
    x[i]! -= factor * x[i - 1]!;
  }
  for (let i = n - 1; i >= 0; i--) x[i] = (x[i]! - (i + 1 < n ? above[i]! * x[i + 1]! : 0)) / diagonal[i]!;
  return x;
}
