import { type Backend, gpuBackend } from '../engine/backend.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { AdapterDescription, Manifest } from '../experiment/results.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { findAdapters, openNodeGpu } from '../gpu/node/adapters.ts';
import { CliError, Exit } from './exit.ts';
import { threadedReference } from './reference-thread.ts';
import { chooseTuning, type Wish } from './tuning.ts';

type BackendName = Manifest['backend'];

/** A backend ready to run, and what the manifest and the user want to know of it. */
export interface OpenedBackend {
  readonly backend: Backend;
  readonly name: BackendName;
  readonly driver: string;
  /** One sentence: what computes, and what that means. */
  readonly sentence: string;
  /** The same device with the row of the tuning table that suits a run; absent where there is no choice. */
  readonly tuned?: (wish: Omit<Wish, 'asked'>) => Promise<Tuned>;
  close(): void | Promise<void>;
}

export interface Tuned {
  readonly backend: Backend;
  /** Which row, and why. */
  readonly sentence: string;
}

/** Reads `--backend`. */
export function backendName(text: string): BackendName {
  if (text === 'node' || text === 'chrome' || text === 'firefox' || text === 'reference') return text;
  throw new CliError(Exit.wrongExperiment, `--backend: found "${text}", need node, chrome, firefox or reference`);
}

export function openBackend(name: BackendName, experiment: Experiment): Promise<OpenedBackend> | OpenedBackend {
  switch (name) {
    case 'node':
      return openNode(experiment);
    case 'chrome':
    case 'firefox':
      return openBrowser(name, experiment);
    case 'reference':
      return reference(experiment, 'Computing with the f64 reference on one core, without a GPU.');
    default:
      return name satisfies never;
  }
}

/** Without any adapter the f64 reference takes over and says so. */
async function openNode(experiment: Experiment): Promise<OpenedBackend> {
  const { gpu, reason } = await openNodeGpu();
  if (!gpu) {
    return reference(
      experiment,
      `No WebGPU adapter: computing with the f64 reference on one core, which is slow. ${reason}`,
    );
  }
  const backend = gpuBackend(gpu, async () => (await openNodeGpu()).gpu);
  const driver = `Dawn for Node, Node ${process.version}`;
  const tuned = (wish: Omit<Wish, 'asked'>) => tunedNode(gpu, wish);
  return { backend, name: 'node', driver, sentence: adapterSentence(gpu.adapter), tuned, close: backend.close };
}

async function tunedNode(gpu: Gpu, wish: Omit<Wish, 'asked'>): Promise<Tuned> {
  const { row, because } = await chooseTuning(gpu, { ...wish, asked: process.env.COLLAPSE_TUNING });
  const inRow = (any: Gpu | null) => any && { ...any, tuning: row };
  const backend = gpuBackend(inRow(gpu)!, async () => inRow((await openNodeGpu()).gpu));
  return { backend, sentence: `Linear algebra: row ${row} of the tuning table, ${because}.` };
}

/** Puppeteer takes a while to load, so only those wait for it who want it. */
async function openBrowser(name: 'chrome' | 'firefox', experiment: Experiment): Promise<OpenedBackend> {
  const { openChromeBackend } = await import('./chrome-backend.ts');
  const { backend, driver, unsandboxed, close } = await openChromeBackend(experiment.file, { browser: name });
  const outside = unsandboxed ? ' It runs without its sandbox (--no-sandbox), which this user cannot have.' : '';
  const sentence = `${driver}.${outside} ${backend.adapter ? adapterSentence(backend.adapter) : ''}`;
  return { backend, name, driver, sentence, close };
}

function reference({ file }: Experiment, sentence: string): OpenedBackend {
  const backend = threadedReference(file);
  return { backend, name: 'reference', driver: `Node ${process.version}`, sentence, close: backend.close };
}

export function adapterName({ description, device, vendor, architecture }: AdapterDescription): string {
  return description || device || [vendor, architecture].filter(Boolean).join(' ') || 'an unnamed adapter';
}

function adapterSentence(adapter: AdapterDescription): string {
  const name = adapterName(adapter);
  return adapter.software
    ? `Adapter: ${name}. This is a SOFTWARE adapter: right numbers at the speed of a CPU, not of a GPU.`
    : `Adapter: ${name}.`;
}

/** The adapter a run in Node would use, found without opening a device; null where the reference would compute. */
export async function plannedAdapter(): Promise<AdapterDescription | null> {
  return (await findAdapters()).find((found) => found.chosen)?.adapter ?? null;
}
