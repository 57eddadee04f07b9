/**
 * The small vocabulary in which a regime says what one trial does. The engine, the planner and the samplers know these
 * words and no paper. A recipe is an expression: the estimate whose test error is wanted, written in terms of the data
 * it was fitted to, whose labels come from the truth or from another estimate.
 */

/** Where random numbers of a block stand in the random stream. Equal draws are the same numbers. */
export interface Draw {
  /** Says what the data are, for instance `generator:300x600`; equal units share their random numbers. */
  readonly unit: string;
  /** Index of the generation within the unit. */
  readonly generation: number;
}

/** Rows `x ~ N(0, Sigma)` with labels `y = x'w + noise * g`, `w` the coefficients of `labels`. */
export interface Block {
  readonly rows: number;
  /** The rows x. Generations that reuse one design have equal `inputs`. */
  readonly inputs: Draw;
  /** The label errors g, fresh in every generation even where the inputs are reused. */
  readonly errors: Draw;
  readonly labels: Model;
  /** Standard deviation of the label noise; below 0 the same errors turned round. */
  readonly noise: number;
}

/** How the true coefficients w0 come about, one draw per trial where random. All in the eigenbasis of Sigma. */
export type Truth =
  | { readonly kind: 'sphere'; readonly norm: number }
  | { readonly kind: 'gaussian'; readonly variance: number }
  | { readonly kind: 'coefficients'; readonly values: readonly number[] };

/** The minimiser of `(1/rows) sum (x'w - y)^2 + ridge ||w||^2`; ridge 0 means least squares of minimum norm. */
export interface Fit {
  readonly data: Block;
  readonly ridge: number;
}

export type Model = 'truth' | Fit;

/** A trial of linear regression in dimension d: the test error of `estimate` is `||w - w0||_Sigma^2`. */
export interface LinearRecipe {
  readonly kind: 'linear';
  readonly dimension: number;
  /** Eigenvalues of Sigma, length `dimension`, all positive. */
  readonly spectrum: readonly number[];
  readonly truth: Truth;
  readonly estimate: Fit;
}

/** Images with labels, from files: what the rows of a kernel recipe are drawn from, and what they are tested on. */
export interface Population {
  readonly name: string;
  readonly training: number;
  readonly test: number;
  /** Pixels of an image. */
  readonly features: number;
}

/** k(x, x'): exp(-scale ||x - x'||^2), or (scale <x, x'> + offset)^degree. */
export type KernelFunction =
  | { readonly kind: 'rbf'; readonly scale: number }
  | { readonly kind: 'polynomial'; readonly scale: number; readonly degree: number; readonly offset: number };

/**
 * What becomes of pixels: every image less its own mean, with standard deviation 1; every pixel less its mean over the training set,
 * all scaled together to mean variance 1; numbers within 0..1; bytes as they are.
 */
export type Preprocessing = 'image' | 'pixel' | 'unit' | 'bytes';

/** What odd and even digits are labelled: 1 and -1, or 1 and 0. */
export type Coding = 'signs' | 'bits';

/**
 * A trial of kernel ridge regression on real images, in the words of the linear one: a block's rows are drawn from the training
 * set without replacement, blocks with the same inputs and fewer rows being the first of them; `truth` is the label of
 * an image; a fit is a function f minimising `(1/rows) sum (f(x) - y)^2 + ridge ||f||^2` in the kernel's space, ridge above 0. The
 * test error is the mean of `(f(x) - truth)^2` over the first `tests` test images.
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

/** Every kind of recipe there is; a sampler says which kinds it can draw. */
export type Recipe = LinearRecipe | KernelRecipe;

/** Names of all random blocks a recipe uses. Cells that have one in common are simulated in one job and share its work. */
export function drawsOf({ kind, estimate }: Recipe): string[] {
  const names: string[] = [];
  for (let model: Model = estimate; model !== 'truth'; model = model.data.labels) {
    const { inputs, rows } = model.data;
    names.push([inputs.unit, inputs.generation, ...(kind === 'linear' ? [rows] : [])].join('/'));
  }
  return names;
}
