import { type Backend, gpuBackend } from '../engine/backend.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { AdapterDescription, Manifest } from '../experiment/results.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { findAdapters, openNodeGpu } from '../gpu/node/adapters.ts';
import { canRun, type TuningName } from '../kernels/tuning.ts';
import type { ImageSource } from '../samplers/images/images.ts';
import { CliError, Exit } from './exit.ts';
import { threadedReference } from './reference-thread.ts';
import { chooseTuning, isRow, type Wish } from './tuning.ts';

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
  /** The same device with this row; null where it cannot run it. Absent where there is no choice. */
  readonly inRow?: (row: string) => Backend | null;
  close(): void | Promise<void>;
}

export interface Tuned {
  readonly backend: Backend;
  /** Which row, and why. */
  readonly sentence: string;
}

export const BACKENDS: readonly BackendName[] = ['node', 'chrome', 'firefox', 'reference'];

/** Reads `--backend`. */
export function backendName(text: string): BackendName {
  const known = BACKENDS.find((name) => name === text);
  if (known) return known;
  throw new CliError(Exit.wrongExperiment, `--backend: found "${text}", need node, chrome, firefox or reference`);
}

export function openBackend(
  name: BackendName,
  experiment: Experiment,
  images?: ImageSource,
): Promise<OpenedBackend> | OpenedBackend {
  switch (name) {
    case 'node':
      return openNode(experiment);
    case 'chrome':
    case 'firefox':
      return openBrowser(name, experiment, images);
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
  return onNode(gpu);
}

/**
 * What a shard computes with: exactly what is asked for. Throws a `CliError` where that would be something slower, or of another
 * precision, that nobody asked for.
 */
export async function openForShard(name: BackendName, experiment: Experiment): Promise<OpenedBackend> {
  if (name === 'reference') return openBackend(name, experiment);
  const opened = name === 'node' ? await openOnlyNode() : await openBrowser(name, experiment);
  const { adapter } = opened.backend;
  if (adapter?.software && !process.env.COLLAPSE_ADAPTER) {
    await opened.close();
    throw new CliError(
      Exit.noDevice,
      `Only a software adapter here, ${adapterName(adapter)}, and a shard takes none unless told to: set COLLAPSE_ADAPTER=system (or ` +
        'embedded) if it is meant, else look at collapse doctor.',
    );
  }
  return opened;
}

async function openOnlyNode(): Promise<OpenedBackend> {
  const { gpu, reason } = await openNodeGpu();
  if (gpu) return onNode(gpu);
  throw new CliError(
    Exit.noDevice,
    `No WebGPU adapter here, and a shard falls back to no other precision. ${reason} collapse doctor tells more; --backend reference ` +
      'for all shards computes in f64 without a GPU.',
  );
}

/** The adapter of this process, opened. */
export function onNode(gpu: Gpu): OpenedBackend {
  const backend = gpuBackend(gpu, async () => (await openNodeGpu()).gpu);
  const driver = `Dawn for Node, Node ${process.version}`;
  return {
    backend,
    name: 'node',
    driver,
    sentence: adapterSentence(gpu.adapter),
    tuned: (wish) => tunedNode(gpu, wish),
    inRow: (row) => (isRow(row) && canRun(row, gpu) ? backendInRow(gpu, row) : null),
    close: backend.close,
  };
}

async function tunedNode(gpu: Gpu, wish: Omit<Wish, 'asked'>): Promise<Tuned> {
  const { row, because } = await chooseTuning(gpu, { ...wish, asked: process.env.COLLAPSE_TUNING });
  return { backend: backendInRow(gpu, row), sentence: `Linear algebra: row ${row} of the tuning table, ${because}.` };
}

function backendInRow(gpu: Gpu, row: TuningName): Backend {
  const inRow = (any: Gpu | null) => any && { ...any, tuning: row };
  return gpuBackend(inRow(gpu)!, async () => inRow((await openNodeGpu()).gpu));
}

/** Puppeteer takes a while to load, so only those wait for it who want it. */
async function openBrowser(
  name: 'chrome' | 'firefox',
  experiment: Experiment,
  images?: ImageSource,
): Promise<OpenedBackend> {
  const { openChromeBackend } = await import('./chrome-backend.ts');
  const { backend, driver, unsandboxed, close } = await openChromeBackend(experiment.file, { browser: name }, images);
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
