import { cholesky, choleskySolve, dot } from '../../src/reference/linalg.ts';
import { normalRow, Purpose } from '../../src/reference/normal.ts';
import { streamKey } from '../../src/samplers/address.ts';
import type { ChainPass } from '../../src/samplers/linear/chain-schedule.ts';
import { gramOf } from '../../src/samplers/linear/direct/reference.ts';

/** Condition number, in f64, of the matrix that `direct` factors in one trial, scaled to unit diagonal. */
export function conditionOfTrial(
  { rows, inputs }: ChainPass,
  ridge: number,
  spectrum: readonly number[],
  seed: number,
  trial: number,
): number {
  const dual = rows < spectrum.length;
  const key = streamKey(seed, inputs);
  const design = Array.from({ length: rows }, (_, row) => {
    const x = new Float64Array(spectrum.length);
    normalRow(key, trial, row, Purpose.design, x);
    return x.map((z, j) => z * Math.sqrt(spectrum[j]!));
  });
  const gram = gramOf(design, dual);
  const n = Math.sqrt(gram.length);
  const scale = Float64Array.from({ length: n }, (_, i) => (gram[i * n + i]! + rows * ridge) ** -0.5);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) gram[i * n + j]! *= scale[i]! * scale[j]!;
  for (let i = 0; i < n; i++) gram[i * n + i] = 1;
  const factored = cholesky(gram, n);
  if (factored.kind !== 'ok') return Number.POSITIVE_INFINITY;
  return largest(n, (v) => product(gram, v)) * largest(n, (v) => choleskySolve(factored.factor, v));
}

/** Largest eigenvalue by the power method, within a few per cent. */
function largest(n: number, apply: (v: Float64Array) => Float64Array): number {
  let v = Float64Array.from({ length: n }, (_, i) => Math.cos(1 + i * i));
  let value = 0;
  for (let step = 0; step < 30; step++) {
    const image = apply(v);
    value = Math.sqrt(dot(image, image));
    v = image.map((x) => x / value);
  }
  return value;
}

/** A v for the symmetric A whose lower triangle is given. */
function product(lower: Float64Array, v: Float64Array): Float64Array {
  const n = v.length;
  return v.map((_, i) => v.reduce((sum, x, j) => sum + x * lower[i >= j ? i * n + j : j * n + i]!, 0));
}
