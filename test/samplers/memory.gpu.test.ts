/**
 * Plan. The memory sampler on a device, beside what every regime is held to:
 * - errors equal those of the reference, which is written by the definition, bit for bit, also where sums need two words, where the
 *   low one is carried between labels, and with as many labels as tokens or more;
 * - an oracle that shares no code with either, by the definition in f64 with draws of its own, has the same mean error to four
 *   standard errors, with few labels and with a label for every token, in dimensions where corners of the cube are shared;
 * - with a dimension far above the number of tokens it misses what Hutter's memory misses, less the guesses among the labels;
 * - so does the oracle with embeddings on the sphere, but for the small dimensions where corners are shared;
 * - what would not fit into words is refused, what would not fit into a binding too, by the name of what is too large.
 */

import { describe, expect, it } from 'vitest';
import { DeviceTooSmall } from '../../src/program/cost.ts';
import type { AssociationRecipe, Law } from '../../src/regimes/discrete-recipe.ts';
import { refusalOf } from '../../src/samplers/sampler.ts';
import { memory } from '../../src/samplers/tokens/memory/index.ts';
import { missingMass } from '../../src/theory/tails/hutter.ts';
import { zipf } from '../../src/theory/tails/laws.ts';
import { useGpu } from '../support/gpu.ts';
import { costOn, openOn } from '../support/programs.ts';
import { histogram, meanOf, uniforms } from '../theory/tails/random.ts';

const context = useGpu();

const truth = (support: number): Law => ({ kind: 'zipf', exponent: 1.5, support, tail: 'renormalised' });

function recipe(size: number, support: number, rest: Partial<AssociationRecipe> = {}): AssociationRecipe {
  const training = [{ draw: { unit: 'u', generation: 0 }, size, from: truth(support) }];
  const world = { truth: truth(support), dimension: 60, labels: 10, weights: 'counts' } as const;
  return { kind: 'discrete', measure: 'associations', training, ...world, ...rest };
}

async function errorsOf(recipes: readonly AssociationRecipe[], count: number): Promise<number[]> {
  const source = await openOn(memory, { seed: 1, recipes }, context.launcher, count);
  const { errors } = await source.run(2, count);
  source.close();
  context.gpu.assertHealthy();
  return [...errors];
}

it.each([
  ['counts', [recipe(10, 100), recipe(333, 100), recipe(2000, 100)]],
  ['what was seen', [recipe(300, 100, { weights: 'seen' })]],
  ['a dimension beyond a block of words', [recipe(300, 50, { dimension: 150, labels: 3 })]],
  ['a label for every token', [recipe(300, 90, { labels: 90 }), recipe(20, 90, { labels: 90 })]],
  ['labels without tokens', [recipe(300, 50, { labels: 131, dimension: 9, weights: 'seen' })]],
  ['carries between labels', [recipe(30_000, 90, { labels: 90, dimension: 3000 })]],
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

describe('the oracle', () => {
  it.each([
    ['corners', 8, 60, 'counts'],
    ['corners', 8, 60, 'seen'],
    ['corners', 40, 7, 'counts'],
    ['sphere', 20, 10, 'counts'],
  ] as const)('has the same mean: %s, d = %i, %i labels, %s', async (embedding, dimension, labels, weights) => {
    const [draws, support, trials] = [500, 60, 200];
    const simulated = meanOf(await errorsOf([recipe(draws, support, { dimension, labels, weights })], trials));
    const oracle = meanOf(oracleErrors({ embedding, dimension, draws, support, labels, weights, trials }));
    expect(Math.abs(simulated.mean - oracle.mean)).toBeLessThan(4 * Math.hypot(simulated.error, oracle.error));
  });
});

interface World extends Pick<AssociationRecipe, 'dimension' | 'labels' | 'weights'> {
  readonly embedding: 'corners' | 'sphere';
  readonly draws: number;
  readonly support: number;
  readonly trials: number;
}

/** The definition: M = sum_i q_i e_i u_y(i)', and the mass of the tokens i whose label is not the first largest of e_i' M u_y. */
function oracleErrors({ embedding, dimension, draws, support, labels, weights, trials }: World): number[] {
  const uniform = uniforms(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const unit = () => {
    const v = Array.from({ length: dimension }, () => (embedding === 'sphere' ? normal() : uniform() < 0.5 ? -1 : 1));
    const length = Math.hypot(...v);
    return v.map((x) => (embedding === 'sphere' ? x / length : x));
  };
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, c) => sum + x * b[c]!, 0);
  const powers = Array.from({ length: support }, (_, i) => (i + 1) ** -1.5);
  const total = powers.reduce((a, b) => a + b, 0);
  const p = powers.map((power) => power / total);
  return Array.from({ length: trials }, () => {
    const counts = histogram(p, draws, uniform);
    const e = p.map(unit);
    const u = Array.from({ length: labels }, unit);
    const m = Array.from({ length: dimension }, () => new Array<number>(dimension).fill(0));
    e.forEach((own, i) => {
      const q = weights === 'seen' ? Math.min(counts[i]!, 1) : counts[i]!;
      for (let a = 0; a < dimension; a++)
        for (let b = 0; b < dimension; b++) m[a]![b]! += q * own[a]! * u[i % labels]![b]!;
    });
    const recalled = u.map((label) => m.map((row) => dot(row, label)));
    return p.reduce((error, mass, i) => {
      const scores = recalled.map((vector) => dot(e[i]!, vector));
      return error + (scores.indexOf(Math.max(...scores)) === i % labels ? 0 : mass);
    }, 0);
  });
}

it('refuses sums that do not fit', () => {
  expect(refusalOf(memory, recipe(1_000_000, 1000, { dimension: 1000 }))).toBeNull();
  expect(refusalOf(memory, recipe(10_000, 1000, { dimension: 10_000 }))).toBeNull();
  expect(refusalOf(memory, recipe(1_000_000, 1000, { dimension: 10_000 }))).toContain('too many');
  expect(refusalOf(memory, recipe(1_000_000, 1000, { dimension: 10_000, weights: 'seen' }))).toBeNull();
  expect(refusalOf(memory, recipe(10_000, 1000, { dimension: 10_000, labels: 1000 }))).toBeNull();
  expect(refusalOf(memory, recipe(10, 10, { dimension: 2 ** 17, labels: 2 ** 14 }))).toBeNull();
  expect(refusalOf(memory, recipe(1025, 10, { dimension: 2 ** 17, labels: 2 ** 14 }))).toContain('too many');
});

it.each([
  [{ labels: 2 ** 14 }, 'at most 5792 labels'],
  [{ dimension: 2 ** 17, labels: 2 ** 14 }, 'a smaller dimension'],
])('refuses what does not fit into a binding: %j', (rest, change) => {
  const limits = {
    maxStorageBufferBindingSize: 2 ** 27,
    maxBufferSize: 2 ** 28,
    maxComputeWorkgroupsPerDimension: 65535,
  };
  const cost = () => costOn(memory, { seed: 1, recipes: [recipe(10, 100, rest)] }, limits);
  expect(cost).toThrow(DeviceTooSmall);
  expect(catchChanges(cost)).toContain(change);
});

function catchChanges(cost: () => unknown): readonly string[] {
  try {
    cost();
  } catch (error) {
    return error instanceof DeviceTooSmall ? error.changes : [];
  }
  return [];
}
