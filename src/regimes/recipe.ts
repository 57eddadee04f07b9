import { type ClassRecipe, classDraws } from './class-recipe.ts';
import { type DiscreteRecipe, samplesOf } from './discrete-recipe.ts';
import { type DivisorRecipe, divisorDraws } from './divisor-recipe.ts';
import { type Draw, drawName } from './draw.ts';
import { type GaussianRecipe, gaussianDraws } from './gaussian-recipe.ts';
import { type NetworkRecipe, networkDraws } from './network-recipe.ts';
import { type PairRecipe, pairDraws } from './pair-recipe.ts';
import type { Population, Preprocessing } from './population.ts';
import { type VerifiedRecipe, verifiedDraws } from './verified-recipe.ts';

/**
 * The small vocabulary in which a regime says what one trial does. The engine, the planner and the samplers know these
 * words and no paper. A recipe is an expression: the estimate whose test error is wanted, written in terms of the data
 * it was fitted to, whose labels come from the truth or from another estimate.
 */

export type { Draw, Population, Preprocessing };

/** Rows `x ~ N(0, Sigma)` with labels `y = x'w + noise * g`, `w` the coefficients of `labels`. */
export interface Block {
  readonly rows: number;
  /** Rows of the draws that stand before these; 0 where absent. Two parts of one design are labelled apart by it. */
  readonly first?: number;
  /** The rows x. Generations that reuse one design have equal `inputs`. */
  readonly inputs: Draw;
  /** The label errors g, fresh in every generation even where the inputs are reused. */
  readonly errors: Draw;
  readonly labels: Model;
  /** Standard deviation of the label noise; below 0 the same errors turned round. */
  readonly noise: number;
  /**
   * Weight of the square of each row in the objective, relative to that of other rows; 1 where absent. Above 0 in all that is on one set of
   * rows together: one of several blocks on the same rows may have a weight below 0.
   */
  readonly weight?: number;
  /** Eigenvalues of the covariance of these rows where it is not that of the inputs tested on; length d, none negative. */
  readonly spectrum?: readonly number[];
}

/** How the true coefficients w0 come about, one draw per trial where random. All in the eigenbasis of Sigma. */
export type Truth =
  | { readonly kind: 'sphere'; readonly norm: number }
  | { readonly kind: 'gaussian'; readonly variance: number }
  | { readonly kind: 'coefficients'; readonly values: readonly number[] };

/** Random features z = S'x: S is `dimension x features` with independent entries N(0, 1/dimension). Fewer are the first of more. */
export interface Projection {
  readonly features: number;
  readonly draw: Draw;
}

/** A uniformly random choice of `rows` of the rows of a fit. */
export interface Subsample {
  readonly rows: number;
  readonly draw: Draw;
}

/**
 * One pass of stochastic gradient descent on half the mean square: w begins at 0, and each of its steps takes the next `batch` rows, of which there
 * is a multiple, w -> w - rate (1/batch) sum x (x'w - y). The rate is halved so many times, after equal parts of the steps.
 */
export interface Descent {
  readonly batch: number;
  readonly rate: number;
  readonly halvings: number;
  /** The estimate is the mean of w after so many of the last steps, at least 1. */
  readonly averaged: number;
}

/**
 * The minimiser of the mean of (x'w - y)^2 over the rows of all blocks, by their weights, plus `ridge ||w||^2`; ridge 0 means
 * least squares of minimum norm. With a projection w = S v, v fitted in the same way to z = S'x. At least one block.
 */
export interface Fit {
  readonly data: readonly Block[];
  readonly ridge: number;
  readonly projection?: Projection;
  readonly subsample?: Subsample;
  /** In place of the minimiser: of one block, without ridge. */
  readonly descent?: Descent;
}

/** The truth and an error that is not made by any fit: w0 + scale * N(0, diag(deviations^2)), deviations of length d. */
export interface Shifted {
  readonly shift: Draw;
  readonly deviations: readonly number[];
  readonly scale: number;
}

/** The truth with each coordinate times a factor of its own, any real number: factors of length d. */
export interface Scaled {
  readonly factors: readonly number[];
}

export type Model = 'truth' | Shifted | Scaled | Fit;

/** A trial of linear regression in dimension d: the test error of `estimate` is `||w - w0||_Sigma^2`. */
export interface LinearRecipe {
  readonly kind: 'linear';
  readonly dimension: number;
  /** Eigenvalues of Sigma, length `dimension`, all positive. */
  readonly spectrum: readonly number[];
  readonly truth: Truth;
  readonly estimate: Fit;
  /** Truth, noises and shifts are multiples of 2^unit (`units.ts`), the test error of 4^unit; 0 where absent. */
  readonly unit?: number;
}

/**
 * k(x, x'): exp(-scale ||x - x'||^2); (scale <x, x'> + offset)^degree; or the mean of max(0, s'x) max(0, s'x') over the columns s
 * of the fit's projection, whose dimension is that of the images.
 */
export type KernelFunction =
  | { readonly kind: 'rbf'; readonly scale: number }
  | { readonly kind: 'polynomial'; readonly scale: number; readonly degree: number; readonly offset: number }
  | { readonly kind: 'random-features'; readonly activation: 'relu' };

/** What odd and even digits are labelled: 1 and -1, or 1 and 0; or ten numbers for every image, 1 for its digit and else 0. */
export type Coding = 'signs' | 'bits' | 'one-hot';

/**
 * A trial of kernel ridge regression on real images, in the words of the linear one: a block's rows are drawn from the training
 * set without replacement, blocks with the same inputs and fewer rows being the first of them; `truth` is the label of
 * an image; a fit, to blocks that continue one draw from its beginning, is a function f minimising `(1/rows) sum (f(x) - y)^2 +
 * ridge ||f||^2` in the kernel's space, ridge above 0. The test error is the mean of `(f(x) - truth)^2` over the first `tests` test
 * images. Where labels are several numbers there is such an f for each, and the test error is the mean over them too.
 */
export interface KernelRecipe {
  readonly kind: 'kernel';
  readonly population: Population;
  readonly preprocessing: Preprocessing;
  readonly coding: Coding;
  readonly kernel: KernelFunction;
  readonly tests: number;
  readonly estimate: Fit;
}

/** Recipes whose test error is that of a fit to labelled data. */
export type FittedRecipe = LinearRecipe | KernelRecipe;

/** Every kind of recipe there is; a sampler says which kinds it can draw. */
export type Recipe =
  | FittedRecipe
  | DiscreteRecipe
  | PairRecipe
  | ClassRecipe
  | DivisorRecipe
  | NetworkRecipe
  | VerifiedRecipe
  | GaussianRecipe;

export const isFitted = (recipe: Recipe): recipe is FittedRecipe =>
  recipe.kind === 'linear' || recipe.kind === 'kernel';

export const isFit = (model: Model): model is Fit => model !== 'truth' && 'data' in model;

export const isScaled = (model: Model): model is Scaled => model !== 'truth' && 'factors' in model;

/** Names of all random data a recipe uses. Cells that have one in common are simulated in one job and share its work. */
export function drawsOf(recipe: Recipe): string[] {
  if (isFitted(recipe)) return designsOf(recipe);
  if (recipe.kind === 'pairs') return pairDraws(recipe);
  if (recipe.kind === 'classes') return classDraws(recipe);
  if (recipe.kind === 'divisors') return divisorDraws(recipe);
  if (recipe.kind === 'network') return networkDraws(recipe);
  if (recipe.kind === 'verified') return verifiedDraws(recipe);
  if (recipe.kind === 'gaussian') return gaussianDraws(recipe);
  return [...new Set(samplesOf(recipe).map(({ draw }) => drawName(draw)))];
}

/** What recipes must have in common, beside a draw, to be one job: all but what is trained on data, such as a covariance or a truth. */
export function worldOf(recipe: Recipe): string {
  const { estimate: _, training: __, ...world } = { estimate: null, training: null, ...recipe };
  if (world.kind !== 'linear') return JSON.stringify(world);
  const { spectrum, ...rest } = world;
  return `${spelled(spectrum)} ${JSON.stringify(rest)}`;
}

/** Cells of a sweep have one spectrum, which is long. */
const spellings = new WeakMap<readonly number[], string>();

function spelled(numbers: readonly number[]): string {
  const text = spellings.get(numbers) ?? JSON.stringify(numbers);
  spellings.set(numbers, text);
  return text;
}

function designsOf({ kind, estimate }: FittedRecipe): string[] {
  const names = new Set<string>();
  for (const { data, descent } of modelsBehind(estimate).filter(isFit).reverse()) {
    // A longer pass begins with a shorter one.
    if (descent) names.add(drawName(data[0]!.inputs));
    if (descent) continue;
    const extents = new Map<string, number>();
    for (const { inputs, rows, first = 0 } of data) {
      const name = drawName(inputs);
      extents.set(name, Math.max(extents.get(name) ?? 0, first + rows));
    }
    for (const [name, extent] of extents) names.add(kind === 'linear' ? `${name}/${extent}` : name);
  }
  return [...names];
}

/**
 * The estimate and every model behind it, each once and after those that label its data; the truth is none of them. A loop, because
 * chains of ten thousand generations are deeper than the stack.
 */
export function modelsBehind(estimate: Fit): readonly Exclude<Model, 'truth'>[] {
  const done = new Set<Exclude<Model, 'truth'>>();
  const path: { readonly model: Exclude<Model, 'truth'>; next: number }[] = [{ model: estimate, next: 0 }];
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const block: Block | undefined = isFit(top.model) ? top.model.data[top.next++] : undefined;
    if (!block) {
      done.add(top.model);
      path.pop();
    } else if (block.labels !== 'truth' && !done.has(block.labels)) path.push({ model: block.labels, next: 0 });
  }
  return [...done];
}

/** Numbers models so that equal ones, also of several estimates, have one number, without spelling out what is behind them. */
export class ModelNumbers {
  readonly #byText = new Map<string, number>();
  readonly #byModel = new Map<Model, number>([['truth', -1]]);

  /** Of the estimate and the models behind it; in the order of `modelsBehind`, those that are new. */
  add(estimate: Fit): readonly Exclude<Model, 'truth'>[] {
    return modelsBehind(estimate).filter((model) => {
      const text = JSON.stringify(isFit(model) ? this.#spelled(model) : model);
      const known = this.#byText.get(text);
      this.#byModel.set(model, known ?? this.#byText.size);
      if (known === undefined) this.#byText.set(text, this.#byText.size);
      return known === undefined;
    });
  }

  /** Of a model that was added, or is behind one; -1 for the truth. */
  of(model: Model): number {
    return this.#byModel.get(model)!;
  }

  #spelled({ data, ...fit }: Fit) {
    return [data.map(({ labels, ...block }) => [this.of(labels), block]), fit];
  }
}
