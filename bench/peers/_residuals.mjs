/**
 * What a case reports as `check`, in double precision on the host. Matrices are row by row in flat arrays, a batch of them
 * one after the other. Products are compared through what they do to a vector of signs: its square is the Frobenius norm
 * on average.
 */

/** ||(out - a b) p|| / ||a b p|| for n x n matrices. */
export function productResidual(n, a, b, out) {
  const signs = signsOf(n);
  return distance(apply(n, n, out, signs), apply(n, n, a, apply(n, n, b, signs)));
}

/** The same of X'X, the worst of the batch. */
export function gramResidual({ rows, columns, batch }, designs, grams) {
  const signs = signsOf(columns);
  const residuals = Array.from({ length: batch }, (_, k) => {
    const x = designs.subarray(k * rows * columns, (k + 1) * rows * columns);
    const gram = grams.subarray(k * columns ** 2, (k + 1) * columns ** 2);
    return distance(apply(columns, columns, gram, signs), adjoint(rows, columns, x, apply(rows, columns, x, signs)));
  });
  return Math.max(...residuals);
}

/** ||(A - LL') p|| / ||A||, the worst of the batch. */
export function factorResidual({ order: n, batch }, matrices, factors) {
  const signs = signsOf(n);
  const residuals = Array.from({ length: batch }, (_, k) => {
    const a = matrices.subarray(k * n * n, (k + 1) * n * n);
    const l = factors.subarray(k * n * n, (k + 1) * n * n);
    const [exact, product] = [apply(n, n, a, signs), apply(n, n, l, adjoint(n, n, l, signs))];
    return norm(exact.map((value, i) => value - product[i])) / norm(a);
  });
  return Math.max(...residuals);
}

/** |mean| in units of its standard error. */
export function meanScore(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.abs(mean) * Math.sqrt(values.length);
}

const signsOf = (n) => Float64Array.from({ length: n }, (_, i) => ((i * i) % 7 < 3 ? 1 : -1));

const norm = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

const distance = (value, exact) => norm(value.map((entry, i) => entry - exact[i])) / norm(exact);

function apply(rows, columns, matrix, vector) {
  return Float64Array.from({ length: rows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += matrix[i * columns + j] * vector[j];
    return sum;
  });
}

function adjoint(rows, columns, matrix, vector) {
  const out = new Float64Array(columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j] += matrix[i * columns + j] * vector[i];
  return out;
}
