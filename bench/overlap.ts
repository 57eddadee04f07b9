import type { Backend } from '../src/engine/backend.ts';
import { runPlan } from '../src/engine/run.ts';
import { parseExperiment } from '../src/experiment/parse.ts';
import { type Command, type Launched, Launcher } from '../src/gpu/launcher.ts';
import { PassClock } from '../src/gpu/pass-clock.ts';
import { targetOf } from '../src/kernels/tuning.ts';
import { planExperiment } from '../src/plan/plan.ts';
import { openProgram } from '../src/program/open.ts';
import { regimes } from '../src/regimes/index.ts';
import { samplers } from '../src/samplers/index.ts';
import type { TrialShape } from './block.ts';
import { experimentOf } from './cases/trials.ts';
import type { Overlap } from './record.ts';
import type { Stage } from './stage.ts';

/** Where the time of a whole run goes: the engine with batches, statistics and read-back as a user has it, only without files. */

/** A launcher that adds up the time in which it has a batch under way; the rest of a run is JavaScript and read-back. */
class MeteredLauncher extends Launcher {
  executeSeconds = 0;
  batches = 0;
  #underWay = 0;
  #since = 0;

  override async submit(commands: readonly Command[], firstTrial: number, trials: number): Promise<Launched> {
    if (this.#underWay++ === 0) this.#since = performance.now();
    this.batches++;
    const { finished } = await super.submit(commands, firstTrial, trials);
    return { finished: finished.finally(() => this.#end()) };
  }

  #end(): void {
    if (--this.#underWay === 0) this.executeSeconds += (performance.now() - this.#since) / 1000;
  }
}

/** Runs the shape with one sampler for about `seconds`, after shorter runs to find out how many trials that is. */
export async function overlapOf(stage: Stage, shape: TrialShape, sampler: string, seconds: number): Promise<Overlap> {
  const cells = shape.generations.length * shape.ridges.length;
  const most = Math.floor(MOST_RESULTS / cells);
  for (let trials = 4; ; ) {
    const overlap = await metered(stage, shape, sampler, trials);
    if (overlap.wallSeconds >= 0.5 * seconds || trials === most) return overlap;
    const growth = Math.min(16, Math.max(2, seconds / overlap.wallSeconds));
    trials = Math.min(most, Math.ceil(growth * trials));
  }
}

/** Test errors that a run may keep in memory. */
const MOST_RESULTS = 4e7;

async function metered({ gpu, kernels }: Stage, shape: TrialShape, sampler: string, trials: number): Promise<Overlap> {
  const clock = PassClock.of(gpu);
  const launcher = new MeteredLauncher(gpu, { clock, kernels });
  const file = { ...experimentOf(shape), sampler, trials };
  const experiment = parseExperiment(file, regimes, [...samplers.keys()]);
  const plan = planExperiment(experiment, regimes, samplers, gpu.device.limits, targetOf(gpu));
  const backend: Backend = {
    precision: 'f32',
    limits: gpu.device.limits,
    target: targetOf(gpu),
    adapter: gpu.adapter,
    rate: () => launcher.rate,
    open: ({ program }, capacity) => openProgram(program, launcher, capacity),
    reopen: () => Promise.reject(new Error('A benchmark does not open a device again.')),
    close: () => {},
  };
  try {
    const start = performance.now();
    const { error } = await runPlan({
      plan,
      regimes,
      backend,
      provenance: { version: '', commit: null, backend: 'node', driver: '' },
    });
    if (error) throw error;
    const wallSeconds = (performance.now() - start) / 1000;
    const { executeSeconds } = launcher;
    const busySeconds = clock?.busySeconds ?? null;
    const { d } = shape;
    return { sampler, d, trials, batches: launcher.batches, wallSeconds, executeSeconds, busySeconds };
  } finally {
    clock?.close();
    launcher.close();
  }
}
