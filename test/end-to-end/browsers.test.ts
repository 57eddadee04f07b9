import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../../src/cli/device.ts';
import { simulate } from '../../src/cli/simulate.ts';
import type { JournalEntry } from '../../src/engine/journal.ts';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { POPULATIONS } from '../../src/regimes/image-parameters.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';
import { hasFirefox } from '../support/firefox.ts';
import { syntheticImages } from '../support/images.ts';

/*
 * Plan: what two browsers and Node draw of one experiment of each sampler, images being synthetic ones. Job names cross between command and page, and
 * a ridge of every regression is a power of ten that no decimal is: a grid, a power or a hash that depended on the engine would be
 * refused by name.
 * - the same tokens, bigrams and memories, bit for bit
 * - regressions, whose drivers may differ, are equal to f32 rounding
 * - the manifest names the browser
 */

const panel = (sampler: string, file: JsonObject): JsonObject => ({ name: sampler, sampler, ...file });

const regression: JsonObject = {
  regime: 'replace',
  dimension: 24,
  covariance: { kind: 'power-law', exponent: 1.3 },
  generator: { samples: 48, noise: 0.2 },
  downstream: { samples: { logspace: [1.7, 2.1, 2] }, noise: 0.1, ridge: { logspace: [-2, 0, 3] } },
  generations: [0, 2],
};

const law = { exponent: 1.5, support: 2000 };

const file: JsonObject = {
  name: 'samplers',
  trials: 6,
  panels: [
    panel('direct', regression),
    panel('wishart', regression),
    panel('krylov', {
      ...{ ...regression, dimension: 300, generator: { samples: 900, noise: 0.2 } },
      downstream: { samples: 1500, noise: 0.1, ridge: { logspace: [-0.8, 0.5, 3] } },
    }),
    panel('bidiagonal', { ...regression, covariance: { kind: 'isotropic' } }),
    panel('kernel', {
      regime: 'kernel-replace',
      kernel: { kind: 'rbf', scale: 1e-4 },
      tests: 200,
      generator: { samples: 30, noise: 0.5, ridge: { power: 1 } },
      downstream: { samples: [20, 70], noise: 0.5, ridge: { power: [0.5, 1] } },
      generations: [0, 2],
    }),
    panel('jacobi', {
      regime: 'weighted',
      dimension: 24,
      real: { samples: 48, noise: 1 },
      synthetic: { samples: 48, noise: 1, quality: 0.25, weight: { linspace: [0, 1, 4] } },
      downstream: { ridge: 0 },
    }),
    panel('descent', {
      regime: 'descent',
      dimension: 20,
      generator: { samples: 60, rate: 0.02, noise: 0.3 },
      downstream: { samples: [50, 100], rate: 0.02, noise: 0.3 },
      generations: [0, 2],
    }),
    panel('span', {
      regime: 'self-training',
      dimension: 30,
      real: { samples: 80 },
      judge: { cosine: 0.9 },
      keep: { rule: 'hard', share: 0.6, agree: true },
      downstream: { samples: 1500, ridge: 0.05 },
      generations: [0, 2],
    }),
    panel('newton', {
      regime: 'logistic-chain',
      dimension: 20,
      truth: { norm: 1.2 },
      downstream: { samples: 300 },
      generations: [0, 2],
    }),
    {
      ...panel('newton', {
        regime: 'verification',
        dimension: 20,
        separation: 1,
        real: { samples: 60 },
        synthetic: { samples: 300, flips: 0.3, estimate: 'covariance', behind: 80 },
        verifier: { right: 0.9, wrong: 0.3 },
        downstream: { ridge: 0.2 },
      }),
      name: 'newton-squares',
    },
    panel('accepted', {
      regime: 'verified-regression',
      dimension: 3,
      truth: { coefficient: 0.7 },
      real: { samples: 10 },
      verifier: { band: 1 },
      synthetic: { samples: 40 },
      generations: [0, 2],
    }),
    panel('refits', {
      regime: 'gaussian-chain',
      dimension: 5,
      real: { samples: 12 },
      synthetic: { samples: 15 },
      past: 'kept',
      measure: 'divergence',
      generations: [0, 3],
    }),
    panel('trained', {
      regime: 'divisors',
      ...{ base: 3, digits: 3, answers: 12, network: { width: 32, hidden: 20 }, tests: 128, measure: 'loss' },
      training: { examples: 640, batch: 64, rate: 0.01 },
      generator: { known: [1, 3], examples: 128 },
      synthetic: [0, 0.5],
      generations: [0, 1, 2],
      examples: 128,
    }),
    {
      ...panel('trained', {
        regime: 'network',
        tests: 60,
        synthetic: { fraction: [0, 0.5], noise: 0.1 },
        generator: { samples: 30, width: 6, epochs: 2 },
        downstream: { samples: 50, width: 9, epochs: 2 },
        training: { batch: 16 },
        generations: [0, 1],
      }),
      name: 'trained-images',
    },
    panel('tokens', { regime: 'hutter', law, downstream: { samples: { logspace: [1, 3, 4] } }, generations: 0 }),
    panel('poisson', {
      ...{ regime: 'hutter', draws: 'poisson', law, generations: 0 },
      downstream: { samples: { logspace: [1, 3, 4] } },
    }),
    panel('pairs', {
      regime: 'bigram',
      contexts: { exponent: 1.4, support: 3 },
      next: { exponent: 1.4, support: 500 },
      generator: { samples: 1000, later: 2000, topP: 0.95, crossing: 'dropped' },
      downstream: { samples: [200, 2000] },
      generations: [0, 2],
    }),
    panel('memory', {
      regime: 'associative-memory',
      law: { exponent: 1.5, support: 200 },
      dimension: 100,
      labels: 200,
      downstream: { samples: [10, 1000] },
    }),
  ],
};

/** These count in integers, of masses that are powers with the same bits everywhere: nothing in them may differ. */
const COUNTED = new Set(['tokens', 'poisson', 'pairs', 'memory']);

const synthetic = syntheticImages(POPULATIONS.mnist);
const images = async () => synthetic;

async function drawnBy(where: 'node' | 'chrome' | 'firefox') {
  const experiment = parseExperiment(file, regimes, [...samplers.keys()]);
  const entries: JournalEntry[] = [];
  const journal = { past: [], append: (entry: JournalEntry) => entries.push(entry) };
  const run = await simulate(experiment, await openBackend(where, experiment, images), { journal, images });
  const { outcome, error, results, jobs } = run;
  expect([outcome, error], where).toEqual(['complete', null]);
  const panelOf = new Map(jobs.map(({ key, panel }) => [key, panel]));
  const errors = new Map<string, number>();
  for (const { job, batch } of entries)
    batch.errors.forEach((error, i) => {
      const { first, count } = batch;
      errors.set(`${panelOf.get(job)} ${job} ${Math.floor(i / count)} ${first + (i % count)}`, error);
    });
  return { errors, manifest: results.manifest };
}

function distanceBy(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  const worst: Record<string, number> = {};
  for (const [key, error] of a) {
    // A panel is named by its sampler, and what else it is about.
    const sampler = key.split(/[ -]/)[0]!;
    const apart = Math.abs(error - b.get(key)!) / error;
    worst[sampler] = Math.max(worst[sampler] ?? 0, apart);
  }
  return worst;
}

describe('every sampler', () => {
  let node: Awaited<ReturnType<typeof drawnBy>>;

  beforeAll(async () => {
    node = await drawnBy('node');
  });

  const cases = [
    { where: 'chrome', driver: /Chrome\/\d+/, there: true },
    { where: 'firefox', driver: /firefox\/\d+/i, there: hasFirefox() },
  ] as const;

  for (const { where, driver, there } of cases)
    it.skipIf(!there)(`draws in ${where} what it draws in Node`, async () => {
      const { errors, manifest } = await drawnBy(where);
      expect(manifest).toMatchObject({ backend: where, driver: expect.stringMatching(driver) });
      expect([...errors.keys()].sort()).toEqual([...node.errors.keys()].sort());
      const apart = distanceBy(node.errors, errors);
      expect(Object.keys(apart).sort()).toEqual([...samplers.keys()].sort());
      for (const [sampler, distance] of Object.entries(apart))
        expect(distance, sampler).toBeLessThanOrEqual(COUNTED.has(sampler) ? 0 : sampler === 'span' ? 1e-4 : 1e-5);
    });
});
