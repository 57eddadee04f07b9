import { describe, expect, it } from 'vitest';
import type { Block, Fit, LinearRecipe, Model } from '../../src/regimes/recipe.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { wishart } from '../../src/samplers/linear/wishart/index.ts';
import { refusalOf } from '../../src/samplers/sampler.ts';
import { powers } from '../support/chains.ts';
import { useGpu } from '../support/gpu.ts';
import { deviceErrors, expectSameLaw } from '../support/sampler-promise.ts';
import { allErrors } from '../support/two-samples.ts';

/*
 * Plan: `wishart` on stacked fits keeps the promise of samplers.
 * - law: the f64 references of wishart and of direct, cell by cell, by Kolmogorov and Smirnov at 1e-4: two tall blocks, a tall and a
 *   short one, weights, covariances of their own, real rows seen again in every iteration, labels that pile up on one design
 * - device: every trial is that of the reference, in batches of 1 and of all bit for bit
 * - refusals, each by its reason
 */

const context = useGpu();
const LEVEL = 1e-4;

const draw = (unit: string, generation = 0) => ({ unit, generation });

const block = (unit: string, rows: number, labels: Model, more: Partial<Block> = {}): Block => ({
  rows,
  inputs: draw(unit),
  errors: draw(unit),
  labels,
  noise: 0.5,
  ...more,
});

const recipe = (d: number, estimate: Fit): LinearRecipe => ({
  kind: 'linear',
  dimension: d,
  spectrum: powers(d, 0.7),
  truth: { kind: 'sphere', norm: 1 },
  estimate,
});

const shifted = (d: number): Model => ({ shift: draw('shift'), deviations: powers(d, 0.3), scale: 0.6 });

const mixed = (
  d: number,
  real: number,
  synthetic: number,
  weight = 1,
  spectrum?: readonly number[],
): readonly Block[] => [
  block('mix', real, 'truth'),
  block('mix', synthetic, shifted(d), { first: real, weight, ...(spectrum && { spectrum }) }),
];

/** Iterative mixing: the same real rows again, and fresh ones labelled by the fit before. */
function iterated(d: number, iterations: number): LinearRecipe {
  let model: Model = shifted(d);
  for (let m = 0; m < iterations; m++)
    model = {
      data: [block('real', 20, 'truth'), block('new', 17, model, { inputs: draw('new', m), errors: draw('new', m) })],
      ridge: 0.01,
    };
  return recipe(d, model as Fit);
}

function accumulated(d: number, fits: number): LinearRecipe {
  const chain: Fit[] = [];
  for (let n = 0; n < fits; n++) {
    const labellers: readonly Model[] = ['truth', ...chain];
    const data = labellers.map((labels, m) => block('again', 14, labels, { errors: draw('again', m) }));
    chain.push({ data, ridge: 0.02 });
  }
  return recipe(d, chain.at(-1)!);
}

const cases: [string, readonly LinearRecipe[]][] = [
  ['two tall blocks', [0, 0.1].map((ridge) => recipe(7, { data: mixed(7, 15, 13), ridge }))],
  [
    'a tall and a short block',
    [recipe(9, { data: mixed(9, 21, 4), ridge: 0.05 }), recipe(9, { data: mixed(9, 3, 22), ridge: 0 })],
  ],
  ['weights', [0.2, 3].map((weight) => recipe(6, { data: mixed(6, 12, 14, weight), ridge: 0.03 }))],
  ['covariances of their own', [recipe(8, { data: mixed(8, 16, 12, 1, powers(8, -0.5)), ridge: 0.02 })]],
  ['real rows seen again', [1, 3].map((n) => iterated(6, n))],
  ['labels that pile up', [2, 4].map((n) => accumulated(5, n))],
];

describe.each(cases)('%s', (_, recipes) => {
  it('has the law of direct', async () => {
    for (const one of recipes) expect(refusalOf(wishart, one)).toBeNull();
    const job = { seed: 31, recipes };
    const [own, other] = [wishart.openReference(job), direct.openReference({ ...job, seed: 32 })];
    expectSameLaw(await allErrors(own, job, 3000), await allErrors(other, job, 3000), LEVEL);
  });

  it('is on the device what it is in f64, in any batch', async () => {
    const job = { seed: 2 ** 40 + 1, recipes };
    const exact = await wishart.openReference(job).run(0, 8);
    const errors = await deviceErrors(wishart, job, context.launcher, 8);
    expect(await deviceErrors(wishart, job, context.launcher, 8, 1)).toEqual(errors);
    errors.forEach((of, cell) => {
      of.forEach((error, trial) => {
        const truth = exact.errors[cell * 8 + trial]!;
        expect(Math.abs(error - truth)).toBeLessThan(2e-5 * (truth + 0.05));
      });
    });
  });
});

describe('what wishart refuses', () => {
  const plain = mixed(5, 9, 8);
  it.each<[string, Fit]>([
    ['no block has more samples than features', { data: mixed(5, 4, 5), ridge: 0.1 }],
    ['random features', { data: plain, ridge: 0.1, projection: { features: 3, draw: draw('s') } }],
    ['random part', { data: plain, ridge: 0.1, subsample: { rows: 9, draw: draw('s') } }],
    [
      'other parts of one design',
      { data: [...plain, block('new', 6, { data: [block('mix', 6, 'truth')], ridge: 0 })], ridge: 0.1 },
    ],
    ['share their label errors', { data: [plain[0]!, block('b', 9, 'truth', { errors: draw('mix') })], ridge: 0.1 }],
  ])('%s', (reason, fit) => {
    expect(refusalOf(wishart, recipe(5, fit))).toContain(reason);
  });
});
