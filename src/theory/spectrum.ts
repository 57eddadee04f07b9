/** Sigma = s I: all eigenvalues are equal. */
export function isIsotropic(spectrum: readonly number[]): boolean {
  return spectrum.every((s) => s === spectrum[0]);
}

/** tr A B of diagonal matrices. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}
