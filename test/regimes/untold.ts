import type { Recipe } from '../../src/regimes/recipe.ts';

/**
 * Whether theory may be silent: no theorem knows images, nor what a chain of bigram models, or a decoded one, has lost; that of
 * associative memories has no constants.
 */
export function mayBeUntold(recipe: Recipe): boolean {
  if (recipe.kind === 'discrete') return recipe.measure === 'associations';
  return recipe.kind === 'kernel' || recipe.kind === 'pairs';
}
