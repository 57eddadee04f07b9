import { describe, expect, it } from 'vitest';
import { type Backend, gpuBackend } from '../../src/engine/backend.ts';
import type { JournalEntry } from '../../src/engine/journal.ts';
import { type RunOptions, runPlan } from '../../src/engine/run.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { openNodeGpu } from '../../src/gpu/node/adapters.ts';
import { drawnBy, planExperiment } from '../../src/plan/plan.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';

/*
 * Plan: panels that have draws in common are drawn at once, and nobody sees it.
 * - which are: by the same sampler, from one seed, as many trials, where it is less work; cells that are in both once
 * - results are the same bits as panel by panel, terms among them; the journal has the same entries, and one that was begun panel by
 *   panel is gone on with, whichever panel it holds
 * - where a job may end early, and where a backend cannot, each is drawn by itself
 * - what is left is counted once
 */

const MIXED = {
  name: 'together',
  regime: 'mixture',
  dimension: 20,
  covariance: { kind: 'power-law', exponent: 1, trace: 1 },
  truth: { kind: 'gaussian', variance: 1 },
  real: { noise: 0.1 },
  synthetic: { fraction: [0.1, 0.4], noise: 0.1, quality: 0.5 },
  downstream: { samples: 30, ridge: 1e-3, features: [10, 25, 40] },
  trials: 40,
  seed: 3,
  panels: [
    { name: 'half', figure: { x: 'downstream.features', series: 'synthetic.fraction' } },
    {
      name: 'poor',
      synthetic: { quality: [0.5, 1] },
      figure: { x: 'downstream.features', series: 'synthetic.quality' },
    },
    { name: 'terms', synthetic: { quality: 1 }, figure: { x: 'downstream.features', y: 'bias' } },
  ],
};

const planOf = (changes: object = {}) => {
  const limits = {
    maxStorageBufferBindingSize: 2 ** 27,
    maxBufferSize: 2 ** 28,
    maxComputeWorkgroupsPerDimension: 65_535,
  };
  return planExperiment(parseExperiment({ ...MIXED, ...changes } as never, regimes), regimes, samplers, limits);
};
const panels = (...changes: object[]) => ({ panels: MIXED.panels.map((panel, i) => ({ ...panel, ...changes[i] })) });

const provenance = { version: 'test', commit: null, backend: 'node', driver: 'test' } as const;

/** What was opened: several jobs at once, or one. */
async function run(options: Partial<RunOptions> = {}, able = true) {
  const { gpu, reason } = await openNodeGpu();
  if (!gpu) throw new Error(reason);
  const opened: string[] = [];
  const { openTogether, ...plain } = gpuBackend(gpu, async () => null);
  const backend: Backend = {
    ...plain,
    open: (job, capacity) => {
      opened.push(job.panel.name);
      return plain.open(job, capacity);
    },
    ...(able && {
      openTogether: (jobs, capacity) => {
        opened.push(`${jobs.members.length} at once`);
        return openTogether!(jobs, capacity);
      },
    }),
  };
  const written: JournalEntry[] = [];
  const journal = { past: [], append: (entry: JournalEntry) => void written.push(entry) };
  const { results, outcome } = await runPlan({ plan: planOf(), regimes, provenance, journal, ...options, backend });
  gpu.assertHealthy();
  backend.close();
  expect(outcome).toBe('complete');
  return { panels: results.panels, opened: [...new Set(opened)], written };
}

describe('panels with draws in common', () => {
  it('are drawn at once where that is less work', () => {
    const { jobs, together } = planOf();
    expect(jobs).toHaveLength(3);
    expect(together).toHaveLength(1);
    const [{ members, cost, program }] = together as [(typeof together)[0]];
    expect(members.map(({ job }) => job)).toEqual([0, 1, 2]);
    // Cells of quality 0.5 are in two panels; the recipes of the terms begin with those of the errors.
    expect(new Set(members.flatMap(({ places }) => places)).size).toBe(12 + 6 * 5);
    expect(cost.workPerTrial).toBeLessThan(jobs.reduce((sum, job) => sum + job.cost.workPerTrial, 0));
    expect(drawnBy({ jobs, together })).toEqual([{ jobs: [0, 1, 2], cost, program, trials: 40 }]);
  });

  it.each([
    ['other seeds', panels({}, { seed: 4 }, { seed: 5 })],
    ['other numbers of trials', panels({}, { trials: 50 }, { trials: 60 })],
    ['other dimensions', panels({}, { dimension: 21 }, { dimension: 22 })],
  ])('are not with %s', (_, changes) => {
    expect(planOf(changes).together).toEqual([]);
  });

  it('have the bits that each has by itself, and the same journal', async () => {
    const [alone, together] = [await run({}, false), await run()];
    expect(alone.opened).toEqual(['half', 'poor', 'terms']);
    expect(together.opened).toEqual(['3 at once']);
    expect(together.panels).toEqual(alone.panels);
    const trialsOf = (entries: readonly JournalEntry[]) => {
      const sums = new Map<string, number>();
      for (const { job, batch } of entries) sums.set(job, (sums.get(job) ?? 0) + batch.errors.length);
      return sums;
    };
    expect(trialsOf(together.written)).toEqual(trialsOf(alone.written));
    // Begun panel by panel, with the first one done: the others go on, and the other way round.
    const [first] = alone.written;
    const past = alone.written.filter(({ job }) => job === first!.job);
    expect((await run({ journal: { past, append: () => {} } })).panels).toEqual(alone.panels);
    const resumed = await run({ journal: { past: together.written, append: () => {} } });
    expect(resumed.opened).toEqual([]);
    expect(resumed.panels).toEqual(alone.panels);
  });

  it('are drawn one by one where one may have enough before the others', async () => {
    expect((await run({ targetSem: 1e-9 })).opened).toEqual(['half', 'poor', 'terms']);
  });

  it('are counted once in what is left', async () => {
    const left: number[] = [];
    const done: number[] = [];
    await run({
      mostTrialsPerBatch: 10,
      onProgress: (progress) => {
        if (progress.kind === 'batch') {
          left.push(progress.secondsLeft);
          done.push(progress.trialsDone);
        }
      },
    });
    expect(done).toEqual([30, 60, 90, 120]);
    expect(left.at(-1)).toBe(0);
  });
});
