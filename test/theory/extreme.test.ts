/**
 * Plan
 * - kappa and T - df_2 to 12 digits relative to themselves, over 75 decades of the spectrum and 600 of the ridge, against a bisection of
 *   the definition in decimals of 400 digits (fixture).
 * - A large ridge: each term of a chain tends to its limit in powers of 1/lambda, with no cancellation at 1e16 and beyond.
 * - A small ridge: what golden-ratio mixing misses goes with lambda^2.
 * - The gate: negative values, values and allowances that are no numbers are faults, by name; infinite allowances pass.
 * - Whatever a file can ask for, no regime's theory gives a fault: ridge 0 and those of f32, spectra over 70 decades, one row, one
 *   dimension, as many rows as unknowns.
 */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { regimes } from '../../src/regimes/index.ts';
import { kappa, margin } from '../../src/theory/fixed-point.ts';
import { goldenRatioTestError } from '../../src/theory/golden-ratio.ts';
import { mixtureTestError } from '../../src/theory/mixture.ts';
import { type Prediction, soundPrediction } from '../../src/theory/prediction.ts';
import { replaceTestError } from '../../src/theory/replace.ts';
import fixture from './fixtures/kappa.json' with { type: 'json' };
import { ones, powers } from './problems.ts';

const theoryOf = (prediction: Prediction | null) => {
  if (prediction?.kind !== 'value') throw new Error(`The theory gives no value here: ${JSON.stringify(prediction)}`);
  return prediction;
};

test.each(fixture)(
  'kappa of $spectrum with $rows rows and ridge $ridge',
  ({ spectrum, rows, ridge, kappa: k, margin: nu }) => {
    const root = kappa(spectrum, rows, ridge);
    expect(root / k).toBeCloseTo(1, 12);
    expect(margin(spectrum, rows, root) / nu).toBeCloseTo(1, 10);
  },
);

describe('a large ridge', () => {
  const spectrum = powers(6, 1);
  const signal = ones(6, 0.1);
  const trace = (power: number) => spectrum.reduce((sum, s) => sum + s ** power, 0);
  it.each([1e6, 1e16, 1e25, 1e100])('of %d leaves the terms of a chain their leading powers', (ridge) => {
    const [rows, noise] = [12, 0.5];
    const { terms } = theoryOf(
      replaceTestError({
        spectrum,
        signal,
        generator: { rows: 20, noise: 0.3, design: 'fresh' },
        generations: 2,
        downstream: { rows, noise, ridge },
      }),
    );
    // A = S/lambda: E A' Sigma A = E S Sigma S/lambda^2, the noise tr Sigma E S/(T lambda^2) sigma^2.
    const second = (j: number) => spectrum[j]! ** 3 * (1 + 1 / rows) + (spectrum[j]! * trace(2)) / rows;
    const passed = spectrum.reduce((sum, s, j) => sum + second(j) / s, 0);
    expect(terms!.bias.value / 0.1 / trace(1)).toBeCloseTo(1, 4);
    expect(terms!.variance.value / ((noise ** 2 * trace(2)) / rows / ridge ** 2)).toBeCloseTo(1, 3);
    expect(terms!.collapse.value / ((2 * 0.3 ** 2 * passed) / (20 - 6 - 1) / ridge ** 2)).toBeCloseTo(1, 3);
  });

  it('of 1e20 is in the terms of a mixture what 1e10 is, up to its power', () => {
    const at = (ridge: number, features?: number) => {
      const source = { rows: 10, noise: 0.4 };
      const shape = { spectrum, signal, shift: ones(6, 0.2), real: source, synthetic: source, ridge };
      return theoryOf(mixtureTestError({ ...shape, ...(features === undefined ? {} : { features }) })).terms!;
    };
    for (const features of [undefined, 4]) {
      const [near, far] = [at(1e10, features), at(1e20, features)];
      expect(far.bias.value / near.bias.value).toBeCloseTo(1, 6);
      expect((far.variance.value * 1e20) / near.variance.value).toBeCloseTo(1, 6);
      expect((far.collapse.value * 1e20) / near.collapse.value).toBeCloseTo(1, 6);
    }
  });
});

test('a small ridge: golden-ratio mixing misses what goes with its square', () => {
  const at = (ridge: number) =>
    theoryOf(
      goldenRatioTestError({
        spectrum: ones(10),
        signal: ones(10),
        rows: 40,
        weight: 0.4,
        realNoise: 0,
        syntheticNoise: 0,
        ridge,
        rounds: 5,
      }),
    ).value;
  expect((at(1e-12) * 1e12) / at(1e-6)).toBeCloseTo(1, 4);
});

test('what no mean error can be is a fault, by name', () => {
  const value = { kind: 'value', value: 1, allowance: 0, source: 's' } as const;
  for (const sound of [value, { ...value, allowance: Infinity }, { kind: 'no-mean', reason: 'r' } as const, null])
    expect(soundPrediction(sound)).toBe(sound);
  expect(soundPrediction({ ...value, value: -1, allowance: Infinity })).toBeNull();
  for (const [wrong, words] of [
    [{ value: -0.12 }, /value -0.12 of the error/],
    [{ value: Number.NaN }, /value NaN/],
    [{ value: Infinity }, /value Infinity/],
    [{ allowance: Number.NaN }, /allowance NaN/],
    [{ allowance: -1 }, /allowance -1/],
    [
      { terms: { bias: { value: 1, allowance: 0 }, variance: { value: -1, allowance: 0 }, collapse: value } },
      /of the variance/,
    ],
  ] as const)
    expect(soundPrediction({ ...value, ...wrong })).toMatchObject({
      kind: 'fault',
      reason: expect.stringMatching(words),
    });
});

const exponent = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true }).map((x) => 10 ** x);
const noise = fc.constantFrom(0, 1e-3, 1, 10);
const settings = fc
  .record({
    values: fc.oneof(fc.array(exponent(-35, 35), { minLength: 1, maxLength: 6 }), fc.constantFrom([1], [1, 1, 1])),
    ridge: fc.oneof(fc.constant(0), exponent(-37, 38)),
    rows: fc.integer({ min: 1, max: 9 }),
    other: fc.integer({ min: 1, max: 9 }),
    first: noise,
    second: noise,
    generations: fc.integer({ min: 1, max: 4 }),
    weight: fc.constantFrom(0, 0.3, 1),
    design: fc.constantFrom('fresh', 'reused'),
    features: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
  })
  .map((s) => ({ ...s, dimension: s.values.length, covariance: { kind: 'eigenvalues', values: s.values } }));

type Setting = typeof settings extends fc.Arbitrary<infer T> ? T : never;

/** The parameters of each regime of linear regression at a setting. */
const PARAMETERS: Readonly<Record<string, (s: Setting) => unknown>> = {
  replace: (s) => ({ ...chain(s), generator: { samples: s.other, noise: s.second, design: s.design } }),
  growing: (s) => ({ ...chain(s), generator: { samples: s.other, noise: s.second } }),
  accumulate: (s) => ({ ...chain(s), design: s.design, past: s.weight > 0 ? 'kept' : 'replaced' }),
  'accumulate-subsample': (s) => ({ ...chain(s), design: s.design }),
  'golden-ratio': (s) => ({ ...chain(s), real: { weight: s.weight }, synthetic: { noise: s.second } }),
  mixture: (s) => mixed(s),
  weighted: (s) => ({ ...mixed(s), synthetic: { ...mixed(s).synthetic, weight: s.weight } }),
  iterative: (s) => ({ ...mixed(s), real: { ...mixed(s).real, design: s.design }, generations: s.generations }),
};
const chain = ({ dimension, covariance, rows, first, ridge, generations }: Setting) => ({
  dimension,
  covariance,
  truth: { kind: 'sphere', norm: 1 },
  generations,
  downstream: { samples: rows, noise: first, ridge },
});
const mixed = (s: Setting) => ({
  dimension: s.dimension,
  covariance: s.covariance,
  truth: { kind: 'sphere', norm: 1 },
  features: s.features,
  real: { samples: s.rows, noise: s.first },
  synthetic: {
    samples: s.other,
    noise: s.second,
    quality: 0.5,
    shift: { kind: 'inverse' },
    ...(s.weight === 0.3 ? { covariance: { kind: 'eigenvalues', values: [...s.values].reverse() } } : {}),
  },
  downstream: { ridge: s.ridge },
});

describe('no setting gives a fault', () => {
  it.each(Object.keys(PARAMETERS))('of %s', (name) => {
    const regime = regimes.get(name)!;
    fc.assert(
      fc.property(settings, (setting) => {
        const prediction = regime.theory(PARAMETERS[name]!(setting));
        expect(prediction?.kind === 'fault' ? prediction.reason : null).toBeNull();
      }),
      { numRuns: 150 },
    );
  });
});
