import type { Backend } from '../engine/backend.ts';
import type { RunOutcome } from '../engine/events.ts';
import { type RunOptions, runPlan } from '../engine/run.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { type Plan, planSteps } from '../plan/plan.ts';
import { inTurns } from '../plan/turns.ts';
import { regimes } from '../regimes/index.ts';
import type { ImageSource } from '../samplers/images/images.ts';
import { samplersWith } from '../samplers/index.ts';
import type { OpenedBackend } from './device.ts';
import { CliError, Exit } from './exit.ts';
import { imagesFromDisk } from './images-file.ts';
import { packageCommit, packageVersion } from './package.ts';

type Options = Omit<RunOptions, 'plan' | 'regimes' | 'backend' | 'provenance'> & {
  /** Settles what the device computes with, once the amount of work is known. */
  readonly settle?: (opened: OpenedBackend, plan: Plan) => Promise<Backend>;
  /** Those of this machine where it is absent. */
  readonly images?: ImageSource;
};

/** Plans and runs an experiment on an opened backend, and closes it. Throws `PlanError`, `DeviceTooSmall` and `ImagesAbsent`. */
export async function simulate(experiment: Experiment, opened: OpenedBackend, options: Options): Promise<RunOutcome> {
  const { name, driver } = opened;
  const { settle, images = imagesFromDisk(), ...rest } = options;
  try {
    const samplers = samplersWith(images);
    const planFor = async ({ limits, target }: Backend) => {
      const plan = await inTurns(planSteps(experiment, regimes, samplers, limits, target), options.signal);
      if (!plan) throw new CliError(Exit.stopped, 'Stopped before anything was drawn.');
      return plan.value;
    };
    let plan = await planFor(opened.backend);
    for (const { sampler, job } of plan.jobs) await sampler.prepare?.(job);
    const backend = settle ? await settle(opened, plan) : opened.backend;
    if (backend.target.tuning !== opened.backend.target.tuning) plan = await planFor(backend);
    const provenance = { version: packageVersion, commit: packageCommit, backend: name, driver };
    return await runPlan({ plan, regimes, backend, provenance, ...rest });
  } finally {
    await opened.close();
  }
}
