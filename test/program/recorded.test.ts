/**
 * Programs of every experiment file, for two rows of the tuning table, on a device that only keeps account.
 * - What it is told is what the plan says: dispatches, workgroups along x, y and z, bytes of buffers, no larger binding.
 * - The work that submits are cut by is the work that is planned.
 * - No copy, write or binding leaves its buffer; a launch has every field of its kernel.
 */

import { readdirSync, readFileSync } from 'node:fs';
import JSON5 from 'json5';
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { Launcher } from '../../src/gpu/launcher.ts';
import type { TuningName } from '../../src/kernels/tuning.ts';
import { type PlannedJob, planExperiment } from '../../src/plan/plan.ts';
import { BoundProgram } from '../../src/program/bound.ts';
import { type JobCost, programCost } from '../../src/program/cost.ts';
import type { Program } from '../../src/program/program.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';
import { recordingGpu } from '../support/recording-gpu.ts';

const limits = {
  maxStorageBufferBindingSize: 2 ** 31,
  maxBufferSize: 2 ** 31,
  maxComputeWorkgroupsPerDimension: 65535,
};
/** Trials of a batch: no multiple of what workgroups serve. */
const TRIALS = 3;
/** Jobs of a file, the first, the last and one between them: those of a sweep are alike. */
const some = <T>(all: readonly T[]): T[] => [...new Set([all[0]!, all[all.length >> 1]!, all.at(-1)!])];

const files = readdirSync('experiments').filter((name) => name.endsWith('.json5'));
const experimentOf = (file: string) =>
  parseExperiment(JSON5.parse(readFileSync(`experiments/${file}`, 'utf8')), regimes);
const seen = new Set<string>();

/** Both programs of a job, where its trials are computed twice. */
const programsOf = ({ program }: PlannedJob): Program[] =>
  program.fallback?.check ? [program, program.fallback.check] : [program];

describe.each<TuningName>(['portable', 'gpu'])('%s', (tuning) => {
  it.each(files)('%s', async (file) => {
    const target = { tuning, software: tuning === 'portable' };
    const { jobs } = planExperiment(experimentOf(file), regimes, samplers, limits, target);
    expect(jobs.length).toBeGreaterThan(0);
    for (const job of some(jobs)) {
      seen.add(job.sampler.name);
      for (const program of programsOf(job)) await holds(program);
      const costs = programsOf(job).map((program) => programCost(strippedOf(program), limits));
      if (!job.cost.leftToReference) expect(job.cost.workPerTrial).toBe(sumOf(costs, 'workPerTrial'));
    }
  });
});

it('every sampler has been among them', () => {
  expect([...seen].sort()).toEqual([...samplers.keys()].sort());
});

const sumOf = (costs: readonly JobCost[], part: 'workPerTrial') => costs.reduce((sum, cost) => sum + cost[part], 0);

/** A program without anyone who would compute its trials again. */
function strippedOf({ form, steps, buffers }: Program): Program {
  return { form, steps, buffers, fallback: null } as unknown as Program;
}

async function holds(program: Program): Promise<void> {
  const cost = programCost(strippedOf(program), limits);
  const room = program.form.host ? 1 : TRIALS;
  const { gpu, recorded } = recordingGpu();
  // All the work of a batch in one submit, so that nothing is cut.
  const launcher = new Launcher(gpu, { targetSeconds: Number.POSITIVE_INFINITY });
  const bound = new BoundProgram(program, launcher, room);
  const storage = recorded.storage.bytes;
  const commands = await bound.commands(program.steps);
  const report = await launcher.execute(commands, 0, room);
  const planned = program.steps.filter((step) => step.kind === 'dispatch');
  expect(recorded.faults).toEqual([]);
  expect(report.dispatches).toBe(cost.dispatchesPerBatch);
  expect(recorded.dispatches).toEqual(
    planned.map(({ kernel, groups, layers, trialsPerGroup }) => ({
      kernel: kernel.name,
      grid: trialsPerGroup ? [groups * Math.ceil(room / trialsPerGroup), 1, layers] : [groups, room, layers],
    })),
  );
  const work = commands.reduce((sum, command) => sum + (command.kind === 'dispatch' ? command.work : 0), 0);
  expect(work).toBeCloseTo(cost.workPerTrial, -Math.log10(cost.workPerTrial) + 6);
  // Results are counted three times: they have two copies on their way to the host. A binding has 16 bytes at least.
  const results = program.form.results.reduce((sum, name) => sum + 4 * program.buffers.get(name)!.words * room, 0);
  const slack = 16 * program.buffers.size;
  expect(storage).toBeGreaterThanOrEqual(cost.bytes(room) - 2 * results);
  expect(storage).toBeLessThanOrEqual(cost.bytes(room) - 2 * results + slack);
  expect(recorded.storage.largest).toBeLessThanOrEqual(limits.maxStorageBufferBindingSize);
}
