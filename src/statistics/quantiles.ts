/**
 * Exact quantile of ascending numbers, Hyndman and Fan (1996) type 7: linear between the order statistics around
 * h = (n - 1) p, the default of R and NumPy. NaN for no numbers.
 */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`A quantile's probability lies in [0, 1]; found ${p}.`);
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}

/** The same of numbers in any order; the argument is left as it is. */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileOfSorted(Float64Array.from(values).sort(), p);
}
