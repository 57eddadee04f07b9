/**
 * Plan. Ranges have the asked number of values, exact ends, and exact whole powers of ten; one value is the first.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linspace, logspace } from '../../src/experiment/spacing.ts';

describe('linspace', () => {
  it('has exact ends and rises or falls up to rounding', () => {
    const end = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => x + 0);
    fc.assert(
      fc.property(end, end, fc.integer({ min: 2, max: 50 }), (a, b, count) => {
        const values = linspace(a, b, count);
        expect(values).toHaveLength(count);
        expect(values[0]).toBe(a);
        expect(values.at(-1)).toBe(b);
        const rising = values.map((x, i) => (i === 0 ? 0 : (x - values[i - 1]!) * Math.sign(b - a)));
        expect(Math.min(...rising)).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });

  it('passes whole numbers exactly', () => {
    expect(linspace(-3, 3, 7)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
    expect(linspace(10, 40, 4)).toEqual([10, 20, 30, 40]);
  });

  it('of one value is the first', () => {
    expect(linspace(2, 9, 1)).toEqual([2]);
  });
});

describe('logspace', () => {
  it('has exact powers of ten', () => {
    expect(logspace(-5, 3, 9)).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000]);
  });

  it('has a constant ratio', () => {
    const values = logspace(-3, 1, 10);
    const ratios = values.slice(1).map((x, i) => x / values[i]!);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(10 ** (4 / 9), 10);
  });

  it('overflows to Infinity, which the axis refuses', () => {
    expect(logspace(0, 400, 2)).toEqual([1, Number.POSITIVE_INFINITY]);
  });
});
