import { batchSeconds } from '../engine/batching.ts';
import type { Experiment, FitRequest, Panel } from '../experiment/experiment.ts';
import type { AdapterDescription } from '../experiment/results.ts';
import { plannedTarget } from '../kernels/tuning.ts';
import { type Drawn, drawnBy, type Plan, planExperiment, REFERENCE_LIMITS, REFERENCE_RATE } from '../plan/plan.ts';
import type { DeviceLimits, JobCost } from '../program/cost.ts';
import { programText } from '../program/print.ts';
import { regimes } from '../regimes/index.ts';
import { layoutOf, seriesOf } from '../report/series.ts';
import { samplers } from '../samplers/index.ts';
import { type Curve, curvesOf } from '../scaling/curves.ts';
import { plannedAdapter } from './device.ts';
import { duration } from './progress.ts';

/**
 * Operations per second that a first guess of the time assumes; a run measures its own. Software: two cores with lavapipe
 * (docs/benchmarks.md).
 */
const NOMINAL_RATE = { software: 5e9, gpu: 5e11, reference: REFERENCE_RATE } as const;

/** Seconds from one dispatch to the next, however little they do. */
const DISPATCH_SECONDS = 1e-4;

/** Seconds from the command to the first trial. */
const START_SECONDS = 1;

type Speed = Pick<AdapterDescription, 'software'> | null;

/** How many trials of such a cost are a batch, of so many in all, and seconds that all of them are expected to take. */
export function expectedOf(
  cost: JobCost,
  trials: number,
  adapter: Speed,
): { readonly batch: number; readonly seconds: number } {
  const onDevice = adapter && !cost.leftToReference;
  const kind = onDevice ? (adapter.software ? 'software' : 'gpu') : 'reference';
  const overhead = onDevice ? cost.dispatchesPerBatch * DISPATCH_SECONDS : 0;
  const each = (kind === 'reference' ? cost.operationsPerTrial : cost.workPerTrial) / NOMINAL_RATE[kind];
  const fitting = Math.floor((batchSeconds(cost) - overhead) / each);
  const batch = Math.max(1, Math.min(trials, cost.largestBatch, fitting));
  return { batch, seconds: trials * each + Math.ceil(trials / batch) * overhead };
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
  /** What is computed on the CPU: theory of cells and of curves between them, fits, figures. */
  readonly besides: {
    readonly cells: number;
    readonly curves: number;
    readonly fits: number;
    readonly figures: number;
  };
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
export function expectedText(plan: Plan, adapter: Speed): string | null {
  const seconds = drawnBy(plan).reduce((sum, { trials, cost }) => sum + expectedOf(cost, trials, adapter).seconds, 0);
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
    const { batch, seconds } = expectedOf(cost, trials, adapter);
    return {
      ...named(plan, drawn),
      trials,
      batch,
      batches: Math.ceil(trials / batch),
      dispatchesPerBatch: cost.dispatchesPerBatch,
      memoryBytes: cost.bytes(batch),
      flops: trials * cost.flopsPerTrial,
      normals: trials * cost.normalsPerTrial,
      seconds,
      ...(adapter && cost.leftToReference ? { leftToReference: cost.leftToReference } : {}),
    };
  });
  return {
    experiment: plan.experiment.name,
    adapter: adapter
      ? `${adapter.description || adapter.device}${adapter.software ? ' (software)' : ''}`
      : 'none: f64 reference',
    jobs,
    besides: besides(plan.experiment.panels),
    resultBytes: plan.resultBytes,
    seconds: jobs.reduce((sum, job) => sum + job.seconds, START_SECONDS),
  };
}

function besides(panels: readonly Panel[]): PlanReport['besides'] {
  const sum = (count: (panel: Panel) => number) => panels.reduce((total, panel) => total + count(panel), 0);
  const drawn = panels.filter(({ figure }) => figure !== null);
  return {
    cells: sum(({ cells }) => cells.length),
    curves: drawn.reduce((total, panel) => total + seriesIn(panel), 0),
    fits: sum((panel) => (panel.fit ?? []).flatMap((request) => fittedCurves(panel, request)).length),
    figures: drawn.length,
  };
}

function fittedCurves(panel: Panel, request: FitRequest): readonly Curve[] {
  const curves = curvesOf(panel, request);
  return typeof curves === 'string' ? [] : curves;
}

/** Lines of theory in a panel's figure. */
function seriesIn(panel: Panel): number {
  const layout = layoutOf(panel);
  return new Set(panel.cells.map(({ at }) => seriesOf(layout, at))).size;
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
    besidesText(report.besides),
    `Results in memory: ${bytesText(report.resultBytes)}. Nothing was allocated.`,
  ].join('\n');
}

/** Theory of some regimes takes longer than their trials. */
function besidesText({ cells, curves, fits, figures }: PlanReport['besides']): string {
  const many = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
  const fitted = fits === 0 ? '' : `, ${many(fits, 'fit')}`;
  return `Besides, on the CPU: theory of ${many(cells, 'cell')} and along ${many(curves, 'curve')}${fitted}, ${many(figures, 'figure')}.`;
}

function bytesText(count: number): string {
  if (count < 2 ** 20) return `${Math.ceil(count / 2 ** 10)} KiB`;
  return count < 2 ** 30 ? `${(count / 2 ** 20).toFixed(0)} MiB` : `${(count / 2 ** 30).toFixed(1)} GiB`;
}
