/**
 * Plan. Regimes in which labels come round on rows that stay.
 * - Accumulation: fit n sees n blocks, of which block i is labelled by fit i - 1; without the past only the last. Reused inputs are one draw
 *   with fresh errors. Every cell along n is in one chain.
 * - A part of it: from the second fit on T rows of all, the choice named apart in each round.
 * - Golden ratio: two blocks on one design, weighted w and 1 - w; at w = 1 one block.
 * - Simulated by the f64 reference, accumulated and golden-ratio labels have their exact means.
 */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';
import { isFit, type LinearRecipe } from '../../src/regimes/recipe.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { meanOf, momentsOf, standardError } from '../../src/statistics/moments.ts';

function cellsOf(regime: string, file: JsonObject) {
  const { panels } = parseExperiment({ name: 'test', regime, ...file }, regimes);
  return panels[0]!.cells.map(({ parameters }) => ({
    recipe: regimes.get(regime)!.recipe(parameters) as LinearRecipe,
    theory: regimes.get(regime)!.theory(parameters),
  }));
}

const base = { dimension: 5, downstream: { samples: 12, noise: 0.5 } };
const golden = { ...base, real: { weight: 0.25 }, synthetic: { noise: 0.3 } };
const estimateOf = (regime: string, file: JsonObject) => cellsOf(regime, file)[0]!.recipe.estimate;

describe('accumulate', () => {
  it.each(['fresh', 'reused'])('fits n blocks, each labelled by the fit before, on %s inputs', (design) => {
    const { data } = estimateOf('accumulate', { ...base, design, generations: 3 });
    expect(data.map(({ labels }) => (isFit(labels) ? labels.data.length : 0))).toEqual([0, 1, 2]);
    expect(data.map(({ errors }) => errors.generation)).toEqual([0, 1, 2]);
    expect(new Set(data.map(({ inputs }) => JSON.stringify(inputs))).size).toBe(design === 'fresh' ? 3 : 1);
  });

  it('sees the last block alone where the past is replaced', () => {
    const { data } = estimateOf('accumulate', { ...base, past: 'replaced', generations: 3 });
    expect(data.map(({ errors }) => errors.generation)).toEqual([2]);
    const [{ labels }] = data as [(typeof data)[0]];
    expect(isFit(labels) && labels.data.map(({ errors }) => errors.generation)).toEqual([1]);
  });
});

it('accumulate-subsample chooses T rows, others in each round', () => {
  const { data, subsample } = estimateOf('accumulate-subsample', { ...base, generations: 3 });
  expect(data).toHaveLength(3);
  expect(subsample).toMatchObject({ rows: 12, draw: { generation: 2 } });
  const { labels } = data[2]!;
  expect(isFit(labels) && labels.subsample).toMatchObject({ draw: { generation: 1 } });
  expect(estimateOf('accumulate-subsample', base).subsample).toBeUndefined();
});

describe('golden-ratio', () => {
  it('weighs real and synthetic labels of one design', () => {
    const { data } = estimateOf('golden-ratio', { ...golden, generations: 2 });
    expect(data.map(({ weight, noise }) => [weight, noise])).toEqual([
      [0.25, 0.5],
      [0.75, 0.3],
    ]);
    expect(data[0]!.inputs).toEqual(data[1]!.inputs);
    const { labels } = data[1]!;
    expect(isFit(labels) && labels.data[0]!.errors).not.toEqual(data[0]!.errors);
  });

  it('is a fit to real labels where they have all weight', () => {
    expect(estimateOf('golden-ratio', { ...golden, real: { weight: 1 }, generations: 2 }).data).toHaveLength(1);
  });
});

it.each([
  ['accumulate', { ...base, covariance: { kind: 'power-law', exponent: 1 }, generations: [1, 2, 5] }],
  ['accumulate', { ...base, design: 'reused', generations: [1, 2, 5] }],
  ['golden-ratio', { ...golden, generations: [0, 1, 4] }],
])('%s, simulated, has the exact mean', async (regime, file) => {
  const trials = 1000;
  const cells = cellsOf(regime, file as JsonObject);
  const job = { seed: 1, recipes: cells.map(({ recipe }) => recipe) };
  const { errors } = await direct.openReference(job).run(0, trials);
  cells.forEach(({ theory }, cell) => {
    const moments = momentsOf(errors.subarray(cell * trials, (cell + 1) * trials));
    const { value, allowance } = theory as { value: number; allowance: number };
    expect(allowance).toBe(0);
    expect(Math.abs(meanOf(moments) - value) / standardError(moments)).toBeLessThan(4);
  });
});
