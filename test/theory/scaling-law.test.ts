/**
 * Plan: arXiv:2402.07712v2, Thm 5.2
 * - Exponents of the paper's examples: l_crit and rate of Fig 2 and Fig 5.
 * - Bias, variance and collapse term of the full theory follow the stated powers of T at d = 20000.
 * - The optimal exponent makes the bias and the collapse term of the same order; noise caps it.
 */
import { describe, expect, it } from 'vitest';
import { cleanBias, cleanVariance } from '../../src/theory/printed/clean-ridge.ts';
import { collapseTerm } from '../../src/theory/printed/collapse-term.ts';
import { cleanRate, scalingLaw } from '../../src/theory/printed/scaling-law.ts';
import { criticalExponent, optimalExponent, partExponents, signalDecay } from '../../src/theory/scaling-law.ts';
import { powers } from './problems.ts';

const LAW = { beta: 2, r: 0.375 };

describe('exponents', () => {
  it('of the examples in the paper', () => {
    expect(criticalExponent(LAW)).toBeCloseTo(0.8, 12);
    expect(cleanRate(LAW)).toBeCloseTo(0.6, 12);
    expect(signalDecay(LAW)).toBeCloseTo(0.5, 12);
    expect(criticalExponent({ beta: 1.65, r: 0.097 })).toBeCloseTo(1.25, 3);
    expect(criticalExponent({ beta: 1.2, r: 0.15 })).toBeCloseTo(0.882, 3);
  });

  it('saturate at r = 1', () => {
    expect(cleanRate({ beta: 2, r: 3 })).toBe(cleanRate({ beta: 2, r: 1 }));
  });

  it('balance bias against the collapse term, and noise caps the optimum', () => {
    const l = optimalExponent(LAW, 0.1, 0.6, false);
    const { bias, collapse } = partExponents(LAW, l);
    expect(bias).toBeCloseTo(0.1 - 0.6 + collapse, 12);
    expect(optimalExponent(LAW, 0, 3, true)).toBe(criticalExponent(LAW));
    expect(optimalExponent(LAW, 0, 9, false)).toBe(2);
  });
});

describe('the full theory at d = 20000', () => {
  const spectrum = powers(20_000, 2);
  /** Log-log slope between T = 10^6 and 10^7, where the collapse term is past its range T < d. */
  const slope = (f: (fit: { spectrum: readonly number[]; rows: number; ridge: number }) => number, l: number) =>
    Math.log10(f({ spectrum, rows: 1e7, ridge: 1e7 ** -l }) / f({ spectrum, rows: 1e6, ridge: 1e6 ** -l }));

  it.each([0.5, 0.8])('has the exponents of its parts for l = %f', (l) => {
    const { bias, variance, collapse } = partExponents(LAW, l);
    const signal = powers(20_000, signalDecay(LAW));
    expect(Math.abs(slope((fit) => cleanBias(fit, signal), l) - bias)).toBeLessThan(0.03);
    expect(Math.abs(slope((fit) => cleanVariance(fit, 1), l) - variance)).toBeLessThan(0.03);
    expect(Math.abs(slope((fit) => collapseTerm(fit, 40_000), l) - collapse)).toBeLessThan(0.03);
  });
});

describe('the right-hand side of Thm 5.2', () => {
  it('is the sum of its parts', () => {
    const at = (n: number) => scalingLaw(LAW, 300, n, { rows: 600, noise: 1 }, { rows: 1e4, noise: 1, l: 0.8 });
    expect(at(0)).toBeCloseTo(1e4 ** -0.6, 12);
    expect((at(5) - at(0)) / ((5 / 600) * 2 * 1e4 ** 0.4)).toBeCloseTo(1, 12);
  });
});
