import type { Block, Fit, KernelFunction, KernelRecipe, Model, Population } from '../../src/regimes/recipe.ts';
import type { ImageSet, Images } from '../../src/samplers/images/images.ts';

/** A small set of images that nobody drew: digits are patterns of stripes under noise, some pixels always dark. */
export function syntheticImages({ training, test, features }: Population): Images {
  let state = 12345;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const set = (count: number): ImageSet => {
    const digits = Uint8Array.from({ length: count }, () => Math.floor(10 * next()));
    const pixels = Uint8Array.from({ length: count * features }, (_, at) => {
      const column = at % features;
      const stripe = (column * (1 + digits[Math.floor(at / features)]!)) % 10 < 5 ? 160 : 40;
      return column < 3 ? 0 : Math.floor(stripe + 80 * next());
    });
    return { pixels, digits };
  };
  return { training: set(training), test: set(test) };
}

export const RBF: KernelFunction = { kind: 'rbf', scale: 5e-3 };
export const POLYNOMIAL: KernelFunction = { kind: 'polynomial', scale: 0.02, degree: 3, offset: 1 };

/** Recipes of one job: the last fit on each number of rows, after each number of generators. */
export function kernelRecipes(options: {
  readonly population: Population;
  readonly rows: readonly number[];
  readonly generations: readonly number[];
  readonly ridges?: readonly number[];
  readonly kernel?: KernelFunction;
  readonly generatorRows?: number;
  readonly reused?: boolean;
  readonly world?: Partial<KernelRecipe>;
}): KernelRecipe[] {
  const { population, rows, generations, ridges = [0.02], kernel = RBF, generatorRows = 20, reused, world } = options;
  const draw = (unit: string, generation: number) => ({ unit, generation });
  const chain = (n: number) =>
    Array.from({ length: n }).reduce<Model>((labels, _, m) => {
      const inputs = draw('generator', reused ? 0 : m);
      const data = { rows: generatorRows, inputs, errors: draw('generator', m), labels, noise: 0.5 };
      return { data: [data], ridge: 0.05 };
    }, 'truth');
  const downstream = draw('downstream', 0);
  return rows.flatMap((count) =>
    ridges.flatMap((ridge) =>
      generations.map((n) => ({
        kind: 'kernel',
        population,
        preprocessing: 'image',
        coding: 'signs',
        kernel,
        tests: population.test,
        ...world,
        estimate: {
          data: [{ rows: count, inputs: downstream, errors: downstream, labels: chain(n), noise: 0.7 }],
          ridge,
        },
      })),
    ),
  );
}

/** Recipes of one job on random features: the last fit on each number of rows, of which so many are labelled by another fit. */
export function mixtureRecipes(options: {
  readonly population: Population;
  readonly rows: readonly number[];
  readonly fractions: readonly number[];
  readonly features: number;
  readonly generator?: { readonly rows: number; readonly features: number };
  readonly ridges?: readonly number[];
  readonly world?: Partial<KernelRecipe>;
}): KernelRecipe[] {
  const { population, rows, fractions, features, ridges = [0.02], world } = options;
  const { generator = { rows: 20, features: 30 } } = options;
  const draw = (unit: string) => ({ unit, generation: 0 });
  const clean = { labels: 'truth', noise: 0 } as const;
  const fitTo = (unit: string, data: readonly Omit<Block, 'inputs' | 'errors'>[], ridge: number, m: number): Fit => ({
    data: data.map((block) => ({ ...block, inputs: draw(unit), errors: draw(unit) })).filter((block) => block.rows > 0),
    ridge,
    projection: { features: m, draw: draw(`${unit}/features`) },
  });
  const labels = fitTo('generator', [{ ...clean, rows: generator.rows }], 0.05, generator.features);
  return rows.flatMap((count) =>
    ridges.flatMap((ridge) =>
      fractions.map((fraction): KernelRecipe => {
        const other = Math.round(count * fraction);
        const parts = [
          { ...clean, rows: count - other },
          { rows: other, first: count - other, labels, noise: 0.3 },
        ];
        return {
          kind: 'kernel',
          population,
          preprocessing: 'image',
          coding: 'one-hot',
          kernel: { kind: 'random-features', activation: 'relu' },
          tests: population.test,
          ...world,
          estimate: fitTo('downstream', parts, ridge, features),
        };
      }),
    ),
  );
}
