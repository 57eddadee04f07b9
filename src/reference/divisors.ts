/** The largest member of a set, 1 among them, that divides. */
export function largestDivisor(known: readonly number[], divisor: number): number {
  return known.reduce((best, k) => (divisor % k === 0 && k > best ? k : best), 1);
}
