/**
 * Plan
 * - kappa solves its equation to rounding over all shapes, sample sizes and ridges, including the extremes: one
 *   unknown, one row, T = d, ridges from 1e-12 to 1e6, 18 decades of spectrum.
 * - It agrees with the closed form for Sigma = I, and is 0 or the root of df_1 = T without ridge.
 * - Its slope is the difference quotient; degrees of freedom fall with kappa and with the power.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { degreesOfFreedom, kappa, margin } from '../../src/theory/fixed-point.ts';
import { ones, powers } from './problems.ts';

/** Relative residual of `kappa T - lambda T = sum s kappa / (s + kappa)`, against the largest term. */
function residual(spectrum: readonly number[], rows: number, ridge: number, root: number): number {
  const fitted = spectrum.reduce((sum, s) => sum + (s * root) / (s + root), 0);
  return Math.abs(rows * root - rows * ridge - fitted) / Math.max(rows * root, rows * ridge);
}

const problem = fc.record({
  dimension: fc.integer({ min: 1, max: 60 }),
  decay: fc.double({ min: 0, max: 5, noNaN: true }),
  rows: fc.integer({ min: 1, max: 200 }),
  ridge: fc.double({ min: -12, max: 6, noNaN: true }).map((power) => 10 ** power),
});

describe('kappa', () => {
  it('solves its equation', () => {
    fc.assert(
      fc.property(problem, ({ dimension, decay, rows, ridge }) => {
        const spectrum = powers(dimension, decay);
        const root = kappa(spectrum, rows, ridge);
        expect(root).toBeGreaterThanOrEqual(ridge);
        expect(residual(spectrum, rows, ridge, root)).toBeLessThan(1e-13);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [1, 1, 1e-12],
    [1, 1, 1e6],
    [4096, 4096, 1e-12],
    [4096, 4096, 1e6],
    [4096, 1, 1e-12],
    [4096, 100, 1e-12],
    [4096, 4095, 1e-12],
    [4096, 10 ** 6, 1e-12],
  ])('solves its equation for s = j^-5, d = %i, T = %i, lambda = %f', (dimension, rows, ridge) => {
    const spectrum = powers(dimension, 5);
    expect(residual(spectrum, rows, ridge, kappa(spectrum, rows, ridge))).toBeLessThan(1e-13);
  });

  it.each([
    [300, 1000, 1e-3],
    [300, 300, 1e-3],
    [300, 300, 1e-12],
    [300, 251, 10],
    [1, 1, 1e-6],
  ])('has the closed form of Sigma = I, d = %i, T = %i, lambda = %f', (dimension, rows, ridge) => {
    const half = (ridge + (dimension - rows) / rows) / 2;
    const closed = half < 0 ? ridge / (Math.sqrt(half ** 2 + ridge) - half) : half + Math.sqrt(half ** 2 + ridge);
    expect(kappa(ones(dimension), rows, ridge) / closed).toBeCloseTo(1, 12);
  });

  it('without ridge is 0 for T >= d and gives df_1 = T below', () => {
    expect(kappa(powers(50, 3), 50, 0)).toBe(0);
    expect(kappa(powers(50, 3), 51, 0)).toBe(0);
    for (const rows of [1, 2, 25, 49]) {
      const spectrum = powers(50, 3);
      expect(degreesOfFreedom(spectrum, kappa(spectrum, rows, 0), 1) / rows).toBeCloseTo(1, 12);
    }
  });

  it('changes with the ridge as its slope says', () => {
    for (const rows of [5, 20, 80]) {
      const spectrum = powers(20, 1.5);
      const step = 1e-5;
      const quotient = (kappa(spectrum, rows, 0.1 + step) - kappa(spectrum, rows, 0.1 - step)) / (2 * step);
      expect(rows / margin(spectrum, rows, kappa(spectrum, rows, 0.1))).toBeCloseTo(quotient, 7);
    }
  });
});

describe('degreesOfFreedom', () => {
  it('falls with kappa and with the power', () => {
    fc.assert(
      fc.property(problem, ({ dimension, decay, ridge }) => {
        const spectrum = powers(dimension, decay);
        const at = (root: number, power: number) => degreesOfFreedom(spectrum, root, power);
        expect(at(2 * ridge, 1)).toBeLessThan(at(ridge, 1) + 1e-12);
        expect(at(ridge, 2)).toBeLessThanOrEqual(at(ridge, 1));
        expect(at(ridge, 1)).toBeLessThanOrEqual(dimension);
      }),
    );
  });

  it('leaves the margin T - df_2', () => {
    const spectrum = powers(30, 1);
    expect(margin(spectrum, 40, 0.2)).toBeCloseTo(40 - degreesOfFreedom(spectrum, 0.2, 2), 12);
  });
});
