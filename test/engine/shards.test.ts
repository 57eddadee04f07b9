import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../src/engine/backend.ts';
import { shardRange } from '../../src/engine/shard.ts';
import { fuzzCount } from '../support/fuzz.ts';
import { manyLives, merged, planOf, REGRESSION, regressionPanels, TOKENS, whole } from '../support/shards.ts';

/*
 * Plan: shards that are merged leave what one run leaves (f64 reference; `shards.gpu.test.ts` does the same on a device).
 * - the ranges of shards tile 0 … T in order, and differ in length by one at most, for any T and N
 * - for any number of trials and shards (more shards than trials too), cut into batches of any size, with lives of shards of other numbers
 *   that were stopped anywhere, files in any order: panels, table and independence are the same bytes; a panel with fits, one with terms,
 *   twins, and tokens
 */

it('ranges of shards tile the trials', () => {
  const property = fc.property(fc.nat(2 ** 31), fc.integer({ min: 1, max: 3000 }), (trials, count) => {
    let next = 0;
    for (let index = 1; index <= count; index++) {
      const { first, end } = shardRange(trials, { index, count });
      if (first !== next || Math.abs(end - first - trials / count) >= 1) return false;
      next = end;
    }
    return next === trials;
  });
  fc.assert(property, { numRuns: 20 });
});

describe('shards merge to what one run leaves', () => {
  const trials = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 100, max: 150 }));

  it.each([
    ['regressions with fits, terms and twins', (T: number) => ({ ...REGRESSION, panels: regressionPanels(T) })],
    ['tokens', (T: number) => ({ ...TOKENS, trials: T })],
  ])(
    '%s',
    async (_, file) => {
      const property = fc.asyncProperty(trials, manyLives, async (T, { lives, order }) => {
        const plan = planOf(file(T), referenceBackend);
        const one = await whole(plan, referenceBackend);
        expect(await merged(plan, referenceBackend, lives, (paths) => order.map((i) => paths[i]!))).toEqual(one);
      });
      await fc.assert(property, { numRuns: fuzzCount(150) });
    },
    600_000,
  );
});
