import {
  type ClassBlock,
  type ClassFit,
  type ClassRecipe,
  classFitsBehind,
  isClassFit,
  labellersOf,
} from './class-recipe.ts';
import type { DiscreteRecipe, Law, Sample } from './discrete-recipe.ts';
import { isSample, samplesOf } from './discrete-recipe.ts';
import { type DivisorRecipe, isTraining, trainingsOf } from './divisor-recipe.ts';
import type { GaussianRecipe } from './gaussian-recipe.ts';
import { isNetwork, type NetworkRecipe, networksBehind } from './network-recipe.ts';
import { isPairModel, type PairRecipe, trainingsBehind } from './pair-recipe.ts';
import {
  type Block,
  type Fit,
  isFit,
  isScaled,
  type KernelFunction,
  type KernelRecipe,
  type LinearRecipe,
  modelsBehind,
  type Recipe,
  type Truth,
} from './recipe.ts';
import type { VerifiedRecipe } from './verified-recipe.ts';

/**
 * What a recipe asks of whoever draws it beyond numbers. A sampler lists the words that it knows (`Sampler.knows`); a recipe with
 * another one is refused by name, so that a word which is new to the vocabulary is unknown to every sampler until it is taught.
 */
export type Word =
  | Exclude<Recipe['kind'], 'discrete'>
  | DiscreteRecipe['measure']
  | `truth ${Truth['kind']}`
  | `function ${KernelFunction['kind']}`
  | `law ${Law['kind']}`
  | `loss ${ClassFit['loss']}`
  | 'sigmoid'
  | 'estimated mean'
  | 'estimated covariance'
  | 'share kept'
  | 'several labellers'
  | 'judge'
  | 'flips'
  | 'separation'
  | 'several blocks'
  | 'part'
  | 'weight'
  | 'covariance'
  | 'projection'
  | 'subsample'
  | 'descent'
  | 'generations'
  | 'shift'
  | 'scale';

/** What is refused where a word is not known: "<sampler> draws no <phrase>". */
export const PHRASES: Readonly<Record<Word, string>> = {
  linear: 'linear regressions',
  kernel: 'kernel ridge regressions on images',
  classes: 'linear classifiers',
  pairs: 'bigram models',
  divisors: 'networks that learn divisors',
  network: 'networks that learn images',
  verified: 'regressions on labels that a verifier accepts',
  gaussian: 'Gaussians that are fitted to rows of each other',
  'missing-mass': 'missing masses',
  'poisson-missing-mass': 'missing masses of Poisson numbers of draws',
  associations: 'associative memories',
  'truth sphere': 'truths of fixed length and random direction',
  'truth gaussian': 'normal truths',
  'truth coefficients': 'truths given by their coefficients',
  'function rbf': 'radial kernels',
  'function polynomial': 'polynomial kernels',
  'function random-features': 'kernels of random features',
  'law zipf': 'Zipf laws',
  'law cut': 'laws that end at a token',
  'law tail': 'laws that begin at a token',
  'law tempered': 'laws at a temperature',
  'law top-p': 'laws cut to a share of their mass',
  'law thinned': 'laws of which most tokens are lost',
  'law mixture': 'mixtures of laws',
  judge: 'rows that a judge keeps',
  flips: 'labels that are turned round',
  separation: 'classes with means of their own',
  sigmoid: 'labels drawn from a sigmoid',
  'loss squares': 'classifiers by least squares',
  'loss logistic': 'logistic classifiers',
  'several labellers': 'fits to labels of several others',
  'estimated mean': 'generated rows of an estimated mean',
  'estimated covariance': 'generated rows of an estimated mean and covariance',
  'share kept': 'the share of rows that is kept',
  'several blocks': 'fits to several blocks of data',
  part: 'blocks that begin within their draw',
  weight: 'weighted blocks',
  covariance: 'blocks of a covariance of their own',
  projection: 'fits to random features',
  subsample: 'fits to a random part of their data',
  descent: 'fits by stochastic gradient descent',
  generations: 'labels or samples made by another model',
  shift: 'labels from a truth that is shifted',
  scale: 'labels from a truth scaled by coordinate',
};

/** The type of what is left of an object once all fields that have a meaning are taken: anything more does not compile. */
type Nothing = Readonly<Record<string, never>>;

/** Every field of every kind of recipe is named below, so that a new one does not compile until it has a word or needs none. */
export function wordsOf(recipe: Recipe): ReadonlySet<Word> {
  switch (recipe.kind) {
    case 'linear':
      return new Set(linearWords(recipe));
    case 'kernel':
      return new Set(kernelWords(recipe));
    case 'discrete':
      return new Set(discreteWords(recipe));
    case 'pairs':
      return new Set(pairWords(recipe));
    case 'classes':
      return new Set(classWords(recipe));
    case 'divisors':
      return new Set(divisorWords(recipe));
    case 'network':
      return new Set(networkWords(recipe));
    case 'verified':
      return new Set(verifiedWords(recipe));
    case 'gaussian':
      return new Set(gaussianWords(recipe));
  }
}

function* linearWords(recipe: LinearRecipe): Iterable<Word> {
  const { kind, dimension, spectrum, truth, estimate, unit, ...rest } = recipe;
  rest satisfies Nothing;
  yield kind;
  yield `truth ${truth.kind}`;
  yield* fitWords(estimate);
}

function* kernelWords(recipe: KernelRecipe): Iterable<Word> {
  const { kind, population, preprocessing, coding, kernel, tests, estimate, ...rest } = recipe;
  rest satisfies Nothing;
  yield kind;
  yield `function ${kernel.kind}`;
  yield* fitWords(estimate);
}

/** Of a fit and all models behind it. */
function* fitWords(estimate: Fit): Iterable<Word> {
  for (const model of modelsBehind(estimate)) {
    if (isScaled(model)) {
      const { factors, ...rest } = model;
      rest satisfies Nothing;
      yield 'scale';
      continue;
    }
    if (!isFit(model)) {
      const { shift, deviations, scale, ...rest } = model;
      rest satisfies Nothing;
      yield 'shift';
      continue;
    }
    const { data, ridge, projection, subsample, descent, ...rest } = model;
    rest satisfies Nothing;
    if (data.length > 1) yield 'several blocks';
    if (projection) yield 'projection';
    if (subsample) yield 'subsample';
    if (descent) yield 'descent';
    for (const block of data) yield* blockWords(block);
  }
}

function* blockWords(block: Block): Iterable<Word> {
  const { rows, inputs, errors, noise, first = 0, labels, weight = 1, spectrum, ...rest } = block;
  rest satisfies Nothing;
  if (first > 0) yield 'part';
  if (weight !== 1) yield 'weight';
  if (spectrum) yield 'covariance';
  if (labels !== 'truth' && isFit(labels)) yield 'generations';
}

function* discreteWords(recipe: DiscreteRecipe): Iterable<Word> {
  if (recipe.measure === 'associations') {
    const { kind, measure, truth, training, dimension, labels, weights, ...rest } = recipe;
    rest satisfies Nothing;
  } else {
    const { kind, measure, truth, training, ...rest } = recipe;
    rest satisfies Nothing;
  }
  yield recipe.measure;
  yield* lawWords(recipe.truth);
  for (const sample of samplesOf(recipe)) yield* sampleWords(sample);
}

function* sampleWords({ draw, size, from, ...rest }: Sample): Iterable<Word> {
  rest satisfies Nothing;
  if (isSample(from)) yield 'generations';
  else yield* lawWords(from);
}

function* pairWords(recipe: PairRecipe): Iterable<Word> {
  const { kind, measure, contexts, next, length, training, ...rest } = recipe;
  rest satisfies Nothing;
  yield kind;
  yield* lawWords(contexts);
  yield* lawWords(next);
  for (const { draw, size, from, ...other } of trainingsBehind(training).flat()) {
    other satisfies Nothing;
    if (isPairModel(from)) {
      const { training: behind, decoding, ...others } = from;
      const { temperature, topP, crossing, ...left } = decoding;
      others satisfies Nothing;
      left satisfies Nothing;
      yield 'generations';
    } else yield* lawWords(from);
  }
}

function* classWords(recipe: ClassRecipe): Iterable<Word> {
  const { kind, dimension, separation, norm, estimate, ...rest } = recipe;
  rest satisfies Nothing;
  const { fit, measure, ...left } = estimate;
  left satisfies Nothing;
  yield kind;
  if (separation > 0) yield 'separation';
  if (measure === 'kept') yield 'share kept';
  for (const one of classFitsBehind(fit)) {
    const { blocks, loss, ridge, draw, ...others } = one;
    others satisfies Nothing;
    yield `loss ${loss}`;
    if (blocks.length > 1) yield 'several blocks';
    if (new Set(labellersOf(one)).size > 1) yield 'several labellers';
    for (const block of blocks) yield* classBlockWords(block);
  }
}

function* classBlockWords({
  rows,
  draw,
  estimated,
  labels,
  response,
  flips,
  keep,
  ...rest
}: ClassBlock): Iterable<Word> {
  rest satisfies Nothing;
  const { judge, least, most, agree, right, wrong, ...others } = keep;
  others satisfies Nothing;
  if (estimated) yield estimated.covariance ? 'estimated covariance' : 'estimated mean';
  if (response === 'sigmoid') yield 'sigmoid';
  if (flips > 0) yield 'flips';
  if (least > 0 || most < Number.POSITIVE_INFINITY || agree || right < 1 || wrong < 1) yield 'judge';
  if (isClassFit(labels)) yield 'generations';
}

function* divisorWords(recipe: DivisorRecipe): Iterable<Word> {
  const { kind, base, digits, answers, network, tests, asked, estimate, ...rest } = recipe;
  rest satisfies Nothing;
  yield kind;
  for (const { start, pairs, examples, batch, rate, share, generator, ...others } of trainingsOf(estimate.training)) {
    others satisfies Nothing;
    if (isTraining(generator)) yield 'generations';
  }
}

function* networkWords(recipe: NetworkRecipe): Iterable<Word> {
  const { kind, population, preprocessing, tests, estimate, ...rest } = recipe;
  rest satisfies Nothing;
  yield kind;
  for (const { training, epochs, ...left } of networksBehind(estimate)) {
    const { start, inputs, errors, order, blocks, width, optimiser, rate, batch, heldOut, ...others } = training;
    left satisfies Nothing;
    others satisfies Nothing;
    if (blocks.length > 1) yield 'several blocks';
    for (const { rows, labels, noise, ...block } of blocks) {
      block satisfies Nothing;
      if (isNetwork(labels)) yield 'generations';
    }
  }
}

function* verifiedWords(recipe: VerifiedRecipe): Iterable<Word> {
  const { kind, directions, truth, noise, centre, band, estimate, ...rest } = recipe;
  rest satisfies Nothing;
  const { rounds, measure, ...left } = estimate;
  left satisfies Nothing;
  for (const { rows, draw, ...others } of rounds) others satisfies Nothing;
  yield kind;
}

function* gaussianWords(recipe: GaussianRecipe): Iterable<Word> {
  const { kind, dimension, sharpen, estimator, estimate, ...rest } = recipe;
  rest satisfies Nothing;
  const { rounds, measure, ...left } = estimate;
  left satisfies Nothing;
  for (const { kept, samples, ...round } of rounds) {
    round satisfies Nothing;
    for (const { rows, draw, real, ...others } of samples) others satisfies Nothing;
  }
  yield kind;
}

function* lawWords(law: Law): Iterable<Word> {
  yield `law ${law.kind}`;
  if ('law' in law) yield* lawWords(law.law);
  if ('other' in law) yield* lawWords(law.other);
}
