/**
 * Plan. `direct` at the edges of its sizes, each small enough for a software adapter.
 * - More trials than a dispatch has workgroups (70 000 at d = 2, through the engine): a batch of 65 535 and the rest; the
 *   mean is the exact one, and the trials at the seam are those of the reference.
 * - Long data: 200 000 rows at d = 8 pass through in blocks. Large d: 1024 with a little more rows than that, 4096 in the
 *   dual, 1301 in the primal. Each agrees with the f64 reference: c n eps (||w0||^2 + E) kappa, c = 4, n the longest sum,
 *   kappa = 20; rows are summed in f32 within runs of 128 only, so that n is max(d, 128).
 * - Once the rate of the device is known, no submit takes long (0.5 s against a target of 0.04 s), whatever its work.
 */

import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../src/engine/backend.ts';
import { runPlan } from '../../src/engine/run.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { type Command, type Launched, Launcher, type LaunchReport } from '../../src/gpu/launcher.ts';
import { planExperiment } from '../../src/plan/plan.ts';
import type { TrialBatch } from '../../src/program/trials.ts';
import { regimes } from '../../src/regimes/index.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { type Chain, chainRecipes } from '../support/chains.ts';
import { useGpu } from '../support/gpu.ts';
import { EPS } from '../support/matrices.ts';
import { openOn } from '../support/programs.ts';

const context = useGpu();

/** A launcher that keeps its reports. */
class ReportingLauncher extends Launcher {
  readonly reports: LaunchReport[] = [];

  override async submit(commands: readonly Command[], firstTrial: number, trials: number): Promise<Launched> {
    const launched = await super.submit(commands, firstTrial, trials);
    this.reports.push(await launched.finished);
    return launched;
  }
}

it('draws more trials than a dispatch has workgroups', async () => {
  const trials = 70_000;
  const file = {
    name: 'many',
    regime: 'replace',
    dimension: 2,
    downstream: { samples: 10, noise: 1, ridge: 0 },
    trials,
    sampler: 'direct',
  };
  const { gpu, launcher } = context;
  const experiment = parseExperiment(file, regimes);
  const plan = planExperiment(experiment, regimes, new Map([[direct.name, direct]]), gpu.device.limits);
  const batches: TrialBatch[] = [];
  const outcome = await runPlan({
    plan,
    regimes,
    provenance: { version: 'test', commit: null, backend: 'node', driver: 'test' },
    backend: {
      ...referenceBackend,
      precision: 'f32',
      // So fast that the first batch is the largest there is.
      rate: () => Number.POSITIVE_INFINITY,
      open: ({ sampler, job }, capacity) => openOn(sampler, job, launcher, capacity),
    },
    journal: { past: [], append: ({ batch }) => batches.push(batch) },
  });
  expect(outcome.error).toBeNull();
  const [cell] = outcome.results.panels[0]!.cells;
  expect(cell).toMatchObject({ trials, failed: 0 });
  expect(batches.map(({ first, count }) => [first, count])).toEqual([
    [0, 65_535],
    [65_535, 4465],
  ]);
  expect(Math.abs(cell!.mean - 2 / 7) / cell!.sem).toBeLessThan(4);
  expect(cell!.sem / cell!.mean).toBeLessThan(0.01);
  const errors = batches.flatMap((batch) => [...batch.errors]);
  for (const trial of [0, 65_534, 65_535, trials - 1]) {
    const expected = (await plan.jobs[0]!.sampler.openReference(plan.jobs[0]!.job).run(trial, 1)).errors[0]!;
    expect(errors[trial]! / expected).toBeCloseTo(1, 3);
  }
});

describe('one trial', () => {
  const base = { noise: 0.5, generations: [0], ridges: [0.1] };
  it.each<[string, Chain]>([
    ['200 000 rows, d = 8', { ...base, d: 8, rows: 200_000 }],
    ['d = 1024, T = 1100', { ...base, d: 1024, rows: 1100 }],
    ['d = 4096, T = 24: the dual', { ...base, d: 4096, rows: 24 }],
    ['d = 1301, T = 1310', { ...base, d: 1301, rows: 1310 }],
  ])('%s is its reference', async (_, chain) => {
    const job = { seed: 3, recipes: chainRecipes(chain) };
    const source = await openOn(direct, job, context.launcher, 1);
    const got = await source.run(2, 1);
    source.close();
    const expected = await direct.openReference(job).run(2, 1);
    expect([...got.statuses]).toEqual([...expected.statuses]);
    const [error] = expected.errors;
    expect(Math.abs(got.errors[0]! - error!)).toBeLessThan(4 * Math.max(chain.d, 128) * EPS * 20 * (error! + 1));
    context.gpu.assertHealthy();
  });
});

it('submits little at a time once it knows the rate', async () => {
  const launcher = new ReportingLauncher(context.gpu);
  const job = { seed: 1, recipes: chainRecipes({ d: 200, rows: 400, noise: 1, generations: [0], ridges: [0.1] }) };
  const source = await openOn(direct, job, launcher, 8);
  for (let first = 0; first < 32; first += 8) await source.run(first, 8);
  source.close();
  launcher.close();
  const later = launcher.reports.slice(2);
  expect(later).toHaveLength(2);
  for (const { longestSubmitSeconds, submits } of later) {
    expect(submits).toBeGreaterThan(0);
    expect(longestSubmitSeconds).toBeLessThan(0.5);
  }
});
