import { type Draw, drawName } from './draw.ts';

/** The words for trials in which a Gaussian is fitted, round after round, to rows that the Gaussian of the round before has made. */

/** Rows of a round: real ones, N(0, I), or of the model of the round before. */
export interface GaussianSample {
  readonly rows: number;
  readonly draw: Draw;
  readonly real: boolean;
}

/** What the model of a round is fitted to: new samples, and where `kept` all that the round before has seen. */
export interface GaussianRound {
  readonly kept: boolean;
  readonly samples: readonly GaussianSample[];
}

/**
 * A chain of Gaussians N(m, C), each by mean and covariance of its N rows. The truth is N(0, I), since nothing here knows coordinates: of any other one
 * all measures are those in its own units. Rows of a model are drawn with C times `sharpen` squared.
 */
export interface GaussianRecipe {
  readonly kind: 'gaussian';
  readonly dimension: number;
  readonly sharpen: number;
  /** The scatter of N rows is divided by N - 1, or by N. */
  readonly estimator: 'unbiased' | 'likelihood';
  readonly estimate: {
    /** The first one is of real rows alone. */
    readonly rounds: readonly GaussianRound[];
    /** |m|^2; tr C / d; log det C / d; or the Kullback-Leibler divergence of N(m, C) from the truth, int p0 log(p0 / p). */
    readonly measure: 'mean' | 'variance' | 'log-volume' | 'divergence';
  };
}

export const gaussianDraws = ({ estimate }: GaussianRecipe): string[] => [
  ...new Set(estimate.rounds.flatMap(({ samples }) => samples.map(({ draw }) => drawName(draw)))),
];
