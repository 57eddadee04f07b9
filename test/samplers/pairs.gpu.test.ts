/**
 * Plan. The pairs sampler on a device against its reference, which draws every model of every cell by itself:
 * - all errors to f32 rounding, far less than what one count makes: laws whole and cut, chains, mixtures, top-p with equal
 *   counts, temperatures on either side of 1, sequences longer than 1, perplexity, sizes that grow out of one another and such that do not;
 * - batches of 1 and of 7 give the same bits as one batch; another seed gives other numbers;
 * - the permutation of ranks is one, and differs between contexts.
 */

import { describe, expect, it } from 'vitest';
import type { Law } from '../../src/regimes/discrete-recipe.ts';
import type { Decoding, PairModel, PairRecipe, PairSample } from '../../src/regimes/pair-recipe.ts';
import type { SamplerJob } from '../../src/samplers/sampler.ts';
import { pairs } from '../../src/samplers/tokens/pairs/index.ts';
import { pairScheduleOf } from '../../src/samplers/tokens/pairs/schedule.ts';
import { turnsOf } from '../../src/samplers/tokens/pairs/world.ts';
import { useGpu } from '../support/gpu.ts';
import { openOn } from '../support/programs.ts';

const context = useGpu();

const zipf = (support: number): Law => ({ kind: 'zipf', exponent: 1.4, support, tail: 'renormalised' });
const PLAIN: Decoding = { temperature: 1, topP: 1, crossing: 'kept' };

const sample = (unit: string, size: number, from: PairSample['from']): PairSample => ({
  draw: { unit, generation: 0 },
  size,
  from,
});

const model = (decoding: Decoding, ...training: readonly PairSample[]): PairModel => ({ training, decoding });

const world = { kind: 'pairs', measure: { kind: 'variation' }, contexts: zipf(5), next: zipf(150), length: 1 } as const;
const recipe = (...training: readonly PairSample[]): PairRecipe => ({ ...world, training });

/** A chain of generators that are decoded alike, then the last sample. */
function chain(decoding: Decoding, sizes: readonly number[], law: Law = world.next): PairSample {
  const last = sizes.length - 1;
  const from = last === 0 ? law : model(decoding, chain(decoding, sizes.slice(0, -1), law));
  return sample(`chain/${last}`, sizes[last]!, from);
}

const square = { ...world, contexts: zipf(40), next: zipf(40), length: 9 } as const;

const jobs: Readonly<Record<string, readonly PairRecipe[]>> = {
  'one law': [20, 300, 299, 1000].map((size) => recipe(sample('a', size, world.next))),
  'a cut law': [recipe(sample('a', 500, { kind: 'cut', law: world.next, last: 20 }))],
  chains: [[100], [100, 100], [100, 100, 100], [100, 500], [100, 500, 50], [30, 30]].map((sizes) =>
    recipe(chain(PLAIN, sizes)),
  ),
  'top-p': [0.95, 0.5, 0.01].flatMap((topP) =>
    (['kept', 'dropped'] as const).map((crossing) => recipe(chain({ ...PLAIN, topP, crossing }, [200, 300, 300]))),
  ),
  temperatures: [0.5, 0.9, 2].map((temperature) => recipe(chain({ ...PLAIN, temperature }, [200, 300, 300]))),
  mixtures: [
    [50, 10],
    [50, 200],
    [20, 300],
    [100, 100],
  ].map(([real, synthetic]) =>
    recipe(sample('real', real!, world.next), sample('synthetic', synthetic!, model(PLAIN, chain(PLAIN, [100])))),
  ),
  sequences: [[40], [40, 30]].map((sizes) => ({ ...square, training: [chain(PLAIN, sizes, square.next)] })),
  perplexity: [[40], [40, 30]].map((sizes) => ({
    ...square,
    measure: { kind: 'perplexity', clip: 10 },
    training: [chain({ ...PLAIN, temperature: 0.9, topP: 0.9 }, sizes, square.next)],
  })),
};

const open = (job: SamplerJob, capacity: number) => openOn(pairs, job, context.launcher, capacity);

async function errorsOf(job: SamplerJob, trials: number, capacity: number): Promise<Float64Array> {
  const source = await open(job, capacity);
  const all = new Float64Array(job.recipes.length * trials);
  for (let first = 0; first < trials; first += capacity) {
    const count = Math.min(capacity, trials - first);
    const { errors } = await source.run(first, count);
    for (let i = 0; i < errors.length; i++) all[Math.floor(i / count) * trials + first + (i % count)] = errors[i]!;
  }
  source.close();
  context.gpu.assertHealthy();
  return all;
}

describe.each(Object.entries(jobs))('%s', (_, recipes) => {
  it('is its reference, trial by trial', async () => {
    const job = { seed: 1, recipes };
    const source = await open(job, 5);
    const got = await source.run(3, 5);
    source.close();
    const expected = await pairs.openReference(job).run(3, 5);
    // A count more or less changes the variation by 1e-4 at least.
    got.errors.forEach((error, i) => {
      expect(Math.abs(error / expected.errors[i]! - 1)).toBeLessThan(5e-6);
    });
  });
});

describe('the pairs sampler', () => {
  const job = { seed: 1, recipes: jobs.chains! };

  it('does not see how trials are cut into batches', async () => {
    const whole = await errorsOf(job, 8, 8);
    expect(await errorsOf(job, 8, 1)).toEqual(whole);
    expect(await errorsOf(job, 8, 7)).toEqual(whole);
  });

  it('follows its seed', async () => {
    const other = await errorsOf({ ...job, seed: 2 }, 2, 2);
    (await errorsOf(job, 2, 2)).forEach((error, i) => {
      expect(error).not.toBe(other[i]);
    });
  });

  it('draws what sizes have in common once', () => {
    expect(pairScheduleOf(jobs['one law']!).lines).toHaveLength(1);
    expect(pairScheduleOf(jobs.mixtures!).lines).toHaveLength(4);
  });

  it('gives every context an order of its own', () => {
    const turns = turnsOf(world);
    const orders = Array.from({ length: 5 }, (_, i) =>
      Array.from({ length: 150 }, (__, rank) => (turns[2 * i]! * rank + turns[2 * i + 1]!) % 150),
    );
    for (const order of orders) expect(new Set(order).size).toBe(150);
    expect(new Set(orders.map((order) => order.join())).size).toBe(5);
  });
});
