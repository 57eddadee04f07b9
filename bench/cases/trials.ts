import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { Launcher } from '../../src/gpu/launcher.ts';
import { PORTABLE, targetOf } from '../../src/kernels/tuning.ts';
import { type PlannedJob, planExperiment } from '../../src/plan/plan.ts';
import { programCost } from '../../src/program/cost.ts';
import { openProgram } from '../../src/program/open.ts';
import { type TrialBatch, type TrialSource, TrialStatus } from '../../src/program/trials.ts';
import { regimes } from '../../src/regimes/index.ts';
import { predictor } from '../../src/regimes/predict.ts';
import { samplers } from '../../src/samplers/index.ts';
import { refusalOf, type Sampler, type SamplerJob } from '../../src/samplers/sampler.ts';
import { studentTQuantile } from '../../src/statistics/student-t.ts';
import { type Entry, NotPossible, type OpenEntry, type TrialShape } from '../block.ts';
import type { Check, RowHead } from '../record.ts';
import type { Stage } from '../stage.ts';

/** Whole trials by a sampler, from random numbers to test errors in memory; engine and statistics are not in it. */

/** The experiment file of a shape, trials aside. */
export function experimentOf(shape: TrialShape): JsonObject {
  const { d, samples, generatorSamples, generations, ridges, exponent } = shape;
  return {
    name: 'bench',
    regime: 'replace',
    dimension: d,
    ...(exponent === null ? {} : { covariance: { kind: 'power-law', exponent } }),
    generator: { samples: generatorSamples, noise: 0.2 },
    downstream: { samples, noise: 0.1, ridge: [...ridges] },
    generations: [...generations],
    seed: 7,
  };
}

/** What identifies the shape in tables. */
export const plainShape = ({ d, samples, generations, ridges, exponent }: TrialShape) => ({
  d,
  samples,
  generations: generations.length,
  ridges: ridges.length,
  ...(exponent === null ? {} : { exponent }),
});

/** Samplers that do not refuse the shape. */
export function samplersFor(shape: TrialShape): readonly Sampler[] {
  const recipes = recipesOf(shape);
  return [...samplers.values()].filter((sampler) => recipes.every((recipe) => refusalOf(sampler, recipe) === null));
}

/** Theory's mean of the cell that peers report; null where it has none. */
export function expectedMean(shape: TrialShape): number | null {
  const panel = panelOf(shape);
  const at = { 'downstream.ridge': shape.ridges[0]!, generations: shape.generations.at(-1)! };
  const theory = predictor(panel, regimes)(at);
  return theory?.kind === 'value' ? theory.value : null;
}

function recipesOf(shape: TrialShape) {
  return panelOf(shape).cells.map(({ parameters }) => regimes.get('replace')!.recipe(parameters));
}

function panelOf(shape: TrialShape) {
  return parseExperiment(experimentOf(shape), regimes, [...samplers.keys()]).panels[0]!;
}

export function trialEntry(
  stage: Stage,
  group: RowHead['group'],
  block: string,
  shape: TrialShape,
  name: string,
): Entry {
  const head: RowHead = {
    group,
    block,
    contestant: `collapse ${name}`,
    name: 'trial',
    shape: plainShape(shape),
    unit: 'trial',
    flopsPerUnit: 0,
    bytesPerUnit: 0,
  };
  return { head, open: () => openTrials(stage, plannedJob(stage, shape, name)) };
}

/** Throws `DeviceTooSmall`. */
function plannedJob({ gpu }: Stage, shape: TrialShape, sampler: string): PlannedJob {
  const file = { ...experimentOf(shape), sampler };
  const { jobs } = planExperiment(
    parseExperiment(file, regimes, [...samplers.keys()]),
    regimes,
    samplers,
    gpu.device.limits,
    targetOf(gpu),
  );
  if (jobs.length !== 1) throw new NotPossible(`the shape makes ${jobs.length} jobs, not one`);
  return jobs[0]!;
}

/** Seconds a single trial may take; and operations per second to expect of a processor and of a GPU. */
const MOST_SECONDS = 60;
const EXPECTED_RATE = { software: 3e9, gpu: 1e12 } as const;

async function openTrials(stage: Stage, planned: PlannedJob): Promise<OpenEntry> {
  const { software } = stage.gpu.adapter;
  const seconds = planned.cost.workPerTrial / EXPECTED_RATE[software ? 'software' : 'gpu'];
  if (seconds > MOST_SECONDS)
    throw new NotPossible(`one trial would take about ${Math.round(seconds / 60)} minutes here`);
  const launcher = new Launcher(stage.gpu, { kernels: stage.kernels });
  const { source, close } = await sourceOf(stage, planned, launcher);
  try {
    const check = await checkOf(planned, source);
    let next = 0;
    const means = new Means(planned);
    return {
      units: source.capacity,
      check,
      close,
      note: `batches of ${source.capacity}`,
      sample: async () => {
        const start = performance.now();
        const batch = await source.run(next, source.capacity);
        const seconds = (performance.now() - start) / 1000;
        next += source.capacity;
        means.add(batch);
        return seconds;
      },
      finalCheck: () => (check ? null : means.check()),
    };
  } catch (error) {
    close();
    throw error;
  }
}

interface Opened {
  readonly source: TrialSource;
  close(): void;
}

/** Opens with the number of trials that takes about as long as a repeat should; warms up on the way. */
export async function sourceOf(stage: Stage, { program, cost }: PlannedJob, launcher: Launcher): Promise<Opened> {
  const clamp = (count: number) => Math.max(1, Math.min(Math.floor(count), cost.largestBatch, MOST_TRIALS));
  let capacity = clamp((0.1 * stage.sampleSeconds * launcher.rate) / cost.workPerTrial);
  for (;;) {
    const source = await openProgram(program, launcher, capacity);
    const close = () => {
      source.close();
      launcher.close();
    };
    let seconds = await timed(() => source.run(0, capacity));
    // The first run compiles; only a second one tells the speed, unless compiling is lost in it.
    if (seconds < 5) seconds = await timed(() => source.run(0, capacity));
    const larger = clamp(Math.min((capacity * stage.sampleSeconds) / seconds, 16 * capacity));
    if (larger < 1.5 * capacity) return { source, close };
    source.close();
    capacity = larger;
  }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return (performance.now() - start) / 1000;
}

/** In a batch; results of more would not be read back in one piece everywhere. */
const MOST_TRIALS = 2 ** 20;

/** Operations that the f64 reference may spend on a check. */
const REFERENCE_WORK = 8e9;

/** The first and the last cell of trial 0 against the f64 reference, which draws the same integers; null if that takes too long. */
async function checkOf({ sampler, job }: PlannedJob, source: TrialSource): Promise<Check | null> {
  const cells = [0, job.recipes.length - 1];
  const few: SamplerJob = { ...job, recipes: cells.map((cell) => job.recipes[cell]!) };
  const limits = {
    maxStorageBufferBindingSize: 2 ** 40,
    maxBufferSize: 2 ** 40,
    maxComputeWorkgroupsPerDimension: 65535,
  };
  if (programCost(sampler.program(few, PORTABLE), limits).workPerTrial > REFERENCE_WORK) return null;
  const got = await source.run(0, 1);
  const expected = await sampler.openReference(few).run(0, 1);
  const errors = cells.map((cell, i) => Math.abs(got.errors[cell]! / expected.errors[i]! - 1));
  return { what: 'relative error of trial 0 against f64', value: Math.max(...errors), bound: 1e-4 };
}

/** Chance that a right mean is called wrong. */
const FALSE_ALARM = 1e-6;

/** Mean test error of the cell that peers report too (first ridge, last generation), held against theory. */
class Means {
  readonly #planned: PlannedJob;
  #count = 0;
  #sum = 0;
  #squares = 0;

  constructor(planned: PlannedJob) {
    this.#planned = planned;
  }

  add({ errors, statuses, count }: TrialBatch): void {
    const cell = this.#cell();
    for (let t = cell * count; t < (cell + 1) * count; t++) {
      if (statuses[t] !== TrialStatus.ok) continue;
      this.#count++;
      this.#sum += errors[t]!;
      this.#squares += errors[t]! ** 2;
    }
  }

  check(): Check | null {
    const { panel, cells } = this.#planned;
    const theory = predictor(panel, regimes)(panel.cells[cells[this.#cell()]!]!.at);
    if (theory?.kind !== 'value' || !Number.isFinite(theory.allowance) || this.#count < 2) return null;
    const mean = this.#sum / this.#count;
    const sem = Math.sqrt(Math.max(0, this.#squares / this.#count - mean ** 2) / (this.#count - 1));
    // Few trials know little of their own spread.
    const widths = studentTQuantile(1 - FALSE_ALARM / 2, this.#count - 1);
    return {
      what: 'relative distance of the mean from theory',
      value: Math.abs(mean / theory.value - 1),
      bound: (widths * sem + theory.allowance) / theory.value,
    };
  }

  /** Generations are innermost: the last one of the first ridge. */
  #cell(): number {
    const { panel } = this.#planned;
    const first = panel.cells[0]!.at['downstream.ridge'];
    return panel.cells.findLastIndex(({ at }) => at['downstream.ridge'] === first);
  }
}
