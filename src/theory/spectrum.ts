/**
 * Coordinates in the eigenbasis of Sigma, those that are alike only once: eigenvalue s_j, and how many coordinates have it. Sums over
 * coordinates are sums over these with their counts. Of smooth laws in many dimensions counts are the weights of a quadrature.
 */
export interface Spectrum {
  readonly values: readonly number[];
  /** Above 0; they sum to the dimension. */
  readonly counts: readonly number[];
  readonly dimension: number;
}

/** A spectrum, or the list of all d eigenvalues. */
export type Eigenvalues = readonly number[] | Spectrum;

const isList = (eigenvalues: Eigenvalues): eigenvalues is readonly number[] => Array.isArray(eigenvalues);

/** A list as a spectrum in which every coordinate stands for itself. */
export function counted(eigenvalues: Eigenvalues): Spectrum {
  if (!isList(eigenvalues)) return eigenvalues;
  return { values: eigenvalues, counts: eigenvalues.map(() => 1), dimension: eigenvalues.length };
}

/** sum_j f(s_j, j) over all coordinates. */
export function sumOver({ values, counts }: Spectrum, f: (s: number, j: number) => number): number {
  let sum = 0;
  for (let j = 0; j < values.length; j++) sum += counts[j]! * f(values[j]!, j);
  return sum;
}

/** Sigma = s I: all eigenvalues are equal. */
export function isIsotropic(eigenvalues: Eigenvalues): boolean {
  const values = isList(eigenvalues) ? eigenvalues : eigenvalues.values;
  const known = isotropic.get(values) ?? values.every((s) => s === values[0]);
  isotropic.set(values, known);
  return known;
}

/** tr A B of diagonal matrices. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}

/** The same of lists that never change, worked out once. */
export function productTrace(a: readonly number[], b: readonly number[]): number {
  const known = traces.get(a)?.get(b);
  if (known !== undefined) return known;
  const sum = dot(a, b);
  traces.set(a, (traces.get(a) ?? new WeakMap()).set(b, sum));
  return sum;
}

/** The least and the largest of some numbers. */
export interface Extremes {
  readonly least: number;
  readonly most: number;
}

export function extremesOf(values: readonly number[]): Extremes {
  const known = extremes.get(values);
  if (known) return known;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!(value >= least)) least = value;
    if (!(value <= most)) most = value;
  }
  const found = { least, most };
  extremes.set(values, found);
  return found;
}

/** Every cell and every point of a curve asks again, and spectra are long. */
const extremes = new WeakMap<readonly number[], Extremes>();
const isotropic = new WeakMap<readonly number[], boolean>();
const traces = new WeakMap<readonly number[], WeakMap<readonly number[], number>>();
