/**
 * Plan. Terms of the error of mixtures.
 * - Simulated means of 21 shapes (fixtures/simulate_mixtures.py), exact or not, with and without ridge, weights, unequal covariances and
 *   random features: within 4 standard errors and the allowance, and closer to the corrected than to the leading order.
 * - To leading order they are the formulas of the paper: Thm 1, Prop 2 (also with the weights of eq. (16)), Thm 2 as corrected.
 * - One source is a fit of `corrected-moments.ts`, to its next order as well. Corollaries 1 and 4 (corrected) are limits.
 * - The closed forms: that of least squares is the average over matrix betas, which for d = 1 is the moment of a beta variable; they are
 *   the sum of both orders but for a third one.
 * - Features: many are no projection, at the ridge lambda m/d. Ridges 1e-10 and 0 are the same.
 * - No mean at the threshold, with any noise or shift; none needed where nothing scatters.
 * - Weights of 0 drop a source; weights do not matter where the fit goes through all labels.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correctedMoments } from '../../src/theory/corrected-moments.ts';
import { passedShare } from '../../src/theory/exact-mixture.ts';
import { degreesOfFreedom, kappa } from '../../src/theory/fixed-point.ts';
import { leadingMoments } from '../../src/theory/leading-moments.ts';
import { asymptoticMixtureTerms, mixtureTestError } from '../../src/theory/mixture.ts';
import { mixtureMoments } from '../../src/theory/mixture-moments.ts';
import { type MixtureProblem, weightedMixture } from '../../src/theory/mixture-problem.ts';
import { projectedTerms } from '../../src/theory/random-projections.ts';
import { ones, powers } from './problems.ts';

const NAMES = ['bias', 'variance', 'collapse'] as const;
type Name = (typeof NAMES)[number];

interface Simulated extends Readonly<Record<Name, { readonly mean: number; readonly sem: number }>> {
  readonly name: string;
  readonly dimension: number;
  readonly beta: number;
  readonly beta2: number;
  readonly real: number;
  readonly synthetic: number;
  readonly weight: number;
  readonly ridge: number;
  readonly features: number | null;
}

const file = new URL('./fixtures/mixtures.json', import.meta.url);
const simulated = JSON.parse(readFileSync(file, 'utf8')) as readonly Simulated[];

function valued(problem: MixtureProblem) {
  const prediction = mixtureTestError(problem);
  if (prediction.kind !== 'value') throw new Error(prediction.reason);
  return { ...prediction, terms: prediction.terms! };
}

/** Gamma = I, Delta_j = j^-1/2, noise .5 and 1: the problem of the simulations. */
function problemOf(row: Omit<Simulated, Name | 'name'>): MixtureProblem {
  return {
    spectrum: powers(row.dimension, row.beta),
    signal: ones(row.dimension),
    shift: powers(row.dimension, 0.5),
    real: { rows: row.real, noise: 0.5 },
    synthetic: { rows: row.synthetic, noise: 1, weight: row.weight, spectrum: powers(row.dimension, row.beta2) },
    ridge: row.ridge,
    ...(row.features === null ? {} : { features: row.features }),
  };
}

const plain = { dimension: 12, beta: 1, beta2: 1, weight: 1, ridge: 0, features: null };

describe('simulation', () => {
  it.each(simulated)('$name', (row) => {
    const { terms } = valued(problemOf(row));
    for (const name of NAMES) {
      const gap = Math.abs(row[name].mean - terms[name].value);
      expect(gap, name).toBeLessThanOrEqual(4 * row[name].sem + terms[name].allowance + 1e-12);
    }
  });

  it('is nearer to the corrected than to the leading order wherever the two can be told apart', () => {
    for (const row of simulated) {
      const { terms } = valued(problemOf(row));
      for (const name of NAMES) {
        const { value, leading = value } = terms[name];
        const { mean, sem } = row[name];
        if (Math.abs(value - leading) < 8 * sem) continue;
        expect(Math.abs(mean - value), `${row.name}, ${name}`).toBeLessThan(Math.abs(mean - leading));
      }
    }
  });
});

describe('to leading order', () => {
  it.each([
    [30, 20, 0.05],
    [6, 9, 0.01],
    [7, 4, 0],
  ])('Thm 1, %i and %i rows, ridge %f', (real, synthetic, ridge) => {
    const problem = problemOf({ ...plain, dimension: 20, real, synthetic, ridge });
    const { spectrum, signal, shift } = problem;
    const n = real + synthetic;
    const [p1, p2, k] = [real / n, synthetic / n, kappa(spectrum, n, ridge)];
    const share = degreesOfFreedom(spectrum, k, 2) / n;
    const u = share / (1 - share);
    const trace = (f: (s: number, j: number) => number) =>
      spectrum.reduce((sum, s, j) => sum + f(s, j) / (s + k) ** 2, 0);
    const shifted =
      p2 ** 2 * (1 + p1 * u) * trace((s, j) => shift[j]! * s ** 3) +
      p2 * u * trace((s, j) => shift[j]! * s * (p1 * s + k) ** 2);
    const terms = asymptoticMixtureTerms(problem);
    expect(terms.variance).toBeCloseTo((p1 * 0.25 + p2) * u, 11);
    expect(terms.bias).toBeCloseTo((k ** 2 * trace((s, j) => s * signal[j]!)) / (1 - share), 11);
    expect(terms.collapse).toBeCloseTo(shifted, 11);
  });

  it.each([
    ['two covariances', 0.5, 2, null],
    ['weights of eq. (16)', 1, 1, 0.3],
    ['both', 0, 1.5, 0.8],
  ])('Prop 2, %s', (_, beta, beta2, a) => {
    const base = problemOf({ ...plain, dimension: 15, real: 12, synthetic: 18, ridge: 0.07, beta, beta2 });
    const problem = a === null ? base : weightedMixture(base, a);
    const terms = asymptoticMixtureTerms(problem);
    const expected = propositionTwo(base, a === null ? [1, 1] : [((1 - a) * 30) / 12, (a * 30) / 18]);
    for (const name of NAMES) expect(terms[name], name).toBeCloseTo(expected[name], 10);
  });

  it.each([
    [10, 0.02],
    [40, 0.02],
    [10, 0],
    [25, 0],
    [200, 1e-6],
  ])('Thm 2 as corrected, %i features, ridge %f', (features, ridge) => {
    const problem = problemOf({ ...plain, dimension: 24, real: 9, synthetic: 7, features, ridge });
    const [terms, printed] = [asymptoticMixtureTerms(problem), projectedTerms(problem, 'corrected')];
    for (const name of NAMES) expect(terms[name] / printed[name], name).toBeCloseTo(1, 9);
  });

  it.each([2, 4])('Cor 4, corrected, d/n = %i', (phi) => {
    const n = 50;
    const d = phi * n;
    const problem = {
      ...problemOf({ ...plain, dimension: d, beta: 0, beta2: 0, real: 30, synthetic: 20 }),
      shift: ones(d, 1 / d),
    };
    const { bias, collapse } = asymptoticMixtureTerms(problem);
    expect(bias / d).toBeCloseTo(1 - 1 / phi, 10);
    expect(collapse).toBeCloseTo((0.4 * (phi - 0.4)) / (phi * (phi - 1)), 10);
  });
});

/** As in the paper, with labels and noise of source j weighted by pi_j. */
function propositionTwo({ spectrum, signal, shift, real, synthetic, ridge }: MixtureProblem, pi: readonly number[]) {
  const sources = [real, synthetic];
  const n = real.rows + synthetic.rows;
  const p = sources.map(({ rows }) => rows / n);
  const sigma = sources.map(({ spectrum: own = spectrum }, j) => own.map((s) => pi[j]! * s));
  const mean = (f: (i: number) => number) => spectrum.reduce((sum, _, i) => sum + f(i), 0);
  const at = (e: readonly number[]) => (i: number) =>
    p[0]! * e[0]! * sigma[0]![i]! + p[1]! * e[1]! * sigma[1]![i]! + ridge;
  let e = [1, 1];
  for (let step = 0; step < 5000; step++) e = e.map((_, j) => 1 / (1 + mean((i) => sigma[j]![i]! / at(e)(i)) / n));
  const k = at(e);
  let u = [0, 0];
  const model = (i: number) => p[0]! * u[0]! * sigma[0]![i]! + p[1]! * u[1]! * sigma[1]![i]! + spectrum[i]!;
  for (let step = 0; step < 5000; step++)
    u = u.map((_, j) => (e[j]! ** 2 * mean((i) => (sigma[j]![i]! * model(i)) / k(i) ** 2)) / n);
  const other = 0;
  const kept = (i: number) =>
    p[1]! * e[1]! ** 2 * (spectrum[i]! + p[other]! * u[other]! * sigma[other]![i]!) * sigma[1]![i]! +
    u[1]! * (p[other]! * e[other]! * sigma[other]![i]! + ridge) ** 2;
  const noise = (j: number) => {
    const o = 1 - j;
    const d = (i: number) =>
      e[j]! * spectrum[i]! - ridge * u[j]! + p[o]! * (e[j]! * u[o]! - e[o]! * u[j]!) * sigma[o]![i]!;
    return (p[j]! * pi[j]! * sources[j]!.noise ** 2 * mean((i) => (sigma[j]![i]! * d(i)) / k(i) ** 2)) / n;
  };
  return {
    bias: ridge ** 2 * mean((i) => (signal[i]! * model(i)) / k(i) ** 2),
    variance: noise(0) + noise(1),
    collapse: p[1]! * mean((i) => (shift[i]! * sigma[1]![i]! * kept(i)) / k(i) ** 2),
  };
}

describe('one source', () => {
  it.each([
    [40, 0.1],
    [12, 0.1],
    [12, 0],
  ])('has the moments of one fit, %i rows, ridge %f', (rows, ridge) => {
    const spectrum = powers(20, 1);
    const sources = [0.3, 0.7].map((share) => ({ share, weight: 1, spectrum }));
    const moments = mixtureMoments({ test: spectrum, rows, ridge, sources, features: null });
    const none = ones(20, 0);
    const bias = moments.error({ signal: powers(20, 0.5), shift: none, noise: [0, 0] });
    const [first, second] = [leadingMoments, correctedMoments].map((of) =>
      of(spectrum, rows, ridge)
        .missed(spectrum)
        .reduce((sum, x, j) => sum + x * (j + 1) ** -0.5, 0),
    );
    expect(bias.leading / first!).toBeCloseTo(1, 11);
    expect(bias.correction / (second! - first!)).toBeCloseTo(1, 8);
    const { leading } = moments.error({ signal: none, shift: none, noise: [1, 1] });
    const expected = leadingMoments(spectrum, rows, ridge).noise.reduce((sum, x, j) => sum + x * spectrum[j]!, 0);
    expect(leading / expected).toBeCloseTo(1, 11);
  });

  it('passes on all of the shift and nothing else where all rows are synthetic', () => {
    const { terms } = valued(problemOf({ ...plain, real: 0, synthetic: 30 }));
    const shift = powers(12, 1.5).reduce((sum, x) => sum + x, 0);
    expect(terms.collapse).toEqual({ value: shift, allowance: 0 });
    expect(terms.variance.value).toBeCloseTo(12 / (30 - 13), 13);
    expect(valued(problemOf({ ...plain, real: 30, synthetic: 0 })).terms.collapse.value).toBe(0);
  });
});

describe('closed forms', () => {
  it.each([
    [3, 5],
    [1, 9],
  ])('one unknown: the second moment of a beta variable, %i and %i rows', (real, synthetic) => {
    const [a, b] = [synthetic / 2, real / 2];
    expect(passedShare(1, real, synthetic)).toBeCloseTo((a * (a + 1)) / ((a + b) * (a + b + 1)), 14);
  });

  it('are the sum of both orders up to the third, for least squares and for minimum norm', () => {
    const gap = (scale: number, real: number, synthetic: number, d: number) => {
      const rows = scale * (real + synthetic);
      const spectrum = ones(scale * d);
      const sources = [real, synthetic].map((part) => ({ share: part / (real + synthetic), weight: 1, spectrum }));
      const shift = ones(scale * d, 1 / (scale * d));
      const none = ones(scale * d, 0);
      const causes = { signal: none, shift, noise: [0, 0] };
      const found = mixtureMoments({ test: spectrum, rows, ridge: 0, sources, features: null }).error(causes);
      const exact = valued({
        spectrum,
        signal: none,
        shift,
        real: { rows: scale * real, noise: 0 },
        synthetic: { rows: scale * synthetic, noise: 0 },
        ridge: 0,
      });
      expect(exact.allowance).toBe(0);
      return exact.value / (found.leading + found.correction) - 1;
    };
    expect(gap(4, 8, 12, 10) / gap(8, 8, 12, 10)).toBeCloseTo(4, 0);
    expect(gap(4, 2, 3, 10) / gap(8, 2, 3, 10)).toBeCloseTo(4, 0);
  });

  it('Cor 1 in the limit', () => {
    const problem = problemOf({ ...plain, dimension: 400, beta: 0, beta2: 0, real: 1200, synthetic: 800 });
    const { terms } = valued({ ...problem, shift: ones(400, 1 / 400) });
    expect(terms.collapse.value / (0.4 ** 2 + (0.24 * 0.2) / 0.8)).toBeCloseTo(1, 2);
    expect(terms.variance.value / ((0.6 * 0.25 + 0.4) * 0.25)).toBeCloseTo(1, 2);
  });
});

describe('features', () => {
  it('so many as to span everything are none, at the ridge over m/d', () => {
    const shape = { ...plain, dimension: 20, real: 8, synthetic: 7 };
    const { value } = valued(problemOf({ ...shape, ridge: 0.05 }));
    const gap = (features: number) =>
      valued(problemOf({ ...shape, features, ridge: (0.05 * features) / 20 })).value / value - 1;
    expect(gap(2e4)).toBeLessThan(1e-2);
    expect(gap(2e4) / gap(4e4)).toBeCloseTo(2, 1);
  });

  it.each([8, 20, 100])('have the limit of no ridge, %i of them', (features) => {
    for (const real of [5, 30]) {
      const at = (ridge: number) =>
        asymptoticMixtureTerms(problemOf({ ...plain, dimension: 24, real, synthetic: 7, features, ridge }));
      for (const name of NAMES) expect(at(1e-11)[name] - at(0)[name], name).toBeCloseTo(0, 6);
    }
  });
});

describe('no mean', () => {
  it.each([11, 12, 13])('for %i rows in dimension 12, if labels scatter', (rows) => {
    const problem = problemOf({ ...plain, real: rows - 4, synthetic: 4 });
    expect(mixtureTestError(problem).kind).toBe('no-mean');
    const clean = { ...problem, real: { ...problem.real, noise: 0 }, synthetic: { ...problem.synthetic, noise: 0 } };
    expect(mixtureTestError(clean).kind).toBe('no-mean');
    expect(mixtureTestError({ ...clean, shift: ones(12, 0) }).kind).toBe('value');
    expect(mixtureTestError({ ...problem, ridge: 1e-3 }).kind).toBe('value');
  });

  it('for as many features as rows', () => {
    const problem = problemOf({ ...plain, real: 4, synthetic: 3, features: 7 });
    expect(mixtureTestError(problem).kind).toBe('no-mean');
    expect(mixtureTestError({ ...problem, features: 9 }).kind).toBe('value');
  });
});

describe('weights', () => {
  it('of 0 leave a source out', () => {
    const problem = problemOf({ ...plain, real: 20, synthetic: 15, ridge: 0.1 });
    const without = { ...problem, synthetic: { ...problem.synthetic, rows: 0 } };
    expect(valued(weightedMixture(problem, 0)).terms).toEqual(valued(without).terms);
  });

  it('in proportion to rows are none', () => {
    const problem = problemOf({ ...plain, real: 20, synthetic: 15 });
    expect(valued(weightedMixture(problem, 15 / 35)).value).toBeCloseTo(valued(problem).value, 13);
  });

  it('do not matter to a fit through all labels', () => {
    const problem = problemOf({ ...plain, dimension: 30, real: 8, synthetic: 5 });
    expect(valued(weightedMixture(problem, 0.9)).value).toBe(valued(problem).value);
  });
});

it('errors are positive, terms add up and the allowance is a number', () => {
  const shapes = fc.record({
    dimension: fc.integer({ min: 1, max: 20 }),
    beta: fc.double({ min: 0, max: 3, noNaN: true }),
    beta2: fc.double({ min: 0, max: 3, noNaN: true }),
    real: fc.integer({ min: 0, max: 40 }),
    synthetic: fc.integer({ min: 1, max: 40 }),
    weight: fc.double({ min: -2, max: 2, noNaN: true }).map((power) => 10 ** power),
    ridge: fc.oneof(
      fc.constant(0),
      fc.double({ min: -6, max: 2, noNaN: true }).map((power) => 10 ** power),
    ),
    features: fc.option(fc.integer({ min: 1, max: 60 })),
  });
  fc.assert(
    fc.property(shapes, (shape) => {
      const prediction = mixtureTestError(problemOf(shape));
      if (prediction.kind !== 'value') return;
      const { bias, variance, collapse } = prediction.terms!;
      expect(prediction.value).toBeCloseTo(bias.value + variance.value + collapse.value, 10);
      for (const { value, allowance } of [bias, variance, collapse]) {
        expect(allowance).toBeGreaterThanOrEqual(0);
        if (allowance < Infinity) expect(value).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 300 },
  );
});
