/**
 * Plan: the terms of a prediction, arXiv:2402.07712v2, Thm 4.3
 * - They add up to the prediction, and so do those to leading order.
 * - Each is what is left when the noises of the others are switched off; variance and collapse go with their noise squared.
 * - To leading order they are Prop 4.5 and Cor 4.7 or Thm 4.6 as printed.
 * - An exact variance keeps its allowance of 0 wherever the last fit is exact; exact predictions have exact terms.
 * - Growing data: only the collapse term knows the generators, and it is the sum over them of Thm 4.1.
 */
import { describe, expect, it } from 'vitest';
import { growingTestError } from '../../src/theory/growing.ts';
import type { Prediction } from '../../src/theory/prediction.ts';
import { cleanBias, cleanVariance } from '../../src/theory/printed/clean-ridge.ts';
import { reusedCollapseTerm } from '../../src/theory/printed/collapse-term.ts';
import { type ReplaceProblem, replaceTestError } from '../../src/theory/replace.ts';
import { leastSquaresError } from '../../src/theory/ridgeless.ts';
import { powers } from './problems.ts';

const d = 40;
const spectra = { isotropic: new Array<number>(d).fill(1), 'power law': powers(d, 1.5) };
const signal = powers(d, 0.5);

function problemsOf(spectrum: readonly number[]): readonly ReplaceProblem[] {
  return [20, 90].flatMap((rows0) =>
    (['fresh', 'reused'] as const).flatMap((design) =>
      [25, 120].flatMap((rows) =>
        [0, 0.03].flatMap((ridge) =>
          [0, 1, 3].map((generations) => ({
            spectrum,
            signal,
            generator: { rows: rows0, noise: 0.4, design },
            generations,
            downstream: { rows, noise: 0.3, ridge },
          })),
        ),
      ),
    ),
  );
}

function known(prediction: Prediction) {
  if (prediction.kind !== 'value') throw new Error(prediction.reason);
  return { ...prediction, terms: prediction.terms! };
}

const switched = (problem: ReplaceProblem, last: number, generators: number): ReplaceProblem => ({
  ...problem,
  generator: { ...problem.generator!, noise: generators * problem.generator!.noise },
  downstream: { ...problem.downstream, noise: last * problem.downstream.noise },
});

describe.each(Object.entries(spectra))('%s', (_, spectrum) => {
  it.each(problemsOf(spectrum))('$generator $generations $downstream', (problem) => {
    const { value, leading, allowance, terms } = known(replaceTestError(problem));
    const parts = Object.values(terms);
    expect(parts.reduce((sum, part) => sum + part.value, 0)).toBeCloseTo(value, 12);
    expect(parts.every((part) => part.value >= 0 && part.allowance >= 0)).toBe(true);
    if (leading !== undefined) expect(parts.reduce((sum, part) => sum + part.leading!, 0)).toBeCloseTo(leading, 12);
    if (allowance === 0) expect(parts.map((part) => part.allowance)).toEqual([0, 0, 0]);

    const silent = known(replaceTestError(switched(problem, 0, 0))).value;
    const loud = (last: number, generators: number) =>
      known(replaceTestError(switched(problem, last, generators))).value - silent;
    expect(terms.bias.value).toBeCloseTo(silent, 12);
    expect(terms.variance.value).toBeCloseTo(loud(1, 0), 12);
    expect(4 * terms.variance.value).toBeCloseTo(loud(2, 0), 12);
    expect(terms.collapse.value).toBeCloseTo(loud(0, 1), 12);
    expect(9 * terms.collapse.value).toBeCloseTo(loud(0, 3), 11);
  });
});

it('to leading order as printed', () => {
  for (const problem of problemsOf(spectra['power law'])) {
    const { generator, generations, downstream } = problem;
    if (downstream.ridge === 0) continue;
    const { terms } = known(replaceTestError(problem));
    const ridge = { spectrum: problem.spectrum, ...downstream };
    expect(terms.variance.leading).toBeCloseTo(cleanVariance(ridge, downstream.noise), 11);
    if (generations === 0 || generator!.rows > d) expect(terms.bias.leading).toBeCloseTo(cleanBias(ridge, signal), 11);
    if (generator!.design === 'reused') {
      const { rows, noise } = generator!;
      const finite = rows > d ? (rows - d) / (rows - d - 1) : 1;
      const printed = generations * noise ** 2 * reusedCollapseTerm(ridge, rows) * finite;
      expect(terms.collapse.leading).toBeCloseTo(printed, 11);
    }
  }
});

it('the variance is exact where the last fit is', () => {
  const problem: ReplaceProblem = {
    spectrum: spectra['power law'],
    signal,
    generator: { rows: 20, noise: 0.4, design: 'fresh' },
    generations: 2,
    downstream: { rows: 120, noise: 0.3, ridge: 0 },
  };
  const { terms } = known(replaceTestError(problem));
  expect(terms.variance.value).toBeCloseTo(leastSquaresError(d, 120, 0.3), 12);
  expect(terms.variance.allowance).toBe(0);
  expect(terms.collapse.allowance).toBeGreaterThan(0);
  expect(terms.bias.allowance).toBeGreaterThan(0);
});

it('growing data', () => {
  const downstream = { rows: 120, noise: 0.3, ridge: 0 };
  const sizes = [50, 100, 150];
  const generators = sizes.map((rows) => ({ rows, noise: 0.4 }));
  const { terms } = known(growingTestError({ spectrum: spectra['power law'], signal, generators, downstream }));
  const collapse = sizes.reduce((sum, rows) => sum + leastSquaresError(d, rows, 0.4), 0);
  expect(terms.bias.value).toBe(0);
  expect(terms.variance.value).toBeCloseTo(leastSquaresError(d, 120, 0.3), 12);
  expect(terms.collapse.value).toBeCloseTo(collapse, 12);
});
