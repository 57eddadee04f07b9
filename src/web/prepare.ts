import { type Backend, gpuBackend, referenceBackend } from '../engine/backend.ts';
import type { JsonObject } from '../experiment/experiment.ts';
import { parseExperiment } from '../experiment/parse.ts';
import { openBrowserGpu } from '../gpu/browser/open-browser.ts';
import { type Plan, planExperiment } from '../plan/plan.ts';
import { regimes } from '../regimes/index.ts';
import { samplers } from '../samplers/index.ts';

/** What comes before a run in a browser: the page's worker and the runner behind `--backend chrome` share it. */

/** A backend of this browser and why it is this one. */
export interface OpenedBackend {
  readonly backend: Backend;
  readonly reason: string;
}

/** The GPU, or without one the f64 reference. Whoever opens it closes it. */
export async function openBackend(): Promise<OpenedBackend> {
  const { gpu, reason } = await openBrowserGpu();
  const backend = gpu ? gpuBackend(gpu, async () => (await openBrowserGpu()).gpu) : interruptible(referenceBackend);
  return { backend, reason };
}

/** Throws `ExperimentError`, `PlanError` or `DeviceTooSmall`. */
export function planOn(backend: Backend, file: JsonObject): Plan {
  return planExperiment(parseExperiment(file, regimes, [...samplers.keys()]), regimes, samplers, backend.limits);
}

/** Loops on the CPU never wait, so a worker would hear nobody: lets the event loop turn before each batch. */
function interruptible(backend: Backend): Backend {
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  return {
    ...backend,
    open: async (job, capacity) => {
      const source = await backend.open(job, capacity);
      return { ...source, run: (first, count) => turn().then(() => source.run(first, count)) };
    },
  };
}
