/**
 * Plan. A batch of trained networks that is stopped at a mark and taken up by another source:
 * - comes to the same bits as one that nothing happened to, having done only the steps that were left, for both kinds of networks
 * - is not taken up by a batch of other trials, with other room, or of another program, nor where it is cut short: those begin anew
 * - is kept from time to time while it runs, whole each time
 * - tells meanwhile what cells have their results, which are those of the whole batch; on a processor, where it takes long enough
 */
import { describe, expect, it } from 'vitest';
import type { Checkpoint, CheckpointKeeper } from '../../src/program/checkpoint.ts';
import type { EarlyResults } from '../../src/program/trials.ts';
import type { DivisorRecipe } from '../../src/regimes/divisor-recipe.ts';
import type { NetworkRecipe } from '../../src/regimes/network-recipe.ts';
import { trainedSampler } from '../../src/samplers/networks/trained/index.ts';
import { useGpu } from '../support/gpu.ts';
import { syntheticImages } from '../support/images.ts';
import { mixed, recipeOf, SMALL } from '../support/networks.ts';
import { openOn } from '../support/programs.ts';

const context = useGpu();
const images = syntheticImages(SMALL);
const sampler = trainedSampler(async () => images);

const divisors = (examples: number, most: number): DivisorRecipe => ({
  ...{ kind: 'divisors', base: 3, digits: 2, answers: 8, network: { width: 16, hidden: 16 } },
  ...{ tests: 64, asked: { unit: 'asked', generation: 0 } },
  estimate: {
    training: {
      ...{ start: { unit: 'start', generation: 0 }, pairs: { unit: 'pairs', generation: 0 } },
      ...{ examples: most, batch: 64, rate: 0.01, share: 0.3, generator: { known: [1, 2] } },
    },
    examples,
    question: { kind: 'loss' },
  },
});

/** Jobs of trainings of so many steps: enough of them take long enough to be kept meanwhile. */
const JOBS: Record<string, (steps: number) => readonly (DivisorRecipe | NetworkRecipe)[]> = {
  divisors: (steps) => [64 * 100, 64 * steps].map((examples) => divisors(examples, 64 * steps)),
  images: (steps) =>
    [0, 0.4].flatMap((share) => [3, steps / 10].map((epochs) => recipeOf({ training: mixed(share, 120), epochs }))),
};
const [SHORT, LONG] = [1000, 1500];

interface Drawn {
  readonly first?: number;
  readonly count?: number;
  readonly room?: number;
  readonly every?: number;
  readonly last?: Checkpoint;
  readonly stopAt?: number;
}

/** Draws trials, keeping what is kept, from a checkpoint if there is one; stops once this share is done. */
async function drawn(
  recipes: readonly (DivisorRecipe | NetworkRecipe)[],
  { first = 3, count = 2, room = count, every = 1e9, last, stopAt = 2 }: Drawn = {},
) {
  const source = await openOn(sampler, { seed: 4, recipes }, context.launcher, room);
  const kept: Checkpoint[] = [];
  const shares: number[] = [];
  const earlies: EarlyResults[] = [];
  const stop = new AbortController();
  const keeper: CheckpointKeeper = {
    ...{ last: last ?? null, every },
    save: async (checkpoint) => void kept.push(checkpoint),
    tooLarge: () => {},
  };
  source.keep!(keeper);
  source.watch!((trials, early) => {
    if (early) earlies.push(early);
    shares.push(trials / count);
    if (trials / count >= stopAt) stop.abort();
  });
  const batch = await source.run(first, count, stop.signal);
  source.close();
  return { ...batch, kept, shares, earlies };
}

describe.each(Object.entries(JOBS))('%s', (_, jobOf) => {
  const recipes = jobOf(SHORT);

  it('go on where they were stopped', async () => {
    const whole = await drawn(recipes);
    expect(whole.kept).toEqual([]);
    const stopped = await drawn(recipes, { stopAt: 0.4 });
    expect(stopped.count).toBe(0);
    expect(stopped.kept).toHaveLength(1);
    const rest = await drawn(recipes, { last: stopped.kept[0]! });
    expect(rest.errors).toEqual(whole.errors);
    expect(Math.min(...rest.shares)).toBeGreaterThanOrEqual(0.4);
  });

  it('begin anew where the checkpoint is not theirs', async () => {
    const [last] = (await drawn(recipes, { stopAt: 0.4 })).kept as [Checkpoint];
    const state = last.state.slice(4);
    const whole = await drawn(recipes);
    for (const other of [
      { ...last, state },
      { ...last, program: `${last.program}.` },
      { ...last, steps: last.steps + 1 },
    ]) {
      const now = await drawn(recipes, { last: other });
      expect(now.errors).toEqual(whole.errors);
      expect(Math.min(...now.shares)).toBeLessThan(0.4);
    }
    for (const options of [{ first: 5 }, { count: 1, room: 2 }, { room: 3 }]) {
      const now = await drawn(recipes, { ...options, last });
      expect(now.errors).toEqual((await drawn(recipes, options)).errors);
      expect(Math.min(...now.shares)).toBeLessThan(0.4);
    }
  });

  it('are kept from time to time, whole each time', async () => {
    const recipes = jobOf(LONG);
    const whole = await drawn(recipes, { every: 0 });
    expect(whole.kept.length).toBeGreaterThan(2);
    for (const last of [whole.kept[0]!, whole.kept.at(-1)!])
      expect((await drawn(recipes, { last })).errors).toEqual(whole.errors);
  });

  it('tell early what some cells have', async () => {
    const { errors, count, earlies } = await drawn(jobOf(LONG));
    if (context.gpu.adapter.software) expect(earlies.length).toBeGreaterThan(0);
    for (const { batch, known } of earlies) {
      expect(known).toContain(true);
      expect(known).toContain(false);
      for (const [cell, has] of known.entries())
        if (has)
          expect(batch.errors.slice(cell * count, (cell + 1) * count)).toEqual(
            errors.slice(cell * count, (cell + 1) * count),
          );
    }
  });
});
