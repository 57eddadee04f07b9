/**
 * Plan
 * - Which cells have trials without a variance: noisy fits without ridge within three rows of their unknowns, on either side, anywhere in
 *   a chain; not with a ridge, nor without noise, nor four rows away.
 * - Their laws: chains of fresh and of reused designs, mixed labels on one design, one design of fewer rows; unknown with a ridge after.
 * - The scale is the error of the estimate 0 and all noise; it goes with the square of a factor common to them.
 * - Failures are expected only near the threshold, and rounding grows towards it.
 */
import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';
import { outlooks, predictor } from '../../src/regimes/predict.ts';

const outlook = (file: Readonly<Record<string, unknown>>) => {
  const { panels } = parseExperiment({ name: 'x', regime: 'replace', dimension: 10, ...file } as never, regimes);
  const cell = panels[0]!.cells.at(-1)!;
  return outlooks(panels[0]!, regimes)(cell.at);
};
const last = (samples: number, noise = 0.1, ridge = 0) => ({ downstream: { samples, noise, ridge } });
const generator = { samples: 40, noise: 0.2 };

describe('a trial has no variance', () => {
  test.each([7, 8, 12, 13])('of %i noisy rows in dimension 10', (samples) => {
    expect(outlook(last(samples)).tail?.reason).toMatch(`${samples} noisy rows in dimension 10`);
  });
  test('behind a ridge, of a generator', () => {
    const found = outlook({ ...last(40, 0.1, 0.1), generator: { samples: 12, noise: 0.2 }, generations: 2 });
    expect(found.tail).toMatchObject({ law: null });
  });
  test.each([
    ['four rows away', last(14)],
    ['four rows below', last(6)],
    ['with a ridge', last(12, 0.1, 0.1)],
    ['without noise', last(12, 0)],
  ])('but not %s', (_, file) => {
    expect(outlook(file).tail).toBeNull();
  });
});

describe('the law', () => {
  const shares = (file: Readonly<Record<string, unknown>>) => outlook(file).tail?.law?.shares;
  test('of fresh designs has a share for each', () => {
    expect(shares({ ...last(12), generator, generations: 2 })).toEqual(
      expect.arrayContaining([
        { variance: 0.1 ** 2, freedom: 3 },
        { variance: 0.2 ** 2, freedom: 31 },
        { variance: 0.2 ** 2, freedom: 31 },
      ]),
    );
  });
  test('of a reused design has one share for all its noise', () => {
    const found = shares({ ...last(12), generator: { ...generator, design: 'reused' }, generations: 3 });
    expect(found).toHaveLength(2);
    expect(found!.find(({ freedom }) => freedom === 31)!.variance).toBeCloseTo(3 * 0.04, 12);
  });
  test('of mixed labels on one design agrees with the mean by theory', () => {
    const file = {
      name: 'x',
      regime: 'golden-ratio',
      dimension: 10,
      ...last(13),
      real: { weight: 0.3 },
      synthetic: { noise: 0.5 },
      generations: [4],
    };
    const { panels } = parseExperiment(file as never, regimes);
    const { at } = panels[0]!.cells[0]!;
    const prediction = predictor(panels[0]!, regimes)(at);
    const [share] = outlooks(panels[0]!, regimes)(at).tail!.law!.shares;
    // E chi^2_d / chi^2_nu = d/(nu - 2).
    expect(prediction).toMatchObject({ kind: 'value' });
    if (prediction?.kind === 'value') expect((share!.variance * 10) / 2 / prediction.value).toBeCloseTo(1, 10);
  });
  test('of fewer rows misses a part of w0', () => {
    expect(outlook(last(8)).tail!.law).toEqual({
      directions: 8,
      shares: [{ variance: 0.1 ** 2, freedom: 3 }],
      missed: { kind: 'fixed', norm2: 1, lost: 2, kept: 8 },
    });
  });
});

test('the scale goes with the square of truth and noise', () => {
  const at = (factor: number) =>
    outlook({
      ...last(40, 0.1 * factor, 0.1),
      truth: { kind: 'sphere', norm: factor },
      generator: { samples: 30, noise: 0.2 * factor },
      generations: 3,
    });
  expect(at(1).scale).toBeCloseTo(1 + 0.01 + 3 * 0.04, 12);
  expect(at(1e-7).scale / at(1).scale).toBeCloseTo(1e-14, 25);
});

test('failures and rounding are expected near the threshold alone', () => {
  expect(outlook(last(10)).failures).toBeGreaterThan(1e-3);
  expect(outlook(last(14)).failures).toBeLessThan(1e-7);
  expect(outlook(last(10, 0.1, 1e-3)).failures).toBe(0);
  expect(outlook(last(11)).rounding).toBeGreaterThan(outlook(last(13)).rounding);
  expect(outlook(last(40)).rounding).toBeLessThan(1e-9);
});
