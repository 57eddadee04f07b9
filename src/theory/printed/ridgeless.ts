import { leastSquaresError } from '../ridgeless.ts';

/** arXiv:2402.07712v2, Thm 4.1, at finite size: n generators on T0 rows each, fresh or reused, then T rows. */
export function ridgelessError(
  dimension: number,
  generations: number,
  generator: { readonly rows: number; readonly noise: number },
  downstream: { readonly rows: number; readonly noise: number },
): number {
  const clean = leastSquaresError(dimension, downstream.rows, downstream.noise);
  if (generations === 0) return clean;
  return clean + generations * leastSquaresError(dimension, generator.rows, generator.noise);
}

/** The same where fit m = 1..n has m T rows (ibid., Sec. 4): the error grows like log n instead of n. */
export function growingDataError(dimension: number, fits: number, rows: number, noise: number): number {
  let error = 0;
  for (let m = 1; m <= fits; m++) error += leastSquaresError(dimension, m * rows, noise);
  return error;
}
