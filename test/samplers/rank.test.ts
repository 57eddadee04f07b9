import { describe, expect, it } from 'vitest';
import { TrialStatus } from '../../src/program/trials.ts';
import type { Fit, LinearRecipe, Model } from '../../src/regimes/recipe.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { genericRank } from '../../src/samplers/linear/direct/rank.ts';
import { errorByDefinition } from '../support/definition.ts';
import { rankCases } from '../support/ranks.ts';

/*
 * Plan: the f64 reference of `direct` where Gram matrices are singular, exactly or nearly (docs/numerics.md, "Rank").
 * - Trial by trial the test error by definition, from a singular value decomposition of the design, to 1e-6: random features of
 *   every number, rows drawn several times, eigenvalues of zero, over many decades, sizes of 1, rows as many as dimensions.
 * - Rows at least dimensions, no ridge: the error of a trial is that of equal eigenvalues, for any over up to 74 decades.
 * - Fewer: beyond all digits the error is that of a fit to the strong coordinates alone.
 * - Rank of patterns of zeros, against that of matrices counted by hand.
 */

const SEED = 2 ** 33 + 5;

describe('f64 reference and definition', () => {
  it.each(rankCases.map((one) => [one.name, one] as const))('%s', async (_, { recipes, rank }) => {
    const trials = 10;
    const { errors, statuses } = await direct.openReference({ seed: SEED, recipes }).run(0, trials);
    expect(statuses.every((status) => status === TrialStatus.ok)).toBe(true);
    recipes.forEach((recipe, cell) => {
      for (let trial = 0; trial < trials; trial++) {
        const exact = errorByDefinition(recipe, SEED, trial, rank);
        expect(Math.abs(errors[cell * trials + trial]! / exact - 1), `cell ${cell} trial ${trial}`).toBeLessThan(1e-6);
      }
    });
  });
});

describe('eigenvalues beyond the digits of f64', () => {
  const draw = { unit: 'rows', generation: 0 };
  const recipe = (rows: number, spectrum: readonly number[], generations = 1, spread = 1): LinearRecipe => {
    let labels: Model = 'truth';
    for (let n = 0; n < generations; n++) {
      const errors = { unit: 'rows', generation: n };
      labels = { data: [{ rows, inputs: draw, errors, labels, noise: 0.5 }], ridge: 0 };
    }
    const truth = { kind: 'gaussian', variance: spread } as const;
    return { kind: 'linear', dimension: spectrum.length, spectrum, truth, estimate: labels as Fit };
  };
  const errorsOf = async (one: LinearRecipe) =>
    (await direct.openReference({ seed: SEED, recipes: [one] }).run(0, 200)).errors;

  it.each([[[1e8, 1, 1e-8]], [[1e16, 1, 1e-16]], [[1e37, 1, 1e-37]], [[1e-37, 1e37, 1e20]]])(
    'T >= d: they do not matter, %j',
    async (spectrum) => {
      for (const [rows, generations] of [
        [3, 1],
        [5, 1],
        [5, 3],
      ] as const) {
        const errors = await errorsOf(recipe(rows, spectrum, generations));
        const exact = await errorsOf(recipe(rows, [1, 1, 1], generations));
        exact.forEach((error, trial) => {
          expect(Math.abs(errors[trial]! / error - 1), `T = ${rows}, trial ${trial}`).toBeLessThan(1e-6);
        });
      }
    },
  );

  it.each([
    [
      [1e16, 1, 1e-16],
      [1, 1],
    ],
    [
      [1e37, 1, 1e-20, 1e-37],
      [1, 1],
    ],
  ])('T = 2: only the strong two are seen, %j', async (spectrum, strong) => {
    // A truth without weak coordinates, whose weight is 10^-16 at most.
    const errors = await errorsOf(recipe(2, spectrum));
    const exact = await errorsOf(recipe(2, strong));
    const off = exact.map((error, trial) => Math.abs(errors[trial]! / error - 1)).sort();
    expect(off[190]!).toBeLessThan(1e-6);
  });
});

describe('rank of a pattern of zeros', () => {
  const rankOf = (pattern: readonly string[]) =>
    genericRank(
      pattern.map((row) => (column) => row[column] === 'x'),
      pattern[0]!.length,
    );

  it.each<[readonly string[], number]>([
    [['xx', 'xx', 'xx'], 2],
    [['x..', 'x..', 'xxx'], 2],
    [['xx.', 'xx.', 'xx.', '..x'], 3],
    [['xxx', '.xx', '..x'], 3],
    [['...', '...'], 0],
    [['.x.', 'xx.', 'x..', 'xx.'], 2],
  ])('%j', (pattern, rank) => {
    expect(rankOf(pattern)).toBe(rank);
  });
});
