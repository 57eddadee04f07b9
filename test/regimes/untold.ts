import type { Recipe } from '../../src/regimes/recipe.ts';

/** Regimes of which no theorem speaks: their `theory` is null in every cell. */
export const WITHOUT_THEORY: readonly string[] = ['kernel-replace', 'image-mixture', 'network', 'associative-memory'];

/**
 * Whether an experiment file may have a cell without a prediction: those, what a chain of bigram models, or a decoded one, has lost, and networks
 * that are still learning.
 */
export function mayBeUntold(regime: string, { kind }: Recipe): boolean {
  return WITHOUT_THEORY.includes(regime) || kind === 'pairs' || kind === 'divisors';
}
