/**
 * Plan. Networks of two layers on images, on a device, against the f64 twin:
 * - test errors within 1e-4 of themselves: of labels by the truth and by another network, of every preprocessing, of SGD and Adam, of widths that
 *   are and are not multiples of 4 and 16, with and without images kept from training, with a last batch that is smaller
 * - the weights of every network, as far as they moved
 * - the bits of a result are the same alone, among 500 others and in any batch, for the row of memory and the row of broadcasts
 * - a batch that is stopped ends early without its trials, and leaves nothing behind
 */
import { describe, expect, it } from 'vitest';
import type { NetworkRecipe } from '../../src/regimes/network-recipe.ts';
import { trainedSampler } from '../../src/samplers/networks/trained/index.ts';
import { useGpu } from '../support/gpu.ts';
import { syntheticImages } from '../support/images.ts';
import { generator, mixed, recipeOf, SMALL } from '../support/networks.ts';
import { openOn } from '../support/programs.ts';

const context = useGpu();

const images = syntheticImages(SMALL);
const sampler = trainedSampler(async () => images);

async function bothOf(recipes: readonly NetworkRecipe[], first: number, count: number, capacity = count) {
  const job = { seed: 3, recipes };
  const source = await openOn(sampler, job, context.launcher, capacity);
  const got = await source.run(first, count);
  source.close();
  return { got: got.errors, expected: (await sampler.openReference(job).run(first, count)).errors };
}

const CASES: Record<string, readonly NetworkRecipe[]> = {
  'labels of the truth and of another network': [0, 0.3, 1].flatMap((share) =>
    [0, 1, 4].map((epochs) => recipeOf({ training: mixed(share), epochs })),
  ),
  'the generator itself': [recipeOf(generator), recipeOf({ ...generator, epochs: 1 })],
  Adam: [recipeOf({ training: mixed(0.4, 90, { optimiser: 'adam', rate: 0.01 }), epochs: 3 })],
  'none kept from training': [0, 2].map((epochs) => recipeOf({ training: mixed(0.4, 50, { heldOut: 0 }), epochs })),
  'widths and sizes': [1, 16, 33].flatMap((width) =>
    [20, 77].map((rows) => recipeOf({ training: mixed(0.5, rows, { width, batch: 20 }), epochs: 2 })),
  ),
  ...Object.fromEntries(
    (['image', 'pixel', 'bytes'] as const).map((preprocessing) => [
      preprocessing,
      [
        recipeOf(
          { training: mixed(0.5, 40, { rate: preprocessing === 'bytes' ? 1e-6 : 0.03 }), epochs: 2 },
          { preprocessing },
        ),
      ],
    ]),
  ),
};

describe.each(Object.entries(CASES))('%s', (_, recipes) => {
  it('comes to the test errors of its twin', async () => {
    const { got, expected } = await bothOf(recipes, 5, 2);
    expect(got).toHaveLength(2 * recipes.length);
    got.forEach((error, i) => {
      expect(Math.abs(error / expected[i]! - 1)).toBeLessThan(1e-4);
    });
  });
});

it('has the same bits alone, among 500 others and in any batch', async () => {
  const noisy = (noise: number) => {
    const own = mixed(0.3);
    return recipeOf({ training: { ...own, blocks: own.blocks.map((block) => ({ ...block, noise })) }, epochs: 2 });
  };
  const own = noisy(0.5);
  const others = Array.from({ length: 500 }, (_, i) => noisy(i / 1000 + 1));
  const run = async (recipes: readonly NetworkRecipe[], first: number, count: number) => {
    const source = await openOn(sampler, { seed: 3, recipes }, context.launcher, count);
    const { errors } = await source.run(first, count);
    source.close();
    return errors;
  };
  const alone = await run([own], 6, 1);
  expect((await run([own], 4, 5))[2]).toBe(alone[0]);
  expect((await run([...others, own], 6, 1))[500]).toBe(alone[0]);
}, 60_000);

it('stops at a mark, tells how far it is, and leaves nothing behind', async () => {
  const job = { seed: 3, recipes: [recipeOf({ training: mixed(0.3, 300), epochs: 400 })] };
  const source = await openOn(sampler, job, context.launcher, 2);
  const shares: number[] = [];
  const stop = new AbortController();
  source.watch!((trials) => {
    shares.push(trials);
    if (trials > 0.5) stop.abort();
  });
  const { count } = await source.run(0, 2, stop.signal);
  expect(count).toBe(0);
  expect(shares.at(-1)).toBeLessThan(2);
  const again = await source.run(0, 2);
  source.close();
  const fresh = await openOn(sampler, job, context.launcher, 2);
  expect(again.errors).toEqual((await fresh.run(0, 2)).errors);
  fresh.close();
});
