import type { Term } from '../experiment/experiment.ts';
import { type Fit, type FittedRecipe, isFit, isScaled, type Model, modelsBehind, type Shifted } from './recipe.ts';

/**
 * `last`: a factor of the label noise of the last fit. `generators`: a factor of all that is wrong with the models that label its data.
 * 1 leaves it as it is, 0 takes it away, -1 turns it round.
 */
type Signs = readonly [last: number, generators: number];

const VARIANTS: readonly Signs[] = [
  [1, 1],
  [0, 0],
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];

/** Recipes of a cell whose terms are drawn. */
export const TERM_RECIPES = VARIANTS.length;

/**
 * Beside each recipe those that its terms are read off: on the same data, with a noise switched off or turned round. They
 * share designs and factors and are just more right-hand sides. The recipes themselves come first, then variant by variant.
 */
export function withTerms<R extends FittedRecipe>(recipes: readonly R[]): readonly R[] {
  return VARIANTS.flatMap((signs) =>
    recipes.map((recipe) => ({ ...recipe, estimate: signed(recipe.estimate, signs) })),
  );
}

/** Models that label in several places stay one object, so that what they share is not worked out twice. */
function signed(estimate: Fit, [last, generators]: Signs): Fit {
  const made = new Map<Model, Model>([['truth', 'truth']]);
  const relabelled = ({ data, ...rest }: Fit, sign: number): Fit => ({
    ...rest,
    data: data.map((block) => ({ ...block, labels: made.get(block.labels)!, noise: sign * block.noise })),
  });
  for (const model of modelsBehind(estimate)) {
    if (model === estimate) break;
    // A scaled truth has no noise: what is wrong with it is part of the bias.
    if (isScaled(model)) made.set(model, model);
    else made.set(model, isFit(model) ? relabelled(model, generators) : scaled(model, generators));
  }
  return relabelled(estimate, last);
}

const scaled = (model: Shifted, sign: number): Shifted => ({ ...model, scale: sign * model.scale });

/**
 * The terms of one trial from its errors by variant. The error of an estimate is b + c + v, v linear in the noise of the last
 * fit, c in that of the generators and in the shifts: |v|^2 is half of |b + v|^2 + |b - v|^2, less |b|^2. A mere difference |b + v|^2 - |b|^2
 * has the same mean, but the product of b and v in it scatters.
 */
export function termsOf(error: (variant: number) => number): Readonly<Record<Term, number>> {
  const bias = error(1);
  return {
    bias,
    variance: (error(2) + error(3)) / 2 - bias,
    collapse: (error(4) + error(5)) / 2 - bias,
  };
}
