import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { FileTrials } from '../../src/cli/file-trials.ts';
import { readStored } from '../../src/cli/stored.ts';
import { TrialsIndex } from '../../src/cli/trials-index.ts';
import { TrialsWriter } from '../../src/cli/trials-writer.ts';
import type { Backend } from '../../src/engine/backend.ts';
import { drawShard } from '../../src/engine/draw-shard.ts';
import { jobKey } from '../../src/engine/journal.ts';
import { mergeSteps } from '../../src/engine/merge.ts';
import { runPlan } from '../../src/engine/run.ts';
import type { Shard } from '../../src/engine/shard.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import type { Results } from '../../src/experiment/results.ts';
import { type Plan, planExperiment } from '../../src/plan/plan.ts';
import { atOnce } from '../../src/plan/turns.ts';
import { regimes } from '../../src/regimes/index.ts';
import { csvOf } from '../../src/report/csv.ts';
import { resultsJson } from '../../src/report/results-json.ts';
import { samplers } from '../../src/samplers/index.ts';

/** A panel with exponent fits, one with terms, and a twin of the first, which draws the same numbers, more of them. */
export const REGRESSION = {
  name: 'shards',
  regime: 'replace',
  dimension: 3,
  generator: { samples: 9, noise: 0.2 },
  downstream: { samples: [8, 16, 32, 64], noise: 0.1, ridge: 0.1 },
  generations: [0, 1],
  sampler: 'direct',
};
export const regressionPanels = (trials: number) => [
  {
    name: 'fit',
    trials,
    fit: [{ at: { generations: 1 } }],
    figure: { x: 'downstream.samples', series: 'generations' },
  },
  {
    name: 'terms',
    trials: Math.ceil(trials / 3),
    figure: { x: 'downstream.samples', y: 'variance', series: 'generations' },
  },
  { name: 'twin', trials: trials + 5, figure: { x: 'downstream.samples', series: 'generations' } },
];

export const TOKENS = {
  name: 'tokens',
  regime: 'hutter',
  law: { exponent: 1.5, support: 300 },
  downstream: { samples: [20, 60, 200] },
  figure: { x: 'downstream.samples' },
};

const provenance = { version: '0', commit: null, backend: 'reference', driver: '' } as const;

export function planOf(file: object, backend: Backend): Plan {
  return planExperiment(parseExperiment(file as never, regimes), regimes, samplers, backend.limits, backend.target);
}

/** What a run leaves, but for who ran it and when. */
export interface Left {
  readonly panels: string;
  readonly table: string;
  readonly independence: unknown;
}

export function leftBy(results: Results): Left {
  const { panels } = JSON.parse(resultsJson(results));
  return { panels: JSON.stringify(panels), table: csvOf(results.panels), independence: results.manifest.independence };
}

/** One run of everything. */
export async function whole(plan: Plan, backend: Backend): Promise<Left> {
  const { results, error } = await runPlan({ plan, regimes, backend, provenance });
  if (error) throw error;
  return leftBy(results);
}

/** A process that draws a shard, in batches of at most so many trials, until it is stopped after so many batches. */
export interface Life {
  readonly shard: Shard;
  readonly batch: number;
  readonly batches: number;
}

/** Draws shards, each life into a file of its own and knowing of no other, merges the files in an order, and gives what that leaves. */
export async function merged(
  plan: Plan,
  backend: Backend,
  lives: readonly Life[],
  order: (paths: readonly string[]) => readonly string[],
): Promise<Left> {
  const folder = mkdtempSync(join(tmpdir(), 'collapse-shards-'));
  try {
    const paths: string[] = [];
    for (const [i, life] of lives.entries()) paths.push(await live(plan, backend, life, join(folder, `${i}.trials`)));
    const index = new TrialsIndex();
    const damage: string[] = [];
    for (const path of order(paths)) for (const stored of readStored(path, damage)) index.add(stored);
    expect(damage).toEqual([]);
    const jobs = plan.jobs.map((job) => ({
      key: jobKey(job, backend.precision),
      recipes: job.job.recipes.length,
      counted: [{ first: 0, end: job.trials }],
    }));
    const stored = new FileTrials(jobs, index);
    const own = { ...provenance, adapter: null };
    const results = atOnce(mergeSteps({ plan, regimes, stored, provenance: own, start: new Date() }));
    stored.close();
    index.close();
    return leftBy(results);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function live(plan: Plan, backend: Backend, { shard, batch, batches }: Life, path: string): Promise<string> {
  const writer = new TrialsWriter(path, { experiment: '', host: 'h', pid: 1, start: '' }, '');
  const stop = new AbortController();
  let drawn = 0;
  const { error } = await drawShard({
    plan,
    backend,
    shard,
    covered: () => [],
    mostTrialsPerBatch: batch,
    journal: { past: [], append: (entry) => writer.append(entry) },
    signal: stop.signal,
    onProgress: ({ kind }) => {
      if (kind === 'batch' && ++drawn >= batches) stop.abort();
    },
  });
  await writer.close();
  if (error) throw error;
  return path;
}

/** Every shard of N to its end, and lives of shards of other numbers that were stopped; an order of their files. */
export const manyLives = fc
  .record({
    count: fc.integer({ min: 1, max: 9 }),
    batch: fc.integer({ min: 1, max: 40 }),
    stopped: fc.array(
      fc.integer({ min: 1, max: 5 }).chain((count) =>
        fc.record({
          shard: fc.record({ index: fc.integer({ min: 1, max: count }), count: fc.constant(count) }),
          batch: fc.integer({ min: 1, max: 40 }),
          batches: fc.integer({ min: 1, max: 4 }),
        }),
      ),
      { maxLength: 3 },
    ),
  })
  .chain(({ count, batch, stopped }) => {
    const all = Array.from({ length: count }, (_, i): Life => {
      return { shard: { index: i + 1, count }, batch: batch + i, batches: Number.POSITIVE_INFINITY };
    });
    const lives = [...all, ...stopped];
    const places = lives.map((_, i) => i);
    return fc.record({
      lives: fc.constant(lives as readonly Life[]),
      order: fc.shuffledSubarray(places, { minLength: places.length, maxLength: places.length }),
    });
  });
