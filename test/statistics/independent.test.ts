/**
 * Plan. How many independent tests correlated ones are worth.
 * - Copies are one, however many and however scaled; independent rows are as many as they are; k groups of copies are k.
 * - For a common part of share rho the squared correlations are known: n/(1 + (n-1) rho^2), also where there are more tests than trials.
 * - Rows that do not vary are no tests, failed trials say nothing, too few trials give null.
 */
import { describe, expect, it } from 'vitest';
import { independentTests } from '../../src/statistics/independent.ts';

/** Numbers of mean 0 and variance 1 that look drawn: splitmix, then a sum of twelve. */
function draws(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32;
  };
  return () => Array.from({ length: 12 }, uniform).reduce((sum, u) => sum + u, -6);
}

const rowsOf = (tests: number, trials: number, of: (test: number, trial: number) => number) =>
  Array.from({ length: tests }, (_, i) => Float64Array.from({ length: trials }, (_, t) => of(i, t)));

describe('independentTests', () => {
  it('counts copies once', () => {
    const next = draws(1);
    const one = Array.from({ length: 50 }, next);
    expect(independentTests(rowsOf(30, 50, (i, t) => 5 + (i + 1) * one[t]!))!.independent).toBeCloseTo(1, 9);
    const groups = rowsOf(4, 2000, next);
    const copies = independentTests(rowsOf(40, 2000, (i, t) => groups[i % 4]![t]!));
    expect(copies!.independent).toBeCloseTo(4, 1);
  });

  it.each([
    [20, 100, 0],
    [300, 60, 0],
    [40, 200, 0.3],
    [200, 60, 0.6],
    [200, 128, 0.9],
  ])('%i tests on %i trials with a common share of %d', (tests, trials, share) => {
    const next = draws(7);
    const common = Array.from({ length: trials }, next);
    const rows = rowsOf(tests, trials, (_, t) => Math.sqrt(share) * common[t]! + Math.sqrt(1 - share) * next());
    const known = tests / (1 + (tests - 1) * share ** 2);
    const found = independentTests(rows)!.independent;
    expect(found / known).toBeGreaterThan(0.7);
    expect(found / known).toBeLessThan(1.4);
  });

  it('leaves out what does not vary, and failed trials', () => {
    const next = draws(3);
    const rows = rowsOf(10, 100, (i, t) => (i === 0 ? 0.3 : t === i ? Number.NaN : next()));
    const { tests, independent } = independentTests(rows)!;
    expect(tests).toBe(9);
    expect(independent).toBeGreaterThan(7.5);
    expect(independentTests(rowsOf(3, 20, () => 1))).toEqual({ tests: 0, independent: 0 });
    expect(independentTests(rowsOf(3, 15, next))).toBeNull();
    expect(independentTests([])).toBeNull();
  });
});
