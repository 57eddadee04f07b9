import { describe, expect, it } from 'vitest';
import { normalCdf, normalCells } from '../../bench/normal-cells.ts';

/*
 * Plan: the distribution function behind the tests and batteries of normals.
 * - known values (Abramowitz and Stegun, table 26.1), symmetry, and its slope
 * - cells are 65 536 times it, also at the ends of the interpolation's bins, and stay below 65 536 up to the largest normal
 */

describe('normal distribution', () => {
  it.each([
    [0, 0.5],
    [1, 0.841344746068543],
    [2, 0.977249868051821],
    [-3, 0.00134989803163],
    [-5, 2.866515718792e-7],
  ])('has its known value at %d', (x, value) => {
    expect(Math.abs(normalCdf(x) - value)).toBeLessThan(2e-15);
    expect(Math.abs(normalCdf(-x) - (1 - value))).toBeLessThan(2e-15);
  });

  it('numbers its cells', () => {
    const cell = normalCells();
    for (let x = -6.78; x < 6.78; x += 0.00097) expect(Math.abs(cell(x) - 65536 * normalCdf(x))).toBeLessThan(1e-5);
    for (let bin = -800; bin < 800; bin++)
      expect(Math.abs(cell(bin / 128) - 65536 * normalCdf(bin / 128))).toBeLessThan(1e-5);
    expect(Math.trunc(cell(-6.77))).toBe(0);
    expect(Math.trunc(cell(6.77))).toBe(65535);
  });
});
