/**
 * Plan
 * - An exact power law gives its exponent with no error, weighted or not.
 * - Known errors: weights and the slope's error by hand for three points.
 * - The error is honest: over many noisy power laws the slope lies within 1.96 errors about 95 times in 100.
 * - Too few points and points without a logarithm.
 */
import { expect, test } from 'vitest';
import { numbersFrom } from '../statistics/numbers.ts';
import { logLogSlope } from './log-log-slope.ts';

const law = (x: number) => 3 * x ** -0.75;

test('an exact power law', () => {
  const xs = [1, 10, 100, 5000];
  const plain = logLogSlope(xs.map((x) => ({ x, y: law(x), sem: null })));
  const weighted = logLogSlope(xs.map((x) => ({ x, y: law(x), sem: 0.01 * law(x) * x ** 0.3 })));
  expect(plain.slope).toBeCloseTo(-0.75, 13);
  expect(plain.error).toBeLessThan(1e-12);
  expect(weighted.slope).toBeCloseTo(-0.75, 13);
  expect(weighted.intercept).toBeCloseTo(Math.log(3), 12);
});

test('the error of the slope follows from the errors of the points', () => {
  // log x = -1, 0, 1 with equal relative errors 0.1: spread = 2 / 0.01, error = 0.1 / sqrt 2.
  const fit = logLogSlope([-1, 0, 1].map((u) => ({ x: Math.exp(u), y: Math.exp(u), sem: 0.1 * Math.exp(u) })));
  expect(fit.error).toBeCloseTo(0.1 / Math.SQRT2, 12);
});

test('coverage of the 95 % interval', () => {
  const { normal } = numbersFrom(7);
  const xs = [1, 2, 4, 8, 16, 32];
  const repeats = 2000;
  let inside = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const curve = xs.map((x, i) => ({
      x,
      y: law(x) * Math.exp(0.01 * (i + 1) * normal()),
      sem: 0.01 * (i + 1) * law(x),
    }));
    const { slope, error } = logLogSlope(curve);
    if (Math.abs(slope + 0.75) < 1.96 * error) inside++;
  }
  // Binomial standard deviation 0.0049; four of them.
  expect(Math.abs(inside / repeats - 0.95)).toBeLessThan(0.02);
});

test('too few usable points', () => {
  const fit = logLogSlope([
    { x: 1, y: 2, sem: null },
    { x: 0, y: 3, sem: null },
    { x: 5, y: -3, sem: null },
  ]);
  expect(fit.points).toBe(1);
  expect(fit.slope).toBeNaN();
  expect(logLogSlope([]).slope).toBeNaN();
});
