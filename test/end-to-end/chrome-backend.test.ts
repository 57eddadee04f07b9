import { readFileSync } from 'node:fs';
import { build } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import { runInChrome } from '../../src/cli/chrome-backend.ts';
import { gpuBackend } from '../../src/engine/backend.ts';
import type { JournalEntry } from '../../src/engine/journal.ts';
import { runPlan } from '../../src/engine/run.ts';
import { readJson5 } from '../../src/experiment/json.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { openNodeGpu } from '../../src/gpu/node/adapters.ts';
import { planExperiment } from '../../src/plan/plan.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';

/*
 * Plan: `--backend chrome` is the same run in another place.
 * - Chrome and Node draw the same integers, so every trial of the smoke experiment has the same test error up to f32
 *   rounding (1e-5 of the trial's error: ridge 1e-3 at d = 20, T = 60 has a condition number near 10)
 * - the manifest names the browser
 * - the journal gets every batch, and a run that finds them all there draws nothing
 * - an aborted signal ends the run after the batch under way, with what is finished
 */

const file = { ...readJson5(readFileSync('experiments/smoke.json5', 'utf8')), trials: 40 };

beforeAll(() => build({ logLevel: 'warn' }));

/** Errors by cell and trial, from however many batches. */
function errorsOf(entries: readonly JournalEntry[]): ReadonlyMap<string, number> {
  return new Map(
    entries.flatMap(({ job, batch: { first, count, errors } }) =>
      [...errors].map((error, i) => [`${job} ${Math.floor(i / count)} ${first + (i % count)}`, error] as const),
    ),
  );
}

async function inNode(): Promise<readonly JournalEntry[]> {
  const { gpu, reason } = await openNodeGpu();
  if (!gpu) throw new Error(`This test needs a WebGPU adapter for Node: ${reason}`);
  const backend = gpuBackend(gpu, async () => null);
  const plan = planExperiment(parseExperiment(file, regimes), regimes, samplers, backend.limits);
  const provenance = { version: 'test', commit: null, backend: 'node', driver: 'test' } as const;
  const entries: JournalEntry[] = [];
  await runPlan({ plan, regimes, backend, provenance, journal: { past: [], append: (entry) => entries.push(entry) } });
  backend.close();
  return entries;
}

describe('runInChrome', () => {
  it('gives the numbers that Node gives, trial by trial', async () => {
    const entries: JournalEntry[] = [];
    const { outcome, results } = await runInChrome({
      file,
      mostTrialsPerBatch: 16,
      journal: { past: [], append: (entry) => entries.push(entry) },
    });
    expect(outcome).toBe('complete');
    expect(results.manifest).toMatchObject({ backend: 'chrome', driver: expect.stringMatching(/Chrome\/\d+/) });

    const [chrome, node] = [errorsOf(entries), errorsOf(await inNode())];
    expect([...chrome.keys()].sort()).toEqual([...node.keys()].sort());
    const apart = [...chrome].map(([key, error]) => Math.abs(error - node.get(key)!) / error);
    expect(Math.max(...apart)).toBeLessThan(1e-5);

    const batches: unknown[] = [];
    const resumed = await runInChrome({
      file,
      journal: { past: entries, append: () => {} },
      onProgress: (progress) => batches.push(progress),
    });
    expect(batches).toEqual([]);
    expect(resumed.results.panels).toEqual(results.panels);
  });

  it('stops when asked and keeps what is finished', async () => {
    const controller = new AbortController();
    const { outcome, results } = await runInChrome({
      file: { ...file, trials: 100_000 },
      mostTrialsPerBatch: 8,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(outcome).toBe('stopped');
    expect(results.panels[0]!.cells[0]!.trials).toBe(8);
  });
});
