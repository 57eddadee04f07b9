/** Plan: the count is that of looking at every byte, for any bytes, wherever in a buffer they begin and end (property). */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countNonZero } from '../../src/statistics/scan.ts';

it('counts what is not 0', () => {
  const sparse = fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 255 }));
  fc.assert(
    fc.property(fc.array(sparse, { maxLength: 60 }), fc.nat(9), fc.nat(9), (all, skipped, left) => {
      const bytes = Uint8Array.from(all).subarray(skipped, Math.max(skipped, all.length - left));
      expect(countNonZero(bytes)).toBe([...bytes].filter((byte) => byte !== 0).length);
    }),
  );
  expect(countNonZero(new Uint8Array())).toBe(0);
});
