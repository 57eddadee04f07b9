/**
 * Plan
 * - Special functions at arguments with closed values.
 * - Sums of 10^6 terms by quadrature agree with the loop, with jumps on either side of the head; infinite ones with zeta.
 * - The missing mass is the mean over simulations: plain, cut, mixed, pooled, lumped, and after generations of equal
 *   and unequal sizes. It is exact, so the only tolerance is four standard errors.
 * - A chain of tiny generations agrees with the enumeration of all its histories.
 * - The Poissonised chain misses by a share that falls as one over the sizes.
 */
import { describe, expect, it } from 'vitest';
import { binomialMass } from '../../../src/theory/tails/binomial.ts';
import { extinction, poissonExtinction } from '../../../src/theory/tails/generations.ts';
import { missingMass, type Source } from '../../../src/theory/tails/hutter.ts';
import * as laws from '../../../src/theory/tails/laws.ts';
import { gamma, hurwitz, logGamma, zeta } from '../../../src/theory/tails/special.ts';
import { sumOverTokens } from '../../../src/theory/tails/sums.ts';
import { histogram, meanOf, uniforms } from './random.ts';

describe('special functions', () => {
  it('have their closed values', () => {
    expect(zeta(2)).toBeCloseTo(Math.PI ** 2 / 6, 13);
    expect(zeta(4)).toBeCloseTo(Math.PI ** 4 / 90, 13);
    expect(hurwitz(2, 3)).toBeCloseTo(Math.PI ** 2 / 6 - 1.25, 13);
    expect(gamma(0.5) ** 2).toBeCloseTo(Math.PI, 12);
    expect(logGamma(171) - logGamma(170)).toBeCloseTo(Math.log(170), 12);
  });
});

describe('sums over tokens', () => {
  it.each([[[]], [[100]], [[4096]], [[5000, 70_000]]])('agree with the loop, jumps after %j', (breaks: number[]) => {
    const jumped = (i: number) => breaks.reduce((f, at) => (i < at + 0.5 ? f : f / 3), i ** -1.5);
    const f = (i: number) => jumped(i) * Math.exp(-1e5 * jumped(i));
    let sum = 0;
    for (let i = 1; i <= 1e6; i++) sum += f(i);
    expect(Math.abs(sumOverTokens(f, 1e6, breaks) / sum - 1)).toBeLessThan(2e-7);
  });

  it('come to zeta', () => {
    expect(Math.abs(sumOverTokens((i) => i ** -1.2, Infinity) / zeta(1.2) - 1)).toBeLessThan(1e-7);
  });
});

/** Simulated mean of the missing mass, law by law and draw by draw. */
function simulated(truth: laws.TokenLaw, sources: readonly Source[], trials: number, seed: number) {
  const uniform = uniforms(seed);
  const table = (law: laws.TokenLaw) => Array.from({ length: truth.support }, (_, i) => law.mass(i + 1));
  const p = table(truth);
  const errors = Array.from({ length: trials }, () => {
    const seen = new Uint8Array(p.length);
    for (const { law, sizes } of sources) {
      let q: ArrayLike<number> = table(law);
      for (const size of sizes) {
        const counts = histogram(q, size, uniform);
        q = counts.map((count) => count / size);
      }
      for (let i = 0; i < p.length; i++) if (q[i]! > 0) seen[i] = 1;
    }
    return p.reduce((sum, mass, i) => sum + (seen[i] ? 0 : mass), truth.beyond);
  });
  return meanOf(errors);
}

const N = 300;
const zipf = laws.zipf(1.5, N, 'renormalised');
const lumped = laws.zipf(1.5, N, 'lumped');

describe('the missing mass', () => {
  const cases: readonly (readonly [string, laws.TokenLaw, readonly Source[]])[] = [
    ['clean', zipf, [{ law: zipf, sizes: [100] }]],
    ['with a lump', lumped, [{ law: lumped, sizes: [100] }]],
    ['cut', zipf, [{ law: laws.cut(zipf, 20), sizes: [100] }]],
    ['top-p', zipf, [{ law: laws.topP(zipf, 0.8), sizes: [100] }]],
    ['tempered', zipf, [{ law: laws.tempered(zipf, 0.7), sizes: [100] }]],
    ['mixed', zipf, [{ law: laws.mixture(0.1, zipf, laws.cut(zipf, 20)), sizes: [200] }]],
    [
      'with a bought tail',
      zipf,
      [
        { law: laws.cut(zipf, 20), sizes: [100] },
        { law: laws.tailOf(zipf, 30), sizes: [100] },
      ],
    ],
    ['after two equal generations', zipf, [{ law: zipf, sizes: [50, 50, 50] }]],
    ['with a lump, after a generation', lumped, [{ law: lumped, sizes: [50, 80] }]],
    [
      'after three unequal generations, beside real data',
      zipf,
      [
        { law: zipf, sizes: [40] },
        { law: zipf, sizes: [200, 30, 100] },
      ],
    ],
  ];
  it.each(cases)('is the mean over simulations: %s', (_, truth, sources) => {
    const { mean, error } = simulated(truth, sources, 3000, 7);
    expect(error).toBeLessThan(0.002);
    expect(Math.abs(missingMass(truth, sources) - mean)).toBeLessThan(4 * error);
  });

  it('is 1 less the mass of one draw', () => {
    const collision = sumOverTokens((i) => zipf.mass(i) ** 2, N);
    expect(missingMass(zipf, [{ law: zipf, sizes: [1] }])).toBeCloseTo(1 - collision, 12);
  });
});

describe('extinction', () => {
  it('is that of all histories', () => {
    const [sizes, q] = [[3, 5, 4], 0.3] as const;
    let dead = 0;
    for (let x = 0; x <= 3; x++)
      for (let y = 0; y <= 5; y++) {
        const second = x === 0 || x === 3 ? Number(y === (x === 0 ? 0 : 5)) : binomialMass(5, x / 3, y);
        dead += binomialMass(3, q, x) * second * (1 - y / 5) ** 4;
      }
    expect(extinction(sizes)(q)).toBeCloseTo(dead, 12);
  });

  it('keeps its digits for large generations', () => {
    const sizes = [1e6, 1e6, 1e6];
    for (const q of [1e-8, 1e-6, 1e-5])
      expect(Math.abs(extinction(sizes)(q) / poissonExtinction(sizes)(q) - 1)).toBeLessThan(1e-4);
  });

  it.each([100, 1000, 10_000])('is missed by the Poissonised chain by about 0.4 / T, T = %i', (size) => {
    const truth = laws.zipf(1.5);
    const chance = poissonExtinction([size, size]);
    const poisson = sumOverTokens((i) => truth.mass(i) * chance(truth.mass(i)), Infinity);
    const excess = poisson / missingMass(truth, [{ law: truth, sizes: [size, size] }]) - 1;
    expect(excess * size).toBeGreaterThan(0.3);
    expect(excess * size).toBeLessThan(0.5);
  });
});

describe('top-p', () => {
  it('keeps the fewest tokens that hold the share', () => {
    const k = laws.nucleus(lumped, 0.9);
    expect(laws.cumulative(lumped, k)).toBeGreaterThanOrEqual(0.9);
    expect(laws.cumulative(lumped, k - 1)).toBeLessThan(0.9);
  });
});
