/**
 * Plan
 * - Labels that do not collide stay; two that do move apart evenly; a crowd keeps its centre.
 * - For any positions (property): the gap holds, order is kept, all inside the limits when they fit.
 * - More labels than fit still keep their gap and order.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spread } from '../../src/report/spread.ts';

test('by hand', () => {
  expect(spread([10, 50, 90], 20, 0, 100)).toEqual([10, 50, 90]);
  expect(spread([50, 50], 20, 0, 100)).toEqual([40, 60]);
  expect(spread([50, 50, 50], 10, 0, 100)).toEqual([40, 50, 60]);
  expect(spread([0, 0], 10, 0, 100)).toEqual([0, 10]);
  expect(spread([], 10, 0, 100)).toEqual([]);
});

test('gap, order and limits', () => {
  const positions = fc.array(fc.double({ min: -50, max: 350, noNaN: true }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(positions, (given) => {
      const moved = spread(
        given.toSorted((a, b) => a - b),
        12,
        0,
        300,
      );
      moved.slice(1).forEach((y, i) => {
        expect(y - moved[i]!).toBeGreaterThanOrEqual(12 - 1e-9);
      });
      expect(moved[0]).toBeGreaterThanOrEqual(0);
      expect(moved.at(-1)).toBeLessThanOrEqual(300 + 1e-9);
    }),
  );
});

test('too many', () => {
  expect(spread([1, 2, 3, 4], 50, 0, 100)).toEqual([0, 50, 100, 150]);
});
