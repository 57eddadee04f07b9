/**
 * Plan
 * - Each law of the paper against the exact sum where it should hold, and its exponent fitted to exact sums.
 * - Where the paper is wrong (linear growth with generations, sum in Thm C.2) the law as printed must fail.
 */
import { describe, expect, it } from 'vitest';
import * as printed from '../../../src/theory/printed/hutter-laws.ts';
import { missingMass, narrowedExponent } from '../../../src/theory/tails/hutter.ts';
import { cut, mixture, tailOf, zipf } from '../../../src/theory/tails/laws.ts';
import { slopeOf } from './random.ts';

const clean = (beta: number, draws: number) => missingMass(zipf(beta), [{ law: zipf(beta), sizes: [draws] }]);
const ratio = (value: number, exact: number) => Math.abs(value / exact - 1);

describe('the scaling law', () => {
  it.each([1.2, 1.5, 2, 3])('has exponent 1 - 1/beta and constant C, beta = %f', (beta) => {
    expect(slopeOf([1e5, 1e6, 1e7].map((draws) => [draws, clean(beta, draws)]))).toBeCloseTo(1 / beta - 1, 3);
    expect(ratio(printed.cleanLaw(beta, 1e6), clean(beta, 1e6))).toBeLessThan(1e-3);
  });

  it('has the constants of beta = 1.5 and 2', () => {
    expect(printed.cleanConstant(1.5)).toBeCloseTo(0.9416, 4);
    expect(printed.cleanConstant(2)).toBeCloseTo(Math.sqrt(1.5 / Math.PI), 12);
  });
});

describe('Thm 2.1', () => {
  it.each([10, 100, 1000])('has the plateau of a tail cut at %i', (k) => {
    const truth = zipf(1.5);
    const error = missingMass(truth, [{ law: cut(truth, k), sizes: [1e7] }]);
    expect(ratio(printed.plateau(1.5, k), error)).toBeLessThan(0.4 / k);
  });

  it('makes a plateau once T is beyond k^beta, and not before', () => {
    const truth = zipf(1.5);
    const error = (draws: number) => missingMass(truth, [{ law: cut(truth, 1000), sizes: [draws] }]);
    const end = 1000 ** 1.5;
    expect(error(100 * end)).toBeLessThan(1.01 * printed.plateau(1.5, 1000));
    expect(error(end / 100)).toBeGreaterThan(5 * printed.plateau(1.5, 1000));
    expect(ratio(printed.cleanLaw(1.5, end / 100), error(end / 100))).toBeLessThan(0.2);
  });
});

describe('Cor 2.3', () => {
  it.each([1.2, 1.5, 2, 3])("has exponent (beta - 1)/beta' and its constant, beta' = %f", (narrowed) => {
    const error = (draws: number) => missingMass(zipf(1.5), [{ law: zipf(narrowed), sizes: [draws] }]);
    const slope = slopeOf([1e6, 1e7, 1e8].map((draws) => [draws, error(draws)]));
    expect(slope).toBeCloseTo(-narrowedExponent(1.5, narrowed), 2);
    expect(ratio(printed.narrowedLaw(1.5, narrowed, 1e8), error(1e8))).toBeLessThan(0.01);
  });
});

describe('generations', () => {
  const error = (generations: number, size: number) =>
    missingMass(zipf(1.5), [{ law: zipf(1.5), sizes: new Array<number>(generations + 1).fill(size) }]);

  it('follow C (M_0 a_0)^-c, also of unequal sizes', () => {
    for (const sizes of [
      [1e4, 1e4, 1e4],
      [1e5, 1e4, 1e3],
      [1e4, 1e6],
      [1e4, 3e4, 1e5, 1e4],
    ])
      expect(
        ratio(printed.generationLaw(1.5, sizes), missingMass(zipf(1.5), [{ law: zipf(1.5), sizes }])),
      ).toBeLessThan(2e-3);
  });

  it('cost (n/2)^c and not n', () => {
    const slope = slopeOf([20, 40, 80].map((n) => [n, error(n, 2000)]));
    expect(slope).toBeGreaterThan(0.3);
    expect(slope).toBeLessThan(1 / 3);
    expect(printed.printedGenerationLaw(1.5, 1e4, 1e4, 5) / error(5, 1e4)).toBeGreaterThan(3.5);
  });

  it('are milder than Cor 2.2 after one', () => {
    expect(error(1, 1e4)).toBeLessThan(0.6 * printed.resampledLaw(1.5, 1e4, 1e4));
    const unequal = missingMass(zipf(1.5), [{ law: zipf(1.5), sizes: [1e3, 1e7] }]);
    expect(ratio(printed.resampledLaw(1.5, 1e7, 1e3), unequal)).toBeLessThan(0.05);
  });
});

describe('Thm 3.2', () => {
  const truth = zipf(2);
  const error = (draws: number, k: number, share: number) =>
    missingMass(truth, [{ law: mixture(share, truth, cut(truth, k)), sizes: [draws] }]);

  it('has a plateau and then the law of the real part', () => {
    expect(ratio(printed.mixedLaw(2, 1e9, 1000, 1e-5), error(1e9, 1000, 1e-5))).toBeLessThan(0.05);
    expect(ratio(printed.mixedLaw(2, 1e8, 10, 1e-3), error(1e8, 10, 1e-3))).toBeLessThan(0.01);
  });

  /** Where the error has fallen to half of the plateau. */
  function halfway(k: number, share: number): number {
    const level = printed.plateau(2, k) / 2;
    let [low, high] = [Math.log(k ** 2), Math.log((1e3 * k ** 2) / share)];
    for (let step = 0; step < 40; step++) {
      const middle = (low + high) / 2;
      if (error(Math.exp(middle), k, share) > level) low = middle;
      else high = middle;
    }
    return Math.exp(low);
  }

  it('ends its plateau at a multiple of k^beta / pi', () => {
    const overK = [30, 100, 300, 1000].map((k) => [k, halfway(k, 1e-3)] as const);
    const overShare = [1e-1, 1e-2, 1e-3, 1e-4].map((share) => [share, halfway(100, share)] as const);
    expect(slopeOf(overK)).toBeCloseTo(2, 1);
    expect(slopeOf(overShare.slice(1))).toBeCloseTo(-1, 2);
    expect(printed.plateauEnd(2, 100, 1e-3)).toBeLessThan(halfway(100, 1e-3));
    expect(printed.plateauEnd(2, 100, 1e-3)).toBeGreaterThan(halfway(100, 1e-3) / 6);
  });
});

describe('Thm C.2', () => {
  it('is the smaller of the two powers, not their sum', () => {
    const truth = zipf(1.5);
    const error = (draws: number) => missingMass(truth, [{ law: mixture(0.01, truth, zipf(2)), sizes: [draws] }]);
    const early = printed.narrowedMixedLaw(1.5, 2, 1e4, 0.01);
    const late = printed.narrowedMixedLaw(1.5, 2, 1e14, 0.01);
    expect(ratio(early, error(1e4))).toBeLessThan(0.15);
    expect(ratio(late, error(1e14))).toBeLessThan(0.03);
    const sum = printed.narrowedLaw(1.5, 2, 1e14) + printed.cleanLaw(1.5, 1e12);
    expect(ratio(sum, error(1e14))).toBeGreaterThan(1);
  });
});

describe('Cor 3.3', () => {
  it('pools real and synthetic data, then only the real ones count', () => {
    const truth = zipf(1.5);
    const error = (real: number, synthetic: number) =>
      missingMass(truth, [
        { law: truth, sizes: [real] },
        { law: cut(truth, 1000), sizes: [synthetic] },
      ]);
    expect(ratio(printed.pooledLaw(1.5, 10, 100, 1000), error(10, 100))).toBeLessThan(0.15);
    expect(ratio(printed.pooledLaw(1.5, 1e7, 1e6, 1000), error(1e7, 1e6))).toBeLessThan(0.01);
  });
});

describe('Thm 3.1', () => {
  it('leaves the mass between the cut and the tail that was bought', () => {
    const truth = zipf(1.5);
    const sources = [
      { law: cut(truth, 100), sizes: [1e7] },
      { law: tailOf(truth, 300), sizes: [1e7] },
    ];
    const gap = printed.plateau(1.5, 100) - printed.plateau(1.5, 300);
    const rest = missingMass(truth, sources) - gap;
    // What the tail itself leaves is learnt faster than the clean law: all its draws go there.
    expect(rest).toBeGreaterThan(0);
    expect(rest).toBeLessThan(printed.cleanLaw(1.5, 1e7));
    expect(ratio(printed.boughtTailLaw(1.5, 1e7, 100, 300), missingMass(truth, sources))).toBeLessThan(0.1);
  });
});
