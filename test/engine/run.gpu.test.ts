import { afterAll, describe, expect, it } from 'vitest';
import { type Backend, gpuBackend, referenceBackend } from '../../src/engine/backend.ts';
import type { Journal, JournalEntry } from '../../src/engine/journal.ts';
import { type RunOptions, runPlan } from '../../src/engine/run.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { GpuValidationError } from '../../src/gpu/gpu.ts';
import { openNodeGpu } from '../../src/gpu/node/adapters.ts';
import { planExperiment } from '../../src/plan/plan.ts';
import type { ProgramForm } from '../../src/program/program.ts';
import { regimes } from '../../src/regimes/index.ts';
import type { LinearRecipe } from '../../src/regimes/recipe.ts';
import { fitScheduleOf } from '../../src/samplers/fit-schedule.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { directProgram } from '../../src/samplers/linear/direct/program.ts';
import type { Sampler } from '../../src/samplers/sampler.ts';

/*
 * Plan: the engine's loop on a real device (the smoke-sized experiment below, `direct`).
 * - results are the same bits for batches of at most 1, 7 and any number of trials, and agree with the f64 reference
 * - a device lost in the middle is opened again once and the results do not change; lost twice, the run breaks by name
 *   and keeps what was finished
 * - a validation error breaks the run by name, and no number made after it is in the results
 * - stopping finishes and keeps the batches under way; a journal goes on from there to the same results
 * - trials that break down are counted and are in no mean
 * - a target for the standard error ends a job early
 * - cells that f32 cannot hold are computed by the reference, and the run says so once, with panel and reason
 */

const EXPERIMENT = {
  name: 'engine-test',
  regime: 'replace',
  dimension: 12,
  generator: { samples: 30, noise: 0.2 },
  downstream: { samples: [9, 40], noise: 0.1, ridge: [0.01, 0.1] },
  generations: [0, 2],
  trials: 60,
  seed: 4,
};

const provenance = { version: 'test', commit: null, backend: 'node', driver: 'test' } as const;
const only = (sampler: Sampler) => new Map([[sampler.name, sampler]]);

function planOf(changes: object = {}, sampler: Sampler = direct, backend: Backend = referenceBackend) {
  const experiment = parseExperiment({ ...EXPERIMENT, ...changes } as never, regimes);
  return planExperiment(experiment, regimes, only(sampler), backend.limits);
}

async function openBackend(): Promise<Backend> {
  const { gpu, reason } = await openNodeGpu();
  if (!gpu) throw new Error(reason);
  return gpuBackend(gpu, async () => (await openNodeGpu()).gpu);
}

/** For tests that do not break it: a device compiles its kernels once, and some drivers need seconds for that. */
let shared: Backend | null = null;
afterAll(() => shared?.close());

async function run({ backend: own, ...options }: Partial<RunOptions> = {}) {
  if (!own) shared ??= await openBackend();
  const backend = own ?? shared!;
  const outcome = await runPlan({ plan: planOf(), regimes, provenance, ...options, backend });
  own?.close();
  return outcome;
}

const means = ({ results }: Awaited<ReturnType<typeof run>>) =>
  results.panels.flatMap(({ cells }) => cells.map(({ mean }) => mean));

describe('the engine', () => {
  it('gives the same means for batches of 1, 7 and any size', async () => {
    const any = await run();
    expect(any.outcome).toBe('complete');
    expect(any.results.panels[0]!.cells.every(({ trials, failed }) => trials === 60 && failed === 0)).toBe(true);
    expect(means(await run({ mostTrialsPerBatch: 1 }))).toEqual(means(any));
    expect(means(await run({ mostTrialsPerBatch: 7 }))).toEqual(means(any));
  });

  it('agrees with the reference backend', async () => {
    const device = means(await run());
    const reference = means(await run({ backend: referenceBackend }));
    device.forEach((mean, i) => {
      expect(Math.abs(mean - reference[i]!) / reference[i]!).toBeLessThan(1e-5);
    });
  });

  it('goes on with another device when one is lost, once', async () => {
    const expected = means(await run());
    for (const losses of [1, 2]) {
      const { gpu } = await openNodeGpu();
      let current = gpu!;
      const backend = gpuBackend(current, async () => {
        current = (await openNodeGpu()).gpu!;
        return current;
      });
      let lost = 0;
      const notes: string[] = [];
      const outcome = await run({
        backend,
        mostTrialsPerBatch: 7,
        onProgress: (progress) => {
          if (progress.kind === 'note') notes.push(progress.text);
          else if (progress.kind === 'batch' && lost < losses && progress.trialsDone >= 14 * (lost + 1)) {
            lost++;
            current.device.destroy();
          }
        },
      });
      expect(notes).toHaveLength(1);
      if (losses === 1) {
        expect(outcome.outcome).toBe('complete');
        expect(means(outcome)).toEqual(expected);
      } else {
        expect(outcome.outcome).toBe('broken');
        expect(outcome.error!.name).toBe('DeviceLost');
        expect(outcome.results.panels[0]!.cells[0]!.trials).toBeGreaterThanOrEqual(14);
      }
    }
  });

  it('says which cells it leaves to the reference, and why', async () => {
    // Without noise the test error is what the ridge takes: 1e-12 of the truth.
    const changes = { generator: undefined, generations: [0], downstream: { samples: [40], noise: 0, ridge: [1e-6] } };
    const notes: string[] = [];
    const plan = planOf(changes);
    expect(plan.jobs[0]!.cost.leftToReference).toMatch(/beside a truth/);
    const onProgress: RunOptions['onProgress'] = (progress) => {
      if (progress.kind === 'note') notes.push(progress.text);
    };
    const device = await run({ plan, mostTrialsPerBatch: 7, onProgress });
    expect(notes).toEqual([expect.stringMatching(/^Panel .*f64 reference computes 1 cell .*beside a truth/)]);
    expect(means(device)).toEqual(means(await run({ plan, backend: referenceBackend, onProgress })));
    expect(notes).toHaveLength(1);
    expect(planOf().jobs.every(({ cost }) => cost.leftToReference === undefined)).toBe(true);
  });

  it('breaks by name on a validation error', async () => {
    const { gpu } = await openNodeGpu();
    const backend = gpuBackend(gpu!, async () => null);
    const outcome = await run({
      backend,
      mostTrialsPerBatch: 7,
      onProgress: (progress) => {
        // More than the device allows: the buffer is invalid and the device reports it.
        if (progress.kind === 'batch' && progress.trialsDone === 7)
          gpu!.device.createBuffer({ size: 2 ** 50, usage: 0x80 });
      },
    });
    expect(outcome.outcome).toBe('broken');
    expect(outcome.error).toBeInstanceOf(GpuValidationError);
    // The batch under way at that moment was made before.
    expect([7, 14]).toContain(Math.max(...outcome.results.panels[0]!.cells.map(({ trials }) => trials)));
  });

  it('stops after the batches under way and goes on from the journal', async () => {
    const entries: JournalEntry[] = [];
    const journal: Journal = { past: [], append: (entry) => entries.push(structuredClone(entry)) };
    const controller = new AbortController();
    const stopped = await run({
      journal,
      mostTrialsPerBatch: 7,
      signal: controller.signal,
      onProgress: (progress) => {
        if (progress.kind === 'batch' && progress.trialsDone >= 21) controller.abort();
      },
    });
    expect(stopped.outcome).toBe('stopped');
    // Three were reported when the user stopped, a fourth was under way.
    expect(entries.map(({ batch }) => batch.first)).toEqual([0, 7, 14, 21]);
    const resumed: JournalEntry[] = [];
    const rest = await run({ journal: { past: entries, append: (entry) => resumed.push(entry) } });
    expect(resumed.some(({ batch }) => batch.first === 0 && batch.count > 60 - 28)).toBe(false);
    expect(means(rest)).toEqual(means(await run()));
  });

  it('counts breakdowns and keeps them out of every mean', async () => {
    const breaking: Sampler = {
      ...direct,
      // Without anyone to draw marked trials again.
      program: (job, target) => {
        const program = directProgram(fitScheduleOf(job.recipes as readonly LinearRecipe[]), job.seed, target);
        const { form } = program;
        const read: ProgramForm['read'] = (contents, first, count, capacity) => {
          const batch = form.read(contents, first, count, capacity);
          for (let t = 0; t < count; t++) {
            if ((first + t) % 10 !== 0) continue;
            batch.errors[t] = Number.NaN;
            batch.statuses[t] = 1;
          }
          return batch;
        };
        return Object.assign(program, { form: { ...form, read } });
      },
    };
    const { results } = await run({ plan: planOf({}, breaking) });
    const [first, second] = results.panels[0]!.cells;
    expect([first!.trials, first!.failed, second!.failed]).toEqual([54, 6, 0]);
    expect(Number.isFinite(first!.mean)).toBe(true);
    expect(results.manifest.statuses.nonPositivePivot).toBe(6);
  });

  it('ends a job once the relative standard error is reached', async () => {
    const { results, outcome } = await run({ plan: planOf({ trials: 5000 }), targetSem: 0.2, mostTrialsPerBatch: 16 });
    expect(outcome).toBe('complete');
    for (const { trials, sem, mean } of results.panels[0]!.cells) {
      expect(trials).toBeLessThan(5000);
      expect(sem / mean).toBeLessThanOrEqual(0.2);
    }
  });
});
