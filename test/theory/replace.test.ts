/**
 * Plan
 * - Exact forms: Thm 4.1 for any spectrum, signal and design; minimum-norm fits and generators with Sigma = I, by hand
 *   for d = 2 and d = 3; nothing is lost without noise at T = d, d + 1.
 * - No mean exactly where noise meets a square fit without ridge.
 * - Limits: ridge to 0, T to infinity, fresh and reused alike for n = 1.
 * - Properties: error at least 0, growing with n for T0 >= d, linear in signal and variances.
 * - The allowance is 0 for exact forms and shrinks like 1/d^2 otherwise.
 * - Simulation (fixtures/simulated.json): within the allowance and four standard errors everywhere.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growingDataError, ridgelessError } from '../../src/theory/printed/ridgeless.ts';
import { asymptoticTestError, type ReplaceProblem, replaceTestError } from '../../src/theory/replace.ts';
import simulated from './fixtures/simulated.json' with { type: 'json' };
import { figure1, figure2, ones, powers } from './problems.ts';

function valued(problem: ReplaceProblem): { readonly value: number; readonly allowance: number } {
  const prediction = replaceTestError(problem);
  if (prediction.kind !== 'value') throw new Error(prediction.reason);
  return prediction;
}

function ridgeless(changes: Partial<ReplaceProblem> = {}): ReplaceProblem {
  return {
    spectrum: powers(5, 3),
    signal: [1, 4, 2, 0, 3],
    generator: { rows: 9, noise: 0.7, design: 'fresh' },
    generations: 3,
    downstream: { rows: 12, noise: 0.5, ridge: 0 },
    ...changes,
  };
}

describe('exact forms', () => {
  it.each(['fresh', 'reused'] as const)('Thm 4.1 with %s inputs', (design) => {
    const problem = ridgeless({ generator: { rows: 9, noise: 0.7, design } });
    const { value, allowance } = valued(problem);
    expect(value).toBeCloseTo((0.25 * 5) / 6 + (3 * 0.49 * 5) / 3, 12);
    expect(value).toBeCloseTo(ridgelessError(5, 3, { rows: 9, noise: 0.7 }, { rows: 12, noise: 0.5 }), 12);
    expect(allowance).toBe(0);
    expect(replaceTestError(problem)).toHaveProperty('source', 'arXiv:2402.07712v2, Thm 4.1, exact');
  });

  it.each([5, 6, 7, 100])('nothing is lost without noise on T = T0 = %i >= d rows', (rows) => {
    const generator = { rows, noise: 0, design: 'fresh' as const };
    const problem = ridgeless({ generator, downstream: { rows, noise: 0, ridge: 0 } });
    expect(valued(problem)).toMatchObject({ value: 0, allowance: 0 });
  });

  it('one row in dimension 3: (1 - 1/3) ||w0||^2 + sigma^2 / (3 - 1 - 1)', () => {
    const clean = { spectrum: ones(3, 2), signal: [1, 2, 3], generator: null, generations: 0 };
    expect(valued({ ...clean, downstream: { rows: 1, noise: 0.5, ridge: 0 } }).value).toBeCloseTo(8 + 0.25, 12);
  });

  it('one noiseless row in dimension 2, twice: half the square is lost each time', () => {
    const problem = {
      spectrum: [1, 1],
      signal: [3, 1],
      generator: { rows: 1, noise: 0, design: 'fresh' as const },
      generations: 1,
      downstream: { rows: 1, noise: 0, ridge: 0 },
    };
    expect(valued(problem)).toMatchObject({ value: 3, allowance: 0 });
  });

  it('minimum-norm generators with noise, Sigma = I: recursion of ||w_n||^2 and <w_n, w0>', () => {
    const [d, rows, t, n] = [12, 4, 7, 5];
    const problem = (design: 'fresh' | 'reused') => ({
      spectrum: ones(d),
      signal: ones(d, 0.5),
      generator: { rows, noise: 0.3, design },
      generations: n,
      downstream: { rows: t, noise: 0.2, ridge: 0 },
    });
    const [truth, added, own] = [6, (0.09 * rows) / (d - rows - 1), (0.04 * t) / (d - t - 1)];
    let [norm, overlap] = [truth, truth];
    for (let m = 0; m < n; m++) [norm, overlap] = [(norm * rows) / d + added, (overlap * rows) / d];
    const error = (a: number, b: number) => ((a - 2 * b) * t) / d + truth + own;
    expect(valued(problem('fresh'))).toMatchObject({ value: expect.closeTo(error(norm, overlap), 12), allowance: 0 });
    const kept = (truth * rows) / d;
    expect(valued(problem('reused')).value).toBeCloseTo(error(kept + n * added, kept), 12);
  });

  it('data that grow with each fit lose log n instead of n', () => {
    const step = growingDataError(10, 2000, 1000, 1) - growingDataError(10, 1000, 1000, 1);
    expect(step / ((10 / 1000) * Math.log(2))).toBeCloseTo(1, 3);
  });
});

describe('no mean', () => {
  it.each([4, 5, 6])('for noisy square fits, %i rows in dimension 5', (rows) => {
    const square = { rows, noise: 0.1, ridge: 0 };
    expect(replaceTestError(ridgeless({ downstream: square })).kind).toBe('no-mean');
    expect(replaceTestError(ridgeless({ downstream: { ...square, noise: 0 } })).kind).toBe('value');
    expect(replaceTestError(ridgeless({ downstream: { ...square, ridge: 0.1 } })).kind).toBe('value');
    const generator = { rows, noise: 0.1, design: 'fresh' as const };
    const behindRidge = ridgeless({ generator, downstream: { rows: 20, noise: 0, ridge: 1 } });
    expect(replaceTestError(behindRidge).kind).toBe('no-mean');
    expect(replaceTestError({ ...behindRidge, generations: 0 }).kind).toBe('value');
    expect(replaceTestError({ ...behindRidge, generator: { ...generator, noise: 0 } }).kind).toBe('value');
  });

  it('keeps its mean two rows away', () => {
    for (const rows of [3, 7]) {
      expect(replaceTestError(ridgeless({ downstream: { rows, noise: 0.1, ridge: 0 } })).kind).toBe('value');
    }
  });
});

describe('limits', () => {
  it.each([100, 1000])('a vanishing ridge, T = %i of d = 300', (rows) => {
    const { value } = valued(figure1(3, rows, 0));
    expect(valued(figure1(3, rows, 1e-10)).value / value).toBeCloseTo(1, 4);
  });

  it('infinitely many rows leave what the generators added', () => {
    expect(valued(figure1(3, 1e9, 0)).value).toBeCloseTo((3 * 0.04 * 300) / 299, 8);
  });

  it('an infinite ridge leaves the null predictor', () => {
    expect(valued(figure1(10, 1000, 1e9)).value).toBeCloseTo(1, 6);
  });

  it.each([3, 8, 12])('one generation is the same for fresh and reused inputs, T0 = %i', (rows) => {
    const of = (design: 'fresh' | 'reused') =>
      ridgeless({ spectrum: powers(10, 1), signal: ones(10), generator: { rows, noise: 0.2, design }, generations: 1 });
    expect(valued(of('fresh')).value).toBe(valued(of('reused')).value);
  });
});

describe('properties', () => {
  const problems = fc.record({
    dimension: fc.integer({ min: 1, max: 40 }),
    decay: fc.double({ min: 0, max: 4, noNaN: true }),
    rows: fc.integer({ min: 1, max: 150 }),
    generatorRows: fc.integer({ min: 1, max: 100 }),
    generations: fc.integer({ min: 0, max: 8 }),
    noise: fc.double({ min: 0, max: 2, noNaN: true }),
    ridge: fc.double({ min: -6, max: 2, noNaN: true }).map((power) => 10 ** power),
    design: fc.constantFrom('fresh' as const, 'reused' as const),
  });
  type Shape = typeof problems extends fc.Arbitrary<infer T> ? T : never;
  const build = (shape: Shape): ReplaceProblem => ({
    spectrum: powers(shape.dimension, shape.decay),
    signal: ones(shape.dimension),
    generator: { rows: shape.generatorRows, noise: shape.noise, design: shape.design },
    generations: shape.generations,
    downstream: { rows: shape.rows, noise: shape.noise, ridge: shape.ridge },
  });

  it('the error is at least 0 and the allowance is a number', () => {
    fc.assert(
      fc.property(problems, (shape) => {
        const prediction = replaceTestError(build(shape));
        if (prediction.kind !== 'value') return;
        expect(prediction.value).toBeGreaterThanOrEqual(0);
        expect(prediction.allowance).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });

  it('the error grows with n for T0 >= d', () => {
    fc.assert(
      fc.property(problems, (shape) => {
        const problem = build({ ...shape, generatorRows: shape.dimension + 1 + shape.generatorRows });
        const { value } = valued(problem);
        const later = valued({ ...problem, generations: shape.generations + 1 }).value;
        expect(later).toBeGreaterThanOrEqual(value * (1 - 1e-12));
      }),
    );
  });
});

describe('the allowance', () => {
  it('shrinks like 1/d^2 at fixed ratios', () => {
    const relative = (d: number) => {
      const { value, allowance } = valued({
        ...figure1(0, (5 * d) / 3, 1e-2),
        spectrum: ones(d),
        signal: ones(d, 1 / d),
      });
      return allowance / value;
    };
    expect(relative(300) / relative(600)).toBeCloseTo(4, 0);
  });

  it('is small in the settings of the figures', () => {
    for (const problem of [figure1(10, 251, 1e-3), figure1(0, 351, 1e-3), figure2(5, 1000, 1e-4)]) {
      const { value, allowance } = valued(problem);
      expect(allowance / value).toBeLessThan(0.01);
    }
  });
});

describe('simulation', () => {
  const problemOf = (row: (typeof simulated)[number]): ReplaceProblem => ({
    spectrum: powers(row.dimension, row.beta),
    signal: powers(row.dimension, row.delta).map((c2) => (row.unit ? c2 / row.dimension : c2)),
    generator: row.generator as ReplaceProblem['generator'],
    generations: row.generations,
    downstream: row.downstream,
  });

  it.each(simulated)('$name, d = $dimension', (row) => {
    const { value, allowance } = valued(problemOf(row));
    expect(Math.abs(row.mean - value)).toBeLessThan(allowance + 4 * row.sem);
  });

  it('is nearer to the corrected than to the leading order wherever the two can be told apart', () => {
    for (const row of simulated) {
      const problem = problemOf(row);
      const [corrected, leading] = [valued(problem).value, asymptoticTestError(problem)];
      if (Math.abs(corrected - leading) < 8 * row.sem) continue;
      expect(Math.abs(row.mean - corrected)).toBeLessThan(Math.abs(row.mean - leading));
    }
  });
});
