/**
 * The programs of small jobs, one for every sampler and every machine within `direct`, as text: what the device is told changes only
 * where it is meant to. `npx vitest run test/program -u` writes them anew.
 */

import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { planExperiment } from '../../src/plan/plan.ts';
import { programText } from '../../src/program/print.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';
import { contractCases } from '../regimes/contract-cases.ts';

const limits = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65535,
};
const chain: JsonObject = {
  regime: 'replace',
  dimension: 40,
  generator: { samples: 60, noise: 0.2 },
  downstream: { samples: 80, noise: 0.1, ridge: [0.01, 0.1] },
  generations: [0, 2],
};
/** The settings on which the contract of a regime is tested. */
const contracted = (regime: string, which: number): JsonObject => ({ regime, ...contractCases[regime]![which]! });

const POWER = { kind: 'power-law', exponent: 1.5 };

it.each<[string, string, JsonObject]>([
  ['chain', 'direct', chain],
  ['tall-chain', 'direct', { ...chain, dimension: 300, generator: { samples: 600, noise: 0.2 } }],
  ['fewer-rows', 'direct', { ...chain, downstream: { samples: 20, noise: 0.1, ridge: 0.01 }, covariance: POWER }],
  ['mixture', 'direct', contracted('mixture', 0)],
  ['features', 'direct', contracted('mixture', 3)],
  ['subsample', 'direct', contracted('accumulate-subsample', 0)],
  ['chain', 'wishart', { ...chain, covariance: POWER }],
  ['chain', 'krylov', { ...chain, dimension: 300, covariance: POWER, generator: { samples: 400, noise: 0.2 } }],
  ['chain', 'bidiagonal', chain],
  ['mixture', 'jacobi', { ...contracted('mixture', 0), downstream: { samples: 30, ridge: 0 } }],
  ['mixture', 'wishart', contracted('mixture', 2)],
  ['images', 'kernel', contracted('kernel-replace', 0)],
  ['hutter', 'tokens', contracted('hutter', 0)],
  ['hutter', 'poisson', { ...contracted('hutter', 0), draws: 'poisson' }],
  ['bigram', 'pairs', contracted('bigram', 0)],
  ['memory', 'memory', contracted('associative-memory', 0)],
  ['divisors', 'trained', { ...contracted('divisors', 1), training: { examples: 128, batch: 64 } }],
])('%s by %s', async (name, sampler, settings) => {
  const experiment = parseExperiment({ name: 'a', trials: 10, sampler, ...settings }, regimes);
  const { jobs } = planExperiment(experiment, regimes, samplers, limits);
  expect(new Set(jobs.map((job) => job.sampler.name))).toEqual(new Set([sampler]));
  const text = `${programText(jobs[0]!.program)}\n`;
  await expect(text).toMatchFileSnapshot(`snapshots/${sampler}-${name}.txt`);
});
