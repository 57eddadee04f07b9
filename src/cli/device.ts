import { type Backend, gpuBackend, referenceBackend } from '../engine/backend.ts';
import { findAdapters, openNodeGpu } from '../gpu/node/adapters.ts';
import { CliError, Exit } from './exit.ts';

export interface OpenedBackend {
  readonly backend: Backend;
  readonly name: 'node' | 'reference';
  /** One sentence: what computes, and what that means. */
  readonly sentence: string;
}

/** The backend for `--backend node`; without any adapter the f64 reference takes over and says so. */
export async function openNodeBackend(): Promise<OpenedBackend> {
  const { gpu, reason } = await openNodeGpu();
  if (!gpu) {
    return {
      backend: referenceBackend,
      name: 'reference',
      sentence: `No WebGPU adapter: computing with the f64 reference on one core, which is slow. ${reason}`,
    };
  }
  const { description, device, software } = gpu.adapter;
  const name = description || device || 'an unnamed adapter';
  return {
    backend: gpuBackend(gpu, async () => (await openNodeGpu()).gpu),
    name: 'node',
    sentence: software
      ? `Adapter: ${name}. This is a SOFTWARE adapter: right numbers at the speed of a CPU, not of a GPU.`
      : `Adapter: ${name}.`,
  };
}

export const openReference = (): OpenedBackend => ({
  backend: referenceBackend,
  name: 'reference',
  sentence: 'Computing with the f64 reference on one core, without a GPU.',
});

/** Limits of the adapter a run would use, without opening a device; those of the reference if there is none. */
export async function plannedAdapter() {
  const chosen = (await findAdapters()).find((found) => found.chosen);
  return chosen?.adapter ?? null;
}

/** Rejects names of backends that do not exist. */
export function backendName(text: string): 'node' | 'chrome' | 'reference' {
  if (text === 'node' || text === 'chrome' || text === 'reference') return text;
  throw new CliError(Exit.wrongExperiment, `--backend: found "${text}", need node, chrome or reference`);
}
