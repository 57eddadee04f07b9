/**
 * Plan. Networks that learn divisors on a device, against the f64 twin:
 * - losses for twenty steps within 1e-3 of themselves, weights after them within 1e-3 of the length of what they moved by; with labels of the truth, a
 *   rule and another network, base 2 and 10;
 * - the bits of a result are the same alone, among other networks and in any batch;
 * - a batch that is stopped ends early without its trials, and leaves nothing behind.
 */
import { describe, expect, it } from 'vitest';
import { readBuffer } from '../../src/gpu/read-back.ts';
import { BoundProgram } from '../../src/program/bound.ts';
import type { DivisorRecipe, Question, Training } from '../../src/regimes/divisor-recipe.ts';
import { streamKey } from '../../src/samplers/address.ts';
import { startWeights } from '../../src/samplers/networks/trained/encoder.ts';
import { STEPS_TOGETHER, trainedSampler } from '../../src/samplers/networks/trained/index.ts';
import { trainedProgram } from '../../src/samplers/networks/trained/program.ts';
import { trained } from '../../src/samplers/networks/trained/reference.ts';
import { trainedScheduleOf } from '../../src/samplers/networks/trained/schedule.ts';
import { shapeOf } from '../../src/samplers/networks/trained/shape.ts';
import { useGpu } from '../support/gpu.ts';
import { openOn } from '../support/programs.ts';

const context = useGpu();

const sampler = trainedSampler(() => Promise.reject(new Error('Here are no images.')));

const worlds = {
  decimal: { base: 10, digits: 2, answers: 20, network: { width: 32, hidden: 24 } },
  binary: { base: 2, digits: 5, answers: 8, network: { width: 16, hidden: 16 } },
};

const truth: Training = {
  start: { unit: 'start', generation: 0 },
  pairs: { unit: 'pairs', generation: 0 },
  ...{ examples: 128 * STEPS_TOGETHER, batch: 128, rate: 0.01, share: 0 },
  generator: { known: [1] },
};
const ruled: Training = { ...truth, share: 0.5, generator: { known: [1, 2, 5] } };
const pupil: Training = {
  ...truth,
  start: { unit: 'start', generation: 1 },
  pairs: { unit: 'pairs', generation: 1 },
  examples: 128 * 10,
  share: 1,
  generator: { ...truth, examples: 128 * 10 },
};

const recipesOf = (
  world: (typeof worlds)['decimal'],
  trainings: readonly Training[],
  kinds: readonly Question[] = [{ kind: 'loss' }],
) =>
  trainings.flatMap((training) =>
    [1, training.examples / training.batch].flatMap((steps) =>
      kinds.map(
        (question): DivisorRecipe => ({
          ...{ ...world, kind: 'divisors', tests: 256, asked: { unit: 'asked', generation: 0 } },
          estimate: { training, examples: steps * training.batch, question },
        }),
      ),
    ),
  );

describe.each(Object.entries(worlds))('%s', (_, world) => {
  it('has the losses of its twin', async () => {
    const job = { seed: 1, recipes: recipesOf(world, [truth, ruled]) };
    const source = await openOn(sampler, job, context.launcher, 2);
    const got = await source.run(4, 2);
    source.close();
    const expected = await sampler.openReference(job).run(4, 2);
    got.errors.forEach((loss, i) => {
      expect(Math.abs(loss / expected.errors[i]! - 1)).toBeLessThan(1e-3);
    });
  });

  it('has the weights of its twin', async () => {
    const schedule = trainedScheduleOf(recipesOf(world, [truth, ruled]));
    const shape = shapeOf(world);
    const program = trainedProgram(schedule, 1);
    const bound = new BoundProgram(program, context.launcher, 1);
    await context.launcher.execute(await bound.commands(program.steps), 7, 1);
    const all = new Float32Array(
      await readBuffer(context.gpu, bound.buffer('weights'), 4 * schedule.networks * shape.weights),
    );
    bound.close();
    const { weights } = trained(schedule, 1, 7);
    const start = startWeights(shape, streamKey(1, truth.start), 7);
    for (const [n, own] of weights.entries()) {
      const length = (of: (i: number) => number) => Math.hypot(...Array.from(own, (__, i) => of(i)));
      const off = length((i) => all[n * shape.weights + i]! - own[i]!);
      expect(off).toBeLessThan(1e-3 * length((i) => own[i]! - start[i]!));
    }
  });

  it('learns from another network as its twin does', async () => {
    const job = { seed: 1, recipes: recipesOf(world, [pupil]) };
    const source = await openOn(sampler, job, context.launcher, 1);
    const got = await source.run(2, 1);
    source.close();
    const expected = await sampler.openReference(job).run(2, 1);
    // An answer near a tie may differ, and with it a label or two of 1280.
    got.errors.forEach((loss, i) => {
      expect(Math.abs(loss / expected.errors[i]! - 1)).toBeLessThan(0.02);
    });
  });
});

it('has the same bits alone, among others, and in any batch', async () => {
  const questions: Question[] = [{ kind: 'loss' }, { kind: 'accuracy' }, { kind: 'answers', divisor: 2, answer: 2 }];
  const shares = Array.from({ length: 12 }, (_, i): Training => ({ ...ruled, share: i / 16 }));
  const among = { seed: 1, recipes: recipesOf(worlds.decimal, [...shares, ruled, truth], questions) };
  const alone = { seed: 1, recipes: recipesOf(worlds.decimal, [ruled], questions) };
  const run = async (job: typeof among, capacity: number, first: number, count: number) => {
    const source = await openOn(sampler, job, context.launcher, capacity);
    const { errors } = await source.run(first, count);
    source.close();
    return errors;
  };
  const one = await run(alone, 1, 5, 1);
  const many = await run(among, 7, 2, 7);
  const at = among.recipes.findIndex(({ estimate }) => estimate.training === ruled);
  one.forEach((value, cell) => {
    expect(many[(at + cell) * 7 + 3]).toBe(value);
  });
});

it('stops at a mark, and tells how far it is', async () => {
  const long = { ...truth, examples: 128 * 700 };
  const job = { seed: 1, recipes: recipesOf(worlds.binary, [long]) };
  const source = await openOn(sampler, job, context.launcher, 3);
  const shares: number[] = [];
  const stop = new AbortController();
  source.watch!((trials) => {
    shares.push(trials);
    if (trials > 0.5) stop.abort();
  });
  const { count } = await source.run(0, 3, stop.signal);
  expect(count).toBe(0);
  expect(shares.at(-1)).toBeLessThan(3);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  // The buffers are left in the middle of a training: the next batch begins anew.
  const again = await source.run(0, 3);
  source.close();
  const fresh = await openOn(sampler, job, context.launcher, 3);
  expect(again.errors).toEqual((await fresh.run(0, 3)).errors);
  fresh.close();
});
