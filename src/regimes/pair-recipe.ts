import type { Law } from './discrete-recipe.ts';
import { type Draw, drawName } from './draw.ts';

/** The words for trials that draw sequences of tokens, each one following on the one before, and count what follows what. */

/** What is done to a model's conditional laws before they are drawn from. */
export interface Decoding {
  /** c^(1/temperature) in place of every count c. */
  readonly temperature: number;
  /** Tokens that hold this share of the counts, the most frequent first, equals in order; 1: all. */
  readonly topP: number;
  /** Whether the token that takes them beyond the share is one of them: C of n counts have C / n >= topP, or C / n <= topP. The first always is. */
  readonly crossing: 'kept' | 'dropped';
}

/** A model: how often it was shown that a token follows another. */
export interface PairModel {
  readonly training: readonly PairSample[];
  readonly decoding: Decoding;
}

/**
 * `size` sequences: a context, then tokens each drawn from the conditional law of the one before. From a law, the truth or
 * what is left of it: the first context is from the recipe's `contexts`, token j of context i with the chance of its rank
 * (j - shift_i) / turn_i modulo the support. From a model: contexts as frequent as in its training data, and so what follows a
 * token that it has never seen followed. Samples of one draw and one origin are the beginning of one another.
 */
export interface PairSample {
  readonly draw: Draw;
  readonly size: number;
  readonly from: Law | PairModel;
}

/**
 * What is wrong with the model that the training samples make. `variation`: sum_i p_i sum_j |q(j|i) - p(j|i)|, 2 for a context
 * that was never seen. `perplexity`: exp of sum_i p_i sum_j p(j|i) min(-ln q(j|i), clip). p_i: how often a context comes in true sequences.
 */
export type PairMeasure = { readonly kind: 'variation' } | { readonly kind: 'perplexity'; readonly clip: number };

export interface PairRecipe {
  readonly kind: 'pairs';
  readonly measure: PairMeasure;
  /** Of the first token of a sequence. */
  readonly contexts: Law;
  /** Of the rank of the next token. */
  readonly next: Law;
  /** Tokens drawn after the first; beyond 1 a token is a context too, and both laws have one support. */
  readonly length: number;
  readonly training: readonly PairSample[];
}

export const isPairModel = (origin: Law | PairModel): origin is PairModel => 'training' in origin;

/**
 * The training set and those of all models behind it, each once and after those of the models that it is drawn from. A loop, because
 * chains of ten thousand generations are deeper than the stack.
 */
export function trainingsBehind(training: readonly PairSample[]): readonly (readonly PairSample[])[] {
  const done = new Set<readonly PairSample[]>();
  const path = [{ training, next: 0 }];
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const sample = top.training[top.next++];
    if (!sample) {
      done.add(top.training);
      path.pop();
    } else if (isPairModel(sample.from) && !done.has(sample.from.training))
      path.push({ training: sample.from.training, next: 0 });
  }
  return [...done];
}

/** Names of all draws behind a recipe. */
export function pairDraws({ training }: Pick<PairRecipe, 'training'>): string[] {
  return [...new Set(trainingsBehind(training).flatMap((samples) => samples.map(({ draw }) => drawName(draw))))];
}
