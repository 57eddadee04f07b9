/**
 * Plan. Laws that are known exactly at small sizes, drawn by the f64 reference of `direct`, seed 1.
 * - Without ridge and for T >= d the error of one fit is sigma^2 chi^2_d / chi^2_{T-d+1}, for any Sigma and w0, also where
 *   it has no mean (T = d): Kolmogorov-Smirnov at level 1e-4, which here sees shifts of about 2 % of the spread.
 * - Its mean, and those of chains of generators (Thm 4.1), fresh and reused, any Sigma: within 4 standard errors, of which
 *   each is less than 1.5 % of the mean.
 * - One fit to T < d rows, Sigma = I: (1 - T/d) ||w0||^2 + sigma^2 T/(d-T-1).
 * - Noiseless generators on T0 < d rows: 1 - (T0/d)^n fresh; reused, the error of every trial is that of n = 1.
 */
import { describe, expect, it } from 'vitest';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { meanOf, momentsOf, standardError } from '../../src/statistics/moments.ts';
import { type Chain, chainRecipes, powers } from '../support/chains.ts';
import { allErrors } from '../support/two-samples.ts';

const draw = (chain: Chain, trials: number) => {
  const job = { seed: 1, recipes: chainRecipes(chain) };
  return allErrors({ ...direct.openReference(job), capacity: trials }, job, trials);
};

/** P(chi^2_d / chi^2_m <= ratio) for even d: a Beta(d/2, m/2) law, whose distribution function is then a finite sum. */
function ratioLaw(ratio: number, d: number, m: number): number {
  const y = ratio / (1 + ratio);
  let [term, sum] = [1, 0];
  for (let k = 0; k < d / 2; k++) {
    sum += term;
    term *= (y * (m / 2 + k)) / (k + 1);
  }
  return 1 - (1 - y) ** (m / 2) * sum;
}

/** Kolmogorov-Smirnov distance of a sample from a law. */
function distanceFrom(law: (x: number) => number, sample: Float64Array): number {
  const n = sample.length;
  return sample.toSorted().reduce((worst, x, i) => {
    const below = law(x);
    return Math.max(worst, below - i / n, (i + 1) / n - below);
  }, 0);
}

/** The mean is the expected one: within 4 standard errors, and these are small. */
function expectMean(sample: Float64Array, expected: number): void {
  const moments = momentsOf(sample);
  expect(standardError(moments) / expected).toBeLessThan(0.015);
  expect(Math.abs(meanOf(moments) - expected) / standardError(moments), `${meanOf(moments)} ${expected}`).toBeLessThan(
    4,
  );
}

describe('one fit without ridge, T >= d', () => {
  const trials = 10_000;
  const critical = Math.sqrt(-Math.log(1e-4 / 2) / (2 * trials));

  it.each<[number, number, number]>([
    [2, 2, 0],
    [2, 3, 0],
    [2, 9, 2],
    [4, 4, 0],
    [4, 6, 1],
    [6, 15, 3],
  ])('d = %i, T = %i, s_j = j^-%i has the law of a ratio of chi squares', async (d, rows, exponent) => {
    const noise = 0.7;
    const chain = { d, rows, noise, ridges: [0], generations: [0], spectrum: powers(d, exponent) };
    const [errors] = await draw(chain, trials);
    const law = (error: number) => ratioLaw(error / noise ** 2, d, rows - d + 1);
    expect(distanceFrom(law, errors!)).toBeLessThan(critical);
  });

  it('the law itself, where it is elementary', () => {
    expect(ratioLaw(1, 2, 4)).toBeCloseTo(1 - 1 / 4, 14);
    expect(ratioLaw(1, 4, 4)).toBeCloseTo(1 / 2, 14);
  });
});

describe('chains without ridge, T and T0 >= d + 2', () => {
  it.each<[d: number, rows: number, generatorRows: number, reused: boolean, exponent: number]>([
    [1, 8, 9, false, 0],
    [1, 9, 8, true, 0],
    [2, 10, 9, false, 1],
    [2, 9, 10, true, 2],
    [3, 11, 12, false, 0],
    [3, 12, 11, true, 3],
  ])('d = %i, T = %i, T0 = %i, reused %s, s_j = j^-%i', async (d, rows, generatorRows, reused, exponent) => {
    const [noise, generations] = [0.5, [0, 1, 3]];
    const generator = { rows: generatorRows, noise: 0.8, reused };
    const truth = { kind: 'gaussian', variance: 2 } as const;
    const spectrum = powers(d, exponent);
    const cells = await draw({ d, rows, noise, generator, generations, ridges: [0], spectrum, truth }, 20_000);
    const each = (0.64 * d) / (generatorRows - d - 1);
    for (const [i, n] of generations.entries()) expectMean(cells[i]!, (0.25 * d) / (rows - d - 1) + n * each);
  });
});

describe('minimum norm, Sigma = I', () => {
  it.each([
    [9, 1],
    [10, 4],
    [12, 7],
  ])('d = %i, T = %i', async (d, rows) => {
    const truth = { kind: 'sphere', norm: 1.5 } as const;
    const [errors] = await draw({ d, rows, noise: 0.6, generations: [0], ridges: [0], truth }, 10_000);
    expectMean(errors!, (1 - rows / d) * 2.25 + (0.36 * rows) / (d - rows - 1));
  });

  const forgetting = { d: 6, rows: 9, noise: 0, ridges: [0], generations: [1, 2, 4] };

  it('noiseless fresh generators keep (T0/d)^n', async () => {
    const cells = await draw({ ...forgetting, generator: { rows: 4, noise: 0 } }, 10_000);
    for (const [i, n] of forgetting.generations.entries()) expectMean(cells[i]!, 1 - (4 / 6) ** n);
  });

  it('noiseless reused generators forget once', async () => {
    const [one, ...later] = await draw({ ...forgetting, generator: { rows: 4, noise: 0, reused: true } }, 10_000);
    expectMean(one!, 1 - 4 / 6);
    for (const errors of later) {
      const change = errors.reduce((worst, error, t) => Math.max(worst, Math.abs(error - one![t]!)), 0);
      expect(change).toBeLessThan(1e-8);
    }
  });
});
