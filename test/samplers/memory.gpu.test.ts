/**
 * Plan. The memory sampler on a device, beside what every regime is held to:
 * - errors equal those of the reference, which is written by the definition, bit for bit, also where sums need two words;
 * - with a dimension far above the number of tokens it misses what Hutter's memory misses, less the guesses among the labels;
 * - embeddings on the sphere, drawn here in f64, have the same mean error to four standard errors;
 * - what would not fit into words is refused.
 */
import { describe, expect, it } from 'vitest';
import type { AssociationRecipe, Law } from '../../src/regimes/discrete-recipe.ts';
import { memory } from '../../src/samplers/memory/index.ts';
import { missingMass } from '../../src/theory/tails/hutter.ts';
import { zipf } from '../../src/theory/tails/laws.ts';
import { useGpu } from '../support/gpu.ts';
import { histogram, meanOf, uniforms } from '../theory/tails/random.ts';

const context = useGpu();

const truth = (support: number): Law => ({ kind: 'zipf', exponent: 1.5, support, tail: 'renormalised' });

function recipe(size: number, support: number, rest: Partial<AssociationRecipe> = {}): AssociationRecipe {
  const training = [{ draw: { unit: 'u', generation: 0 }, size, from: truth(support) }];
  const world = { truth: truth(support), dimension: 60, labels: 10, weights: 'counts' } as const;
  return { kind: 'discrete', measure: 'associations', training, ...world, ...rest };
}

async function errorsOf(recipes: readonly AssociationRecipe[], count: number): Promise<number[]> {
  const source = await memory.openGpu({ seed: 1, recipes }, context.launcher, count);
  const { errors } = await source.run(2, count);
  source.close();
  context.gpu.assertHealthy();
  return [...errors];
}

it.each([
  ['counts', [recipe(10, 100), recipe(333, 100), recipe(2000, 100)]],
  ['what was seen', [recipe(300, 100, { weights: 'seen' })]],
  ['a dimension beyond a block of words', [recipe(300, 50, { dimension: 150, labels: 3 })]],
  ['sums in two words', [recipe(50_000, 20, { dimension: 8000, labels: 4 })]],
])('has the errors of the reference: %s', async (_, recipes) => {
  const expected = await memory.openReference({ seed: 1, recipes }).run(2, 3);
  expect(await errorsOf(recipes, 3)).toEqual([...expected.errors]);
});

it('misses what an unlimited memory misses, less what it guesses', async () => {
  const [draws, support, labels] = [200, 60, 10];
  const { mean, error } = meanOf(
    await errorsOf([recipe(draws, support, { dimension: 12_000, labels, weights: 'seen' })], 150),
  );
  const law = zipf(1.5, support, 'renormalised');
  const missed = missingMass(law, [{ law, sizes: [draws] }]) * (1 - 1 / labels);
  expect(error).toBeLessThan(0.05 * missed);
  expect(Math.abs(mean - missed)).toBeLessThan(4 * error);
});

describe('embeddings on the sphere', () => {
  it.each([20, 60])('make the same errors, d = %i', async (dimension) => {
    const [draws, support, labels, trials] = [500, 100, 10, 300];
    const cube = meanOf(await errorsOf([recipe(draws, support, { dimension, labels })], trials));
    const sphere = meanOf(sphereErrors(dimension, draws, support, labels, trials));
    expect(Math.abs(cube.mean - sphere.mean)).toBeLessThan(4 * Math.hypot(cube.error, sphere.error));
  });
});

function sphereErrors(dimension: number, draws: number, support: number, labels: number, trials: number): number[] {
  const uniform = uniforms(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const unit = () => {
    const v = Array.from({ length: dimension }, normal);
    const length = Math.hypot(...v);
    return v.map((x) => x / length);
  };
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, c) => sum + x * b[c]!, 0);
  const law = zipf(1.5, support, 'renormalised');
  const p = Array.from({ length: support }, (_, i) => law.mass(i + 1));
  return Array.from({ length: trials }, () => {
    const counts = histogram(p, draws, uniform);
    const e = p.map(unit);
    const u = Array.from({ length: labels }, unit);
    const near = u.map((a) => u.map((b) => dot(a, b)));
    return p.reduce((error, mass, i) => {
      const found = new Array<number>(labels).fill(0);
      e.forEach((other, k) => {
        if (counts[k]! > 0) found[k % labels]! += counts[k]! * dot(e[i]!, other);
      });
      const scores = near.map((row) => dot(row, found));
      return error + (scores.indexOf(Math.max(...scores)) === i % labels ? 0 : mass);
    }, 0);
  });
}

it('refuses sums that do not fit', () => {
  expect(memory.refuses(recipe(1_000_000, 1000, { dimension: 1000 }))).toBeNull();
  expect(memory.refuses(recipe(10_000, 1000, { dimension: 10_000 }))).toBeNull();
  expect(memory.refuses(recipe(1_000_000, 1000, { dimension: 10_000 }))).toContain('too many');
  expect(memory.refuses(recipe(1_000_000, 1000, { dimension: 10_000, weights: 'seen' }))).toBeNull();
});
