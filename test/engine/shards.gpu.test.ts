import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Backend, gpuBackend } from '../../src/engine/backend.ts';
import { openNodeGpu } from '../../src/gpu/node/adapters.ts';
import { fuzzCount } from '../support/fuzz.ts';
import { manyLives, merged, planOf, REGRESSION, regressionPanels, TOKENS, whole } from '../support/shards.ts';

/*
 * Plan: as `shards.test.ts` on a device: shards that are merged leave the bytes that one run leaves; `direct`, and what `auto` takes.
 */

let backend: Backend;
beforeAll(async () => {
  const { gpu, reason } = await openNodeGpu();
  if (!gpu) throw new Error(reason);
  backend = gpuBackend(gpu, async () => null);
});
afterAll(() => backend.close());

it.each([
  ['regressions with fits, terms and twins', (T: number) => ({ ...REGRESSION, panels: regressionPanels(T) })],
  ['by the sampler that is taken', (T: number) => ({ ...REGRESSION, sampler: 'auto', panels: regressionPanels(T) })],
  ['tokens', (T: number) => ({ ...TOKENS, trials: T })],
])(
  '%s: shards merge to what one run leaves',
  async (_, file) => {
    const property = fc.asyncProperty(fc.integer({ min: 1, max: 150 }), manyLives, async (T, { lives, order }) => {
      const plan = planOf(file(T), backend);
      const one = await whole(plan, backend);
      expect(await merged(plan, backend, lives, (paths) => order.map((i) => paths[i]!))).toEqual(one);
    });
    await fc.assert(property, { numRuns: fuzzCount(30) });
  },
  600_000,
);
