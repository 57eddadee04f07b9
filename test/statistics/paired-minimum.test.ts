/**
 * Plan: curves e_t(x) = (x - m_t)^2 + c_t, whose mean is least exactly at the mean of m_t
 * - the minimum is found between places, with the error of every trial there; noise that trials share does not matter
 * - its interval is that of the mean of m_t, covers the true value as often as it says, and is the same for the same seed
 * - more trials than blocks: as narrow
 * - a minimum beyond the places is at an end; an interval that would go further is said to be cut; a single place
 * - the paired difference has the standard error of differences
 */
import { describe, expect, it } from 'vitest';
import { pairedDifference, pairedMinimum } from '../../src/statistics/paired-minimum.ts';
import { numbersFrom } from './numbers.ts';

const XS = [-1, -0.5, 0, 0.5, 1];

const curves = (centres: readonly number[], common: readonly number[], xs = XS) => ({
  xs,
  errors: xs.map((x) => centres.map((m, t) => (x - m) ** 2 + common[t]!)),
});

const gaussians = (count: number, seed: number) => {
  const { normal } = numbersFrom(seed);
  return Array.from({ length: count }, normal);
};

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;

describe('the minimum of paired curves', () => {
  const centres = gaussians(400, 1).map((g) => 0.3 + 0.5 * g);
  const common = gaussians(400, 2).map((g) => 100 * g);
  const { x, interval, cut, errors } = pairedMinimum(curves(centres, common), 1);

  it('lies where the mean is least', () => {
    expect(x).toBeCloseTo(mean(centres), 10);
    expect(cut).toEqual({ low: false, high: false });
    centres.forEach((m, t) => {
      expect(errors[t]).toBeCloseTo((x - m) ** 2 + common[t]!, 9);
    });
  });

  it('has the interval of a mean, whatever trials have in common', () => {
    const half = (1.96 * 0.5) / Math.sqrt(400);
    expect((interval.high - interval.low) / (2 * half)).toBeGreaterThan(0.9);
    expect((interval.high - interval.low) / (2 * half)).toBeLessThan(1.1);
    expect(pairedMinimum(curves(centres, common), 1).interval).toEqual(interval);
  });

  it('covers the true place as often as it says', () => {
    const sets = Array.from({ length: 300 }, (_, i) => gaussians(60, 10 + i).map((g) => 0.2 + 0.8 * g));
    const none = new Array<number>(60).fill(0);
    const hits = sets.filter((set, i) => {
      const { low, high } = pairedMinimum(curves(set, none), i).interval;
      return low <= 0.2 && 0.2 <= high;
    });
    // A percentile interval of 60 numbers covers about 94 %; four standard errors of 300 sets are 5 %.
    expect(hits.length / 300).toBeGreaterThan(0.89);
    expect(hits.length / 300).toBeLessThan(0.99);
  });

  it('takes many trials in blocks', () => {
    const many = gaussians(5500, 3).map((g) => 0.1 + 0.5 * g);
    const { low, high } = pairedMinimum(curves(many, many), 1).interval;
    const half = (1.96 * 0.5) / Math.sqrt(5500);
    // c_t = m_t leaves the place of the minimum alone.
    expect((high - low) / (2 * half)).toBeGreaterThan(0.9);
    expect((high - low) / (2 * half)).toBeLessThan(1.1);
  });

  it.each([3, -3])('around %d is at an end', (centre) => {
    const found = pairedMinimum(curves([centre, centre + 0.1], [0, 0]), 1);
    expect(found.x).toBe(Math.sign(centre));
    expect(found.cut).toEqual({ low: centre < 0, high: centre > 0 });
  });

  it('is inside with an interval that is cut off', () => {
    const drawn = gaussians(20, 6);
    const scattered = drawn.map((g) => 0.6 + 2 * (g - mean(drawn)));
    const { x, cut } = pairedMinimum(curves(scattered, scattered), 1);
    expect(x).toBeCloseTo(0.6, 10);
    expect(cut).toEqual({ low: false, high: true });
  });

  it('of a single place is that place', () => {
    const found = pairedMinimum(curves([0, 1], [0, 0], [2]), 1);
    expect(found).toMatchObject({ x: 2, interval: { low: 2, high: 2 } });
    expect([...found.errors]).toEqual([4, 1]);
  });
});

it('a paired difference forgets what both have in common', () => {
  const common = gaussians(1000, 4).map((g) => 50 * g);
  const own = gaussians(1000, 5);
  const difference = pairedDifference(
    common.map((c, t) => c + 2 + own[t]!),
    common,
  );
  expect(Math.abs(difference.mean - 2)).toBeLessThan(4 * difference.sem);
  expect(difference.sem * Math.sqrt(1000)).toBeGreaterThan(0.9);
  expect(difference.sem * Math.sqrt(1000)).toBeLessThan(1.1);
});
