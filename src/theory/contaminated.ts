import type { Prediction } from './prediction.ts';

/**
 * A pool to which every round adds T fresh rows, a share of them labelled by the model of the round before and nobody knows which
 * (arXiv:2601.15468). Model t is least squares on the pool of t rounds, the first of which is all real.
 */
export interface ContaminatedProblem {
  /** d; Sigma and w0 do not matter. */
  readonly dimension: number;
  /** T, the rows of each round. */
  readonly rows: number;
  /** Of them those that a model labels, from the second round on. */
  readonly generated: number;
  /** Standard deviation of the noise of all labels. */
  readonly noise: number;
  /** n, at least 1. */
  readonly fits: number;
}

/**
 * Mean of `||w_n - w0||_Sigma^2`, exact; null for T < d.
 *
 * P: the Gram matrix of the n1 = (t-1) T rows of before; G of the n2 rows that the last model labels, H of the other new ones; N = t T rows in all.
 * Y: the covariance of P v_{t-1} given the designs, v = w - w0. The normal equations telescope to
 *
 *     (P + G + H) v_t = (P + G) v_{t-1} + noise,     Y_t = (1 + G P^-1) Y_{t-1} (1 + P^-1 G) + sigma^2 (G + H).
 *
 * Z: P_t^-1/2 Y_t P_t^-1/2. With P_t = P + G + H, the parts P_t^-1/2 (P, G, H) P_t^-1/2 are a matrix Dirichlet, independent of P_t and
 * invariant under rotations, and so is Z_t, by induction. Hence E|v_t|^2 = E tr P_t^-1 E tr Z_t/d = d z_t/(N - d - 1), z = E tr Z/d, with
 *
 *     z_t = z_{t-1} [ (n1 + 2 n2)/N + n2 (n2 + d + 1)/(N (n1 - d - 1)) ] + sigma^2/t,     z_1 = sigma^2,
 *
 * the mean of U_G U_P^-1 U_G being that of G P^-1 G over N. For many rows this is ((t-1+a)/t)^2 E_{t-1} + sigma^2 d/(T t^2), Thm 1 of the paper.
 */
export function contaminatedTestError(problem: ContaminatedProblem): Prediction | null {
  const { dimension: d, rows, generated, noise, fits } = problem;
  if (rows < d) return null;
  if (noise > 0 && rows <= d + 1) {
    const reason = `the first model fits ${rows} noisy rows in dimension ${d} without ridge: the mean error is infinite`;
    return { kind: 'no-mean', reason };
  }
  let z = noise ** 2;
  for (let t = 2; noise > 0 && t <= fits; t++) {
    const [before, all] = [(t - 1) * rows, t * rows];
    const fed = (generated * (generated + d + 1)) / (before - d - 1);
    z = (z * (before + 2 * generated + fed)) / all + noise ** 2 / t;
  }
  const value = noise > 0 ? (d * z) / (fits * rows - d - 1) : 0;
  return { kind: 'value', value, allowance: 0, source: 'arXiv:2601.15468v1, Thm 1, for least squares, exact' };
}
