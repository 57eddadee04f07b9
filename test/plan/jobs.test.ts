/**
 * Plan. Cells are one job exactly if a chain of shared designs leads from one to the other and they have dimension,
 * covariance and truth in common: ridge, noise and generations never part cells, samples of the last fit are held together
 * by a common generator only, and what parts the world (dimension, covariance, truth) parts the jobs. Jobs and their cells
 * come in order of first appearance.
 */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { groupByDraws } from '../../src/plan/jobs.ts';
import { regimes } from '../../src/regimes/index.ts';
import { replace } from '../../src/regimes/replace.ts';
import { parametersOf } from '../support/parameters.ts';

const base = {
  name: 'jobs',
  regime: 'replace',
  dimension: 5,
  generator: { samples: 12, noise: 0.2 },
  downstream: { samples: 9, noise: 0.1, ridge: 0.1 },
};

function jobsOf(change: JsonObject): readonly (readonly number[])[] {
  const { panels } = parseExperiment({ ...base, ...change }, regimes);
  return groupByDraws(panels[0]!.cells.map(({ parameters }) => regimes.get('replace')!.recipe(parameters)));
}

const { downstream, generator } = base;

describe('cells that share a design are one job', () => {
  it.each<[string, JsonObject, number]>([
    ['ridges', { downstream: { ...downstream, ridge: [0, 0.1, 1] } }, 3],
    ['noise of the last fit', { downstream: { ...downstream, noise: [0, 0.1] } }, 2],
    ['noise of the generators', { generator: { ...generator, noise: [0, 0.1] }, generations: [0, 2] }, 4],
    ['generations', { generations: [0, 1, 5] }, 3],
    ['samples behind the same generators', { downstream: { ...downstream, samples: [8, 9] }, generations: [1] }, 2],
    [
      'samples, joined by the cells with generators',
      { downstream: { ...downstream, samples: [8, 9] }, generations: [0, 1] },
      4,
    ],
    ['samples of the generators', { generator: { ...generator, samples: [11, 12] }, generations: [2] }, 2],
  ])('%s', (_what, change, cells) => {
    expect(jobsOf(change)).toEqual([Array.from({ length: cells }, (_, i) => i)]);
  });
});

describe('cells that share nothing are jobs of their own', () => {
  it.each<[string, JsonObject]>([
    ['samples without generators', { downstream: { ...downstream, samples: [8, 9] } }],
    ['dimension', { dimension: [5, 6] }],
    ['covariance', { covariance: { kind: 'power-law', exponent: [0, 1] } }],
    ['trace', { covariance: { kind: 'isotropic', trace: [1, 2] } }],
    ['truth', { truth: { kind: 'gaussian', variance: [1, 2] } }],
  ])('%s', (_what, change) => {
    expect(jobsOf(change)).toEqual([[0], [1]]);
  });

  it('in order of first appearance', () => {
    const change = { dimension: [6, 5], downstream: { ...downstream, ridge: [0.1, 1] } };
    expect(jobsOf(change)).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('but not where another cell joins them later', () => {
    const recipe = (samples: number, generations: number) =>
      replace.recipe(parametersOf(replace, { ...base, downstream: { ...downstream, samples }, generations }));
    // The first two share nothing; the third has the design of the first and a generator, the fourth that generator and the design of the second.
    const recipes = [recipe(8, 0), recipe(9, 0), recipe(8, 1), recipe(9, 1), recipe(7, 0)];
    expect(groupByDraws(recipes)).toEqual([[0, 1, 2, 3], [4]]);
  });
});

it('no cells are no jobs', () => {
  expect(groupByDraws([])).toEqual([]);
});
