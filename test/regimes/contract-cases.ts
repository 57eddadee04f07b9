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
