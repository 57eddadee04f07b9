import { dot } from './linalg.ts';

/**
 * Least squares of minimum norm in f64, for any rank and any grading of rows and columns: Householder's QR with columns and rows
 * interchanged, whose error in every row is small beside that row (Cox and Higham, BIT 38 (1998), 34-47). Eigenvalues over dozens of
 * decades cost no digits, as they would in normal equations.
 */

/** QR of columns `a` of length n, in place: steps of a row interchange and a reflection each. */
interface Qr {
  /** R, entry (i, k), i <= k < columns: `r[k][i]`, columns in the order of `order`. */
  readonly r: readonly Float64Array[];
  /** Number of each column before it was moved. */
  readonly order: readonly number[];
  readonly steps: readonly Step[];
}

interface Step {
  /** Row that changed places with row number k. */
  readonly row: number;
  /** I - v v' / height, v zero before k. */
  readonly v: Float64Array;
  readonly height: number;
}

/** The first `rank` steps, each with the longest column that is left. */
function factor(a: Float64Array[], rank: number): Qr {
  const order = a.map((_, k) => k);
  const steps: Step[] = [];
  for (let k = 0; k < rank; k++) {
    let longest = k;
    let most = -1;
    for (let c = k; c < a.length; c++) {
      const length = dot(a[c]!, a[c]!, a[c]!.length - k, k, k);
      if (length > most) [longest, most] = [c, length];
    }
    swap(a, k, longest);
    swap(order, k, longest);
    const x = a[k]!;
    let row = k;
    for (let i = k; i < x.length; i++) if (Math.abs(x[i]!) > Math.abs(x[row]!)) row = i;
    for (const column of a) swap(column, k, row);
    const v = x.slice().fill(0, 0, k);
    const length = Math.sqrt(most) * (x[k]! < 0 ? -1 : 1);
    v[k]! += length;
    const step = { row, v, height: length * v[k]! };
    for (let c = k; c < a.length; c++) reflect(step, a[c]!, k);
    steps.push(step);
  }
  return { r: a, order, steps };
}

function swap(list: { [index: number]: unknown }, i: number, j: number): void {
  [list[i], list[j]] = [list[j], list[i]];
}

function reflect({ v, height }: Step, x: Float64Array, k: number): void {
  const factor = dot(v, x, v.length - k, k, k) / height;
  for (let i = k; i < v.length; i++) x[i]! -= factor * v[i]!;
}

/** Q'x, in place. */
function turn({ steps }: Qr, x: Float64Array): void {
  for (const [k, step] of steps.entries()) {
    swap(x, k, step.row);
    reflect(step, x, k);
  }
}

/** Q x, in place. */
function turnBack({ steps }: Qr, x: Float64Array): void {
  for (let k = steps.length - 1; k >= 0; k--) {
    reflect(steps[k]!, x, k);
    swap(x, k, steps[k]!.row);
  }
}

/** z with R'z = c, c by columns in the order before they were moved. */
export function solveTransposed({ r, order }: Pick<Qr, 'r' | 'order'>, c: Float64Array): Float64Array {
  const z = new Float64Array(order.length);
  for (let k = 0; k < z.length; k++) z[k] = (c[order[k]!]! - dot(r[k]!, z, k)) / r[k]![k]!;
  return z;
}

/** x with R x = c, in the order before columns were moved. */
function solve({ r, order }: Qr, c: Float64Array): Float64Array {
  const rest = c.slice(0, order.length);
  const x = new Float64Array(order.length);
  for (let k = order.length - 1; k >= 0; k--) {
    const value = rest[k]! / r[k]![k]!;
    for (let i = 0; i < k; i++) rest[i]! -= value * r[k]![i]!;
    x[order[k]!] = value;
  }
  return x;
}

const columnsOf = (rows: readonly Float64Array[]): Float64Array[] =>
  Array.from(rows[0]!, (_, j) => Float64Array.from(rows, (row) => row[j]!));

/** R of the transposed rows, S' = Q R. */
export const triangleOf = (rows: readonly Float64Array[]): Pick<Qr, 'r' | 'order'> =>
  factor(
    rows.map((row) => row.slice()),
    rows.length,
  );

/** X^+ y - (I - X^+ X) start. */
export type Solver = (y: Float64Array, start: Float64Array) => Float64Array;

/**
 * The shortest of all `start + x` that bring X x nearest to y, less `start`. `rows` are those of X, n x p; `rank` is known from
 * what they are made of, never guessed from the numbers.
 */
export function minimumNorm(rows: readonly Float64Array[], rank: number): Solver {
  const columns = rows[0]!.length;
  if (rank < rows.length && rank === columns) {
    const qr = factor(columnsOf(rows), rank);
    return (y) => solve(qr, turned(qr, y));
  }
  const { independent, seen } = independentRows(rows, rank);
  const qr = factor(independent, rank);
  return (y, start) => {
    const x = start.map((value) => -value);
    turn(qr, x);
    x.set(solveTransposed(qr, seen(y)));
    turnBack(qr, x);
    return x;
  };
}

/** As many rows as the rank that ask the same of x, and what becomes of y. */
function independentRows(rows: readonly Float64Array[], rank: number) {
  if (rank === rows.length) return { independent: rows.map((row) => row.slice()), seen: (y: Float64Array) => y };
  const qr = factor(columnsOf(rows), rank);
  const independent = Array.from({ length: rank }, (_, i) => {
    const row = new Float64Array(qr.order.length);
    for (let k = i; k < row.length; k++) row[qr.order[k]!] = qr.r[k]![i]!;
    return row;
  });
  return { independent, seen: (y: Float64Array) => turned(qr, y).slice(0, rank) };
}

function turned(qr: Qr, y: Float64Array): Float64Array {
  const image = y.slice();
  turn(qr, image);
  return image;
}

/** The same for ||X x - y||^2 + penalty ||start + x||^2. */
export function penalised(rows: readonly Float64Array[], rank: number, penalty: number): Solver {
  if (penalty === 0) return minimumNorm(rows, rank);
  const columns = rows[0]!.length;
  const root = Math.sqrt(penalty);
  if (rank < columns) {
    const { independent, seen } = independentRows(rows, rank);
    const beside = independent.map((row, i) => extended(row, rank, i, root));
    const solver = minimumNorm(beside, rank);
    return (y, start) => solver(seen(y), extended(start, rank, 0, 0)).slice(0, columns);
  }
  const below = Array.from({ length: columns }, (_, j) => extended(new Float64Array(0), columns, j, root));
  const solver = minimumNorm([...rows, ...below], columns);
  return (y, start) => solver(Float64Array.of(...y, ...start.map((value) => -root * value)), start);
}

/** `values`, then `more` zeros, but for one. */
function extended(values: Float64Array, more: number, at: number, value: number): Float64Array {
  const all = new Float64Array(values.length + more);
  all.set(values);
  all[values.length + at] = value;
  return all;
}
