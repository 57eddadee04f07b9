import { expect } from 'vitest';
import type { Launcher } from '../../src/gpu/launcher.ts';
import { type ReplaceParameters, replace } from '../../src/regimes/replace.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { refusalOf, type Sampler, type SamplerJob } from '../../src/samplers/sampler.ts';
import { type Chain, chainRecipes } from './chains.ts';
import { trialsOn } from './law-trials.ts';
import { openOn } from './programs.ts';
import { allErrors, criticalDistance, distance } from './two-samples.ts';

/** What every shortcut has to keep: the same checks for each of them. */

/** Cells that a list of chains makes. */
export const cellsOf = (chains: readonly (readonly [string, Chain])[]): number =>
  chains.reduce((sum, [, { ridges, generations }]) => sum + ridges.length * generations.length, 0);

/** Test errors on the device, per cell, in batches of at most `capacity`. */
export async function deviceErrors(
  sampler: Sampler,
  job: SamplerJob,
  launcher: Launcher,
  trials: number,
  capacity = trials,
): Promise<Float64Array[]> {
  const source = await openOn(sampler, job, launcher, capacity);
  try {
    return await allErrors(source, job, trials);
  } finally {
    source.close();
  }
}

/** Cell by cell, Kolmogorov and Smirnov at a level. */
export function expectSameLaw(a: readonly Float64Array[], b: readonly Float64Array[], level: number): void {
  a.forEach((errors, cell) => {
    const other = b[cell]!;
    const critical = criticalDistance(errors.length, other.length, level);
    expect(distance(errors, other), `cell ${cell}`).toBeLessThan(critical);
  });
}

/** The f64 references of a sampler and of `direct`, which may take the same integers for other things: other seeds. */
export async function expectLawOfDirect(sampler: Sampler, chain: Chain, trials: number, level: number): Promise<void> {
  const job = { seed: 2025, recipes: chainRecipes(chain) };
  const own = await allErrors({ ...sampler.openReference(job), capacity: trials }, job, trials);
  const other = await allErrors({ ...direct.openReference({ ...job, seed: 2026 }), capacity: trials }, job, trials);
  expectSameLaw(own, other, level);
}

/** The same on the device. `direct` is slow and may draw fewer trials. */
export async function expectLawOfDirectOnDevice(
  sampler: Sampler,
  chain: Chain,
  launcher: Launcher,
  [own, other]: readonly [number, number],
  level: number,
): Promise<void> {
  const recipes = chainRecipes(chain);
  for (const recipe of recipes) expect(refusalOf(sampler, recipe)).toBeNull();
  const [mine, its] = [trialsOn(launcher.gpu, own), trialsOn(launcher.gpu, other)];
  const most = Math.min(mine, its);
  expectSameLaw(
    await deviceErrors(sampler, { seed: 0, recipes }, launcher, mine, most),
    await deviceErrors(direct, { seed: 1, recipes }, launcher, its, most),
    level,
  );
}

/** The mean within four standard errors of theory, beside its own allowance. */
export async function expectMeanOfTheory(
  sampler: Sampler,
  parameters: ReplaceParameters,
  launcher: Launcher,
  trials: number,
): Promise<void> {
  const prediction = replace.theory(parameters);
  if (prediction?.kind !== 'value') throw new Error('no prediction');
  const recipe = replace.recipe(parameters);
  expect(refusalOf(sampler, recipe)).toBeNull();
  const [errors] = await deviceErrors(sampler, { seed: 3, recipes: [recipe] }, launcher, trials);
  const mean = errors!.reduce((sum, error) => sum + error, 0) / trials;
  const variance = errors!.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (trials - 1);
  const allowed = 4 * Math.sqrt(variance / trials) + prediction.allowance;
  expect(Math.abs(mean - prediction.value), `mean ${mean}, theory ${prediction.value}`).toBeLessThan(allowed);
}
