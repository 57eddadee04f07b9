import type { Block, Fit, LinearRecipe, Model } from '../../src/regimes/recipe.ts';
import { powers } from './chains.ts';

/** Fits whose Gram matrix has less than full rank, or not to f32, and the rank of what each sees. */
export interface RankCase {
  readonly name: string;
  readonly recipes: readonly LinearRecipe[];
  /** Rank of the design of a fit; null where it differs from trial to trial. */
  readonly rank: (fit: Fit) => number | null;
}

const draw = (unit: string, generation = 0) => ({ unit, generation });

const block = (unit: string, rows: number, labels: Model, more: Partial<Block> = {}): Block => ({
  rows,
  inputs: draw(unit),
  errors: draw(unit),
  labels,
  noise: 0.3,
  ...more,
});

const recipe = (estimate: Fit, spectrum: readonly number[]): LinearRecipe => ({
  kind: 'linear',
  dimension: spectrum.length,
  spectrum,
  truth: { kind: 'gaussian', variance: 1 },
  estimate,
});

const shifted = (d: number): Model => ({ shift: draw('shift'), deviations: powers(d, 0.5), scale: 0.3 });

export const single = (rows: number, spectrum: readonly number[], ridge = 0, noise = 0.3) =>
  recipe({ data: [block('one', rows, 'truth', { noise })], ridge }, spectrum);

/** Heavy rows, and twenty light ones, in dimension 8. */
export const weighted = (heavy: number, weight: number) =>
  recipe(
    { data: [block('heavy', heavy, 'truth'), block('light', 20, shifted(8), { weight })], ridge: 0 },
    powers(8, 1),
  );

/** `features` random ones of each of several numbers, at each ridge. */
export const projected = (d: number, rows: number, features: readonly number[], ridges: readonly number[]) =>
  features.flatMap((m) =>
    ridges.map((ridge) =>
      recipe(
        {
          data: [block('a', rows - 3, 'truth'), block('a', 3, shifted(d), { first: rows - 3 })],
          ridge,
          projection: { features: m, draw: draw('features') },
        },
        powers(d, 1),
      ),
    ),
  );

/** The last of fits to random parts of copies of the same rows, each copy labelled by the fit before. */
export function copies(d: number, rows: number, rounds: number, ridge: number): LinearRecipe {
  const data: Block[] = [];
  let model: Model = 'truth';
  let last: Fit | null = null;
  for (let round = 0; round < rounds; round++) {
    data.push(block('copies', rows, model, { errors: draw('copies', round) }));
    const part = round === 0 ? {} : { subsample: { rows, draw: draw('part', round) } };
    last = { data: [...data], ridge, ...part };
    model = last;
  }
  return recipe(last!, powers(d, 0));
}

const own = (values: readonly number[], rows: number, unit: string, labels: Model = 'truth') =>
  block(unit, rows, labels, { spectrum: values });

const full = (fit: Fit, d: number) =>
  Math.min(
    fit.data.reduce((sum, { rows }) => sum + rows, 0),
    d,
    fit.projection?.features ?? d,
  );

const ofFull = (name: string, recipes: readonly LinearRecipe[]): RankCase => ({
  name,
  recipes,
  rank: (fit) => full(fit, recipes[0]!.dimension),
});

const zeros = (name: string, data: readonly Block[], d: number, ridges: readonly number[], rank: number): RankCase => ({
  name,
  recipes: ridges.map((ridge) => recipe({ data, ridge }, powers(d, 0))),
  rank: () => rank,
});

const tiny = [0, 1e-12, 1e-8, 1e-5];

export const rankCases: readonly RankCase[] = [
  ofFull('more features than dimensions, and more rows', projected(6, 12, [4, 6, 7, 8, 12, 20], tiny)),
  ofFull('as many rows as dimensions and more features', projected(6, 6, [6, 7, 20], tiny)),
  ofFull('fewer rows than dimensions and many features', projected(6, 4, [4, 5, 6, 40], tiny)),
  ofFull('a single dimension', [single(1, [1]), single(3, [1]), ...projected(1, 4, [1, 2, 5], tiny)]),
  ofFull('as many rows as dimensions', [single(20, powers(20, 1))]),
  ofFull(
    'sixteen decades',
    [1, 2, 3, 5].map((rows) => single(rows, [1e8, 1, 1e-8])),
  ),
  ofFull(
    'sixteen decades and a tiny ridge',
    [1, 2, 3].map((rows) => single(rows, [1e8, 1, 1e-8], 1e-8)),
  ),
  ofFull(
    'powers to the tenth',
    [3, 7, 8, 9].map((rows) => single(rows, powers(8, 10))),
  ),
  zeros('zero eigenvalues everywhere', [own([1, 1, 0, 0], 3, 'a'), own([2, 0, 1, 0], 4, 'b')], 4, tiny, 3),
  zeros('zeros in most rows', [own([1, 1, 1, 1, 1], 2, 'a'), own([1, 0, 0, 0, 0], 9, 'b')], 5, tiny, 3),
  zeros('zeros and fewer rows', [own([1, 1, 1, 1, 1], 1, 'a'), own([1, 0, 0, 0, 0], 3, 'b')], 5, tiny, 2),
  ...[
    [4, 9, 2],
    [4, 9, 12],
    [8, 9, 6],
    [12, 9, 3],
    [3, 3, 8],
  ].map(
    ([d, rows, rounds]): RankCase => ({
      name: `${rows} of ${rounds} copies of ${rows} rows, dimension ${d}`,
      recipes: [0, 1e-8].map((ridge) => copies(d!, rows!, rounds!, ridge)),
      rank: () => null,
    }),
  ),
];

/** Singular but for a ridge that f32 can see. */
export const mixedCases: readonly (readonly [string, LinearRecipe])[] = [
  ['more features than dimensions', projected(6, 12, [20], [1e-2])[0]!],
  ['copies, rows below dimensions', copies(12, 9, 3, 1e-2)],
  ['copies, dimensions below rows', copies(8, 9, 6, 1e-2)],
  [
    'zeros in most rows',
    recipe({ data: [own([1, 1, 1, 1, 1], 2, 'a'), own([1, 0, 0, 0, 0], 9, 'b')], ridge: 1e-2 }, powers(5, 0)),
  ],
];
