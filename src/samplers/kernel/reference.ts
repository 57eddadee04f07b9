import { cholesky, choleskySolve } from '../../reference/linalg.ts';
import { normalsAt, Purpose } from '../../reference/normal.ts';
import type { Draw, KernelFunction, KernelRecipe } from '../../regimes/recipe.ts';
import { streamKey } from '../address.ts';
import { sequentialSource } from '../batch.ts';
import { asChain, type ChainFit, type ChainModel } from '../chain.ts';
import type { TrialSource } from '../sampler.ts';
import { choose } from './choose.ts';
import { assertSizes, featuresOf, type ImageSource, labelsOf, type Scaling, scalingOf } from './images.ts';

/** The kernel sampler in plain f64 loops: every fit by itself, by the definition. */
export function openKernelReference(recipes: readonly KernelRecipe[], seed: number, source: ImageSource): TrialSource {
  const cells = recipes.map((_, cell) => ({ error: cell, factors: [cell] }));
  let opened: Promise<TrialSource> | null = null;
  const open = async () => {
    const world = await World.open(recipes[0]!, seed, source);
    return sequentialSource(cells, (trial) => world.trial(recipes, trial));
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

/** Points and the weights of a function sum_i weights[i] k(points[i], .); no weights where a factorisation broke down. */
interface Fitted {
  readonly points: Rows;
  readonly weights: Float64Array | null;
}

class World {
  readonly #recipe: KernelRecipe;
  readonly #seed: number;
  readonly #images: Awaited<ReturnType<ImageSource>>;
  readonly #scaling: Scaling;
  readonly #tests: Rows;
  readonly #testLabels: Float32Array;

  private constructor(recipe: KernelRecipe, seed: number, images: Awaited<ReturnType<ImageSource>>) {
    this.#recipe = recipe;
    this.#seed = seed;
    this.#images = images;
    this.#scaling = scalingOf(recipe.preprocessing, images.training, recipe.population.features);
    const tests = Array.from({ length: recipe.tests }, (_, i) => i);
    const { features } = recipe.population;
    this.#tests = rowsOf(featuresOf(images.test, tests, this.#scaling, features), features);
    this.#testLabels = labelsOf(images.test, tests, recipe.coding);
  }

  static async open(recipe: KernelRecipe, seed: number, source: ImageSource): Promise<World> {
    const images = await source(recipe.population);
    assertSizes(images, recipe.population);
    return new World(recipe, seed, images);
  }

  trial(recipes: readonly KernelRecipe[], trial: number) {
    const known = new Map<string, Fitted>();
    const broken = new Set<number>();
    const errors = recipes.map((recipe, cell) => {
      const { points, weights } = this.#fit(asChain(recipe).estimate, trial, known);
      if (!weights) {
        broken.add(cell);
        return Number.NaN;
      }
      const predictions = this.#predict({ points, weights }, this.#tests);
      return predictions.reduce((sum, f, i) => sum + (f - this.#testLabels[i]!) ** 2, 0) / predictions.length;
    });
    return { errors, broken };
  }

  #fit(fit: ChainFit, trial: number, known: Map<string, Fitted>): Fitted {
    const key = JSON.stringify(fit);
    const before = known.get(key);
    if (before) return before;
    const [{ rows, inputs, errors, labels, noise }] = fit.data;
    const chosen = choose(streamKey(this.#seed, inputs), trial, this.#recipe.population.training, rows);
    const points = this.#points(chosen);
    const y = this.#labels(labels, chosen, points, trial, known);
    const fitted = {
      points,
      weights: y && this.#solve(points, this.#noisy(y, noise, errors, trial), fit.ridge * rows),
    };
    known.set(key, fitted);
    return fitted;
  }

  #points(chosen: Uint32Array): Rows {
    const { features } = this.#recipe.population;
    return rowsOf(featuresOf(this.#images.training, chosen, this.#scaling, features), features);
  }

  #labels(model: ChainModel, chosen: Uint32Array, points: Rows, trial: number, known: Map<string, Fitted>) {
    if (model === 'truth') return Float64Array.from(labelsOf(this.#images.training, chosen, this.#recipe.coding));
    const fitted = this.#fit(model, trial, known);
    return fitted.weights && this.#predict(fitted, points);
  }

  #noisy(y: Float64Array, noise: number, errors: Draw, trial: number): Float64Array {
    const key = streamKey(this.#seed, errors);
    return y.map((value, row) => value + noise * normalsAt(key, trial, row >> 2, 0, Purpose.noise)[row & 3]!);
  }

  #solve(points: Rows, y: Float64Array, penalty: number): Float64Array | null {
    const n = points.length;
    const gram = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++)
        gram[i * n + j] = kernelAt(this.#recipe.kernel, points[i]!, points[j]!) + (i === j ? penalty : 0);
    const factorisation = cholesky(gram, n);
    return factorisation.kind === 'ok' ? choleskySolve(factorisation.factor, y) : null;
  }

  #predict({ points, weights }: Fitted, at: Rows): Float64Array {
    return Float64Array.from(at, (x) =>
      points.reduce((sum, point, i) => sum + weights![i]! * kernelAt(this.#recipe.kernel, point, x), 0),
    );
  }
}

function rowsOf(features: Float32Array, length: number): Rows {
  return Array.from({ length: features.length / length }, (_, i) => features.subarray(i * length, (i + 1) * length));
}

export function kernelAt(kernel: KernelFunction, x: Float32Array, y: Float32Array): number {
  if (kernel.kind === 'rbf') {
    let distance = 0;
    for (let j = 0; j < x.length; j++) distance += (x[j]! - y[j]!) ** 2;
    return Math.exp(-kernel.scale * distance);
  }
  let product = 0;
  for (let j = 0; j < x.length; j++) product += x[j]! * y[j]!;
  return (kernel.scale * product + kernel.offset) ** kernel.degree;
}
