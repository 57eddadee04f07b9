import { type Backend, gpuBackend, referenceBackend } from '../engine/backend.ts';
import type { JsonObject } from '../experiment/experiment.ts';
import { parseExperiment } from '../experiment/parse.ts';
import { openBrowserGpu } from '../gpu/browser/open-browser.ts';
import { type Plan, planExperiment } from '../plan/plan.ts';
import { regimes } from '../regimes/index.ts';
import type { Sampler } from '../samplers/sampler.ts';

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

/** Throws `ExperimentError`, `PlanError` or `DeviceTooSmall`. */
export function planOn(backend: Backend, file: JsonObject, samplers: ReadonlyMap<string, Sampler>): Plan {
  return planExperiment(
    parseExperiment(file, regimes, [...samplers.keys()]),
    regimes,
    samplers,
    backend.limits,
    backend.target,
  );
}
