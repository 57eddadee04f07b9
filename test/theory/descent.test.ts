import { describe, expect, it } from 'vitest';
import { descentTestError } from '../../src/theory/descent.ts';
import { type DescentShape, descentMoments, diverges, rateAt } from '../../src/theory/descent-moments.ts';

/*
 * Plan: the moments of one pass of gradient descent, against what shares nothing with them.
 * - one coordinate: E v^2 by the moments of a Gaussian, written out by hand for B = 1 and 2
 * - three coordinates, batches, halvings, averages: a simulation by the definition, by its own random numbers, within 4 standard errors
 * - chains: values of another program's exact recursion at d = 100 (and its simulation of 400 runs agrees with them)
 * - the rate beyond which the mean square grows is where the recursion begins to grow
 */

const shape = (change: Partial<DescentShape> = {}): DescentShape => ({
  batch: 1,
  rate: 0.1,
  halvings: 0,
  averaged: 1,
  ...change,
});

it('is right for one coordinate', () => {
  const [s, rate, noise, w] = [1.7, 0.2, 0.3, 1.3];
  // E (1 - eta x^2)^2 = 1 - 2 eta s + 3 eta^2 s^2; over the mean of two squares 1 - 2 eta s + 2 eta^2 s^2.
  for (const [batch, factor] of [
    [1, 1 - 2 * rate * s + 3 * rate ** 2 * s ** 2],
    [2, 1 - 2 * rate * s + 2 * rate ** 2 * s ** 2],
  ] as const) {
    let square = w ** 2;
    for (let t = 0; t < 7; t++) square = factor * square + (rate ** 2 * s * noise ** 2) / batch;
    const found = descentTestError({
      spectrum: [s],
      signal: [w ** 2],
      generators: [],
      downstream: { rows: 7 * batch, noise, descent: shape({ rate, batch }) } as never,
    });
    expect(found).toMatchObject({ kind: 'value', allowance: 0 });
    expect((found as { value: number }).value).toBeCloseTo(s * square, 12);
  }
});

describe('against the definition', () => {
  // Marsaglia's xorshift and the polar method: none of the generators of the engine.
  let word = 2463534242;
  const uniform = () => {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    return (word >>> 0) / 2 ** 32;
  };
  const normal = () => {
    for (;;) {
      const [a, b] = [2 * uniform() - 1, 2 * uniform() - 1];
      const r = a * a + b * b;
      if (r > 0 && r < 1) return a * Math.sqrt((-2 * Math.log(r)) / r);
    }
  };
  const [spectrum, truth, noise] = [[1, 0.5, 0.1], [0.6, -1, 2], 0.4] as const;

  it.each([
    shape(),
    shape({ batch: 4, rate: 0.3 }),
    shape({ rate: 0.4, halvings: 2 }),
    shape({ rate: 0.25, averaged: 12 }),
    shape({ batch: 2, rate: 0.5, halvings: 1, averaged: 5 }),
  ])('$batch rows a step at $rate, $halvings halvings, mean of $averaged', (own) => {
    const steps = 24;
    const errors = Array.from({ length: 20_000 }, () => {
      const w = [0, 0, 0];
      const mean = [0, 0, 0];
      for (let t = 0; t < steps; t++) {
        const slope = [0, 0, 0];
        for (let b = 0; b < own.batch; b++) {
          const x = spectrum.map((s) => Math.sqrt(s) * normal());
          const off = x.reduce((sum, value, j) => sum + value * (w[j]! - truth[j]!), 0) - noise * normal();
          x.forEach((value, j) => {
            slope[j]! += value * off;
          });
        }
        const rate = own.rate / 2 ** Math.floor((t * (own.halvings + 1)) / steps);
        expect(rateAt(own, t, steps)).toBeCloseTo(rate, 14);
        for (let j = 0; j < 3; j++) w[j]! -= (rate / own.batch) * slope[j]!;
        if (t >= steps - own.averaged) for (let j = 0; j < 3; j++) mean[j]! += w[j]! / own.averaged;
      }
      return mean.reduce((sum, value, j) => sum + spectrum[j]! * (value - truth[j]!) ** 2, 0);
    });
    const average = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const variance = errors.reduce((sum, error) => sum + (error - average) ** 2, 0) / (errors.length - 1);
    const { missed, noise: added } = descentMoments([...spectrum], steps * own.batch, own);
    const square = missed(spectrum).reduce((sum, value, j) => sum + value * truth[j]! ** 2, 0);
    const exact = square + noise ** 2 * added.reduce((sum, value, j) => sum + spectrum[j]! * value, 0);
    expect(Math.abs(average - exact)).toBeLessThan(4 * Math.sqrt(variance / errors.length));
    expect(Math.sqrt(variance / errors.length) / exact).toBeLessThan(0.012);
  });
});

it('is right along a chain', () => {
  const spectrum = Array.from({ length: 100 }, (_, j) => (j + 1) ** -1.5);
  const squares = spectrum.map((_, j) => (j + 1) ** -0.5);
  const size = spectrum.reduce((sum, s, j) => sum + s * squares[j]!, 0);
  const pass = (rows: number) => ({ rows, noise: 0.5, descent: shape() }) as never;
  const chain = (...rows: readonly number[]) =>
    descentTestError({
      spectrum,
      signal: squares.map((square) => square / size),
      generators: rows.slice(0, -1).map(pass),
      downstream: pass(rows.at(-1)!),
    }) as { value: number };
  expect(chain(1000).value).toBeCloseTo(0.04678, 5);
  expect(chain(1000, 1000).value).toBeCloseTo(0.0882, 5);
  expect(chain(500, 500, 2000).value).toBeCloseTo(0.13714, 5);
});

it('knows which rate is too fast', () => {
  const spectrum = [1, 0.7, 0.2];
  for (const batch of [1, 3]) {
    const grows = (rate: number) => {
      const at = (steps: number) =>
        descentMoments(spectrum, steps * batch, shape({ rate, batch })).missed([1, 1, 1])[0]!;
      return at(4001) > at(4000);
    };
    let [slow, fast] = [0.01, 4];
    for (let i = 0; i < 40; i++) {
      const middle = (slow + fast) / 2;
      if (diverges(spectrum, shape({ rate: middle, batch }))) fast = middle;
      else slow = middle;
    }
    expect([grows(0.99 * slow), grows(1.01 * slow)]).toEqual([false, true]);
  }
});
