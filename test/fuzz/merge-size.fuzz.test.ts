import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attemptPath, hullOf, settlePlan, settleRun } from '../../src/cli/shard-files.ts';
import { TrialsWriter } from '../../src/cli/trials-writer.ts';
import { jobKey } from '../../src/engine/journal.ts';
import { shardRange } from '../../src/engine/shard.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { PORTABLE } from '../../src/kernels/tuning.ts';
import { planExperiment, REFERENCE_LIMITS } from '../../src/plan/plan.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';
import { fuzzCount } from '../support/fuzz.ts';

/*
 * Plan: the built command merges shards of made-up errors: 4000 cells of 100 000 trials at full size (1.6 GB), of 1000 in ordinary runs.
 * - it needs no more than 2 GiB at its highest, and says how long it took
 * - a cell has all its trials, and the mean of what was written for it
 */

const root = join(import.meta.dirname, '../..');
const command = join(root, 'dist/cli/collapse.js');
const folder = mkdtempSync(join(tmpdir(), 'collapse-size-'));
beforeAll(() => {
  if (!existsSync(command)) execFileSync('npm', ['run', 'build'], { cwd: root, stdio: 'ignore' });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const full = fuzzCount(10) === 10;
const TRIALS = full ? 100_000 : 1000;
const SHARDS = 4;
const BATCH = 500;

const EXPERIMENT = {
  name: 'size',
  regime: 'replace',
  dimension: 50,
  generator: { samples: 100, noise: 0.2 },
  downstream: {
    samples: Array.from({ length: 50 }, (_, i) => 20 + i),
    noise: 0.1,
    ridge: Array.from({ length: 20 }, (_, i) => (i + 1) / 10),
  },
  generations: [0, 1, 2, 3],
  trials: TRIALS,
  sampler: 'direct',
};

/** Small whole numbers, whose sums are exact, and different for every cell. */
const errorOf = (cell: number, trial: number) => 1 + (((trial * 2654435761) >>> 7) % 64) + (cell % 16);

async function writeShards(): Promise<void> {
  const experiment = parseExperiment(EXPERIMENT as never, regimes);
  const { jobs } = planExperiment(experiment, regimes, samplers, REFERENCE_LIMITS);
  const run = settleRun(folder, { experiment, backend: 'node', shards: SHARDS });
  settlePlan(folder, {
    backend: 'node',
    driver: '',
    adapter: null,
    precision: 'f32',
    limits: REFERENCE_LIMITS,
    target: PORTABLE,
    jobs: jobs.map((job) => ({ key: jobKey(job, 'f32'), recipes: job.cells.length, panel: 'main' })),
  });
  for (let index = 1; index <= SHARDS; index++) {
    const shard = { index, count: SHARDS };
    const range = shardRange(TRIALS, shard);
    const header = { experiment: run.hash, host: 'h', pid: 1, start: new Date().toISOString() };
    const path = attemptPath(folder, shard, new Date());
    const writer = new TrialsWriter(path, { ...header, shard: { ...shard, ...hullOf([TRIALS], shard) } }, '');
    for (const job of jobs)
      for (let { first } = range; first < range.end; first += BATCH) {
        const count = Math.min(BATCH, range.end - first);
        const errors = new Float64Array(job.cells.length * count);
        for (const [i, cell] of job.cells.entries())
          for (let t = 0; t < count; t++) errors[i * count + t] = errorOf(cell, first + t);
        writer.append({
          job: jobKey(job, 'f32'),
          batch: { first, count, errors, statuses: new Uint8Array(errors.length) },
        });
      }
    writer.end('complete');
    await writer.close();
  }
}

/** Exit code, and bytes of memory at its highest. */
function merge(): Promise<{ readonly code: number | null; readonly bytes: number; readonly stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [command, 'merge', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
    let [bytes, stderr] = [0, ''];
    const look = setInterval(() => {
      const status = existsSync(`/proc/${child.pid}/status`) ? readFileSync(`/proc/${child.pid}/status`, 'latin1') : '';
      bytes = Math.max(bytes, 1024 * Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0));
    }, 100);
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.on('close', (code) => {
      clearInterval(look);
      resolve({ code, bytes, stderr });
    });
  });
}

it('merges large runs in little memory', async () => {
  await writeShards();
  const start = performance.now();
  const { code, bytes, stderr } = await merge();
  expect(code, stderr).toBe(0);
  const seconds = (performance.now() - start) / 1000;
  console.log(`4000 cells of ${TRIALS} trials: merged in ${seconds.toFixed(0)} s, ${(bytes / 2 ** 20).toFixed(0)} MiB`);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(2 * 2 ** 30);
  const { cells } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')).panels[0];
  expect(cells).toHaveLength(4000);
  for (const cell of [0, 17, 3999]) {
    let sum = 0;
    for (let t = 0; t < TRIALS; t++) sum += errorOf(cell, t);
    expect(cells[cell]).toMatchObject({ trials: TRIALS, failed: 0 });
    expect(cells[cell].mean).toBeCloseTo(sum / TRIALS, 9);
  }
}, 1_800_000);
