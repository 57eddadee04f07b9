/**
 * Plan. The recipes that the terms of an error are read off, without a device.
 * - The recipes themselves come first and give the very same errors as without terms.
 * - No further design, Gram matrix or factor for any sampler's schedule, fresh or reused.
 * - Trial by trial, bias, variance and collapse term are the errors of estimates that are drawn another way: the first without
 *   noise, the others for a true w0 of 0 with one of the noises alone.
 * - Trial by trial, they add up to the error averaged over the signs of the two noises.
 * - Images too: kernel ridge regression shares its samples and factors.
 * - Through `wishart` and `krylov`, noise turned round turns the estimate's deviation round, merged generators included.
 */
import { describe, expect, it } from 'vitest';
import { TERMS } from '../../src/experiment/experiment.ts';
import type { Errors } from '../../src/program/trials.ts';
import { regimes } from '../../src/regimes/index.ts';
import { type Fit, isFit, type KernelRecipe, type LinearRecipe, type Recipe } from '../../src/regimes/recipe.ts';
import { termsOf, withTerms } from '../../src/regimes/terms.ts';
import { kernelScheduleOf } from '../../src/samplers/images/kernel/schedule.ts';
import { samplers } from '../../src/samplers/index.ts';
import { chainScheduleOf } from '../../src/samplers/linear/chain-schedule.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { mergeReused } from '../../src/samplers/linear/merge-reused.ts';
import { refusalOf, type Sampler } from '../../src/samplers/sampler.ts';
import { type Chain, chainRecipes, powers } from '../support/chains.ts';
import { contractExperiments } from './contract-cases.ts';

const TRIALS = 6;
const base: Chain = {
  d: 9,
  generator: { rows: 14, noise: 0.4 },
  generations: [0, 1, 3],
  rows: 20,
  noise: 0.3,
  ridges: [0.01, 0.2],
  spectrum: powers(9, 1),
};
const chains: Readonly<Record<string, Chain>> = {
  fresh: base,
  reused: { ...base, generator: { ...base.generator!, reused: true } },
  'minimum norm': { ...base, generator: { rows: 5, noise: 0.4 }, rows: 6 },
  'minimum norm, reused': { ...base, generator: { rows: 5, noise: 0.4, reused: true }, ridges: [0, 0.1] },
  'equal eigenvalues': { ...base, spectrum: powers(9, 0) },
};

/** Errors `[recipe][trial]` by the f64 reference. */
async function errorsOf(recipes: readonly Recipe[], sampler: Sampler = direct): Promise<readonly Errors[]> {
  const { errors } = await sampler.openReference({ seed: 3, recipes }).run(0, TRIALS);
  return recipes.map((_, i) => errors.subarray(i * TRIALS, (i + 1) * TRIALS));
}

function withNoises({ data, ridge }: Fit, last: number, generators: number): Fit {
  const [block] = data;
  const labels = isFit(block!.labels) ? withNoises(block!.labels, generators, generators) : 'truth';
  return { data: [{ ...block!, labels, noise: last * block!.noise }], ridge };
}

/** What an error would be with other noises, and where asked for a true w0 of 0. */
function changed(recipe: LinearRecipe, last: number, generators: number, zero = false): LinearRecipe {
  const truth = { kind: 'coefficients', values: new Array<number>(recipe.dimension).fill(0) } as const;
  return { ...recipe, estimate: withNoises(recipe.estimate, last, generators), ...(zero ? { truth } : {}) };
}

describe.each(Object.entries(chains))('%s', (_, chain) => {
  const recipes = chainRecipes(chain);
  const all = withTerms(recipes);

  it('takes no further factor', () => {
    expect(all.slice(0, recipes.length)).toEqual(recipes);
    const [own, more] = [chainScheduleOf(recipes), chainScheduleOf(all as LinearRecipe[])];
    expect(more.factors).toBe(own.factors);
    expect(more.passes.map(({ rows, ridges }) => [rows, ridges])).toEqual(
      own.passes.map(({ rows, ridges }) => [rows, ridges]),
    );
    const merged = [recipes, all as LinearRecipe[]].map((list) => chainScheduleOf(list.map(mergeReused)));
    expect(merged[1]!.factors).toBe(merged[0]!.factors);
  });

  it('leaves the errors as they are', async () => {
    expect((await errorsOf(all)).slice(0, recipes.length)).toEqual(await errorsOf(recipes));
  });

  it('gives the parts of each error', async () => {
    const count = recipes.length;
    const errors = await errorsOf(all);
    const bias = await errorsOf(recipes.map((recipe) => changed(recipe, 0, 0)));
    const variance = await errorsOf(recipes.map((recipe) => changed(recipe, 1, 0, true)));
    const collapse = await errorsOf(recipes.map((recipe) => changed(recipe, 0, 1, true)));
    const signs: readonly (readonly [number, number])[] = [
      [1, 1],
      [1, -1],
      [-1, 1],
      [-1, -1],
    ];
    const signed = await Promise.all(signs.map((pair) => errorsOf(recipes.map((one) => changed(one, ...pair)))));
    for (let i = 0; i < count; i++)
      for (let t = 0; t < TRIALS; t++) {
        const terms = termsOf((variant) => errors[variant * count + i]![t]!);
        expect(terms.bias).toBe(bias[i]![t]);
        expect(terms.variance).toBeCloseTo(variance[i]![t]!, 11);
        expect(terms.collapse).toBeCloseTo(collapse[i]![t]!, 11);
        const sum = TERMS.reduce((all, term) => all + terms[term], 0);
        const mean = signed.reduce((all, one) => all + one[i]![t]!, 0) / 4;
        expect(sum).toBeCloseTo(mean, 11);
      }
  });
});

it('kernel ridge regression takes no further factor', () => {
  const isKernel = (recipe: Recipe): recipe is KernelRecipe => recipe.kind === 'kernel';
  const [one] = contractExperiments({})
    .flatMap(({ panels }) => panels)
    .flatMap(({ regime, cells }) => cells.map(({ parameters }) => regimes.get(regime)!.recipe(parameters)))
    .filter(isKernel)
    .slice(-1);
  const [own, more] = [[one!], withTerms([one!]).filter(isKernel)].map(kernelScheduleOf);
  expect(more!.fits.errors).toBeGreaterThan(own!.fits.errors);
  expect(more!.fits.factors).toBe(own!.fits.factors);
  expect(more!.samples).toEqual(own!.samples);
});

it.each(['wishart', 'krylov'])('%s turns deviations round with the noise', async (name) => {
  const sampler = samplers.get(name)!;
  const chain = {
    ...base,
    d: 40,
    spectrum: powers(40, 2),
    generator: { rows: 60, noise: 0.4, reused: true },
    rows: 200,
  };
  const recipes = chainRecipes({ ...chain, generations: [3], ridges: [0.05] });
  expect(refusalOf(sampler, recipes[0]!)).toBeNull();
  const errors = await errorsOf(
    [
      [0, 0],
      [0, 1],
      [0, -1],
      [0, 2],
    ].map(([last, generators]) => changed(recipes[0]!, last!, generators!)),
    sampler,
  );
  // |b + c|^2 + |b - c|^2 - 2 |b|^2 = 2 |c|^2, which goes with the square of the noise: |b + 2 c|^2 follows.
  for (let t = 0; t < TRIALS; t++) {
    const [b, plus, minus, twice] = errors.map((of) => of[t]!) as [number, number, number, number];
    const [square, product] = [(plus + minus) / 2 - b, (plus - minus) / 2];
    expect(minus).not.toBe(plus);
    expect(twice).toBeCloseTo(b + 4 * square + 2 * product, 11);
  }
});
