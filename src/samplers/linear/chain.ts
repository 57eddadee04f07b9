import type { Block, Fit, LinearRecipe } from '../../regimes/recipe.ts';
import { type Word, wordsOf } from '../../regimes/words.ts';

/**
 * The plain kind of recipe, which most shortcuts are for: every fit sees one block of data that is labelled by the truth or by
 * one other fit.
 */
export interface Chain extends LinearRecipe {
  readonly estimate: ChainFit;
}

export interface ChainFit extends Fit {
  readonly data: readonly [ChainBlock];
}

export interface ChainBlock extends Block {
  readonly labels: ChainModel;
}

export type ChainModel = 'truth' | ChainFit;

/** The words of any problem: what is fitted to, and what the truth is. */
const PROBLEM = ['linear', 'truth sphere', 'truth gaussian', 'truth coefficients', 'generations'] as const;

/** The words of chains. */
export const CHAIN_WORDS: ReadonlySet<Word> = new Set(PROBLEM);

/** Those of fits that see several blocks, with weights, some of them labelled by a truth that is shifted. */
export const STACK_WORDS: ReadonlySet<Word> = new Set([...PROBLEM, 'several blocks', 'part', 'weight', 'shift']);

export function isChain(recipe: LinearRecipe): recipe is Chain {
  const { estimate } = recipe;
  const known = met.get(estimate) ?? [...wordsOf(recipe)].every((word) => CHAIN_WORDS.has(word));
  met.set(estimate, known);
  return known;
}

/** Every sampler asks, and chains are long. */
const met = new WeakMap<Fit, boolean>();

/** The same recipe. Throws if it is no chain. */
export function asChain(recipe: LinearRecipe): Chain {
  if (!isChain(recipe)) throw new Error('The recipe is no chain of fits to one block each.');
  return recipe;
}
