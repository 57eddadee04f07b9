import { gpuBackend, referenceBackend } from '../engine/backend.ts';
import type { Progress, RunOutcome } from '../engine/events.ts';
import type { Journal } from '../engine/journal.ts';
import { runPlan } from '../engine/run.ts';
import type { Experiment, JsonObject, Panel } from '../experiment/experiment.ts';
import { parseExperiment as parse } from '../experiment/parse.ts';
import type { Results } from '../experiment/results.ts';
import { openBrowserGpu } from '../gpu/browser/open-browser.ts';
import { type Plan, planExperiment } from '../plan/plan.ts';
import { regimes } from '../regimes/index.ts';
import { facetNamed, facetPaths, withFacet } from '../report/facet.ts';
import { type FigureInput, type FigureWidth, panelFigure } from '../report/figure.ts';
import type { ImageSource } from '../samplers/images/images.ts';
import { samplers, samplersWith } from '../samplers/index.ts';
import { backendOf, type Device, deviceOf } from './device.ts';
import { type CheckedRun, checkAgainstTheory, experimentOf, figuresOf } from './report.ts';
import { type TheoryRow, theoryRows } from './theory.ts';

export type { Outcome, Progress, RunOutcome } from '../engine/events.ts';
export type { Journal, JournalEntry } from '../engine/journal.ts';
export type { Phase } from '../engine/phase.ts';
export type { Cell, Experiment, JsonObject, Panel } from '../experiment/experiment.ts';
export { ExperimentError } from '../experiment/problem.ts';
export type { AdapterDescription, CellResult, Manifest, PanelResult, Results } from '../experiment/results.ts';
export { DeviceLost } from '../gpu/gpu.ts';
export { PlanError } from '../plan/plan.ts';
export { DeviceTooSmall } from '../program/cost.ts';
export type { FigureInput, FigureWidth } from '../report/figure.ts';
export { parseResults, resultsJson } from '../report/results-json.ts';
export { type ImageSource, ImagesAbsent } from '../samplers/images/images.ts';
export type { Device } from './device.ts';
export type { CheckedRun } from './report.ts';
export type { TheoryRow } from './theory.ts';

/** Cells of one panel that are simulated together. */
export interface PlannedCells {
  readonly panel: string;
  readonly cells: number;
  readonly sampler: string;
  readonly trials: number;
  /** Floating-point operations of one trial of all these cells. */
  readonly flopsPerTrial: number;
  /** Standard normals of one trial; tokens where those are drawn. */
  readonly normalsPerTrial: number;
  /** Trials of the largest batch that fits the device, and its memory there in bytes. */
  readonly largestBatch: number;
  readonly largestBatchBytes: number;
  /** Why the f64 reference computes it though there is a device; absent where it does not. */
  readonly leftToReference?: string;
}

/**
 * Reads an experiment: the text of a JSON5 file, or its object (docs/experiment-file.md has the keys of every regime).
 * The result says every panel, cell and parameter, defaults filled in.
 *
 * @throws {ExperimentError} with every problem found, each with its path.
 */
export function parseExperiment(file: string | JsonObject): Experiment {
  return parse(file, regimes, [...samplers.keys()]);
}

/**
 * What the theorems say of every cell, without any simulation: the test error E, how far the true mean may be from it where the formula is a
 * limit (0 where it is exact at finite size), and the theorem. `theory` is null where none covers the cell; `reason` says why.
 */
export function theory(experiment: Experiment): readonly TheoryRow[] {
  return theoryRows(experiment);
}

/**
 * What a run would do on a device: which cells are simulated together, by which sampler, on how many trials, and what that costs.
 *
 * @param device default: the f64 reference, without a GPU.
 * @throws {PlanError} if the sampler that is asked for cannot draw a cell.
 * @throws {DeviceTooSmall} with changes that would fit.
 */
export function plan(experiment: Experiment, device: Device = REFERENCE): readonly PlannedCells[] {
  return planFor(experiment, device).jobs.map(({ panel, cells, sampler, trials, cost }) => ({
    panel: panel.name,
    cells: cells.length,
    sampler: sampler.name,
    trials,
    flopsPerTrial: cost.flopsPerTrial,
    normalsPerTrial: cost.normalsPerTrial,
    largestBatch: cost.largestBatch,
    largestBatchBytes: cost.bytes(cost.largestBatch),
    ...(cost.leftToReference === undefined ? {} : { leftToReference: cost.leftToReference }),
  }));
}

function planFor(experiment: Experiment, device: Device, images?: ImageSource): Plan {
  const { limits, target } = backendOf(device);
  return planExperiment(experiment, regimes, images ? samplersWith(images) : samplers, limits, target);
}

export interface RunSettings {
  /** Default: the f64 reference, which is slow and needs no GPU. `openDevice` has others. */
  readonly device?: Device;
  /** Brings images where an experiment learns from some. */
  readonly images?: ImageSource;
  /** Aborted: the batches under way are finished, then the run resolves with what it has. */
  readonly signal?: AbortSignal;
  /** Hears of every batch. */
  readonly onProgress?: (progress: Progress) => void;
  /** Keeps finished batches; a run goes on from those that it is given. */
  readonly journal?: Journal;
  /** Ends a job once the relative standard error of every cell's mean is at most this, trials permitting. */
  readonly targetSem?: number;
}

/**
 * Draws all trials of an experiment. Resolves also where it was stopped or the device broke: see `outcome` and `error`; what was finished is
 * in `results`. The same seed gives the same numbers in Node, in a page and in a worker.
 *
 * @throws {PlanError} as `plan` does.
 * @throws {DeviceTooSmall} as `plan` does.
 * @throws {ImagesAbsent} where images are needed and not to be had.
 */
export async function run(experiment: Experiment, settings: RunSettings = {}): Promise<RunOutcome> {
  const { device = REFERENCE, images, ...options } = settings;
  const planned = planFor(experiment, device, images);
  for (const { sampler, job } of planned.jobs) await sampler.prepare?.(job);
  const provenance = { ...BUILD, backend: device.name, driver: device.driver };
  return runPlan({ plan: planned, regimes, backend: backendOf(device), provenance, ...options });
}

/**
 * Holds results against theory worked out afresh, and against the values that the experiment quotes from print: `ok` is false if any cell
 * disagrees, contradicts itself or has lost most of its trials.
 */
export function check(results: Results): CheckedRun {
  return checkAgainstTheory(experimentOf(results), results);
}

export interface FigureOptions {
  /** Name of the panel; default the first that has a figure. */
  readonly panel?: string;
  /** For a column of which width, by its name or in CSS pixels (96 to the inch); default `default`. */
  readonly width?: FigureWidth;
  /** A frame for each value of this number, named by its path, its last key or its symbol; `none`, or `auto`: of what one frame cannot hold; default as in the file. */
  readonly facet?: string;
  /** Without title and caption. */
  readonly bare?: boolean;
}

/**
 * The figure of a panel as an SVG element: means with 95 % intervals, theory as lines, printed values as rings. Where there is no DOM,
 * `figureSvg` of collapse-lab/node gives its text.
 *
 * @throws {RangeError} if there is no such panel, or it has no figure, or no such number to part it by.
 */
export function figure(results: Results, options: FigureOptions = {}, document = globalThis.document): SVGSVGElement {
  return panelFigure(figureInput(results, options), document);
}

/** What `figure` draws. */
export function figureInput(results: Results, { panel, width, bare, facet }: FigureOptions = {}): FigureInput {
  const figures = figuresOf(experimentOf(results), results);
  const found = panel === undefined ? figures[0] : figures.find((one) => one.panel.name === panel);
  if (!found) {
    const names = figures.map((one) => one.panel.name).join(', ');
    throw new RangeError(
      `${panel === undefined ? 'No panel' : `No panel ${panel}`} has a figure; those with one: ${names}.`,
    );
  }
  const drawn = facet === undefined ? found : { ...found, panel: inFrames(found.panel, facet) };
  return { ...drawn, ...(width === undefined ? {} : { width }), ...(bare === undefined ? {} : { bare }) };
}

function inFrames(panel: Panel, facet: string): Panel {
  const paths = facetPaths([panel]);
  const meant = facetNamed(facet, paths);
  if (meant === null)
    throw new RangeError(`No number ${facet} varies in panel ${panel.name} besides x: ${paths.join(', ')}.`);
  return withFacet(panel, meant);
}

/**
 * WebGPU of this page or worker. Rejects with the reason where there is none, as in Node, whose devices `openDevice` of
 * collapse-lab/node opens.
 */
export async function openDevice(): Promise<Device> {
  const { gpu, reason } = await openBrowserGpu();
  if (!gpu) throw new Error(reason);
  const backend = gpuBackend(gpu, async () => (await openBrowserGpu()).gpu);
  const firefox = /Firefox\/[\d.]+/.exec(navigator.userAgent)?.[0];
  const driver = firefox ?? /Chrome\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? navigator.userAgent;
  return deviceOf({ backend, name: firefox ? 'firefox' : 'chrome', driver, close: backend.close });
}

/** The f64 reference: plain loops in this thread, no GPU. */
export const REFERENCE: Device = deviceOf({
  backend: referenceBackend,
  name: 'reference',
  driver: 'f64',
  close: () => {},
});

const BUILD: { readonly version: string; readonly commit: string | null } = {
  version: import.meta.env.COLLAPSE_VERSION,
  commit: import.meta.env.COLLAPSE_COMMIT,
};
