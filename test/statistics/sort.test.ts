/**
 * Plan
 * - Against the engine's own sort, on both sides of the size from which f32 numbers go through the radix sort: uniform,
 *   many equal, all equal, subnormal to huge, in order and reversed.
 * - Numbers that are no f32, negative ones and a negative zero are ordered just as well.
 * - The argument is left as it is.
 */
import { describe, expect, it } from 'vitest';
import { sorted } from '../../src/statistics/sort.ts';
import { numbersFrom } from './numbers.ts';

const { uniform, normal } = numbersFrom(7);
const kinds: Readonly<Record<string, (i: number) => number>> = {
  uniform: () => Math.fround(uniform()),
  'many equal': () => Math.floor(20 * uniform()),
  'all equal': () => 0.75,
  'of every size': () => Math.fround(2 ** (-149 + 276 * uniform())),
  'with zeros': () => (uniform() < 0.5 ? 0 : Math.fround(uniform())),
  ascending: (i) => i,
  descending: (i) => 1e6 - i,
  'no f32': () => uniform(),
  'one of them no f32': (i) => (i === 1000 ? 0.1 : Math.fround(uniform())),
  'of both signs': () => Math.fround(normal()),
  'one negative zero': (i) => (i === 1000 ? -0 : Math.fround(uniform())),
};

describe('sorting numbers', () => {
  for (const [name, number] of Object.entries(kinds))
    it.each([0, 1, 2047, 2048, 10_000])(`${name}, %d of them`, (count) => {
      const values = Float64Array.from({ length: count }, (_, i) => number(i));
      const before = values.slice();
      expect([...sorted(values)]).toEqual([...before.toSorted()]);
      expect(values).toEqual(before);
    });
});
