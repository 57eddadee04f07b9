import { describe, expect, it } from 'vitest';
import { chiPairAt, chiProposal } from '../../src/reference/chi.ts';
import type { StreamKey } from '../../src/reference/normal.ts';
import { chiCdf } from './chi-cdf.ts';

/*
 * Plan: the f64 chi draws have the chi distribution.
 * - the distribution function they are compared with: closed forms at k = 2 and 4, and at the median of large k
 * - Kolmogorov-Smirnov against it for k = 1, 2, 3, 8, 9, 50, 1000, 10^6, both entries of a pair, 20 000 draws each, all
 *   together at level 1 %
 * - mean square k within 4 standard errors
 * - the two entries of a pair are uncorrelated
 * - k = 0 gives 0; a draw depends on its address alone
 * - the acceptance test agrees with the formula of the paper where that formula has digits to spare
 */

const key: StreamKey = [11, 0, 22, 33];
const draws = 20_000;
const degrees = [1, 2, 3, 8, 9, 50, 1000, 1_000_000];

function kolmogorovSmirnov(sample: number[], cdf: (x: number) => number): number {
  const sorted = sample.toSorted((a, b) => a - b);
  return Math.max(
    ...sorted.map((x, i) => Math.max(Math.abs(cdf(x) - i / sorted.length), Math.abs(cdf(x) - (i + 1) / sorted.length))),
  );
}

describe('the chi distribution function of these tests', () => {
  it('equals the closed forms', () => {
    for (const x of [0.01, 0.5, 1, 2, 5]) {
      const e = Math.exp((-x * x) / 2);
      expect(chiCdf(2, x)).toBeCloseTo(1 - e, 12);
      expect(chiCdf(4, x)).toBeCloseTo(1 - e * (1 + (x * x) / 2), 12);
    }
    // The median of chi^2_k is k (1 - 2/(9k))^3 up to order 1/k^2.
    for (const k of [1000, 1e6]) expect(chiCdf(k, Math.sqrt(k * (1 - 2 / (9 * k)) ** 3))).toBeCloseTo(0.5, 5);
  });
});

describe('chi draws', () => {
  it.each(degrees)('have the distribution of chi_%i', (k) => {
    const sample = [[], []] as [number[], number[]];
    for (let trial = 0; trial < draws; trial++)
      chiPairAt(key, trial, 7, [k, k]).forEach((chi, i) => {
        sample[i]!.push(chi);
      });
    // 2 exp(-2 n D^2) = 0.01 / 16 tests
    const critical = Math.sqrt(Math.log((2 * 16) / 0.01) / 2 / draws);
    for (const entry of sample) {
      expect(kolmogorovSmirnov(entry, (x) => chiCdf(k, x))).toBeLessThan(critical);
      const meanSquare = entry.reduce((sum, chi) => sum + chi * chi, 0) / draws;
      expect(Math.abs(meanSquare - k)).toBeLessThan(4 * Math.sqrt((2 * k) / draws));
    }
    const centre = Math.sqrt(k - 0.5 + 0.125 / k);
    const covariance = sample[0].reduce((sum, chi, i) => sum + (chi - centre) * (sample[1][i]! - centre), 0) / draws;
    expect(Math.abs(covariance)).toBeLessThan(4 * Math.sqrt(0.6 / draws));
  });

  it('are 0 without degrees of freedom, and depend on their address alone', () => {
    expect(chiPairAt(key, 3, 4, [0, 5])[0]).toBe(0);
    expect(chiPairAt(key, 3, 4, [0, 5])[1]).toBe(chiPairAt(key, 3, 4, [9, 5])[1]);
    expect(chiPairAt(key, 3, 4, [5, 5])).not.toEqual(chiPairAt(key, 3, 5, [5, 5]));
  });

  it('are accepted as the paper says', () => {
    for (const k of [2, 3, 10, 40])
      for (const x of [-1.9, -1, -0.3, 0.4, 1.2, 2.5, 4]) {
        const d = k / 2 - 1 / 3;
        const v = (1 + x / Math.sqrt(9 * d)) ** 3;
        if (v <= 0) continue;
        const keep = Math.exp((x * x) / 2 + d * (1 - v + Math.log(v)));
        const border = (1 - keep) * 2 ** 32;
        expect(chiProposal(k, x, Math.ceil(border + 1))).toBeCloseTo(Math.sqrt(2 * d * v), 12);
        expect(chiProposal(k, x, Math.max(0, Math.floor(border - 1)))).toBe(border > 3 ? -1 : Math.sqrt(2 * d * v));
      }
  });
});
