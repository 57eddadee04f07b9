import type { Experiment } from '../experiment/experiment.ts';
import type { Results } from '../experiment/results.ts';
import { openNodeGpu } from '../gpu/node/adapters.ts';
import { type Device, deviceOf } from '../library/device.ts';
import { type FigureOptions, figureInput } from '../library/index.ts';
import { experimentOf, figuresOf } from '../library/report.ts';
import { pngOf, svgText } from '../report/figure-node.ts';
import { writeReport } from '../report/files-node.ts';
import { pdfOf } from '../report/pdf-node.ts';
import type { ImageSource } from '../samplers/images/images.ts';
import { readRun } from './check.ts';
import { onNode } from './device.ts';
import { imagesFromDisk } from './images-file.ts';
import { loadExperiment as load, experimentNames as names } from './load.ts';

/** Devices, files and folders: what the library has in Node besides collapse-lab itself. */

/**
 * Opens the fastest WebGPU adapter of this machine (npm package `webgpu`), SwiftShader if there is no other. `COLLAPSE_ADAPTER` in
 * the environment asks for one. Rejects with the reason where there is none; `REFERENCE` needs none.
 */
export async function openDevice(): Promise<Device> {
  const { gpu, reason } = await openNodeGpu();
  if (!gpu) throw new Error(reason);
  return deviceOf(onNode(gpu));
}

/** Names of the experiments that come with the package. */
export const experimentNames = (): readonly string[] => names();

/** Changes to an experiment that is read. */
export interface Changes {
  /** `path=value` each, as `--set` takes them. */
  readonly set?: readonly string[];
  readonly trials?: number;
  readonly seed?: number;
}

/**
 * Reads an experiment: the name of one that comes with the package, the path of a file, or a link.
 *
 * @throws {ExperimentError} with every problem found.
 */
export function loadExperiment(spec: string, changes: Changes = {}): Promise<Experiment> {
  return load(spec, changes);
}

/** The results in a folder that `collapse run` or `writeResults` wrote. Throws where they are not whole or not there. */
export function readResults(folder: string): Results {
  return readRun(folder).results;
}

/** Writes `results.json`, `table.csv` and the figures, SVG and PNG, into a folder. */
export async function writeResults(folder: string, results: Results): Promise<void> {
  await writeReport(folder, { results, figures: figuresOf(experimentOf(results), results) });
}

/** The figure of a panel as the text of an SVG file. */
export function figureSvg(results: Results, options: FigureOptions = {}): string {
  return svgText(figureInput(results, options));
}

/** The same as a PNG, twice the size (npm package `@resvg/resvg-js`). */
export function figurePng(results: Results, options: FigureOptions = {}): Promise<Uint8Array> {
  return pngOf(figureSvg(results, options));
}

/** The same as a PDF of lines and letters, one page of its size (npm packages `pdfkit` and, for the font, `@sparticuz/chromium`). */
export function figurePdf(results: Results, options: FigureOptions = {}): Promise<Uint8Array> {
  return pdfOf(figureSvg(results, options));
}

/** The images that `collapse data` brought to this machine. */
export const images: ImageSource = imagesFromDisk();
