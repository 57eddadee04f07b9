import type { Experiment, Panel } from '../experiment/experiment.ts';
import { unknownName } from '../experiment/problem.ts';
import { PORTABLE, type Target } from '../kernels/tuning.ts';
import { type DeviceLimits, DeviceTooSmall, type JobCost, programCost, programWork } from '../program/cost.ts';
import { type Program, unlessMoreWork } from '../program/program.ts';
import { isFitted, type Recipe } from '../regimes/recipe.ts';
import type { Regime } from '../regimes/regime.ts';
import { withTerms } from '../regimes/terms.ts';
import { refusalOf, type Sampler, type SamplerJob, understands } from '../samplers/sampler.ts';
import { groupByDraws, recipeOf } from './jobs.ts';
import { type Together, togetherOf } from './together.ts';
import { atOnce } from './turns.ts';

/** Cells that are simulated together, by which sampler, and what that costs. */
export interface PlannedJob {
  readonly panel: Panel;
  /** Indices into `panel.cells`. */
  readonly cells: readonly number[];
  readonly sampler: Sampler;
  /** The recipes of the cells in order; where the panel draws a term, then those that terms are read off. */
  readonly job: SamplerJob;
  /** What the device does for a batch. */
  readonly program: Program;
  readonly cost: JobCost;
  readonly trials: number;
}

export interface Plan {
  readonly experiment: Experiment;
  readonly jobs: readonly PlannedJob[];
  /** Which of them are drawn at once. */
  readonly together: readonly Together[];
  /** Memory the results of all trials take on the host, bytes. */
  readonly resultBytes: number;
}

/** The sampler asked for does not exist or cannot draw what the experiment needs. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
}

/** Limits of the f64 reference, which runs in ordinary memory. */
export const REFERENCE_LIMITS: DeviceLimits = {
  maxStorageBufferBindingSize: 2 ** 33,
  maxBufferSize: 2 ** 33,
  maxComputeWorkgroupsPerDimension: 65535,
};

/** Operations per second that the f64 reference is taken to do before it is measured. */
export const REFERENCE_RATE = 5e8;

/** What a plan knows of the device. */
interface PlanDevice {
  readonly limits: DeviceLimits;
  readonly target: Target;
  /** Jobs that are planned already, by what they are. */
  readonly known: Map<string, Compiled>;
}

type Compiled = Pick<PlannedJob, 'sampler' | 'job' | 'program' | 'cost'>;

/** Bytes of results beyond which a run would exhaust the host's memory. */
const MOST_RESULT_BYTES = 4 * 2 ** 30;

/**
 * Decides everything before anything is allocated: jobs, samplers, programs, batches, memory, work. Throws `DeviceTooSmall`
 * or `PlanError`.
 */
export function planExperiment(
  experiment: Experiment,
  regimes: ReadonlyMap<string, Regime>,
  samplers: ReadonlyMap<string, Sampler>,
  limits: DeviceLimits,
  target: Target = PORTABLE,
): Plan {
  return atOnce(planSteps(experiment, regimes, samplers, limits, target));
}

/** The same in steps, one for each cell and job: a plan of many takes seconds. Who keeps no results in memory may allow more of them. */
export function* planSteps(
  experiment: Experiment,
  regimes: ReadonlyMap<string, Regime>,
  samplers: ReadonlyMap<string, Sampler>,
  limits: DeviceLimits,
  target: Target = PORTABLE,
  mostResultBytes = MOST_RESULT_BYTES,
): Generator<void, Plan> {
  const device = { limits, target, known: new Map<string, Compiled>() };
  const jobs: PlannedJob[] = [];
  for (const panel of experiment.panels)
    for (const job of planPanel(panel, regimes.get(panel.regime)!, samplers, device)) {
      if (job) jobs.push(job);
      yield;
    }
  const resultBytes = jobs.reduce((sum, { job, trials }) => sum + 8 * job.recipes.length * trials, 0);
  if (resultBytes > mostResultBytes) throw tooManyResults(experiment, resultBytes);
  const together = yield* togetherOf(jobs, limits, target);
  return { experiment, jobs, together, resultBytes };
}

/** What is drawn by one program, and how often: several jobs at once, or one, which panels that draw the same in another way share. */
export interface Drawn {
  /** Indices of its jobs. */
  readonly jobs: readonly number[];
  readonly cost: JobCost;
  readonly program: Program;
  readonly trials: number;
}

/** Everything that a plan draws, in order, each once. */
export function drawnBy({ jobs, together }: Pick<Plan, 'jobs' | 'together'>): readonly Drawn[] {
  const drawn = new Map<Program, Drawn>();
  const unions = new Map(
    together.flatMap((union) => union.members.map(({ job }) => [jobs[job]!.program, union] as const)),
  );
  for (const [j, job] of jobs.entries()) {
    const { program, cost } = unions.get(job.program) ?? job;
    const { jobs: others, trials } = drawn.get(program) ?? { jobs: [], trials: 0 };
    drawn.set(program, { jobs: [...others, j], cost, program, trials: Math.max(trials, job.trials) });
  }
  return [...drawn.values()];
}

/** Null where a step was none of a job. */
function* planPanel(
  panel: Panel,
  regime: Regime,
  samplers: ReadonlyMap<string, Sampler>,
  device: PlanDevice,
): Generator<PlannedJob | null, void> {
  const recipes: Recipe[] = [];
  for (const cell of panel.cells) {
    recipes.push(recipeOf(regime, cell));
    yield null;
  }
  for (const cells of groupByDraws(recipes)) {
    const own = cells.map((cell) => recipes[cell]!);
    // Panels that draw the same in another way are compiled once.
    const { regime: scheme, seed, y } = panel;
    const parameters = cells.map((cell) => panel.cells[cell]!.parameters);
    const key = JSON.stringify([scheme, panel.sampler, seed, y !== undefined, parameters]);
    const known = device.known.get(key) ?? compiled(panel, own, samplers, device);
    device.known.set(key, known);
    yield { panel, cells, ...known, trials: panel.trials };
  }
}

function compiled(
  panel: Panel,
  own: readonly Recipe[],
  samplers: ReadonlyMap<string, Sampler>,
  { limits, target }: PlanDevice,
): Compiled {
  const job: SamplerJob = { seed: panel.seed, recipes: panel.y ? termRecipes(own, panel) : own };
  const sampler = chooseSampler(panel.sampler, job, samplers, limits);
  const program = sampler.program(job, target);
  return { sampler, job, program, cost: programCost(program, limits) };
}

/** A regime that draws no fits says so before (`Scheme.terms`). */
function termRecipes(recipes: readonly Recipe[], { regime, y }: Panel): readonly Recipe[] {
  const fitted = recipes.filter(isFitted);
  if (fitted.length < recipes.length) throw new PlanError(`figure.y: the test error of ${regime} has no term "${y}"`);
  return withTerms(fitted);
}

/** `auto` prices samplers for the portable row, so that it takes the same one on every device that is large enough. */
function chooseSampler(
  asked: string,
  job: SamplerJob,
  samplers: ReadonlyMap<string, Sampler>,
  limits: DeviceLimits,
): Sampler {
  if (asked !== 'auto') {
    const sampler = samplers.get(asked);
    if (!sampler) throw new PlanError(`sampler: ${unknownName('sampler', asked, ['auto', ...samplers.keys()])}`);
    const refusal = refusalOfAny(sampler, job.recipes);
    if (refusal) throw new PlanError(`sampler: ${asked} cannot draw this experiment: ${refusal}. Use auto.`);
    return sampler;
  }
  const refusals = [...samplers.values()].map((sampler) => [sampler, refusalOfAny(sampler, job.recipes)] as const);
  const able = refusals.filter(([, refusal]) => refusal === null).map(([sampler]) => sampler);
  if (able.length === 0) {
    // Whoever has only a number against it says more than those for whom it is not.
    const near = refusals.filter(([sampler]) => job.recipes.every((recipe) => understands(sampler, recipe)));
    const reasons = (near.length > 0 ? near : refusals).map(([{ name }, refusal]) => `${name}: ${refusal}`);
    throw new PlanError(`sampler: none can draw this experiment (${reasons.join('; ')})`);
  }
  return able.length === 1 ? able[0]! : cheapest(able, job, limits);
}

function cheapest(samplers: readonly Sampler[], job: SamplerJob, limits: DeviceLimits): Sampler {
  let tooSmall: DeviceTooSmall | null = null;
  let best: { sampler: Sampler; work: number } | null = null;
  // Shortcuts come last in the list, and `direct`, whose programs are the longest, first.
  for (const sampler of [...samplers].reverse()) {
    try {
      const most: number = best?.work ?? Number.POSITIVE_INFINITY;
      const program = unlessMoreWork(most, () => sampler.program(job, PORTABLE));
      if (!program) continue;
      const work = programWork(program, limits);
      if (work <= most) best = { sampler, work };
    } catch (error) {
      if (!(error instanceof DeviceTooSmall)) throw error;
      tooSmall = error;
    }
  }
  if (!best) throw tooSmall;
  return best.sampler;
}

function refusalOfAny(sampler: Sampler, recipes: readonly Recipe[]): string | null {
  for (const recipe of recipes) {
    const refusal = refusalOf(sampler, recipe);
    if (refusal) return refusal;
  }
  return null;
}

function tooManyResults(experiment: Experiment, bytes: number): PlanError {
  const trials = Math.max(...experiment.panels.map((panel) => panel.trials));
  const fitting = Math.floor((trials * MOST_RESULT_BYTES) / bytes);
  return new PlanError(
    `trials: the results of all cells would take ${(bytes / 2 ** 30).toFixed(1)} GiB, more than the ` +
      `${MOST_RESULT_BYTES / 2 ** 30} GiB kept in memory; use at most ${fitting} trials, fewer cells, one panel at a time (--panel), or shards, which keep none (collapse run --shard)`,
  );
}
