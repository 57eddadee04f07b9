/**
 * Plan
 * - Against the engine's own sort, on both sides of the size from which f32 numbers go through the radix sort: uniform,
 *   many equal, all equal, subnormal to huge, in order and reversed.
 * - Numbers that are no f32, negative ones and a negative zero are ordered just as well.
 * - The argument is left as it is; f32 numbers come back as f32.
 * - Two sorted runs merged, of any precision and length, are the sorted union.
 */
import { describe, expect, it } from 'vitest';
import { merged, sorted } from '../../src/statistics/sort.ts';
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
      expect(sorted(values) instanceof Float32Array).toBe(values.every((value) => Math.fround(value) === value));
    });
});

it.each([
  [0, 0],
  [0, 5],
  [5, 0],
  [700, 3],
  [500, 500],
])('merges %d and %d numbers', (n, m) => {
  for (const [A, B] of [
    [Float32Array, Float32Array],
    [Float64Array, Float32Array],
    [Float32Array, Float64Array],
  ] as const) {
    const x = new A(Array.from({ length: n }, uniform)).sort();
    const y = new B(Array.from({ length: m }, uniform)).sort();
    expect([...merged(x, y)]).toEqual([...Float64Array.from([...x, ...y]).sort()]);
  }
});
