import type { Term } from '../experiment/experiment.ts';
import type { Fit, Model, Recipe } from './recipe.ts';

/** What the label noise of the last fit, and that of all generators, is multiplied by. */
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
export function withTerms(recipes: readonly Recipe[]): readonly Recipe[] {
  return VARIANTS.flatMap((signs) =>
    recipes.map((recipe) => ({ ...recipe, estimate: signed(recipe.estimate, signs) })),
  );
}

function signed({ data, ridge }: Fit, [last, generators]: Signs): Fit {
  const labels: Model = data.labels === 'truth' ? 'truth' : signed(data.labels, [generators, generators]);
  return { data: { ...data, labels, noise: last * data.noise }, ridge };
}

/**
 * The terms of one trial from its errors by variant. The error of an estimate is b + c + v, v linear in the noise of the last
 * fit, c in that of the generators: |v|^2 is half of |b + v|^2 + |b - v|^2, less |b|^2. A mere difference |b + v|^2 - |b|^2
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
