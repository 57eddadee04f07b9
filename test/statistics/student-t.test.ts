/**
 * Plan
 * - Quantiles and CDF agree with 40-digit values (student-t.fixture.py) to 1e-10 relative, df from 1 to 1e6.
 * - The printed table everybody has: t(0.975; 9) = 2.262, t(0.975; 30) = 2.042, and df = 1 is Cauchy: tan.
 * - Symmetry, inverse of each other, far tails, and arguments outside the domain.
 */
import { expect, test } from 'vitest';
import { studentTCdf, studentTQuantile } from '../../src/statistics/student-t.ts';
import fixture from './student-t.fixture.json' with { type: 'json' };

const relative = (value: number, exact: number) => Math.abs(value / exact - 1);

test.each(fixture.quantiles)('quantile of $p with $df degrees of freedom', ({ p, df, t }) => {
  expect(relative(studentTQuantile(p, df), t)).toBeLessThan(1e-10);
});

test.each(fixture.cdf)('CDF at $t with $df degrees of freedom', ({ t, df, p }) => {
  expect(relative(studentTCdf(t, df), p)).toBeLessThan(1e-10);
});

test('printed tables', () => {
  expect(studentTQuantile(0.975, 9).toFixed(3)).toBe('2.262');
  expect(studentTQuantile(0.975, 30).toFixed(3)).toBe('2.042');
  expect(relative(studentTQuantile(0.9, 1), Math.tan(0.4 * Math.PI))).toBeLessThan(1e-12);
});

test('symmetry and inverse', () => {
  for (const df of [1, 2.5, 10, 400, 1e6]) {
    expect(studentTQuantile(0.5, df)).toBeCloseTo(0, 12);
    for (const p of [1e-9, 0.01, 0.3, 0.49999]) {
      const t = studentTQuantile(p, df);
      expect(relative(studentTCdf(t, df), p)).toBeLessThan(1e-10);
      expect(studentTCdf(-t, df)).toBeCloseTo(1 - p, 12);
    }
  }
});

test('outside the domain', () => {
  expect(() => studentTQuantile(1, 3)).toThrow(/\(0, 1\); found 1/);
  expect(() => studentTQuantile(0.5, 0)).toThrow(/positive; found 0/);
  expect(studentTCdf(Number.POSITIVE_INFINITY, 3)).toBe(1);
});
