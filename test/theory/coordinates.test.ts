/**
 * Sums over few coordinates in place of all.
 * - Coordinates that are alike become one with their number, whatever their order; of others each stands for itself.
 * - Beyond 4096 smooth ones a quadrature: its counts sum to d, and sums of what theory sums, over powers j^-beta and truths j^-delta/2, are
 *   those over all coordinates to 1e-12 of the sum of their sizes, for kappa over 16 decades.
 * - A list that is not smooth, in one place alone, is left as it is.
 * - The theory of chains and of mixtures has the value that it has over all coordinates.
 */

import { describe, expect, it } from 'vitest';
import { chainOf, chainPrediction } from '../../src/theory/chain.ts';
import { chainTerms } from '../../src/theory/complete.ts';
import { coordinatesOf } from '../../src/theory/coordinates.ts';
import { correctedMoments } from '../../src/theory/corrected-moments.ts';
import { exactMoments } from '../../src/theory/exact-moments.ts';
import { mixtureTestError } from '../../src/theory/mixture.ts';
import { mixtureMoments } from '../../src/theory/mixture-moments.ts';

const powers = (exponent: number, d: number) => Array.from({ length: d }, (_, j) => (j + 1) ** exponent);
/** Kahan's: plain sums of 10^5 numbers lose the twelfth digit by themselves. */
function sum(values: readonly number[]): number {
  let [total, lost] = [0, 0];
  for (const value of values) {
    const next = total + (value - lost);
    lost = next - total - (value - lost);
    total = next;
  }
  return total;
}

describe('coordinates that are alike', () => {
  it('become one, whatever their order', () => {
    const { spectrum, columns } = coordinatesOf([1, 2, 1, 2, 1, 1, 1, 1, 2], [3, 3, 3, 3, 3, 3, 3, 3, 3]);
    expect(spectrum).toEqual({ values: [1, 2], counts: [6, 3], dimension: 9 });
    expect(columns).toEqual([[3, 3]]);
  });

  it('are told apart by any column', () => {
    const d = 12;
    const { spectrum, columns } = coordinatesOf(new Array(d).fill(1), [...new Array(11).fill(5), 6]);
    expect(spectrum).toEqual({ values: [1, 1], counts: [11, 1], dimension: d });
    expect(columns).toEqual([[5, 6]]);
  });

  it('stand for themselves where most differ', () => {
    expect(coordinatesOf(powers(-1, 50)).spectrum.values).toHaveLength(50);
  });
});

describe.each([0.25, 1, 1.5, 4])('powers of exponent -%f in 10^5 dimensions', (beta) => {
  const d = 100_000;
  const eigenvalues = powers(-beta, d);
  const signal = powers(-1.3, d);
  const { spectrum, columns } = coordinatesOf(eigenvalues, signal);

  it('need a few hundred', () => {
    expect(spectrum.values.length).toBeLessThan(600);
    expect(spectrum.dimension).toBe(d);
    expect(sum(spectrum.counts) / d).toBeCloseTo(1, 13);
    expect(Math.min(...spectrum.counts)).toBeGreaterThan(0);
  });

  it.each([1e-18, 1e-12, 1e-6, 1e-3, 0.1, 10])('sum as all do, kappa = %f', (kappa) => {
    const parts: readonly ((s: number, c: number) => number)[] = [
      (s) => s / (s + kappa),
      (s) => (s / (s + kappa)) ** 2,
      (s) => (s / (s + kappa)) ** 3 * (kappa / (s + kappa)),
      (s, c) => s * c * (kappa / (s + kappa)) ** 2,
      (s, c) => (s / (s + kappa)) ** 4 * (c / s),
    ];
    for (const f of parts) {
      const all = sum(eigenvalues.map((s, j) => f(s, signal[j]!)));
      const few = sum(spectrum.values.map((s, j) => spectrum.counts[j]! * f(s, columns[0]![j]!)));
      expect(Math.abs(few / all - 1)).toBeLessThan(1e-12);
    }
  });
});

it('one number out of line, and all stand for themselves', () => {
  const eigenvalues = powers(-1, 20_000);
  eigenvalues[15_000]! *= 1 + 1e-9;
  expect(coordinatesOf(eigenvalues).spectrum.values).toHaveLength(20_000);
});

describe('theory in 20 000 dimensions', () => {
  const d = 20_000;
  const spectrum = powers(-1.5, d);
  const signal = powers(-1.2, d);

  it.each([
    [30_000, 0.01],
    [5_000, 1e-6],
    [800, 0],
  ])('of a chain is that of all coordinates: T = %i, lambda = %f', (rows, ridge) => {
    const generators = [{ rows: 25_000, noise: 0.3 }];
    const chain = chainOf({ spectrum, signal, generators, downstream: { rows, ridge, noise: 0.2 } });
    const stages = chain.fits.map((fit) => ({
      moments: exactMoments(spectrum, fit.rows, fit.ridge) ?? correctedMoments(spectrum, fit.rows, fit.ridge),
      variance: fit.variance,
    }));
    const { bias, variance, collapse } = chainTerms(spectrum, signal, stages);
    const found = chainPrediction(chain, () => '');
    expect(found.kind === 'value' && found.value / (bias + variance + collapse)).toBeCloseTo(1, 10);
  });

  it.each([undefined, 3000])('of a mixture is that of all coordinates, features %s', (features) => {
    const shift = spectrum.map((s) => 0.5 / s / d);
    const real = { rows: 4000, noise: 0.3 };
    const synthetic = { rows: 2000, noise: 0.2, weight: 0.7 };
    const problem = { spectrum, signal, shift, real, synthetic, ridge: 0.003, ...(features && { features }) };
    const found = mixtureTestError(problem);
    const weights = real.rows + 0.7 * synthetic.rows;
    const moments = mixtureMoments({
      test: spectrum,
      rows: 6000,
      ridge: 0.003,
      features: features ?? null,
      sources: [
        { share: 4000 / 6000, weight: 6000 / weights, spectrum },
        { share: 2000 / 6000, weight: (0.7 * 6000) / weights, spectrum },
      ],
    });
    const none = spectrum.map(() => 0);
    const { leading, correction } = moments.error({ signal, shift: none, noise: [0, 0] });
    expect(found.kind === 'value' && found.terms!.bias.value / (leading + correction)).toBeCloseTo(1, 10);
  });
});
