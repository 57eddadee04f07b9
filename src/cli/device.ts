import { type Backend, gpuBackend, referenceBackend } from '../engine/backend.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { AdapterDescription, Manifest } from '../experiment/results.ts';
import { findAdapters, openNodeGpu } from '../gpu/node/adapters.ts';
import { CliError, Exit } from './exit.ts';

type BackendName = Manifest['backend'];

/** A backend ready to run, and what the manifest and the user want to know of it. */
export interface OpenedBackend {
  readonly backend: Backend;
  readonly name: BackendName;
  readonly driver: string;
  /** One sentence: what computes, and what that means. */
  readonly sentence: string;
  close(): void | Promise<void>;
}

/** Reads `--backend`. */
export function backendName(text: string): BackendName {
  if (text === 'node' || text === 'chrome' || text === 'reference') return text;
  throw new CliError(Exit.wrongExperiment, `--backend: found "${text}", need node, chrome or reference`);
}

export function openBackend(name: BackendName, experiment: Experiment): Promise<OpenedBackend> | OpenedBackend {
  switch (name) {
    case 'node':
      return openNode();
    case 'chrome':
      return openChrome(experiment);
    case 'reference':
      return reference('Computing with the f64 reference on one core, without a GPU.');
    default:
      return name satisfies never;
  }
}

/** Without any adapter the f64 reference takes over and says so. */
async function openNode(): Promise<OpenedBackend> {
  const { gpu, reason } = await openNodeGpu();
  if (!gpu) {
    return reference(`No WebGPU adapter: computing with the f64 reference on one core, which is slow. ${reason}`);
  }
  const backend = gpuBackend(gpu, async () => (await openNodeGpu()).gpu);
  const driver = `Dawn for Node, Node ${process.version}`;
  return { backend, name: 'node', driver, sentence: adapterSentence(gpu.adapter), close: backend.close };
}

/** Puppeteer takes a while to load, so only those wait for it who want it. */
async function openChrome(experiment: Experiment): Promise<OpenedBackend> {
  const { openChromeBackend } = await import('./chrome-backend.ts');
  const { backend, driver, close } = await openChromeBackend(experiment.file);
  const sentence = `${driver}. ${backend.adapter ? adapterSentence(backend.adapter) : ''}`;
  return { backend, name: 'chrome', driver, sentence, close };
}

function reference(sentence: string): OpenedBackend {
  const driver = `Node ${process.version}`;
  return { backend: referenceBackend, name: 'reference', driver, sentence, close: referenceBackend.close };
}

function adapterSentence({ description, device, vendor, architecture, software }: AdapterDescription): string {
  const name = description || device || [vendor, architecture].filter(Boolean).join(' ') || 'an unnamed adapter';
  return software
    ? `Adapter: ${name}. This is a SOFTWARE adapter: right numbers at the speed of a CPU, not of a GPU.`
    : `Adapter: ${name}.`;
}

/** The adapter a run in Node would use, found without opening a device; null where the reference would compute. */
export async function plannedAdapter(): Promise<AdapterDescription | null> {
  return (await findAdapters()).find((found) => found.chosen)?.adapter ?? null;
}
