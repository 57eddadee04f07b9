import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { power, powers } from '../../src/reference/power.ts';

/*
 * Plan: the double nearest to a power, whoever computes.
 * - 10^(a/16): held against 10^a by whole numbers, which round nothing: the halves of the steps to either side enclose it
 * - squares, roots, reciprocals: IEEE operations round these rightly too
 * - whole powers of ten, the ends of the range, and what lies beyond
 * - any power is within two steps of the engine's own
 * - a list of powers is the powers one by one, also near the ends of the range
 */

/** A finite positive double as m / 2^1100. */
function fraction(x: number): bigint {
  let [m, e] = [x, 0];
  while (!Number.isInteger(m)) [m, e] = [m * 2, e + 1];
  return BigInt(m) << BigInt(1100 - e);
}

function neighbours(x: number): readonly [number, number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  return [-1n, 1n].map((step) => {
    view.setBigUint64(0, bits + step);
    return view.getFloat64(0);
  }) as [number, number];
}

describe('power', () => {
  it('is the nearest double to a root of a power of ten', () => {
    for (let a = -160; a <= 160; a++) {
      const found = power(10, a / 16);
      const [before, after] = neighbours(found);
      // Twice the ends of the interval of numbers that round to it, over 2^1101.
      const [low, high] = [fraction(before) + fraction(found), fraction(found) + fraction(after)];
      const unit = 1n << (16n * 1101n);
      const [top, bottom] = a >= 0 ? [10n ** BigInt(a), 1n] : [1n, 10n ** BigInt(-a)];
      expect(low ** 16n * bottom <= top * unit && top * unit <= high ** 16n * bottom, `10^(${a}/16)`).toBe(true);
    }
  });

  it('agrees with operations that round rightly', () => {
    for (let x = 2; x < 2000; x++) {
      expect([power(x, 2), power(x, 0.5), power(x, -1)]).toEqual([x * x, Math.sqrt(x), 1 / x]);
    }
    for (let k = -307; k <= 308; k++) expect(power(10, k)).toBe(Number(`1e${k}`));
  });

  it('has ends', () => {
    expect([power(10, 400), power(10, -400), power(1, 1e300), power(7, 0)]).toEqual([
      Number.POSITIVE_INFINITY,
      0,
      1,
      1,
    ]);
    expect(power(5e-324, 0.5)).toBe(Math.sqrt(5e-324));
    for (const x of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => power(x, 2)).toThrow(RangeError);
  });

  it('is near what the engine says', () => {
    const base = fc.double({ min: 1e-30, max: 1e30, noNaN: true });
    fc.assert(
      fc.property(base, fc.double({ min: -8, max: 8, noNaN: true }), (x, y) => {
        expect(Math.abs(power(x, y) / x ** y - 1)).toBeLessThan(4.5e-16);
      }),
    );
  });
});

describe('powers', () => {
  it.each([-2, -1.5, -0.25, 0, 0.3, 1, -100])('are those of every number: %s', (exponent) => {
    expect(powers(exponent, 1200)).toEqual(Array.from({ length: 1200 }, (_, i) => power(i + 1, exponent)));
  });
});
