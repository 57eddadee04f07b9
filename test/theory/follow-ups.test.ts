/**
 * Plan. Schemes in which labels come round several times.
 * - The mean spectrum of X'X/n: counts and the mean exactly, that of the inverse to the next order, zeros for n < d.
 * - Iterative mixing with fresh real rows: Cor 3 in the limit, exactly one mixture for one iteration, simulated means.
 * - With the same real rows: one iteration is a mixture, many rows give the small-phi form; the limit of many iterations is the real
 *   rows' own fit and a remainder; simulated means (NumPy, seed 2, 1500 to 4000 trials; d = 10 and 40) within 4 standard errors and the allowance.
 * - Accumulation: pi^2/6, T < d, fresh inputs, replacement, and no mean. With a random choice of the rows: pi^2/2 - 2 for T much larger
 *   than d; simulated means (fixtures/simulate_subsample.py) where leading order is off by up to 107 %; no mean where copies leave too few rows.
 * - Golden ratio: fixed point of the variance, the weight at which it is least, the ridge lambda/w in the mean, simulated means.
 * - Weighted mixtures: the best weight is that of the small-phi form where phi is small; the printed corollary is far from the error.
 */
import { describe, expect, it } from 'vitest';
import { type AccumulateProblem, accumulateTestError } from '../../src/theory/accumulate.ts';
import { type SubsampleProblem, subsampledSeries, subsampleTestError } from '../../src/theory/accumulate-subsample.ts';
import { type GoldenRatioProblem, goldenRatioTestError } from '../../src/theory/golden-ratio.ts';
import { type IterativeProblem, iterativeTestError } from '../../src/theory/iterative-mixing.ts';
import { mixtureTestError } from '../../src/theory/mixture.ts';
import { type MixtureProblem, weightedMixture } from '../../src/theory/mixture-problem.ts';
import type { Prediction } from '../../src/theory/prediction.ts';
import { goldenWeight } from '../../src/theory/printed/golden-weight.ts';
import { optimalWeight, printedWeightedError } from '../../src/theory/printed/optimal-weight.ts';
import { leastSquaresError } from '../../src/theory/ridgeless.ts';
import { spectralSum, wishartSpectrum } from '../../src/theory/wishart-spectrum.ts';
import subsampled from './fixtures/subsampled.json' with { type: 'json' };
import { ones, powers } from './problems.ts';

function valued(prediction: Prediction | null) {
  if (prediction?.kind !== 'value') throw new Error('no value');
  return prediction;
}

describe('the mean spectrum', () => {
  it.each([
    [20, 50],
    [30, 10],
    [10, 10],
  ])('has d eigenvalues of mean 1, d = %i, n = %i', (d, n) => {
    for (const order of ['leading', 'corrected'] as const) {
      const rule = wishartSpectrum(d, n, order);
      expect(spectralSum(rule, () => 1)).toBeCloseTo(d, 9);
      expect(spectralSum(rule, (x) => x)).toBeCloseTo(d, 9);
    }
    // E tr (X'X/n)^2 = d (n + d + 1)/n: the square has no third order.
    expect(spectralSum(wishartSpectrum(d, n, 'corrected'), (x) => x * x)).toBeCloseTo((d * (n + d + 1)) / n, 8);
  });

  // Of the law of Marchenko and Pastur, y = d/n: (1/d) sum x/(x + lambda)^2 = ((1 + y + lambda)/R - 1)/(2 y), R^2 = (1 - y + lambda)^2 + 4 y lambda.
  it.each([
    [40, 40],
    [4000, 4001],
    [1000, 1020],
    [30, 100],
    [50, 20],
  ])('has the variance of ridge fits however small the ridge, d = %i, n = %i', (d, n) => {
    const y = d / n;
    for (const ridge of [10, 1, 1e-2, 1e-4, 1e-5, 1e-6, 1e-8, 1e-10]) {
      const root = Math.sqrt((1 - y + ridge) ** 2 + 4 * y * ridge);
      const expected = (1 + y + ridge - root) / (2 * y * root);
      const sum = spectralSum(wishartSpectrum(d, n, 'leading'), (x) => x / (x + ridge) ** 2) / d;
      // What the closed form loses where its root is nearly 1 + y + lambda.
      const known = 1e-10 + (2e-15 * (1 + y + ridge)) / (expected * y * root);
      expect(Math.abs(sum / expected - 1), `ridge ${ridge}`).toBeLessThan(known);
    }
  });

  it('has the mean inverse to the next order', () => {
    const gap = (scale: number) => {
      const [d, n] = [10 * scale, 25 * scale];
      const exact = (d * n) / (n - d - 1);
      return spectralSum(wishartSpectrum(d, n, 'corrected'), (x) => 1 / x) / exact - 1;
    };
    expect(gap(4) / gap(8)).toBeCloseTo(4, 0);
    expect(Math.abs(gap(8))).toBeLessThan(1e-4);
  });
});

const iterative = (change: Partial<IterativeProblem>): IterativeProblem => ({
  spectrum: ones(10),
  signal: ones(10, 1 / 10),
  shift: ones(10, 1 / 10),
  real: { rows: 20, noise: 1, design: 'fresh' },
  synthetic: { rows: 20, noise: 1 },
  ridge: 0,
  iterations: 5,
  ...change,
});

describe('iterative mixing, fresh real rows', () => {
  it('is one mixture after one iteration', () => {
    for (const spectrum of [ones(10), powers(10, 1)])
      expect(iterativeTestError(iterative({ spectrum, iterations: 1 }))).toEqual(
        mixtureTestError(iterative({ spectrum })),
      );
  });

  it('is the recursion of Cor 3 as all grows', () => {
    const d = 2000;
    const problem = iterative({
      spectrum: ones(d),
      signal: ones(d, 1 / d),
      shift: ones(d, 0.5 / d),
      real: { rows: 6000, noise: 1, design: 'fresh' },
      synthetic: { rows: 4000, noise: 1 },
    });
    let error = 0.5;
    for (let t = 0; t < 5; t++) error = 0.25 + (0.16 + 0.24 * 0.25) * error;
    expect(valued(iterativeTestError(problem)).value / error).toBeCloseTo(1, 3);
  });

  it('has terms that add up, of which the first model, its errors and the last noise know each other not', () => {
    const { value, terms } = valued(iterativeTestError(iterative({})));
    expect(terms!.bias.value + terms!.variance.value + terms!.collapse.value).toBeCloseTo(value, 13);
    expect(valued(iterativeTestError(iterative({ iterations: 2 }))).terms!.variance).toEqual(terms!.variance);
  });
});

describe('iterative mixing, the same real rows', () => {
  const reused = (change: Partial<IterativeProblem>, rows = 20) =>
    iterative({ real: { rows, noise: 1, design: 'reused' }, ...change });

  it.each([
    [10, 20, 20, 1, 5, 0, 1.0488, 0.0094],
    [10, 40, 40, 1, 5, 0, 0.4049, 0.0032],
    [10, 15, 30, 0.1, 5, 0, 1.0968, 0.009],
    [10, 30, 15, 0.1, 3, 0, 0.5453, 0.0048],
    [10, 5, 10, 1, 4, 0.1, 1.9597, 0.0148],
    [10, 20, 20, 1, 5, 0.1, 0.6294, 0.0049],
    [40, 80, 80, 1, 5, 0, 1.0229, 0.0075],
    [40, 160, 160, 1, 5, 0, 0.4009, 0.0026],
    [40, 60, 120, 0.1, 5, 0, 1.0727, 0.0071],
    [40, 120, 60, 0.1, 3, 0, 0.5406, 0.0037],
    [40, 20, 40, 1, 4, 0.1, 1.9317, 0.0125],
    [40, 80, 80, 1, 5, 0.1, 0.6175, 0.0039],
  ])(
    'simulated, d = %i, %i and %i rows, c0^2 = %f, %i iterations, ridge %f',
    (d, n1, n2, c2, iterations, ridge, mean, sem) => {
      const problem = reused(
        {
          spectrum: ones(d),
          signal: ones(d, 1 / d),
          shift: ones(d, c2 / d),
          synthetic: { rows: n2, noise: 1 },
          iterations,
          ridge,
        },
        n1,
      );
      const { value, allowance } = valued(iterativeTestError(problem));
      expect(Math.abs(mean - value)).toBeLessThan(4 * sem + allowance);
      expect(allowance / value).toBeLessThan(0.5);
    },
  );

  it('does not know Sigma without ridge', () => {
    const spectrum = powers(10, 1);
    const steep = reused({ spectrum, shift: spectrum.map((s) => 1 / (10 * s)) });
    expect(valued(iterativeTestError(steep)).value).toBeCloseTo(valued(iterativeTestError(reused({}))).value, 12);
  });

  it('is nearly one mixture after one iteration, by the same recursion', () => {
    const exact = valued(iterativeTestError(iterative({ iterations: 1 }))).value;
    const fewFirst = reused({ iterations: 2, shift: ones(10, 0), synthetic: { rows: 1e7, noise: 1 } });
    // With endless synthetic rows the second model is the first, whose labels are the truth's: no error at all is added.
    expect(valued(iterativeTestError(fewFirst)).value).toBeLessThan(1e-4 * exact);
  });

  it('has the form of many rows', () => {
    const [d, rows, p2, t] = [10, 1e5, 0.5, 4];
    const problem = reused({ synthetic: { rows, noise: 0.7 }, iterations: t, shift: ones(d, 1e-4) }, rows);
    const one = leastSquaresError(d, rows, 1);
    const generators = (leastSquaresError(d, rows, 0.7) * p2 ** 2 * (1 - p2 ** (2 * t))) / (1 - p2 ** 2);
    const expected = (1 - p2 ** t) ** 2 * one + p2 ** (2 * t) * 1e-3 + generators;
    expect(valued(iterativeTestError(problem)).value / expected).toBeCloseTo(1, 3);
  });

  it('says nothing where nothing is known', () => {
    expect(iterativeTestError(reused({}, 5))).toBeNull();
    expect(iterativeTestError(reused({ spectrum: powers(10, 1), ridge: 0.1 }))).toBeNull();
    expect(iterativeTestError(iterative({ ridge: 0.1 }))).toBeNull();
  });
});

const accumulate = (change: Partial<AccumulateProblem>): AccumulateProblem => ({
  spectrum: powers(10, 1),
  signal: ones(10, 1 / 10),
  rows: 30,
  noise: 0.5,
  ridge: 0,
  design: 'reused',
  past: 'kept',
  fits: 4,
  ...change,
});
const accumulated = (change: Partial<AccumulateProblem>) => valued(accumulateTestError(accumulate(change))).value;

describe('accumulation', () => {
  const one = leastSquaresError(10, 30, 0.5);

  it('costs at most pi^2/6 fits on one design, and n of them without the past', () => {
    expect(accumulated({ fits: 1 })).toBeCloseTo(one, 14);
    expect(accumulated({})).toBeCloseTo(one * (1 + 1 / 4 + 1 / 9 + 1 / 16), 14);
    expect(accumulated({ fits: 20_000 }) / one).toBeCloseTo(Math.PI ** 2 / 6, 4);
    expect(accumulated({ past: 'replaced' })).toBeCloseTo(4 * one, 14);
    expect(accumulated({ past: 'replaced', design: 'fresh' })).toBeCloseTo(4 * one, 14);
  });

  it('costs sigma^2 d/(i (i T - d - 1)) for fit i on fresh inputs', () => {
    expect(accumulated({ design: 'fresh' })).toBeCloseTo(
      2.5 / 19 + 2.5 / (2 * 49) + 2.5 / (3 * 79) + 2.5 / (4 * 109),
      14,
    );
  });

  it('never recovers what the first inputs did not see', () => {
    const few = { spectrum: ones(10), rows: 4, noise: 0, fits: 3 } as const;
    expect(accumulated(few)).toBeCloseTo(0.6, 14);
    expect(accumulated({ ...few, design: 'fresh' })).toBeCloseTo(0.6, 14);
    expect(accumulateTestError(accumulate({ ...few, spectrum: powers(10, 1) }))).toBeNull();
  });

  it('has no mean once all rows together are as many as unknowns', () => {
    const kinds = [1, 2, 3].map(
      (fits) => accumulateTestError(accumulate({ spectrum: ones(10), rows: 5, design: 'fresh', fits }))?.kind,
    );
    expect(kinds).toEqual(['value', 'no-mean', 'no-mean']);
  });
});

describe('accumulation of which a part is seen', () => {
  it('starts as one fit and tends to pi^2/2 - 2', () => {
    expect(subsampledSeries(1)).toBe(1);
    expect(subsampledSeries(2)).toBe(1.75);
    expect(subsampledSeries(1e5)).toBeCloseTo(Math.PI ** 2 / 2 - 2, 4);
  });

  it('tends to that series where T is much larger than d', () => {
    for (const design of ['fresh', 'reused'] as const)
      for (const fits of [2, 7]) {
        const { value, leading } = valued(subsampleTestError({ ...choice, rows: 1e7, dimension: 2, design, fits }));
        expect(value / leading!).toBeCloseTo(1, 6);
      }
  });

  it.each(subsampled)('simulated: $design, d = $dimension, T = $rows, fit $fits', ({ mean, sem, ...setting }) => {
    const { value, allowance } = valued(subsampleTestError({ ...choice, ...setting } as SubsampleProblem));
    expect(allowance).toBeLessThan(0.075 * value);
    // Far nearer than it allows for itself.
    const { rows, dimension } = setting;
    expect(Math.abs(mean - value)).toBeLessThan((0.3 * value) / (rows - dimension - 1) + 3.5 * sem);
  });

  it('has no mean where copies may leave d + 1 different rows', () => {
    const kindOf = (change: Partial<SubsampleProblem>) => subsampleTestError({ ...choice, ...change })?.kind;
    expect(kindOf({ rows: 9, dimension: 4, design: 'reused', fits: 2 })).toBe('no-mean');
    expect(kindOf({ rows: 9, dimension: 4, design: 'reused', fits: 1 })).toBe('value');
    expect(kindOf({ rows: 9, dimension: 4, design: 'fresh', fits: 2 })).toBe('value');
    expect(kindOf({ rows: 100, dimension: 31, design: 'reused', fits: 12 })).toBe('value');
    expect([3, 4, 5].map((rows) => kindOf({ rows, dimension: 4, fits: 1 }))).toEqual(['no-mean', 'no-mean', 'no-mean']);
  });
});

const choice: SubsampleProblem = { dimension: 10, rows: 100, noise: 1, ridge: 0, design: 'fresh', fits: 2 };

const golden = (change: Partial<GoldenRatioProblem>): GoldenRatioProblem => ({
  spectrum: ones(20),
  signal: ones(20, 1 / 20),
  rows: 30,
  weight: 0.3,
  realNoise: 0.5,
  syntheticNoise: 0.3,
  ridge: 0,
  rounds: 3,
  ...change,
});

describe('golden ratio', () => {
  // NumPy, seed 2, 5000 trials each.
  it.each([
    [20, 30, 0.3, 0, 3, 0.3211, 0.0029],
    [20, 30, 0.3, 0.2, 3, 0.3314, 0.0014],
    [30, 20, 0.5, 0.2, 5, 0.5088, 0.0017],
    [30, 20, 0.5, 0, 5, 0.589, 0.0029],
  ])('simulated, d = %i, n = %i, w = %f, ridge %f, %i rounds', (d, rows, weight, ridge, rounds, mean, sem) => {
    const problem = golden({ spectrum: ones(d), signal: ones(d, 1 / d), rows, weight, ridge, rounds });
    const { value, allowance } = valued(goldenRatioTestError(problem));
    expect(Math.abs(mean - value)).toBeLessThan(4 * sem + allowance);
  });

  it('has after many rounds the least error at 1/golden ratio, which is also its size', () => {
    const error = (weight: number) =>
      valued(goldenRatioTestError(golden({ weight, syntheticNoise: 0.5, rounds: 400 }))).value /
      leastSquaresError(20, 30, 0.5);
    const best = goldenWeight();
    expect(best).toBeCloseTo((Math.sqrt(5) - 1) / 2, 14);
    expect(error(best)).toBeCloseTo(best, 12);
    for (const other of [best - 0.01, best + 0.01]) expect(error(other)).toBeGreaterThan(error(best));
  });

  it('moves as the noise of synthetic labels does', () => {
    const noiseRatio = 3;
    const error = (weight: number) =>
      valued(goldenRatioTestError(golden({ weight, syntheticNoise: 0.5 * Math.sqrt(noiseRatio), rounds: 400 }))).value /
      leastSquaresError(20, 30, 0.5);
    const best = goldenWeight(noiseRatio);
    expect(error(best)).toBeCloseTo(best, 12);
    for (const other of [best - 0.01, best + 0.01]) expect(error(other)).toBeGreaterThan(error(best));
  });

  it('is one fit for all weight on the real labels, and without rounds', () => {
    const one = leastSquaresError(20, 30, 0.5);
    expect(valued(goldenRatioTestError(golden({ weight: 1 }))).value).toBeCloseTo(one, 14);
    expect(valued(goldenRatioTestError(golden({ rounds: 0 }))).value).toBeCloseTo(one, 14);
  });

  it('has the bias of the ridge lambda/w in the end', () => {
    const bias = (weight: number, ridge: number) =>
      valued(goldenRatioTestError(golden({ weight, ridge, rounds: 300 }))).terms!.bias.value;
    expect(bias(0.25, 0.1)).toBeCloseTo(bias(1, 0.4), 10);
  });
});

describe('weighted mixtures', () => {
  const problem = (real: number, synthetic: number): MixtureProblem => ({
    spectrum: ones(100),
    signal: ones(100, 1 / 100),
    shift: ones(100, 0.25 / 100),
    real: { rows: real, noise: 1 },
    synthetic: { rows: synthetic, noise: 1 },
    ridge: 0,
  });

  it('are best where the form of many rows says', () => {
    const [n1, n2] = [40_000, 20_000];
    const best = optimalWeight(problem(n1, n2))!;
    const [real, synthetic] = [100 / n1, 100 / n2];
    expect(best.weight / (real / (0.25 + real + synthetic))).toBeCloseTo(1, 2);
    for (const other of [best.weight / 1.3, best.weight * 1.3])
      expect(valued(mixtureTestError(weightedMixture(problem(n1, n2), other))).value).toBeGreaterThan(best.error);
  });

  it('cost what the printed corollary misses by a factor', () => {
    const noisy = { ...problem(10_000, 200), synthetic: { rows: 200, noise: 1 } };
    const error = valued(mixtureTestError(weightedMixture(noisy, 0.75))).value;
    expect(printedWeightedError(100, 0.25, noisy, 0.75)).toBeLessThan(error / 50);
  });
});
