import type { Launcher } from '../../src/gpu/launcher.ts';
import { PORTABLE, targetOf } from '../../src/kernels/tuning.ts';
import { type DeviceLimits, type JobCost, programCost } from '../../src/program/cost.ts';
import { openProgram } from '../../src/program/open.ts';
import type { TrialSource } from '../../src/program/trials.ts';
import type { Sampler, SamplerJob } from '../../src/samplers/sampler.ts';

/** A job on a device, as the plan of a run would have it. */
export function openOn(sampler: Sampler, job: SamplerJob, launcher: Launcher, capacity: number): Promise<TrialSource> {
  return openProgram(sampler.program(job, targetOf(launcher.gpu)), launcher, capacity);
}

/** What a job costs with the portable row. */
export const costOn = (sampler: Sampler, job: SamplerJob, limits: DeviceLimits): JobCost =>
  programCost(sampler.program(job, PORTABLE), limits);
