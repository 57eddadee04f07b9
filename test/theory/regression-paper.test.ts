/**
 * Plan: arXiv:2402.07712v2
 * - The complete theory to leading order reduces to each theorem as printed: Prop 4.5, Cor 4.7, Thm 4.6, Thms 4.8 and
 *   4.9, and to the closed forms of Sigma = I.
 * - Predictions give the values that can be read off Figs 1, 2 and 3, within reading accuracy.
 * - The constant optimal ridge of Fig 2's problem does not depend on T.
 */
import { describe, expect, it } from 'vitest';
import { chainTerms, totalOf } from '../../src/theory/complete.ts';
import { kappa } from '../../src/theory/fixed-point.ts';
import { leadingMoments } from '../../src/theory/leading-moments.ts';
import { cleanBias, cleanVariance } from '../../src/theory/printed/clean-ridge.ts';
import { collapseTerm, reusedCollapseTerm } from '../../src/theory/printed/collapse-term.ts';
import { freshSurvival, reusedSurvival } from '../../src/theory/printed/product-law.ts';
import { asymptoticTestError, type ReplaceProblem, replaceTestError } from '../../src/theory/replace.ts';
import { figure1, figure2, powers } from './problems.ts';

/** The complete theory with every fit to leading order. */
function leadingError(problem: ReplaceProblem): number {
  const { spectrum, signal, generator, generations, downstream } = problem;
  const stage = (rows: number, ridge: number, variance: number) => ({
    moments: leadingMoments(spectrum, rows, ridge),
    variance,
  });
  const last = stage(downstream.rows, downstream.ridge, downstream.noise ** 2);
  if (generator === null || generations === 0) return totalOf(chainTerms(spectrum, signal, [last]));
  const { rows, noise, design } = generator;
  const chain =
    design === 'reused'
      ? [stage(rows, 0, generations * noise ** 2)]
      : Array.from({ length: generations }, () => stage(rows, 0, noise ** 2));
  return totalOf(chainTerms(spectrum, signal, [last, ...chain]));
}

function printedClean({ spectrum, signal, downstream }: ReplaceProblem): number {
  const fit = { spectrum, ...downstream };
  return cleanBias(fit, signal) + cleanVariance(fit, downstream.noise);
}

function predicted(problem: ReplaceProblem): number {
  const prediction = replaceTestError(problem);
  return prediction.kind === 'value' ? prediction.value : Number.NaN;
}

describe('the complete theory reduces to', () => {
  it.each([
    [100, 1e-3],
    [300, 1e-2],
    [1000, 1],
  ])('Prop 4.5 and Cor 4.7 for T = %i, lambda = %f', (rows, ridge) => {
    const problem = figure2(5, rows, ridge);
    const printed = printedClean(problem) + 5 * collapseTerm({ spectrum: problem.spectrum, rows, ridge }, 600);
    expect(leadingError({ ...problem, generations: 0 }) / printedClean(problem)).toBeCloseTo(1, 11);
    expect(leadingError(problem) / printed).toBeCloseTo(1, 11);
    const reused = { ...problem, generator: { ...problem.generator!, design: 'reused' as const } };
    expect(leadingError(reused) / printed).toBeCloseTo(1, 11);
  });

  it.each([150, 280, 600])('Thm 4.6 for T0 = %i', (generatorRows) => {
    const spectrum = powers(300, 1);
    const noisy = (noise: number): ReplaceProblem => ({
      spectrum,
      signal: powers(300, 1),
      generator: { rows: generatorRows, noise, design: 'reused' },
      generations: 3,
      downstream: { rows: 450, noise: 0.1, ridge: 1e-2 },
    });
    const added = leadingError(noisy(1)) - leadingError(noisy(0));
    const printed = 3 * reusedCollapseTerm({ spectrum, rows: 450, ridge: 1e-2 }, generatorRows);
    expect(added / printed).toBeCloseTo(1, 10);
  });

  it.each([251, 300, 1000])('the closed form of Sigma = I for T = %i', (rows) => {
    const [phi, ridge, n, q] = [300 / rows, 0.05, 3, 0.5];
    const problem: ReplaceProblem = {
      ...figure1(n, rows, ridge),
      generator: { rows: 150, noise: 0.2, design: 'fresh' },
    };
    const k = kappa(problem.spectrum, rows, ridge);
    const b = 1 / (1 + k);
    const a = b ** 2 * (1 + (phi * k ** 2) / ((1 + k) ** 2 - phi));
    const noise = (0.01 * phi) / ((1 + k) ** 2 - phi) + (0.04 * a * (150 / 149) * (1 - q ** n)) / (1 - q);
    expect(asymptoticTestError(problem) / (1 - 2 * b * q ** n + a * q ** n + noise)).toBeCloseTo(1, 11);
  });

  it.each(['fresh', 'reused'] as const)('Thms 4.8 and 4.9 for %s inputs', (design) => {
    const survival = design === 'reused' ? reusedSurvival(300, 225) : freshSurvival(300, [225, 225, 225]);
    const problem: ReplaceProblem = { ...figure1(3, 1000, 0), generator: { rows: 225, noise: 0, design } };
    expect(predicted(problem)).toBeCloseTo(1 - survival + 3 / 699, 12);
  });
});

describe('predictions give the figures', () => {
  /** Lowest error over a logarithmic grid of ridges, and where. */
  const lowest = (problem: (ridge: number) => ReplaceProblem, from: number, to: number, points = 81) => {
    const ridges = Array.from({ length: points }, (_, i) => from * (to / from) ** (i / (points - 1)));
    const errors = ridges.map((ridge) => predicted(problem(ridge)));
    const error = Math.min(...errors);
    return { error, ridge: ridges[errors.indexOf(error)]! };
  };
  const expectNear = (value: number, read: number, accuracy: number) =>
    expect(Math.abs(value / read - 1)).toBeLessThan(accuracy);

  it('Fig 1 left: error against ridge at T = 1000', () => {
    const read = [0.0043, 0.044, 0.124, 0.403] as const;
    for (const [i, n] of [0, 1, 3, 10].entries()) expectNear(predicted(figure1(n, 1000, 1e-3)), read[i]!, 0.015);
    expectNear(predicted(figure1(0, 1000, 10)), 0.83, 0.01);
    const three = lowest((ridge) => figure1(3, 1000, ridge), 1e-3, 10, 10);
    expectNear(three.error, 0.114, 0.02);
    expectNear(three.ridge, 0.06, 0.02);
    const ten = lowest((ridge) => figure1(10, 1000, ridge), 1e-3, 10, 10);
    expectNear(ten.error, 0.315, 0.02);
    expectNear(ten.ridge, 0.17, 0.02);
  });

  it('Fig 1 right: plateaus at T = 10^4', () => {
    const read = [3.1e-4, 0.04, 0.12, 0.399] as const;
    for (const [i, n] of [0, 1, 3, 10].entries()) expectNear(predicted(figure1(n, 1e4, 1e-3)), read[i]!, 0.015);
  });

  it('Fig 2 left: error against ridge at T = 10^4', () => {
    const clean = lowest((ridge) => figure2(0, 1e4, ridge), 1e-5, 1);
    expectNear(clean.error, 0.0052, 0.02);
    expectNear(clean.ridge, 6e-4, 0.3);
    const five = lowest((ridge) => figure2(5, 1e4, ridge), 1e-5, 1);
    expectNear(five.error, 0.108, 0.02);
    expectNear(five.ridge, 0.04, 0.3);
    expectNear(predicted(figure2(5, 1e4, 1e-5)), 3.3, 0.03);
  });

  it('Fig 2 right: error against T with lambda = T^-0.8', () => {
    const read = { 0: [0.083, 0.021, 0.0052, 0.0012], 5: [0.365, 0.27, 0.527, 1.285] } as const;
    for (const n of [0, 5] as const) {
      for (const [i, rows] of [1e2, 1e3, 1e4, 1e5].entries()) {
        expectNear(predicted(figure2(n, rows, rows ** -0.8)), read[n][i]!, 0.06);
      }
    }
  });

  it('Fig 3: noiseless generators on 225 rows, not on d/2 as its caption says', () => {
    const error = (design: 'fresh' | 'reused', n: number) =>
      predicted({ ...figure1(n, 1000, 1e-4), generator: { rows: 225, noise: 0, design } });
    for (const n of [1, 3, 10]) expectNear(error('reused', n), 0.254, 0.005);
    expectNear(error('fresh', 1), 0.254, 0.005);
    expectNear(error('fresh', 3), 0.582, 0.005);
    expectNear(error('fresh', 10), 0.948, 0.005);
  });

  it('an optimal ridge that does not depend on T', () => {
    const best = (n: number, rows: number) => lowest((ridge) => figure2(n, rows, ridge), 3e-3, 0.3).ridge;
    expectNear(best(1, 1e4), 0.0106, 0.06);
    expectNear(best(1, 1e6), 0.0101, 0.06);
    expectNear(best(2, 1e4), 0.018, 0.06);
    expectNear(best(5, 1e4), 0.037, 0.06);
    expectNear(best(20, 1e4), 0.11, 0.06);
  });
});
