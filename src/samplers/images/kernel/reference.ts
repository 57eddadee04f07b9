import type { TrialSource } from '../../../program/trials.ts';
import { cholesky, choleskySolve } from '../../../reference/linalg.ts';
import { normalRow, normalsAt, Purpose, type StreamKey } from '../../../reference/normal.ts';
import {
  type Fit,
  isFit,
  type KernelFunction,
  type KernelRecipe,
  type Model,
  ModelNumbers,
} from '../../../regimes/recipe.ts';
import { streamKey } from '../../address.ts';
import { sequentialSource } from '../../batch.ts';
import { choose } from '../choose.ts';
import {
  assertSizes,
  errorsOf,
  featuresOf,
  type ImageSource,
  labelsOf,
  outputsOf,
  type Scaling,
  scalingOf,
} from '../images.ts';

/** The kernel sampler in plain f64 loops: every fit by itself, by the definition. */
export function openKernelReference(recipes: readonly KernelRecipe[], seed: number, source: ImageSource): TrialSource {
  const cells = recipes.map((_, cell) => ({ error: cell, factors: [cell] }));
  let opened: Promise<TrialSource> | null = null;
  const open = async () => {
    const world = await World.open(recipes, seed, source);
    return sequentialSource(cells, (trial) => world.trial(trial));
  };
  return {
    capacity: Number.POSITIVE_INFINITY,
    run: async (first, count) => {
      opened ??= open();
      return (await opened).run(first, count);
    },
    close: () => {},
  };
}

type Rows = readonly Float32Array[];
type Vector = Float32Array | Float64Array;

/** Functions sum_i weights[i] k(points[i], .), one for every number of a label; no weights where a factorisation broke down. */
interface Fitted {
  readonly points: readonly Vector[];
  readonly weights: readonly Float64Array[] | null;
}

class World {
  readonly #recipes: readonly KernelRecipe[];
  readonly #recipe: KernelRecipe;
  readonly #numbers = new ModelNumbers();
  /** Every fit of any cell once, after those that label its data. */
  readonly #fits: readonly Fit[];
  readonly #seed: number;
  readonly #images: Awaited<ReturnType<ImageSource>>;
  readonly #scaling: Scaling;
  readonly #outputs: readonly number[];
  readonly #tests: Rows;
  readonly #testLabels: readonly Float32Array[];

  private constructor(recipes: readonly KernelRecipe[], seed: number, images: Awaited<ReturnType<ImageSource>>) {
    const recipe = recipes[0]!;
    this.#recipes = recipes;
    this.#recipe = recipe;
    this.#fits = recipes.flatMap(({ estimate }) => this.#numbers.add(estimate)).filter(isFit);
    this.#seed = seed;
    this.#images = images;
    this.#scaling = scalingOf(recipe.preprocessing, images.training, recipe.population.features);
    this.#outputs = Array.from({ length: outputsOf(recipe.coding) }, (_, output) => output);
    const tests = Array.from({ length: recipe.tests }, (_, i) => i);
    const { features } = recipe.population;
    this.#tests = rowsOf(featuresOf(images.test, tests, this.#scaling, features), features);
    this.#testLabels = this.#outputs.map((output) => labelsOf(images.test, tests, recipe.coding, output));
  }

  static async open(recipes: readonly KernelRecipe[], seed: number, source: ImageSource): Promise<World> {
    const { population } = recipes[0]!;
    const images = await source(population);
    assertSizes(images, population);
    return new World(recipes, seed, images);
  }

  trial(trial: number) {
    const known = new Map<number, Fitted>();
    for (const fit of this.#fits) known.set(this.#numbers.of(fit), this.#fit(fit, trial, known));
    const broken = new Set<number>();
    const errors = this.#recipes.map(({ estimate }, cell) => {
      const { points, weights } = known.get(this.#numbers.of(estimate))!;
      if (!weights) {
        broken.add(cell);
        return Number.NaN;
      }
      const at = this.#space(estimate, trial)(this.#tests);
      const squares = this.#predict(points, weights, at).map((values, output) =>
        values.reduce((sum, f, i) => sum + (f - this.#testLabels[output]![i]!) ** 2, 0),
      );
      return squares.reduce((sum, square) => sum + square, 0) / (squares.length * at.length);
    });
    return { errors, broken };
  }

  #fit(fit: Fit, trial: number, known: ReadonlyMap<number, Fitted>): Fitted {
    const rows = fit.data.reduce((sum, block) => sum + block.rows, 0);
    const { inputs } = fit.data[0]!;
    const chosen = choose(streamKey(this.#seed, inputs), trial, this.#recipe.population.training, rows);
    const points = this.#space(fit, trial)(this.#pixels(chosen));
    const y = this.#labels(fit, chosen, trial, known);
    return { points, weights: y && this.#solve(points, y, fit.ridge * rows) };
  }

  /** What becomes of images before the kernel is taken of them. */
  #space({ projection }: Fit, trial: number): (images: Rows) => readonly Vector[] {
    if (!projection) return (images) => images;
    const { features: count, draw } = projection;
    const { features: pixels } = this.#recipe.population;
    const directions = directionsOf(streamKey(this.#seed, draw), trial, count, pixels);
    return (images) => images.map((image) => reluFeatures(directions, image));
  }

  #pixels(chosen: Uint32Array): Rows {
    const { features } = this.#recipe.population;
    return rowsOf(featuresOf(this.#images.training, chosen, this.#scaling, features), features);
  }

  /** By output, the labels of all rows; null where those of a model that broke down are wanted. */
  #labels(
    fit: Fit,
    chosen: Uint32Array,
    trial: number,
    known: ReadonlyMap<number, Fitted>,
  ): readonly Float64Array[] | null {
    const labels = this.#outputs.map(() => new Float64Array(chosen.length));
    for (const { rows, first = 0, labels: model, noise, errors } of fit.data) {
      const clean = this.#clean(model, chosen.subarray(first, first + rows), trial, known);
      if (!clean) return null;
      for (const [output, y] of labels.entries()) {
        const key = streamKey(this.#seed, errorsOf(errors, this.#recipe.coding, output));
        for (let row = first; row < first + rows; row++) {
          const error = normalsAt(key, trial, row >> 2, 0, Purpose.noise)[row & 3]!;
          y[row] = clean[output]![row - first]! + noise * error;
        }
      }
    }
    return labels;
  }

  #clean(model: Model, chosen: Uint32Array, trial: number, known: ReadonlyMap<number, Fitted>) {
    if (!isFit(model)) {
      const { training } = this.#images;
      return this.#outputs.map((output) => labelsOf(training, chosen, this.#recipe.coding, output));
    }
    const { points, weights } = known.get(this.#numbers.of(model))!;
    return weights && this.#predict(points, weights, this.#space(model, trial)(this.#pixels(chosen)));
  }

  #solve(points: readonly Vector[], labels: readonly Float64Array[], penalty: number): readonly Float64Array[] | null {
    const n = points.length;
    const gram = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++)
        gram[i * n + j] = kernelAt(this.#recipe.kernel, points[i]!, points[j]!) + (i === j ? penalty : 0);
    const factorisation = cholesky(gram, n);
    return factorisation.kind === 'ok' ? labels.map((y) => choleskySolve(factorisation.factor, y)) : null;
  }

  /** By function, its values. */
  #predict(
    points: readonly Vector[],
    weights: readonly Float64Array[],
    at: readonly Vector[],
  ): readonly Float64Array[] {
    const values = weights.map(() => new Float64Array(at.length));
    for (const [i, x] of at.entries()) {
      const row = points.map((point) => kernelAt(this.#recipe.kernel, point, x));
      for (const [f, some] of weights.entries()) values[f]![i] = row.reduce((sum, k, p) => sum + some[p]! * k, 0);
    }
    return values;
  }
}

function rowsOf(features: Float32Array, length: number): Rows {
  return Array.from({ length: features.length / length }, (_, i) => features.subarray(i * length, (i + 1) * length));
}

/** Directions s_j of random features, entries N(0, 1 / pixels). */
export function directionsOf(key: StreamKey, trial: number, count: number, pixels: number): readonly Float64Array[] {
  return Array.from({ length: count }, (_, feature) => {
    const direction = new Float64Array(pixels);
    normalRow(key, trial, feature, Purpose.design, direction);
    return direction.map((z) => z / Math.sqrt(pixels));
  });
}

/** max(0, <s_j, x>) / sqrt(number of them): inner products are means over the features. */
export function reluFeatures(directions: readonly Float64Array[], image: Vector): Float64Array {
  return Float64Array.from(
    directions,
    (direction) => Math.max(0, product(direction, image)) / Math.sqrt(directions.length),
  );
}

/** Of images, or of their random features. */
function kernelAt(kernel: KernelFunction, x: Vector, y: Vector): number {
  if (kernel.kind === 'rbf') {
    let distance = 0;
    for (let j = 0; j < x.length; j++) distance += (x[j]! - y[j]!) ** 2;
    return Math.exp(-kernel.scale * distance);
  }
  if (kernel.kind === 'polynomial') return (kernel.scale * product(x, y) + kernel.offset) ** kernel.degree;
  return product(x, y);
}

function product(x: Vector, y: Vector): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += x[j]! * y[j]!;
  return sum;
}
