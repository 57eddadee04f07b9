/** Rows of one kind; noise is a standard deviation. */
export interface MixtureSource {
  readonly rows: number;
  readonly noise: number;
  /** Of the squared residual of each row, relative to that of the others; 1 by default. */
  readonly weight?: number;
  /** Eigenvalues of the covariance of these rows, where it is not that of the test inputs. */
  readonly spectrum?: readonly number[];
}

/**
 * Strong model collapse (arXiv:2410.04840v2, Sec. 2): ridge regression on real rows labelled by w1 together with synthetic
 * rows labelled by w2 = w1 + N(0, diag(shift)). All in one eigenbasis.
 */
export interface MixtureProblem {
  /** Eigenvalues of Sigma, that of the test inputs, all positive, length d. */
  readonly spectrum: readonly number[];
  /** E[c_j^2] of the coordinates of w1, length d: Gamma. */
  readonly signal: readonly number[];
  /** Variance of each coordinate of w2 - w1, length d: Delta. */
  readonly shift: readonly number[];
  readonly real: MixtureSource;
  readonly synthetic: MixtureSource;
  /** lambda of the weighted mean of squares over all rows + lambda ||w||^2; 0 is least squares of minimum norm. */
  readonly ridge: number;
  /** m, if the fit is made on S'x with S of d x m, entries N(0, 1/d); estimate w = S v. */
  readonly features?: number;
}

/** A mixture whose sources have, whatever their rows, 1 - a and a of the objective (arXiv:2410.04840v2, eq. (16)). */
export function weightedMixture(problem: MixtureProblem, a: number): MixtureProblem {
  const { real, synthetic } = problem;
  return {
    ...problem,
    real: { ...real, weight: (1 - a) / real.rows },
    synthetic: { ...synthetic, weight: a / synthetic.rows },
  };
}
