import type { Experiment, JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';

/**
 * What the contract of regimes is tested on: for each, small settings that reach all it can do, without seed, trials and
 * sampler. Every fit has a few rows more or less than d, at least 4, so that test errors have a variance and standard
 * errors mean something.
 */
export const contractCases: Readonly<Record<string, readonly JsonObject[]>> = {
  replace: [
    {
      dimension: 12,
      generator: { samples: [7, 30], noise: 0.3, design: 'fresh' },
      downstream: { samples: 24, noise: 0.2, ridge: [0, 0.1] },
      generations: [0, 1, 3],
    },
    {
      dimension: 16,
      covariance: { kind: 'power-law', exponent: 1, trace: 4 },
      truth: { kind: 'gaussian', variance: 0.5 },
      generator: { samples: 40, noise: 0.3, design: 'reused' },
      downstream: { samples: [30, 50], noise: 0.2, ridge: { power: 0.5 } },
      generations: [0, 2],
    },
    {
      dimension: 12,
      covariance: { kind: 'power-law', exponent: 0.5 },
      generator: {
        samples: 24,
        noise: 0.3,
        ridge: [0.02, 0.2],
        features: [6, 18],
        covariance: { kind: 'power-law', exponent: 0.2 },
      },
      downstream: { samples: 30, noise: 0.2, ridge: 0.1 },
      generations: [1, 2],
    },
  ],
  growing: [
    {
      // Generators with 11, 22 and 33 rows: the first of minimum norm.
      dimension: 16,
      generator: { samples: 11, noise: 0.3 },
      downstream: { samples: 30, noise: 0.2, ridge: [0, 0.1] },
      generations: [0, 1, 3],
    },
    {
      dimension: 9,
      covariance: { kind: 'power-law', exponent: 1 },
      truth: { kind: 'power-law', exponent: 1 },
      generator: { samples: [15, 20], noise: 0.3 },
      downstream: { samples: 24, noise: 0.2, ridge: 0.05 },
      generations: [2],
    },
  ],
  accumulate: [
    {
      dimension: 12,
      covariance: { kind: 'power-law', exponent: 1 },
      downstream: { samples: 24, noise: 0.3 },
      generations: [1, 2, 4],
    },
    {
      // 6, 12 and 18 rows.
      dimension: 24,
      downstream: { samples: 6, noise: 0.2 },
      generations: [1, 3],
    },
    {
      dimension: 12,
      design: 'reused',
      past: 'replaced',
      downstream: { samples: [7, 24], noise: 0.2 },
      generations: [1, 3],
    },
    {
      dimension: 12,
      design: 'reused',
      downstream: { samples: [7, 24], noise: 0.2 },
      generations: [3],
    },
  ],
  'accumulate-subsample': [
    {
      dimension: 4,
      downstream: { samples: 40, noise: 0.5 },
      generations: [1, 2, 5],
    },
    {
      dimension: 3,
      design: 'reused',
      downstream: { samples: 60, noise: 0.5 },
      generations: [4],
    },
  ],
  mixture: [
    {
      dimension: 12,
      covariance: { kind: 'power-law', exponent: 1 },
      real: { noise: 0.3 },
      synthetic: { fraction: [0, 0.4, 1], noise: 0.2, quality: [0, 0.5] },
      downstream: { samples: 30, ridge: [0, 0.05] },
    },
    {
      dimension: 24,
      real: { samples: 8, noise: 0.3 },
      synthetic: { samples: 9, noise: 0.2, quality: 0.5, shift: { kind: 'power-law', exponent: 1 } },
      downstream: { ridge: [0, 0.1] },
    },
    {
      dimension: 12,
      covariance: { kind: 'power-law', exponent: 0.5 },
      real: { samples: 14, noise: 0.3 },
      synthetic: {
        samples: 20,
        noise: 0.2,
        quality: 0.5,
        covariance: { kind: 'power-law', exponent: 1.5, trace: 12 },
      },
      downstream: { ridge: { power: 1 } },
    },
    {
      dimension: 20,
      covariance: { kind: 'power-law', exponent: 1 },
      truth: { kind: 'gaussian', variance: 0.2 },
      real: { noise: 0.1 },
      synthetic: { fraction: 0.5, noise: 0.1, quality: 0.5 },
      downstream: { samples: 24, ridge: [0.01, 0.1], features: [8, 16, 40] },
    },
  ],
  weighted: [
    {
      dimension: 10,
      real: { samples: 24, noise: 0.3 },
      synthetic: { samples: 16, noise: 0.2, quality: 0.3, weight: [0, 0.2, 0.7] },
      downstream: { ridge: [0, 0.1] },
    },
  ],
  iterative: [
    {
      dimension: 8,
      covariance: { kind: 'power-law', exponent: 1 },
      real: { samples: 16, noise: 0.3, design: 'fresh' },
      synthetic: { samples: 12, noise: 0.2, quality: 0.5 },
      downstream: { ridge: 0 },
      generations: [0, 1, 4],
    },
    {
      dimension: 8,
      real: { noise: 0.3, design: 'reused' },
      synthetic: { fraction: 0.5, noise: 0.2, quality: 0.5 },
      downstream: { samples: 48, ridge: [0, 0.1] },
      generations: [0, 1, 4],
    },
  ],
  'golden-ratio': [
    {
      dimension: 10,
      downstream: { samples: [5, 24], noise: 0.3, ridge: [0, 0.2] },
      real: { weight: [0.5, 1] },
      synthetic: { noise: 0.2 },
      generations: [0, 1, 4],
    },
  ],
  'kernel-replace': [
    {
      preprocessing: 'unit',
      coding: 'bits',
      tests: [10, 70],
      kernel: { kind: 'polynomial', scale: 0.01, degree: [2, 5] },
      generator: { samples: [15, 20], noise: 0.3, ridge: { power: 0.5 }, design: 'reused' },
      downstream: { samples: [24, 30], noise: 0.2, ridge: [0.01, 0.1] },
      generations: [0, 1, 3],
    },
  ],
  'image-mixture': [
    {
      preprocessing: 'unit',
      tests: [10, 70],
      synthetic: { fraction: [0, 0.01, 0.3, 1], noise: 0.1 },
      generator: { samples: [15, 20], features: 40, ridge: { power: 0.5 } },
      downstream: { samples: [24, 30], features: [20, 60], ridge: [0.01, 0.1] },
    },
  ],
  hutter: [
    {
      law: { exponent: 1.5, support: 300 },
      generator: { tail: { kind: 'cut', last: [60, 400] } },
      downstream: { samples: [90, 1000], real: [0, 0.1] },
      generations: [0, 1],
    },
    {
      law: { exponent: 1.2, support: 900, rest: 'renormalised' },
      generator: { tail: { kind: 'temperature', temperature: 0.8 } },
      downstream: { samples: [200, 700] },
      generations: [0, 1, 2],
    },
    {
      law: { exponent: 1.4, support: 500 },
      generator: { tail: { kind: 'top-p', share: 0.8 } },
      downstream: { samples: 200, real: 0.3 },
      generations: [1, 2],
    },
    {
      law: { exponent: 1.3, support: 5000 },
      generator: { samples: [60, 400], later: 300 },
      downstream: { samples: [100, 1500] },
      generations: [0, 1, 2, 4],
    },
    {
      law: { exponent: 1.5, support: 2000 },
      generator: { samples: 'as downstream' },
      downstream: { samples: [100, 700] },
      generations: [0, 1, 3],
    },
    {
      law: { exponent: 1.5, support: 3000 },
      draws: 'poisson',
      generator: { tail: { kind: 'narrowed', exponent: 2 } },
      downstream: { samples: [90, 1000], real: [0, 0.2] },
      generations: [0, 1],
    },
  ],
  bigram: [
    {
      contexts: { support: 6 },
      next: { exponent: 1.4, support: 40 },
      generator: { last: [8, 30] },
      downstream: { samples: [30, 400] },
      generations: [0, 1],
    },
    {
      contexts: { support: 5 },
      next: { exponent: 1.6, support: 90 },
      generator: { samples: 'as downstream', later: 80, topP: 0.9, temperature: 0.8 },
      downstream: { samples: [50, 300], real: [0, 0.4], realMost: 40 },
      generations: [1, 2, 3],
    },
    {
      contexts: { support: 20 },
      next: { support: 20 },
      length: 8,
      measure: { kind: 'perplexity', clip: 10 },
      generator: { samples: 20 },
      downstream: { samples: [5, 30] },
      generations: [0, 2],
    },
  ],
  'associative-memory': [
    {
      law: { support: 90 },
      dimension: [5, 70],
      labels: 7,
      generator: { last: [12, 60] },
      downstream: { samples: [30, 31, 700] },
    },
    {
      law: { exponent: 1.2, support: 130 },
      dimension: [40, 130],
      weights: 'seen',
      downstream: { samples: [100, 1000] },
    },
  ],
  gcd: [
    { base: 10, support: 500, synthetic: [0, 0.3, 1], downstream: { samples: [30, 1000] } },
    { base: 420, support: 50, synthetic: 0.5, downstream: { samples: 200 } },
  ],
  'weak-to-strong': [
    {
      dimension: 16,
      teacher: { samples: [10, 30], noise: 0.6, ridge: [0.02, 0.3] },
      downstream: { samples: 40, noise: 0, ridge: [0.1, 0.5] },
    },
    {
      dimension: 16,
      covariance: { kind: 'power-law', exponent: 0.5 },
      teacher: { samples: 40, noise: 0.5, ridge: 0.1, features: [8, 24] },
      assistant: { samples: 30, noise: 0.1, ridge: 0.2, covariance: { kind: 'isotropic' } },
      downstream: { samples: 60, noise: 0.1, ridge: 0.05, features: 20 },
    },
  ],
  'self-distillation': [
    {
      dimension: 16,
      downstream: { samples: [11, 32], noise: 0.6, ridge: [0, 0.2] },
      imitation: [-1, 1, 2.5],
      generations: [0, 1, 3],
    },
    {
      dimension: 12,
      covariance: { kind: 'power-law', exponent: 0.5 },
      design: 'fresh',
      downstream: { samples: 30, noise: 0.4, ridge: [0, 0.2] },
      imitation: [-0.5, 0.5, 1.5],
      generations: [1, 2],
    },
  ],
  surrogate: [
    {
      dimension: 16,
      covariance: { kind: 'power-law', exponent: 1 },
      truth: { kind: 'power-law', exponent: 0.5 },
      surrogate: { kind: 'optimal' },
      downstream: { samples: [8, 30], noise: 0.3, ridge: [0.02, 0.2] },
    },
    {
      dimension: 12,
      surrogate: { kind: 'mask', kept: [4, 9] },
      downstream: { samples: [7, 24], noise: 0.3 },
    },
    {
      dimension: 12,
      covariance: { kind: 'power-law', exponent: 1 },
      surrogate: { kind: 'optimal-mask' },
      downstream: { samples: 8, noise: 0.3, ridge: 0.01 },
    },
  ],
  ecosystem: [
    {
      dimension: 6,
      entities: [1, 3],
      private: { samples: 80, share: [0, 0.5] },
      public: { samples: 90 },
      synthetic: { samples: 60, share: [0, 0.5] },
      downstream: { noise: 0.5 },
      generations: [0, 1, 3],
    },
    {
      dimension: 6,
      entities: 2,
      private: { samples: 200, share: 0.6, rank: 3 },
      public: { samples: 150 },
      synthetic: { samples: 200, share: 0.3 },
      downstream: { noise: 0.5 },
      generations: [0, 2],
    },
  ],
  contaminated: [
    {
      dimension: 8,
      covariance: { kind: 'power-law', exponent: 1 },
      downstream: { samples: 24, noise: 0.4 },
      synthetic: { fraction: [0, 0.5, 1] },
      generations: [1, 2, 5],
    },
  ],
  'hutter-pooled': [
    {
      law: { exponent: 1.5, support: 400 },
      real: { samples: [0, 60, 300] },
      synthetic: { samples: [80, 900], tail: { kind: 'cut', last: 30 } },
    },
    {
      law: { exponent: 1.5, support: 400 },
      synthetic: { samples: [80, 300], tail: { kind: 'cut', last: 30 } },
      bought: { first: [31, 60] },
    },
  ],
};

/** One experiment per row of the table, under these settings. */
export function contractExperiments(settings: JsonObject): readonly Experiment[] {
  return Object.entries(contractCases).flatMap(([regime, cases]) =>
    cases.map((parameters, i) => {
      const name = `${regime}-${i}`;
      return parseExperiment({ name, regime, ...parameters, ...settings }, regimes);
    }),
  );
}
