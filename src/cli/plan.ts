import { batchSeconds } from '../engine/batching.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { AdapterDescription } from '../experiment/results.ts';
import { plannedTarget } from '../kernels/tuning.ts';
import { type Drawn, drawnBy, type Plan, planExperiment, REFERENCE_LIMITS, REFERENCE_RATE } from '../plan/plan.ts';
import type { DeviceLimits, JobCost } from '../program/cost.ts';
import { programText } from '../program/print.ts';
import { regimes } from '../regimes/index.ts';
import { samplers } from '../samplers/index.ts';
import { plannedAdapter } from './device.ts';
import { duration } from './progress.ts';

/**
 * Operations per second that a first guess of the time assumes; a run measures its own. Software: two cores with
 * SwiftShader or lavapipe (docs/benchmarks.md).
 */
export const NOMINAL_RATE = { software: 2e9, gpu: 5e11, reference: REFERENCE_RATE } as const;

/** What a trial of such a cost is expected to take. */
export function secondsOf(
  { workPerTrial, leftToReference }: JobCost,
  adapter: Pick<AdapterDescription, 'software'> | null,
): number {
  if (!adapter || leftToReference) return workPerTrial / NOMINAL_RATE.reference;
  return workPerTrial / NOMINAL_RATE[adapter.software ? 'software' : 'gpu'];
}

export interface PlanReport {
  readonly experiment: string;
  readonly adapter: string;
  readonly jobs: readonly {
    /** Name of the panel; of all that are drawn at once. */
    readonly panel: string;
    readonly cells: number;
    readonly trials: number;
    readonly sampler: string;
    readonly batch: number;
    readonly batches: number;
    readonly dispatchesPerBatch: number;
    readonly memoryBytes: number;
    readonly flops: number;
    readonly normals: number;
    readonly seconds: number;
    /** Why the f64 reference computes it though there is a device. */
    readonly leftToReference?: string;
  }[];
  readonly resultBytes: number;
  readonly seconds: number;
}

/** What a run would do, from shapes and limits alone: nothing is allocated on the device. */
export async function planReport(experiment: Experiment): Promise<PlanReport> {
  const adapter = await plannedAdapter();
  return describePlan(planned(experiment, adapter), adapter);
}

function planned(experiment: Experiment, adapter: AdapterDescription | null): Plan {
  if (!adapter) return planExperiment(experiment, regimes, samplers, REFERENCE_LIMITS);
  const limits = adapter.limits as unknown as DeviceLimits;
  return planExperiment(experiment, regimes, samplers, limits, plannedTarget(adapter));
}

/** The commands of a batch of every job, one line each. */
export async function commandsText(experiment: Experiment): Promise<string> {
  const plan = planned(experiment, await plannedAdapter());
  const parts = drawnBy(plan).map((drawn) => {
    const { panel, cells, sampler } = named(plan, drawn);
    const many = cells === 1 ? '1 cell' : `${cells} cells`;
    return `${panel}: ${many} by ${sampler}; n trials in a batch, numbers per trial\n${programText(drawn.program)}\n`;
  });
  return parts.join('\n');
}

/** Seconds of a run from which on it says beforehand how long it is going to take. */
const LONG = 60;

/** What a run that takes long says of it before it begins; null of others. */
export function expectedText(plan: Plan, adapter: Pick<AdapterDescription, 'software'> | null): string | null {
  const seconds = drawnBy(plan).reduce((sum, { trials, cost }) => sum + trials * secondsOf(cost, adapter), 0);
  const bytes = Math.max(0, ...drawnBy(plan).map(({ cost }) => cost.bytes(1)));
  const memory = bytes > LARGE ? `, and ${bytesText(bytes)} on the device` : '';
  return seconds < LONG ? null : `This takes about ${duration(seconds)}${memory}, by a first guess.`;
}

/** Bytes of one trial from which on they are worth a word. */
const LARGE = 2 ** 28;

/** Whose numbers they are. */
function named(plan: Plan, { jobs }: Drawn) {
  const of = jobs.map((j) => plan.jobs[j]!);
  return {
    panel: [...new Set(of.map(({ panel }) => panel.name))].join(', '),
    cells: of.reduce((sum, { cells }) => sum + cells.length, 0),
    sampler: of[0]!.sampler.name,
  };
}

function describePlan(plan: Plan, adapter: AdapterDescription | null): PlanReport {
  const jobs = drawnBy(plan).map((drawn) => {
    const { cost, trials } = drawn;
    const seconds = secondsOf(cost, adapter);
    const fitting = Math.min(cost.largestBatch, Math.floor(batchSeconds(cost) / seconds));
    const batch = Math.min(trials, Math.max(1, fitting));
    return {
      ...named(plan, drawn),
      trials,
      batch,
      batches: Math.ceil(trials / batch),
      dispatchesPerBatch: cost.dispatchesPerBatch,
      memoryBytes: cost.bytes(batch),
      flops: trials * cost.flopsPerTrial,
      normals: trials * cost.normalsPerTrial,
      seconds: trials * seconds,
      ...(adapter && cost.leftToReference ? { leftToReference: cost.leftToReference } : {}),
    };
  });
  return {
    experiment: plan.experiment.name,
    adapter: adapter
      ? `${adapter.description || adapter.device}${adapter.software ? ' (software)' : ''}`
      : 'none: f64 reference',
    jobs,
    resultBytes: plan.resultBytes,
    seconds: jobs.reduce((sum, job) => sum + job.seconds, 0),
  };
}

/** The plan as a table of text. */
export function planText(report: PlanReport): string {
  const head = [
    'panel',
    'cells',
    'trials',
    'sampler',
    'batch',
    'batches',
    'dispatches',
    'memory',
    'flop',
    'random',
    'about',
  ];
  const rows = report.jobs.map((job) => [
    job.panel,
    String(job.cells),
    String(job.trials),
    job.sampler,
    String(job.batch),
    String(job.batches),
    String(job.dispatchesPerBatch * job.batches),
    bytesText(job.memoryBytes),
    job.flops.toExponential(1),
    job.normals.toExponential(1),
    duration(job.seconds),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((text, i) => text.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  return [
    `${report.experiment} on ${report.adapter}`,
    '',
    line(head),
    ...rows.map(line),
    '',
    ...new Set(
      report.jobs.flatMap(({ panel, leftToReference }) =>
        leftToReference ? [`${panel}: cells are left to the f64 reference, since ${leftToReference}.`] : [],
      ),
    ),
    `Expected time about ${duration(report.seconds)} (a guess from the kind of adapter; a run measures its own rate).`,
    `Results in memory: ${bytesText(report.resultBytes)}. Nothing was allocated.`,
  ].join('\n');
}

function bytesText(count: number): string {
  if (count < 2 ** 20) return `${Math.ceil(count / 2 ** 10)} KiB`;
  return count < 2 ** 30 ? `${(count / 2 ** 20).toFixed(0)} MiB` : `${(count / 2 ** 30).toFixed(1)} GiB`;
}
