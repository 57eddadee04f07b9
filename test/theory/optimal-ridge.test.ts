/**
 * Plan:
 * - closed form: for Sigma = s I ridge regression is the posterior mean of w0 ~ N(0, ||w0||^2/d I) where
 *   lambda = sigma^2 d/(T ||w0||^2), so no ridge does better; to leading order exactly, nearly so at finite size
 * - the optima of arXiv:2402.07712v2, Fig 2, behind generators, by the theory at finite size
 * - edges: no noise wants 0; noisy labels of no truth want infinity; nothing finite is null; infinite at 0 is avoided
 * - no valley is missed: the optimum is not above any ridge of a fine grid, over random problems
 * - the rule: T^-l_crit for clean labels, (T0/(n sigma0^2))^-l_crit behind generators whatever T is, both caps, and its refusals
 */
import { describe, expect, it } from 'vitest';
import { optimalRidge, type RuleProblem, ruleRidge } from '../../src/theory/optimal-ridge.ts';
import { asymptoticTestError, type ReplaceProblem, replaceTestError } from '../../src/theory/replace.ts';
import { figure2, ones, powers } from './problems.ts';

const at = (problem: ReplaceProblem, ridge: number): ReplaceProblem => ({
  ...problem,
  downstream: { ...problem.downstream, ridge },
});

const errorOf = (problem: ReplaceProblem) => (ridge: number) => {
  const prediction = replaceTestError(at(problem, ridge));
  return prediction.kind === 'value' ? prediction.value : Number.POSITIVE_INFINITY;
};

/** Clean labels, Sigma = s I. */
const isotropic = (d: number, s: number, norm: number, rows: number, noise: number): ReplaceProblem => ({
  spectrum: ones(d, s),
  signal: ones(d, norm ** 2 / d),
  generator: null,
  generations: 0,
  downstream: { rows, noise, ridge: 0 },
});

describe('the optimal ridge', () => {
  it.each([
    [200, 1, 1, 600, 0.5],
    [200, 1, 2, 600, 0.1],
    [200, 3, 1, 150, 0.3],
    [50, 0.01, 1, 400, 1],
  ])(
    'of d = %d, Sigma = %d I, ||w0|| = %d, T = %d, sigma = %d is sigma^2 d / (T ||w0||^2)',
    (d, s, norm, rows, noise) => {
      const problem = isotropic(d, s, norm, rows, noise);
      const closed = (noise ** 2 * d) / (rows * norm ** 2);
      const leading = optimalRidge((ridge) => asymptoticTestError(at(problem, ridge)), s)!;
      expect(leading.ridge / closed).toBeCloseTo(1, 4);
      const finite = optimalRidge(errorOf(problem), s)!;
      expect(Math.abs(finite.ridge / closed - 1)).toBeLessThan(0.01);
    },
  );

  it.each([
    [1e4, 1, 0.0106],
    [1e6, 1, 0.0101],
    [1e4, 2, 0.018],
    [1e4, 5, 0.037],
    [1e6, 20, 0.11],
  ])('of Fig 2 at T = %d, n = %d is %d', (rows, generations, expected) => {
    const found = optimalRidge(errorOf(figure2(generations, rows, 0)), 1)!;
    expect(Math.abs(found.ridge / expected - 1)).toBeLessThan(0.02);
    expect(found.error).toBe(errorOf(figure2(generations, rows, 0))(found.ridge));
  });

  it('is 0 without noise and infinite without truth', () => {
    expect(optimalRidge(errorOf(isotropic(20, 1, 1, 50, 0)), 1)).toEqual({ ridge: 0, error: 0 });
    expect(optimalRidge(errorOf(isotropic(20, 1, 1, 10, 0)), 1)!.ridge).toBe(0);
    const nothing = optimalRidge(errorOf(isotropic(20, 1, 0, 50, 1)), 1)!;
    expect(nothing.ridge).toBe(Number.POSITIVE_INFINITY);
    expect(nothing.error).toBeLessThan(1e-50);
  });

  it('keeps away from where there is no mean', () => {
    expect(optimalRidge(errorOf(isotropic(40, 1, 1, 40, 0.2)), 1)!.ridge).toBeGreaterThan(0.01);
    expect(optimalRidge(() => Number.POSITIVE_INFINITY, 1)).toBeNull();
  });

  it('is not worse than any ridge of a fine grid', () => {
    for (let i = 0; i < 30; i++) {
      const d = 8 + ((7 * i) % 30);
      const problem: ReplaceProblem = {
        spectrum: powers(d, (i % 5) / 2),
        signal: powers(d, (i % 3) - 0.5),
        generator: { rows: d + 3 + i, noise: 0.1 * (i % 7), design: i % 2 === 0 ? 'fresh' : 'reused' },
        generations: i % 4,
        downstream: { rows: 2 * d + 5 * i, noise: 0.3 * (i % 3), ridge: 0 },
      };
      const error = errorOf(problem);
      const best = optimalRidge(error, 1)!.error;
      for (let t = -8; t <= 4; t += 0.11) expect(best).toBeLessThanOrEqual(error(10 ** t) * (1 + 1e-12));
    }
  });
});

describe('the rule', () => {
  const LAW = { beta: 2, r: 0.375 };
  const problem = (rows: number, count: number, change: Partial<RuleProblem> = {}): RuleProblem => ({
    law: LAW,
    dimension: 300,
    rows,
    noise: 1,
    generators: count > 0 ? { rows: 600, noise: 1, count } : null,
    ...change,
  });
  const ridge = (...args: Parameters<typeof problem>) => (ruleRidge(problem(...args)) as { ridge: number }).ridge;

  it('scales as the paper says', () => {
    expect(ridge(1e4, 0)).toBeCloseTo(1e4 ** -0.8, 12);
    expect(ridge(1e4, 0, { noise: 0 })).toBeCloseTo(1e4 ** -2, 12);
    for (const rows of [1e4, 1e6]) expect(ridge(rows, 5)).toBeCloseTo((600 / 5) ** -0.8, 12);
    // Fewer rows than the generators are worth: the noise of the last fit decides, unless it has none.
    expect(ridge(100, 1)).toBeCloseTo(100 ** -0.8, 12);
    expect(ridge(100, 1, { noise: 0 })).toBeCloseTo(600 ** -0.8, 12);
    expect(ridge(100, 1, { generators: { rows: 600, noise: 0, count: 1 } })).toBeCloseTo(100 ** -0.8, 12);
  });

  it.each([
    ['above 1', { law: { beta: 0.9, r: 0.4 } }],
    ['smoother', { law: { beta: 2, r: 0 } }],
    ['at least d rows', { dimension: 601 }],
    ['noisier', { generators: { rows: 600, noise: 30, count: 1 } }],
  ])('refuses: %s', (reason, change) => {
    expect(ruleRidge(problem(1e4, 1, change))).toEqual({ reason: expect.stringContaining(reason) });
  });

  it('refuses a single row', () => {
    expect(ruleRidge(problem(1, 0))).toEqual({ reason: expect.stringContaining('single row') });
  });
});
