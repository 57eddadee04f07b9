import { type Backend, gpuBackend, referenceBackend } from '../engine/backend.ts';
import type { JsonObject } from '../experiment/experiment.ts';
import { parseExperiment } from '../experiment/parse.ts';
import { openBrowserGpu } from '../gpu/browser/open-browser.ts';
import { type Plan, planExperiment } from '../plan/plan.ts';
import { regimes } from '../regimes/index.ts';
import { samplersWith } from '../samplers/index.ts';
import { keptImages } from './image-files.ts';
import { Saved } from './saved.ts';

/** What comes before a run in a browser: the page's worker and the runner behind `--backend chrome` share it. */

/** A backend of this browser and why it is this one. */
export interface OpenedBackend {
  readonly backend: Backend;
  readonly reason: string;
}

/** The GPU, or without one the f64 reference. Whoever opens it closes it. */
export async function openBackend(): Promise<OpenedBackend> {
  const { gpu, reason } = await openBrowserGpu();
  const backend = gpu ? gpuBackend(gpu, async () => (await openBrowserGpu()).gpu) : referenceBackend;
  return { backend, reason };
}

/** Images come from what this browser keeps. */
const samplers = samplersWith(keptImages(new Saved()));

/** Throws `ExperimentError`, `PlanError` or `DeviceTooSmall`. */
export function planOn(backend: Backend, file: JsonObject): Plan {
  return planExperiment(
    parseExperiment(file, regimes, [...samplers.keys()]),
    regimes,
    samplers,
    backend.limits,
    backend.target,
  );
}
