import { type Draw, drawName } from './draw.ts';
import type { Population, Preprocessing } from './population.ts';

/** The words for trials in which a network of two layers learns the digits of images, labelled by the truth or by another network. */

/** The images of a draw from one on, up to the next block: ten labels each, 1 for the digit and else 0 or what a network says, plus noise. */
export interface NetworkBlock {
  readonly rows: number;
  readonly labels: 'truth' | TrainedNetwork;
  /** Standard deviation of what is added to each of the ten. */
  readonly noise: number;
}

/**
 * W2' relu(W1'x + b1) + b2 of ten outputs, trained on the mean over images and outputs of (f(x) - y)^2 in batches without replacement, an epoch
 * being all images once in random order, the last batch what is left. Every weight begins uniform within 1 / sqrt(inputs of its layer).
 */
export interface NetworkTraining {
  readonly start: Draw;
  readonly inputs: Draw;
  /** Of the labels. */
  readonly errors: Draw;
  readonly order: Draw;
  /** Of `inputs` one after the other. */
  readonly blocks: readonly NetworkBlock[];
  /** Units of the hidden layer. */
  readonly width: number;
  readonly optimiser: 'sgd' | 'adam';
  readonly rate: number;
  /** A multiple of 4. */
  readonly batch: number;
  /**
   * Of so many images each the last is kept from training: after every epoch the network is held against the labels of these, and what it was
   * when it was nearest is the result. 0: all are learnt from, and the result is what it is at the end.
   */
  readonly heldOut: number;
}

/** A network after so many epochs. */
export interface TrainedNetwork {
  readonly training: NetworkTraining;
  readonly epochs: number;
}

/** A trial: the test error is the mean over the first `tests` test images and the ten outputs of (f(x) - truth)^2. */
export interface NetworkRecipe {
  readonly kind: 'network';
  readonly population: Population;
  readonly preprocessing: Preprocessing;
  readonly tests: number;
  readonly estimate: TrainedNetwork;
}

export const isNetwork = (labels: NetworkBlock['labels']): labels is TrainedNetwork => labels !== 'truth';

export const rowsOf = ({ blocks }: NetworkTraining): number => blocks.reduce((sum, { rows }) => sum + rows, 0);

/** Images that are kept from training. */
export const heldOutOf = (training: NetworkTraining): number =>
  training.heldOut === 0 ? 0 : Math.floor(rowsOf(training) / training.heldOut);

/** Steps of an epoch. */
export const stepsOf = (training: NetworkTraining): number =>
  Math.ceil((rowsOf(training) - heldOutOf(training)) / training.batch);

/** A network and those behind it, each after those that label for it, equal ones once. */
export function networksBehind(network: TrainedNetwork): readonly TrainedNetwork[] {
  const found = new Map<string, TrainedNetwork>();
  const visit = (one: TrainedNetwork) => {
    for (const { labels } of one.training.blocks) if (isNetwork(labels)) visit(labels);
    const name = JSON.stringify(one);
    if (!found.has(name)) found.set(name, one);
  };
  visit(network);
  return [...found.values()];
}

/** Steps of a network and of those behind it. */
export const stepsBehind = (network: TrainedNetwork): number =>
  networksBehind(network).reduce((sum, { training, epochs }) => sum + epochs * stepsOf(training), 0);

/** Of them, at most: a program has five commands for each. */
export const MOST_STEPS = 50_000;

export const networkDraws = ({ estimate }: NetworkRecipe): string[] => [
  ...new Set(
    networksBehind(estimate).flatMap(({ training: { start, inputs } }) => [drawName(start), drawName(inputs)]),
  ),
];
