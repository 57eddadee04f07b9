import { firstBatch } from '../src/engine/batching.ts';
import type { Experiment } from '../src/experiment/experiment.ts';
import type { Gpu } from '../src/gpu/gpu.ts';
import { type Command, type Launched, Launcher } from '../src/gpu/launcher.ts';
import { targetOf } from '../src/kernels/tuning.ts';
import { type Drawn, drawnBy, type Plan, planExperiment } from '../src/plan/plan.ts';
import type { JobCost } from '../src/program/cost.ts';
import { openProgram } from '../src/program/open.ts';
import { regimes } from '../src/regimes/index.ts';
import type { Population } from '../src/regimes/recipe.ts';
import type { Images } from '../src/samplers/images/images.ts';
import { samplersWith } from '../src/samplers/index.ts';

/** What the plan of an experiment says beside what a few of its trials take. */
export interface PlanRow {
  readonly experiment: string;
  readonly samplers: readonly string[];
  /** Work that the plan counts over what the device was given, for the trials that were drawn: 1 where both count alike. */
  readonly work: number;
  /** Of all trials: seconds that the plan expects, and that they take at the pace of those drawn; the latter also of all processors. */
  readonly planned: number;
  readonly taken: number;
  readonly processor: number;
}

/** What a processor has spent, in seconds; 0 where nobody knows. */
export type Spent = () => number;

/** Seconds of every job that are measured, once it is warm. */
const MEASURED = 0.3;

/** Draws a few trials of every job of an experiment, images replaced by noise. */
export async function planRow(
  experiment: Experiment,
  gpu: Gpu,
  secondsOf: (cost: JobCost, trials: number) => number,
  spent: Spent,
): Promise<PlanRow> {
  const samplers = samplersWith(noise);
  const plan = planExperiment(experiment, regimes, samplers, gpu.device.limits, targetOf(gpu));
  const launcher = new CountingLauncher(gpu);
  const sum = { planned: 0, taken: 0, processor: 0, counted: 0 };
  const all = drawnBy(plan);
  try {
    for (const drawn of all) {
      const { trials, cost } = drawn;
      const pace = await paceOf(drawn, launcher, spent);
      sum.planned += secondsOf(cost, trials);
      sum.taken += trials * pace.taken;
      sum.processor += trials * pace.processor;
      sum.counted += pace.trials * cost.workPerTrial;
    }
  } finally {
    launcher.close();
  }
  const { counted, ...seconds } = sum;
  const work = launcher.work > 0 ? counted / launcher.work : 1;
  return { experiment: experiment.name, samplers: samplersOf(plan, all), work, ...seconds };
}

const samplersOf = ({ jobs }: Plan, drawn: readonly Drawn[]) => [
  ...new Set(drawn.map(({ jobs: [first] }) => jobs[first!]!.sampler.name)),
];

/** Seconds of a trial, and how many were drawn in all. */
async function paceOf({ program, cost, trials }: Drawn, launcher: CountingLauncher, spent: Spent) {
  const capacity = firstBatch(cost, launcher.rate, cost.largestBatch, trials);
  const source = await openProgram(program, launcher, capacity);
  let drawn = 0;
  const draw = async () => {
    await source.run(drawn, capacity);
    drawn += capacity;
  };
  try {
    await draw();
    const [start, before, warm] = [performance.now(), spent(), drawn];
    do await draw();
    while (performance.now() - start < 1000 * MEASURED);
    const measured = drawn - warm;
    const taken = (performance.now() - start) / 1000;
    return {
      taken: taken / measured,
      processor: (spent() - before) / measured,
      trials: cost.leftToReference ? 0 : drawn,
    };
  } finally {
    source.close();
  }
}

/** Keeps account of the work that it is given. */
class CountingLauncher extends Launcher {
  work = 0;

  override submit(commands: readonly Command[], firstTrial: number, trials: number): Promise<Launched> {
    for (const command of commands) if (command.kind === 'dispatch') this.work += command.work * trials;
    return super.submit(commands, firstTrial, trials);
  }
}

/** As many images as there are, of random bytes: time does not depend on what they show. */
async function noise({ training, test, features }: Population): Promise<Images> {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  const set = (count: number) => ({
    pixels: new Uint8Array(count * features).map(next),
    digits: new Uint8Array(count).map((_, i) => i % 10),
  });
  return { training: set(training), test: set(test) };
}

/** One line for each experiment, and how many are within a factor. */
export function plansText(rows: readonly PlanRow[], within = 1.5): string {
  const seconds = (x: number) => (x < 10 ? x.toPrecision(2) : x.toFixed(0));
  const head = '| file | sampler | work planned / recorded | planned, s | taken, s | planned / taken | CPU, s |';
  const lines = rows.map(({ experiment, samplers, work, planned, taken, processor }) =>
    [
      `\`${experiment}\``,
      samplers.join(', '),
      work.toFixed(2),
      ...[planned, taken].map(seconds),
      (planned / taken).toFixed(2),
      seconds(processor),
    ].join(' | '),
  );
  const near = rows.filter(({ planned, taken }) => planned < within * taken && taken < within * planned);
  return [
    head,
    '|---|---|---|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`),
    '',
    `${near.length} of ${rows.length} within a factor of ${within}.`,
    '',
  ].join('\n');
}
