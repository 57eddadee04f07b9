import { describe, expect, it } from 'vitest';
import { type DeviceLimits, DeviceTooSmall } from '../../src/program/cost.ts';
import type { Block, Fit, LinearRecipe } from '../../src/regimes/recipe.ts';
import { TERM_RECIPES, termsOf, withTerms } from '../../src/regimes/terms.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { jacobi } from '../../src/samplers/linear/jacobi/index.ts';
import { leastSquares } from '../../src/samplers/linear/jacobi/solve.ts';
import { planOf } from '../../src/samplers/linear/jacobi/visits.ts';
import { refusalOf } from '../../src/samplers/sampler.ts';
import { meanOf, momentsOf, standardError } from '../../src/statistics/moments.ts';
import { chainRecipes, powers } from '../support/chains.ts';
import { type Mixture, mixtureRecipes, passedOn } from '../support/mixtures.ts';
import { costOn } from '../support/programs.ts';
import { expectSameLaw } from '../support/sampler-promise.ts';
import { allErrors } from '../support/two-samples.ts';

/*
 * Plan: the Jacobi sampler keeps its promise, in double precision.
 * - two samples, Jacobi and direct references, cell by cell (Kolmogorov-Smirnov, 10 000 trials each, all cells of this file
 *   together at level 1 %): both blocks above d, one below, both below, T = d; d = 1 and 2; weights far apart; noise 0; any
 *   covariance and shift; iterated, from a shift, a generator, the truth; a block labelled by what labels the other
 * - chains of plain fits to one block, which are mixtures with nothing in them
 * - terms read off recipes with signs have the means of the exact finite-size law; the bias is 0
 * - fits share a draw whatever their weights, and only fits that do not label each other
 * - what is refused, and why
 * - the solver of the reference against the normal equations
 * - cost: far below direct, and the more so the more weights; a device that is too small
 */

const limits: DeviceLimits = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65535,
};

const noises = [0.5, 0.7] as const;
const shift = (d: number) => ({ deviations: Array.from({ length: d }, (_, j) => 0.3 + 0.2 * j) });

const mixtures: [string, Mixture][] = [
  [
    'both above d',
    {
      d: 5,
      rows: [8, 9],
      noises,
      weights: [
        [1, 1],
        [0.3, 20],
      ],
      generations: [1, 2],
      shift: shift(5),
      spectrum: powers(5, 1.5),
    },
  ],
  [
    'real rows below d, from a generator',
    {
      d: 6,
      rows: [3, 9],
      noises,
      weights: [[1, 3]],
      generations: [2],
      generator: { rows: 7, noise: 0.4 },
      spectrum: powers(6, 1),
      truth: { kind: 'gaussian', variance: 0.3 },
    },
  ],
  [
    'synthetic rows below d, and first',
    { d: 6, rows: [9, 3], noises, weights: [[1, 3]], generations: [1], shift: shift(6), syntheticFirst: true },
  ],
  ['d - 1 rows each', { d: 6, rows: [5, 5], noises, weights: [[1, 3]], generations: [1], shift: shift(6) }],
  ['both below d', { d: 6, rows: [4, 3], noises, weights: [[1, 3]], generations: [1], shift: shift(6) }],
  [
    'parts of one draw',
    {
      d: 4,
      rows: [5, 6],
      noises,
      weights: [
        [1, 1],
        [1, 3],
      ],
      generations: [1],
      shift: shift(4),
      oneDraw: true,
    },
  ],
  ['T = d', { d: 4, rows: [2, 2], noises, weights: [[1, 3]], generations: [1], shift: shift(4) }],
  [
    'no noise, far apart',
    { d: 4, rows: [5, 6], noises: [0, 0], weights: [[1, 1e-4]], generations: [1], shift: shift(4) },
  ],
  ['no noise', { d: 4, rows: [4, 3], noises: [0, 0], weights: [[1, 3]], generations: [1], shift: shift(4) }],
  ['one truth', { d: 4, rows: [5, 3], noises, weights: [[1, 4]], generations: [1, 2] }],
  ['d = 2', { d: 2, rows: [1, 1], noises, weights: [[1, 3]], generations: [1], shift: shift(2) }],
  ['d = 1', { d: 1, rows: [2, 1], noises, weights: [[1, 3]], generations: [1, 2], shift: shift(1) }],
];

/** Real rows labelled by the generator too. */
function onlyGenerator(recipe: LinearRecipe): LinearRecipe {
  const { data, ridge } = recipe.estimate;
  const { labels } = data[1]!;
  return { ...recipe, estimate: { data: data.map((block) => ({ ...block, labels })), ridge } };
}

const plain = { d: 5, generator: { rows: 8, noise: 0.4 }, rows: 7, noise: 0.2, ridges: [0], spectrum: powers(5, 1) };

const jobs: [string, readonly LinearRecipe[]][] = [
  ...mixtures.map(([title, mixture]): [string, LinearRecipe[]] => [title, mixtureRecipes(mixture)]),
  [
    'no truth in the labels',
    mixtureRecipes({
      d: 4,
      rows: [5, 6],
      noises,
      weights: [[1, 3]],
      generations: [1],
      generator: { rows: 7, noise: 0.4 },
    }).map(onlyGenerator),
  ],
  ['fits to one block', chainRecipes({ ...plain, generations: [0, 3] })],
];

const cells = jobs.reduce((sum, [, recipes]) => sum + recipes.length, 0);

describe('jacobi and direct have the same law', () => {
  it.each(jobs)('%s', async (_, recipes) => {
    const trials = 10_000;
    const [own, other] = [
      { seed: 2025, recipes },
      { seed: 2026, recipes },
    ];
    expectSameLaw(
      await allErrors({ ...jacobi.openReference(own), capacity: trials }, own, trials),
      await allErrors({ ...direct.openReference(other), capacity: trials }, other, trials),
      0.01 / cells,
    );
  });
});

describe('terms', () => {
  it('have the means of the exact law', async () => {
    const mixture: Mixture = { d: 6, rows: [9, 8], noises, weights: [[1, 1]], generations: [1], shift: shift(6) };
    const recipes = withTerms(mixtureRecipes(mixture)) as LinearRecipe[];
    for (const recipe of recipes) expect(refusalOf(jacobi, recipe)).toBeNull();
    const trials = 40_000;
    const job = { seed: 3, recipes };
    const errors = await allErrors({ ...jacobi.openReference(job), capacity: trials }, job, trials);
    expect(errors).toHaveLength(TERM_RECIPES);
    const terms = Array.from({ length: trials }, (_, t) => termsOf((variant) => errors[variant]![t]!));
    const variance = (6 * (9 * 0.5 ** 2 + 8 * 0.7 ** 2)) / 17 / (17 - 6 - 1);
    const square = shift(6).deviations.reduce((sum, x) => sum + x * x, 0);
    for (const { bias } of terms) expect(bias).toBe(0);
    for (const [term, exact] of [
      ['variance', variance],
      ['collapse', square * passedOn(mixture)],
    ] as const) {
      const moments = momentsOf(Float64Array.from(terms, (all) => all[term]));
      expect(standardError(moments) / exact).toBeLessThan(0.02);
      expect(Math.abs(meanOf(moments) - exact), term).toBeLessThan(4 * standardError(moments));
    }
  });
});

describe('visits', () => {
  const weights = [0.1, 1, 10].map((weight) => [1, weight] as const);
  const mixture: Mixture = { d: 4, rows: [6, 7], noises, weights, generations: [2, 3], shift: shift(4) };

  it('are as many as generations, each for all weights', () => {
    const { visits } = planOf(mixtureRecipes(mixture));
    expect(visits.map(({ fits, draw }) => [fits.length, draw.generation])).toEqual([
      [3, 1],
      [3, 2],
      [3, 3],
    ]);
  });

  it('weigh the heavier block 1', () => {
    const heaviest = planOf(mixtureRecipes(mixture)).visits.flatMap(({ fits }) =>
      fits.map((fit) => Math.max(...fit.weights)),
    );
    for (const weight of heaviest) expect(weight).toBe(1);
  });
});

const [recipe] = mixtureRecipes({ d: 4, rows: [6, 7], noises, weights: [[1, 2]], generations: [2], shift: shift(4) });
const fit = recipe!.estimate;
const withFit = (more: Partial<Fit>): LinearRecipe => ({ ...recipe!, estimate: { ...fit, ...more } });
const withSynthetic = (more: Partial<Block>) => withFit({ data: [fit.data[0]!, { ...fit.data[1]!, ...more }] });

describe('what jacobi refuses', () => {
  it('accepts all that this file draws', () => {
    for (const [, recipes] of jobs) for (const each of recipes) expect(refusalOf(jacobi, each)).toBeNull();
  });

  it('accepts two parts of one draw', () => {
    const [real] = fit.data;
    const parts = withSynthetic({ inputs: real!.inputs, errors: real!.errors, first: real!.rows });
    expect(refusalOf(jacobi, parts)).toBeNull();
  });

  const { labels } = fit.data[1]!;
  const before = (labels as Fit).data;
  it.each<[RegExp, LinearRecipe]>([
    [/ridge/, withFit({ ridge: 0.1 })],
    [/random features/, withFit({ projection: { features: 3, draw: { unit: 'S', generation: 0 } } })],
    [/a random part/, withFit({ subsample: { rows: 5, draw: { unit: 'A', generation: 0 } } })],
    [/more than two blocks/, withFit({ data: [...fit.data, fit.data[0]!] })],
    [/covariance of their own/, withSynthetic({ spectrum: powers(4, 1) })],
    [/fewer rows than features/, withFit({ data: fit.data.map((block) => ({ ...block, rows: 1 })) })],
    [/two different models/, withFit({ data: [{ ...fit.data[0]!, labels: before[1]!.labels }, fit.data[1]!] })],
    [/design is used again/, withSynthetic({ inputs: before[0]!.inputs })],
    [/design is used again/, withSynthetic({ inputs: fit.data[0]!.inputs })],
    [/errors are used again/, withSynthetic({ errors: before[1]!.errors })],
  ])('%s', (reason, refused) => {
    expect(refusalOf(jacobi, refused)).toMatch(reason);
  });
});

describe('the tridiagonal solver', () => {
  it.each([1, 2, 5])('satisfies the normal equations of %i columns', (n) => {
    const numbers = (start: number) => Float64Array.from({ length: n }, (_, i) => Math.sin(start + 2 * i) + 1.5);
    const form = (start: number) => ({ diagonal: numbers(start), above: numbers(start + 0.3) });
    const [forms, sides] = [[form(1), form(2)] as const, [numbers(5), numbers(6)] as const];
    const weights = [0.3, 2] as const;
    const x = leastSquares(forms, weights, sides);
    const residual = (b: 0 | 1, i: number) =>
      forms[b].diagonal[i]! * x[i]! + (i + 1 < n ? forms[b].above[i]! * x[i + 1]! : 0) - sides[b][i]!;
    for (let j = 0; j < n; j++) {
      let gradient = 0;
      for (const b of [0, 1] as const) {
        gradient += weights[b] * forms[b].diagonal[j]! * residual(b, j);
        if (j > 0) gradient += weights[b] * forms[b].above[j - 1]! * residual(b, j - 1);
      }
      expect(gradient).toBeCloseTo(0, 12);
    }
  });
});

describe('the cost of jacobi', () => {
  const weights = Array.from({ length: 20 }, (_, i) => [1, 0.1 * 1.3 ** i] as const);
  const large: Mixture = { d: 500, rows: [1000, 1000], noises, weights, generations: [1], shift: shift(500) };

  it('is a thousandth of the cost of direct', () => {
    const job = { seed: 1, recipes: mixtureRecipes(large) };
    const [cheap, dear] = [costOn(jacobi, job, limits), costOn(direct, job, limits)];
    expect(cheap.workPerTrial).toBeLessThan(dear.workPerTrial / 1000);
    expect(cheap.bytes(cheap.largestBatch)).toBeLessThanOrEqual(2 ** 30);
    expect(cheap.largestBatch).toBeGreaterThan(1000);
  });

  it('grows slowly with the number of weights', () => {
    const one = costOn(
      jacobi,
      { seed: 1, recipes: mixtureRecipes({ ...large, weights: weights.slice(0, 1) }) },
      limits,
    );
    const all = costOn(jacobi, { seed: 1, recipes: mixtureRecipes(large) }, limits);
    expect(all.workPerTrial).toBeLessThan(5 * one.workPerTrial);
  });

  it('names what is missing on a device that is too small', () => {
    const tiny = { ...limits, maxStorageBufferBindingSize: 1000 };
    expect(() => costOn(jacobi, { seed: 1, recipes: mixtureRecipes(large) }, tiny)).toThrow(DeviceTooSmall);
  });
});
