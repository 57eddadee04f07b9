/**
 * Plan
 * - Decades: powers of ten labelled, 2 to 9 between them small; over many decades every second or third is labelled.
 * - Less than two powers of ten in sight still leaves at least three labelled ticks, all inside the axis.
 * - Linear axes, integer axes, and an axis of one value.
 * - shareOf is 0 and 1 at the ends and halves a log axis at the geometric mean.
 */
import { expect, test } from 'vitest';
import { linearScale, logScale, shareOf } from '../../src/report/scale.ts';

test('decades', () => {
  const scale = logScale([1e-3, 10], 8);
  expect(scale.major.map(scale.format)).toEqual(['10^{−3}', '10^{−2}', '10^{−1}', '10^{0}', '10^{1}']);
  expect(scale.minor).toContain(0.005);
  expect(scale.domain[0]).toBeLessThan(1e-3);
  expect(scale.domain[1]).toBeGreaterThan(10);
});

test('many decades', () => {
  const scale = logScale([1e-9, 1e6], 7);
  expect(scale.major.length).toBeLessThanOrEqual(7);
  expect(
    scale.major
      .map(Math.log10)
      .map(Math.round)
      .every((power) => power % 3 === 0),
  ).toBe(true);
});

test.each([
  [0.04, 0.8],
  [0.3, 0.4],
  [1.01, 1.02],
  [95, 130],
  [5, 5],
])('less than two powers of ten: %d to %d', (low, high) => {
  const { major, domain } = logScale([low, high], 7);
  expect(major.length).toBeGreaterThanOrEqual(3);
  expect(major.every((tick) => tick >= domain[0] && tick <= domain[1])).toBe(true);
});

test('linear and integer axes', () => {
  expect(linearScale([0, 10], 8, true).major).toEqual([0, 2, 4, 6, 8, 10]);
  expect(linearScale([0, 2], 8, true).major).toEqual([0, 1, 2]);
  expect(linearScale([0, 1], 5, false).major).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(linearScale([3], 5, true).major).toEqual([3]);
});

test('share of the way', () => {
  const scale = logScale([1, 100], 5);
  expect(shareOf(scale, scale.domain[0])).toBeCloseTo(0, 12);
  expect(shareOf(scale, scale.domain[1])).toBeCloseTo(1, 12);
  expect(shareOf(scale, 10)).toBeCloseTo(0.5, 12);
});

test('ticks that are close together are told apart', () => {
  const { major, format } = logScale([0.99994, 1.00001], 5);
  expect(new Set(major.map(format)).size).toBe(major.length);
  expect(major.map((place) => Number(format(place)))).toEqual(major);
  const wide = linearScale([0, 1], 5, null);
  expect(wide.major.map(wide.format)).toEqual(
    wide.major.map((place) => String(Number(place.toPrecision(4))).replace('-', '−')),
  );
});
