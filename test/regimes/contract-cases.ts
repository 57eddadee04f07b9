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
  network: [
    {
      tests: [10, 70],
      synthetic: { fraction: [0, 0.3, 1], noise: 0.1 },
      generator: { samples: [15, 20], width: 6, noise: 0.2, epochs: 2 },
      downstream: { samples: [24, 30], width: [4, 9], noise: 0.1, epochs: [0, 1, 3] },
      training: { batch: 8 },
      generations: [0, 1, 2],
    },
    {
      preprocessing: 'pixel',
      synthetic: { fraction: 0.5 },
      generator: { samples: 15, width: 6, epochs: 1 },
      downstream: { samples: 20, width: 5, epochs: 2 },
      training: { batch: 12, optimiser: 'adam', rate: 0.01, heldOut: 0 },
    },
  ],
  curation: [
    {
      dimension: 24,
      generator: { cosine: [0.7, 1] },
      judge: { cosine: 0.9 },
      keep: { rule: 'easy', share: [0.5, 1] },
      downstream: { samples: 300, ridge: 0.05 },
    },
    {
      dimension: 16,
      generator: { cosine: 0.7, flips: 0.1 },
      judge: { cosine: 0.9, withGenerator: 0.75 },
      keep: { rule: 'hard', share: 0.6, agree: true },
      downstream: { samples: [300, 800], ridge: [0.01, 0.2] },
    },
    {
      dimension: 16,
      generator: { cosine: 0.8, norm: 2, response: 'sigmoid' },
      judge: { cosine: 0.9 },
      keep: { rule: 'band', share: 0.5, nearest: 0.3 },
      downstream: { samples: [300, 800], ridge: 0.1 },
    },
    {
      dimension: 16,
      generator: { cosine: 0.8, norm: 2, response: 'sigmoid' },
      judge: { cosine: 0.9 },
      keep: { rule: 'easy', share: 0.6, agree: true },
      downstream: { samples: 400, ridge: 0.1, loss: 'logistic' },
    },
  ],
  'self-training': [
    {
      dimension: 20,
      real: { samples: 80, flips: 0.05 },
      judge: { cosine: 0.95 },
      keep: { rule: 'hard', share: 0.5, agree: true },
      downstream: { samples: 300, ridge: 0.02 },
      generations: [0, 1, 3],
    },
    {
      dimension: 20,
      real: { samples: 80 },
      judge: { by: 'labeller' },
      keep: { rule: 'easy', share: 0.5 },
      downstream: { samples: 300, ridge: 0.02 },
      generations: [1, 2],
    },
    {
      dimension: 16,
      real: { samples: 200, flips: 0.1 },
      keep: { rule: 'hard', share: 0.7, agree: true },
      judge: { cosine: 0.9 },
      downstream: { samples: 300, ridge: 0.05, loss: 'logistic', response: 'sigmoid' },
      generations: [0, 1],
    },
  ],
  verification: [
    {
      dimension: 20,
      separation: 0.8,
      real: { samples: [0, 40] },
      synthetic: { samples: 300, flips: [0.2, 0.5] },
      verifier: { right: 0.9, wrong: 0.3 },
      downstream: { ridge: 0.1 },
    },
    {
      dimension: 16,
      separation: [0, 1],
      synthetic: { samples: 400, flips: 0.3 },
      verifier: { cosine: 0.8 },
      downstream: { ridge: 0.05 },
    },
    {
      dimension: 16,
      separation: 1,
      real: { samples: [0, 60] },
      synthetic: { samples: 300, flips: 0.2, estimate: 'mean', behind: 80 },
      downstream: { ridge: 0.1 },
    },
    {
      dimension: 16,
      separation: 1,
      real: { samples: 60 },
      synthetic: { samples: 300, flips: 0.2, estimate: 'covariance', behind: 80 },
      verifier: { right: 0.9, wrong: 0.4 },
      downstream: { ridge: 0.2 },
    },
    {
      dimension: 14,
      separation: 1,
      synthetic: { samples: 300, flips: 0.3 },
      verifier: { right: 0.9, wrong: 0.4 },
      downstream: { ridge: 0.05, loss: 'logistic' },
    },
  ],
  'verifier-chances': [
    {
      dimension: 20,
      separation: 1.5,
      generator: { cosine: 0.7 },
      judge: { cosine: 0.9, withGenerator: [0.5, 0.8] },
      samples: 900,
      labels: 'wrong',
    },
    {
      dimension: 20,
      separation: 1.5,
      generator: { cosine: 0.7 },
      judge: { cosine: 0.6, withGenerator: 0.8 },
      samples: 300,
      labels: 'right',
    },
  ],
  'verified-regression': [
    {
      dimension: 2,
      truth: { coefficient: 0.8 },
      real: { samples: 20 },
      verifier: { band: 1.2 },
      synthetic: { samples: 50 },
      generations: [0, 1, 3],
    },
    {
      truth: { coefficient: 0.5 },
      downstream: { noise: 0.5 },
      real: { samples: 30 },
      verifier: { centre: 0.4, band: 1 },
      synthetic: { samples: 40 },
      measure: 'mean',
      generations: [1, 2],
    },
  ],
  'gaussian-chain': [
    { dimension: 3, real: { samples: 12 }, synthetic: { samples: 20, growth: 0.5 }, generations: [0, 1, 4] },
    {
      dimension: 2,
      real: { samples: 10, kept: true, later: 5 },
      synthetic: { samples: 8, sharpen: 0.9 },
      estimator: 'likelihood',
      measure: 'mean',
      generations: [1, 3],
    },
    {
      dimension: 2,
      real: { samples: 30 },
      synthetic: { samples: 30 },
      past: 'kept',
      measure: 'mean',
      generations: [0, 3],
    },
    { dimension: 4, real: { samples: 40 }, synthetic: { samples: 30 }, measure: 'log-volume', generations: [0, 2] },
    { dimension: 3, real: { samples: 40 }, synthetic: { samples: 30 }, measure: 'divergence', generations: [0, 2] },
  ],
  'logistic-chain': [
    {
      dimension: 3,
      truth: { norm: 1 },
      downstream: { samples: 300 },
      data: 'accumulate',
      generations: [0, 2],
      measure: 'distance',
    },
    {
      dimension: 12,
      truth: { norm: [1, 1.5] },
      downstream: { samples: 200 },
      generations: [0, 2],
    },
    {
      dimension: 30,
      truth: { norm: 2 },
      downstream: { samples: 200, ridge: [0.05, 0.2] },
      generations: [0, 1],
      measure: 'misclassified',
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
  divisors: [
    {
      base: 2,
      digits: 4,
      answers: 8,
      network: { width: 16, hidden: 16 },
      training: { examples: 512, batch: 64, rate: 0.01 },
      generator: { known: [1, 2] },
      synthetic: [0, 0.5],
      tests: 128,
      measure: 'loss',
      examples: [0, 512],
    },
    {
      base: 3,
      digits: 3,
      answers: 12,
      network: { width: 32, hidden: 20 },
      training: { examples: 256, batch: 64, rate: 0.01 },
      generator: { known: [1, 3], examples: 128 },
      synthetic: 1,
      generations: [0, 1, 2],
      tests: 64,
      measure: 'loss',
      examples: 128,
    },
    {
      // Nine pairs, learnt by heart.
      base: 2,
      digits: 2,
      answers: 4,
      network: { width: 16, hidden: 16 },
      training: { examples: 6400, batch: 64, rate: 0.02 },
      generator: { known: [1, 2] },
      synthetic: 1,
      told: [1, 2, 3],
      tests: 1024,
    },
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
  descent: [
    {
      dimension: 10,
      covariance: { kind: 'power-law', exponent: 1 },
      generator: { samples: 50, noise: 0.4, rate: 0.2, batch: 5, halvings: 2 },
      downstream: { samples: [24, 60, 120], noise: 0.3, rate: [0.05, 0.1] },
      generations: [0, 1, 2],
    },
    {
      dimension: 70,
      generator: { samples: 64, noise: 0.4, rate: 0.008, covariance: { kind: 'power-law', exponent: 0.3 } },
      downstream: { samples: 60, noise: 0.3, rate: 0.01, batch: 2, average: [0.1, 0.6] },
      generations: [0, 1],
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
