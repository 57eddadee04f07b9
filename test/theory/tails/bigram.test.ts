/**
 * Plan
 * - The absolute deviation agrees with the sum over all counts, about the mean (De Moivre) and elsewhere.
 * - The error is the mean over simulations, whole and with its conditionals cut, to four standard errors.
 * - Thm 4.1: exponents fitted on either side of beta = 2; Thm 4.2: the plateau, and T^-c before it.
 */
import { describe, expect, it } from 'vitest';
import { bigramExponent, bigramPlateau } from '../../../src/theory/printed/bigram.ts';
import { absoluteDeviation, bigramError, meanVariation } from '../../../src/theory/tails/bigram.ts';
import { binomialMass } from '../../../src/theory/tails/binomial.ts';
import { cut, type TokenLaw, zipf } from '../../../src/theory/tails/laws.ts';
import { histogram, meanOf, slopeOf, uniforms } from './random.ts';

describe('the absolute deviation', () => {
  it.each([
    [1, 0.3, 0.3],
    [10, 0.25, 2.5],
    [10, 0.2, 2],
    [37, 0.013, 37 * 0.013],
    [37, 0.4, 9.25],
    [37, 0.1, 0.2],
    [37, 0.1, 40],
  ])('is the sum over counts, n = %i, q = %f, a = %f', (n, q, a) => {
    let sum = 0;
    for (let y = 0; y <= n; y++) sum += binomialMass(n, q, y) * Math.abs(y - a);
    expect(absoluteDeviation(n, q, a)).toBeCloseTo(sum, 11);
  });

  it('is the number itself where nothing is drawn', () => {
    expect(absoluteDeviation(5, 0, 1.5)).toBe(1.5);
  });
});

function simulated(contexts: TokenLaw, truth: TokenLaw, drawn: TokenLaw, pairs: number, trials: number) {
  const uniform = uniforms(3);
  const table = (law: TokenLaw) => Array.from({ length: truth.support }, (_, j) => law.mass(j + 1));
  const [p, q] = [table(truth), table(drawn)];
  const weights = Array.from({ length: contexts.support }, (_, i) => contexts.mass(i + 1));
  const errors = Array.from({ length: trials }, () => {
    const visits = histogram(weights, pairs, uniform);
    return weights.reduce((error, weight, i) => {
      if (visits[i] === 0) return error + 2 * weight;
      const counts = histogram(q, visits[i]!, uniform);
      return error + weight * p.reduce((sum, mass, j) => sum + Math.abs(counts[j]! / visits[i]! - mass), 0);
    }, 0);
  });
  return meanOf(errors);
}

describe('the variation', () => {
  it.each([100, 10_000, 1_000_000])('is the sum over tokens, n = %i', (n) => {
    const truth = zipf(1.4, 10_000, 'renormalised');
    let sum = 0;
    for (let j = 1; j <= 10_000; j++) sum += absoluteDeviation(n, truth.mass(j), n * truth.mass(j)) / n;
    expect(Math.abs(meanVariation(truth, truth, n) / sum - 1)).toBeLessThan(2e-4);
  });
});

describe('the error', () => {
  const contexts = zipf(1.5, 12, 'renormalised');
  const truth = zipf(1.4, 60, 'renormalised');
  it.each([
    ['after 30 pairs', truth, 30],
    ['after 2000 pairs', truth, 2000],
    ['with conditionals cut, after 300 pairs', cut(truth, 9), 300],
  ])('is the mean over simulations: %s', (_, drawn, pairs) => {
    const { mean, error } = simulated(contexts, truth, drawn, pairs, 1000);
    expect(error).toBeLessThan(0.006);
    expect(Math.abs(bigramError(contexts, truth, drawn, pairs) - mean)).toBeLessThan(4 * error);
  });

  it('of a single context is the variation', () => {
    const one = zipf(1.5, 1, 'renormalised');
    expect(bigramError(one, truth, truth, 30)).toBeCloseTo(meanVariation(truth, truth, 30), 12);
    for (const n of [100, 777, 12_345])
      expect(Math.abs(bigramError(one, truth, truth, n) / meanVariation(truth, truth, n) - 1)).toBeLessThan(5e-4);
  });
});

describe('Thm 4.1', () => {
  it.each([1.2, 1.5, 3, 4])('has exponent min(1 - 1/beta, 1/2), beta = %f', (beta) => {
    // The powers of beta > 2 differ little and need far more draws to part.
    const truth = zipf(beta);
    const draws = beta < 2 ? [1e5, 1e6, 1e7] : [1e9, 1e10];
    const slope = slopeOf(draws.map((n) => [n, meanVariation(truth, truth, n)]));
    expect(Math.abs(slope + bigramExponent(beta))).toBeLessThan(0.02);
  });
});

describe('Thm 4.2', () => {
  it('has a plateau of twice the mass cut off', () => {
    const truth = zipf(1.4, 10_000, 'renormalised');
    expect(meanVariation(truth, cut(truth, 50), 1e7) / bigramPlateau(truth, 50)).toBeCloseTo(1, 3);
    const early = meanVariation(truth, cut(truth, 200), 100) / meanVariation(truth, truth, 100);
    expect(early).toBeGreaterThan(0.9);
    expect(early).toBeLessThan(1.05);
  });
});
