import type { RunOutcome } from '../engine/events.ts';
import { type RunOptions, runPlan } from '../engine/run.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { planExperiment } from '../plan/plan.ts';
import { regimes } from '../regimes/index.ts';
import { samplers } from '../samplers/index.ts';
import type { OpenedBackend } from './device.ts';
import { packageCommit, packageVersion } from './package.ts';

type Options = Omit<RunOptions, 'plan' | 'regimes' | 'backend' | 'provenance'>;

/** Plans and runs an experiment on an opened backend, and closes it. Throws `PlanError` and `DeviceTooSmall`. */
export async function simulate(experiment: Experiment, opened: OpenedBackend, options: Options): Promise<RunOutcome> {
  const { backend, name, driver } = opened;
  try {
    const plan = planExperiment(experiment, regimes, samplers, backend.limits);
    const provenance = { version: packageVersion, commit: packageCommit, backend: name, driver };
    return await runPlan({ plan, regimes, backend, provenance, ...options });
  } finally {
    await opened.close();
  }
}
