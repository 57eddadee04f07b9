/**
 * Generators without noise that have fewer rows than unknowns, Sigma = I: each keeps only what lies in the span of its
 * inputs, so that E||w_n||^2 = E<w_n, w0> = q_n ||w0||^2. A ridgeless fit on T >= d rows has mean test error
 * `||w0||^2 (1 - q_n) + sigma^2 d / (T - d - 1)`, exact.
 */

/** q_n of reused inputs (arXiv:2402.07712v2, Thm 4.8): T0/d after one generation, and no less after more. */
export function reusedSurvival(dimension: number, generatorRows: number): number {
  return Math.min(generatorRows / dimension, 1);
}

/** q_n of independent inputs (ibid., Thm 4.9): the product of T_m/d over the generations. */
export function freshSurvival(dimension: number, generatorRows: readonly number[]): number {
  return generatorRows.reduce((product, rows) => product * Math.min(rows / dimension, 1), 1);
}
