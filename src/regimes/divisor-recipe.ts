import { type Draw, drawName } from './draw.ts';

/** The words for trials in which a network learns greatest common divisors from labelled pairs. */

/**
 * An encoder of one layer, read at one position with four heads. Digit v at position p of the pair has a row of its own in a table: a score for each
 * head and `width` values. Heads weight the values by the softmax of the scores over positions, x; then x + W2' relu(W1' norm(x) + b1) + b2,
 * once more normed, gives the logits of the answers. norm takes the mean away and divides by the deviation.
 */
export interface Encoder {
  /** A multiple of 16. */
  readonly width: number;
  /** Of the layer between; a multiple of 4. */
  readonly hidden: number;
}

/**
 * Adam on the mean cross-entropy of `examples / batch` batches of fresh pairs, begun at random weights. The rate rises over the first hundred
 * steps and falls to 0 over the last fifth of all.
 */
export interface Training {
  readonly start: Draw;
  readonly pairs: Draw;
  readonly examples: number;
  /** A multiple of 64. */
  readonly batch: number;
  readonly rate: number;
  /** Chance that a label is the generator's and not the divisor. */
  readonly share: number;
  /** Answers with the largest of some divisors, 1 among them, that divides both; or what another network finds most probable. */
  readonly generator: { readonly known: readonly number[] } | Training;
}

/** What is asked of a network on fresh pairs. */
export type Question =
  /** The share of right answers; the mean of -ln of the chance that it gives to a label such as it learns from. */
  | { readonly kind: 'accuracy' | 'loss' }
  /** The share of pairs with this divisor that it answers with `answer`. */
  | { readonly kind: 'answers'; readonly divisor: number; readonly answer: number };

/** A trial: pairs uniform in 1 .. base^digits - 1, most significant digit first, answers 1 .. answers - 1 and one for all larger divisors. */
export interface DivisorRecipe {
  readonly kind: 'divisors';
  readonly base: number;
  readonly digits: number;
  /** A multiple of 4. */
  readonly answers: number;
  readonly network: Encoder;
  /** Pairs that a question is asked of, rounded up to whole batches. */
  readonly tests: number;
  readonly asked: Draw;
  readonly estimate: {
    readonly training: Training;
    /** Asked after so many examples, a multiple of the batch. */
    readonly examples: number;
    readonly question: Question;
  };
}

export const isTraining = (generator: Training['generator']): generator is Training => 'pairs' in generator;

/** A training and those behind it, each after the one that labels its examples. */
export function trainingsOf(training: Training): readonly Training[] {
  const chain = [training];
  for (let { generator } = training; isTraining(generator); generator = generator.generator) chain.unshift(generator);
  return chain;
}

export const divisorDraws = ({ estimate }: DivisorRecipe): string[] => [
  ...new Set(trainingsOf(estimate.training).flatMap(({ start, pairs }) => [drawName(start), drawName(pairs)])),
];
