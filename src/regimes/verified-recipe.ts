import { type Draw, drawName } from './draw.ts';

/** The words for trials in which a regression learns, round after round, from labels of the one before that a verifier accepts. */

/**
 * A model of `directions` coefficients, alike and apart, since the rows of a design are unit vectors along one of them each. Round 0 is the mean of real
 * labels y = truth + noise z; a later round the mean of so many labels y = theta + noise z of the model before with |y - centre| <= band.
 */
export interface VerifiedRecipe {
  readonly kind: 'verified';
  readonly directions: number;
  readonly truth: number;
  readonly noise: number;
  readonly centre: number;
  readonly band: number;
  readonly estimate: {
    /** Real labels a direction, then by round those accepted. */
    readonly rounds: readonly { readonly rows: number; readonly draw: Draw }[];
    /** |theta - truth|^2, |theta - centre|^2, or theta averaged over the directions. */
    readonly measure: 'truth' | 'centre' | 'mean';
  };
}

export const verifiedDraws = ({ estimate }: VerifiedRecipe): string[] =>
  estimate.rounds.map(({ draw }) => drawName(draw));
