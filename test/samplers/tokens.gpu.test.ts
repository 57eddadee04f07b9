import { describe, expect, it } from 'vitest';
import { tokenLaw } from '../../src/regimes/discrete-law.ts';
import type { Law, MemoryRecipe, PoissonMemoryRecipe, Sample } from '../../src/regimes/discrete-recipe.ts';
import { refusalOf, type Sampler } from '../../src/samplers/sampler.ts';
import { tokens } from '../../src/samplers/tokens/literal/index.ts';
import { poisson } from '../../src/samplers/tokens/poisson/index.ts';
import { missingMass } from '../../src/theory/tails/hutter.ts';
import { useGpu } from '../support/gpu.ts';
import { openOn } from '../support/programs.ts';
import { deviceErrors } from '../support/sampler-promise.ts';
import { memory, sampleOf, ZIPF } from '../support/tokens.ts';

/*
 * Plan: missing masses on a device.
 * - the very numbers of the reference, which takes every sample by itself: T = 1, one draw more or less than a workgroup's, sweeps
 *   over T longer than a block of bins, chains of equal and of unequal sizes and of other sources, sets side by side, every law, and
 *   a support of 2^20 - 1
 * - the same numbers in batches of 1, 7 and all
 * - the sums are exact: with every token seen nothing but the lump is missing, to the last bit
 * - the Poisson model: the same; its law differs from that of fixed numbers (their variance is smaller), its mean does not
 */

const context = useGpu();

const chain = (sizes: readonly number[], law: Law = ZIPF): Sample => {
  const at = sizes.length - 1;
  return sampleOf(sizes[at]!, at === 0 ? law : chain(sizes.slice(0, at), law), at);
};

const wide: Law = { kind: 'zipf', exponent: 1.2, support: 2 ** 20 - 1, tail: 'lumped' };
const broad: Law = { ...wide, support: 2 ** 17 };
const mixture: Law = { kind: 'mixture', share: 0.1, law: ZIPF, other: { kind: 'cut', law: ZIPF, last: 12 } };
const narrow: Law = { kind: 'zipf', exponent: 2.5, support: 900, tail: 'renormalised' };

const jobs: [string, readonly MemoryRecipe[]][] = [
  ['sizes about a workgroup', [1, 2, 3, 1023, 1024, 1025, 5000].map((size) => memory([sampleOf(size)]))],
  ['seventy sizes', Array.from({ length: 70 }, (_, i) => memory([sampleOf(3 * i + 1)]))],
  ['equal generations', [1, 2, 3, 5].map((n) => memory([chain(new Array<number>(n).fill(777))]))],
  [
    'unequal generations',
    [
      [100, 3000, 20],
      [100, 3000, 2500],
      [100, 40],
    ].map((sizes) => memory([chain(sizes)])),
  ],
  [
    'laws of other supports',
    [
      mixture,
      narrow,
      { kind: 'tail', law: ZIPF, first: 50 } as const,
      { kind: 'top-p', law: ZIPF, share: 0.5 } as const,
    ].map((law) => memory([sampleOf(300, law)])),
  ],
  ['chains from two laws', [ZIPF, narrow].map((law) => memory([chain([200, 300, 100], law)]))],
  [
    'sets side by side',
    [10, 400].flatMap((t) => [7, 90].map((u) => memory([sampleOf(t), sampleOf(u, chain([60]), 5)]))),
  ],
  ['2^20 - 1 tokens', [memory([sampleOf(20_000, wide)], wide), memory([sampleOf(3, wide)], wide)]],
];

const poissonian = (recipe: MemoryRecipe): PoissonMemoryRecipe => ({ ...recipe, measure: 'poisson-missing-mass' });

describe('missing masses on the device', () => {
  it.each(jobs)('are those of the reference: %s', async (_, recipes) => {
    await expectReference(tokens, recipes);
  });

  it('do not see how trials are cut into batches', async () => {
    const job = { seed: 7, recipes: [...jobs[2]![1], ...jobs[6]![1]] };
    const all = await deviceErrors(tokens, job, context.launcher, 30);
    expect(await deviceErrors(tokens, job, context.launcher, 30, 7)).toEqual(all);
    expect(await deviceErrors(tokens, job, context.launcher, 30, 1)).toEqual(all);
  });

  it('are the lump where everything is seen', async () => {
    const law: Law = { kind: 'zipf', exponent: 1.1, support: 5, tail: 'lumped' };
    const [errors] = await deviceErrors(
      tokens,
      { seed: 1, recipes: [memory([sampleOf(10_000, law)], law)] },
      context.launcher,
      4,
    );
    for (const error of errors!) expect(Math.abs(error - tokenLaw(law).beyond)).toBeLessThan(2 ** -48);
  });
});

describe('Poisson numbers of draws on the device', () => {
  it.each([
    ['a sweep', [3, 50, 1000, 1e8].map((size) => memory([sampleOf(size)]))],
    ['seventy sizes', jobs[1]![1]],
    ['other laws', jobs[4]![1]],
    ['2^17 tokens', [memory([sampleOf(20_000, broad)], broad), memory([sampleOf(3, broad)], broad)]],
  ])('are those of the reference: %s', async (_, recipes) => {
    await expectReference(poisson, recipes.map(poissonian));
  });

  it('are another model, of the same mean', async () => {
    const size = 300;
    const trials = 4000;
    const recipe = memory([sampleOf(size)]);
    const [fixed] = await deviceErrors(tokens, { seed: 3, recipes: [recipe] }, context.launcher, trials);
    const [free] = await deviceErrors(poisson, { seed: 4, recipes: [poissonian(recipe)] }, context.launcher, trials);
    const law = tokenLaw(ZIPF);
    const exact = missingMass(law, [{ law, sizes: [size] }]);
    const [a, b] = [momentsOf(fixed!), momentsOf(free!)];
    expect(Math.abs(a.mean - exact)).toBeLessThan(4 * Math.sqrt(a.variance / trials));
    expect(Math.abs(b.mean - exact) / exact).toBeLessThan(0.01);
    expect(b.variance / a.variance).toBeGreaterThan(1.1);
  });
});

function momentsOf(errors: Float64Array) {
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  return { mean, variance: errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (errors.length - 1) };
}

async function expectReference(
  sampler: Sampler,
  recipes: readonly (MemoryRecipe | PoissonMemoryRecipe)[],
): Promise<void> {
  for (const recipe of recipes) expect(refusalOf(sampler, recipe)).toBeNull();
  const job = { seed: 2 ** 40 + 12345, recipes };
  const source = await openOn(sampler, job, context.launcher, 3);
  const got = await source.run(5, 3);
  source.close();
  expect(got).toEqual(await sampler.openReference(job).run(5, 3));
}
