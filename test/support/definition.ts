import { dot } from '../../src/reference/linalg.ts';
import { normalRow, normalsAt, Purpose } from '../../src/reference/normal.ts';
import { threefry4x32 } from '../../src/reference/threefry.ts';
import {
  type Block,
  type Draw,
  type Fit,
  isFit,
  isScaled,
  type LinearRecipe,
  type Model,
} from '../../src/regimes/recipe.ts';
import { streamKey, truthDraw } from '../../src/samplers/address.ts';

/**
 * The test error of one trial from the definition of a recipe alone: every block written out, the pseudo-inverse from a singular value
 * decomposition by one-sided Jacobi rotations (which keeps the digits of singular values of any size where columns are graded), and the
 * rank given by the test. It shares the random integers with the samplers and nothing else.
 */
export function errorByDefinition(
  recipe: LinearRecipe,
  seed: number,
  trial: number,
  rankOf: (fit: Fit) => number | null,
): number {
  const { dimension: d, spectrum, truth, estimate } = recipe;
  const w0 = new Float64Array(d);
  if (truth.kind === 'coefficients') w0.set(truth.values);
  else {
    normalRow(streamKey(seed, truthDraw(d)), trial, 0, Purpose.truth, w0);
    const factor = truth.kind === 'gaussian' ? Math.sqrt(truth.variance) : truth.norm / Math.hypot(...w0);
    for (let j = 0; j < d; j++) w0[j]! *= factor;
  }
  const normals = (draw: Draw, row: number, count: number, purpose: Purpose) => {
    const z = new Float64Array(count);
    normalRow(streamKey(seed, draw), trial, row, purpose, z);
    return z;
  };
  const known = new Map<Model, Float64Array>();
  const coefficients = (model: Model): Float64Array => {
    if (model === 'truth') return w0;
    const found = known.get(model);
    if (found) return found;
    if (isScaled(model)) return w0.map((w, j) => w * model.factors[j]!);
    const made = isFit(model)
      ? fitted(model)
      : normals(model.shift, 0, d, Purpose.truth).map((z, j) => w0[j]! + model.scale * model.deviations[j]! * z);
    known.set(model, made);
    return made;
  };
  const rowsOf = ({ rows, first = 0, inputs, errors, labels, noise, weight = 1, spectrum: own }: Block) =>
    Array.from({ length: rows }, (_, i) => {
      const x = normals(inputs, first + i, d, Purpose.design).map((z, j) => z * Math.sqrt((own ?? spectrum)[j]!));
      const at = first + i;
      const g = normalsAt(streamKey(seed, errors), trial, at >> 2, 0, Purpose.noise)[(at & 3) as 0 | 1 | 2 | 3];
      return { x, y: dot(x, coefficients(labels)) + noise * g, weight };
    });
  const fitted = (fit: Fit): Float64Array => {
    const all = fit.data.flatMap(rowsOf);
    const seen = fit.subsample ? chosen(all.length, fit.subsample).map((pick) => all[pick]!) : all;
    const total = seen.reduce((sum, { weight }) => sum + weight, 0);
    const { projection } = fit;
    const s = projection
      ? Array.from({ length: d }, (_, j) =>
          normals(projection.draw, j, projection.features, Purpose.design).map((z) => z / Math.sqrt(d)),
        )
      : Array.from({ length: d }, (_, j) => Float64Array.from({ length: d }, (_, k) => (j === k ? 1 : 0)));
    const m = s[0]!.length;
    const features = ({ x, weight }: (typeof seen)[number]) =>
      Float64Array.from({ length: m }, (_, k) => Math.sqrt(weight) * x.reduce((sum, v, j) => sum + v * s[j]![k]!, 0));
    const y = seen.map(({ y, weight }) => Math.sqrt(weight) * y);
    const v = ridgeInverse(seen.map(features), y, rankOf(fit), fit.ridge * total);
    return Float64Array.from(s, (row) => dot(row, v));
  };
  const chosen = (pool: number, { rows, draw }: { rows: number; draw: Draw }) => {
    const picks: number[] = [];
    for (let i = 0; i < pool; i++) {
      const word = threefry4x32([trial, i >> 2, 0, Purpose.token], streamKey(seed, draw))[(i & 3) as 0 | 1 | 2 | 3];
      if (Math.floor((word / 2 ** 32) * (pool - i)) < rows - picks.length) picks.push(i);
    }
    return picks;
  };
  const w = coefficients(estimate);
  return spectrum.reduce((sum, value, j) => sum + value * (w[j]! - w0[j]!) ** 2, 0);
}

/**
 * (A'A + penalty)^-1 A'y, without penalty A^+ y, for the matrix A of given rows and rank; null where the singular values say it by a
 * gap of ten decades.
 */
export function ridgeInverse(
  rows: readonly Float64Array[],
  y: readonly number[],
  rank: number | null,
  penalty: number,
): Float64Array {
  const [n, m] = [rows.length, rows[0]!.length];
  const tall = n > m;
  // Columns of A, or of A', and what the rotations are gathered in: A V = W, or A' V = W.
  const w = tall
    ? Array.from({ length: m }, (_, k) => Float64Array.from(rows, (row) => row[k]!))
    : rows.map((row) => row.slice());
  const v = w.map((_, i) => Float64Array.from(w, (_, k) => (i === k ? 1 : 0)));
  for (let sweep = 0, turned = true; turned && sweep < 60; sweep++) {
    turned = false;
    for (let i = 0; i < w.length; i++)
      for (let j = i + 1; j < w.length; j++) {
        const [aa, bb, ab] = [dot(w[i]!, w[i]!), dot(w[j]!, w[j]!), dot(w[i]!, w[j]!)];
        if (!(Math.abs(ab) > 1e-15 * Math.sqrt(aa) * Math.sqrt(bb))) continue;
        turned = true;
        const zeta = (bb - aa) / (2 * ab);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        rotate(w[i]!, w[j]!, t);
        rotate(v[i]!, v[j]!, t);
      }
  }
  const squares = w.map((column) => dot(column, column));
  const order = squares.map((_, i) => i).sort((i, j) => squares[j]! - squares[i]!);
  const gap = order.findIndex((i) => squares[i]! < 1e-20 * squares[order[0]!]!);
  const x = new Float64Array(m);
  for (const i of order.slice(0, rank ?? (gap < 0 ? order.length : gap))) {
    const [left, right] = tall ? [w[i]!, v[i]!] : [v[i]!, w[i]!];
    const part = y.reduce((sum, value, t) => sum + value * left[t]!, 0) / (squares[i]! + penalty);
    right.forEach((value, k) => {
      x[k]! += part * value;
    });
  }
  return x;
}

function rotate(a: Float64Array, b: Float64Array, tangent: number): void {
  const c = 1 / Math.hypot(1, tangent);
  for (let k = 0; k < a.length; k++) [a[k], b[k]] = [c * (a[k]! - tangent * b[k]!), c * (tangent * a[k]! + b[k]!)];
}
