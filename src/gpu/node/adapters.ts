import type { AdapterDescription } from '../../experiment/results.ts';
import { describeAdapter } from '../describe.ts';
import type { Gpu } from '../gpu.ts';
import { type Opening, openGpu } from '../open.ts';
import { type AdapterKind, adapterOrder, chooseAdapter, type ForcedAdapter, forcedAdapter } from './choice.ts';
import { unhurried } from './unhurried.ts';
import { requestEmbeddedAdapter, requestInstalledAdapter, requestInstalledSoftware } from './vulkan.ts';

/** One kind of adapter as `doctor` shows it. */
export interface FoundAdapter {
  readonly kind: AdapterKind;
  /** null if there is none of this kind. */
  readonly adapter: AdapterDescription | null;
  /** Whether a run started now would use it. */
  readonly chosen: boolean;
  /** Why it is used or not, and what would be better. */
  readonly note: string;
}

interface Probe {
  readonly kind: AdapterKind;
  readonly adapter: GPUAdapter | null;
  /** Why there is none. */
  readonly problem: string;
}

const TITLES: Readonly<Record<AdapterKind, string>> = {
  gpu: 'a real GPU',
  system: "the system's software driver",
  embedded: 'the embedded software driver (SwiftShader)',
};

const ADVICE: Readonly<Record<AdapterKind, string>> = {
  gpu: 'No GPU is visible through WebGPU; install its Vulkan driver (on Linux also libvulkan1) if the machine has one.',
  system: 'No software Vulkan driver is installed, and none is needed; on Debian mesa-vulkan-drivers is one.',
  embedded: 'Run npm ci on Linux x64 to have it.',
};

/**
 * Opens the best adapter of this machine for Node: a real GPU, else a software driver of the system, else the embedded
 * SwiftShader. `COLLAPSE_ADAPTER=gpu|system|embedded|none` in the environment forces one. With no adapter the caller
 * computes with the f64 reference and tells the reason.
 *
 * Dawn keeps native threads: a program ends with an explicit `process.exit()`, after its output is written.
 */
export async function openNodeGpu(forced: ForcedAdapter | null = forcedAdapter(process.env)): Promise<Opening> {
  if (forced === 'none') return { gpu: null, reason: 'COLLAPSE_ADAPTER=none asks for no WebGPU adapter.' };
  const problems: string[] = [];
  for await (const { kind, adapter, problem } of probes(adapterOrder(forced))) {
    if (adapter) return { gpu: await openTuned(adapter), reason: `Using ${TITLES[kind]}.` };
    problems.push(problem);
  }
  return { gpu: null, reason: [...new Set(problems)].join(' ') };
}

/**
 * `COLLAPSE_TUNING` in the environment asks for a row of the tuning table (`auto`, which measures them, is up to the
 * command); a software driver is left all cores.
 */
async function openTuned(adapter: GPUAdapter): Promise<Gpu> {
  const asked = process.env.COLLAPSE_TUNING;
  const tuning = asked === 'auto' ? undefined : asked || undefined;
  const gpu = await openGpu(adapter, 'dawn-node');
  return { ...gpu, tuning, wait: gpu.adapter.software ? unhurried : gpu.wait };
}

/** Looks at every kind of adapter, for `doctor`. */
export async function findAdapters(
  forced: ForcedAdapter | null = forcedAdapter(process.env),
): Promise<readonly FoundAdapter[]> {
  const found: Probe[] = [];
  for await (const probe of probes(adapterOrder(null))) found.push(probe);
  const choice = chooseAdapter(found, forced);
  return found.map((probe) => ({
    kind: probe.kind,
    adapter: probe.adapter && describeAdapter(probe.adapter),
    chosen: probe === choice,
    note: noteOn(probe, choice, forced),
  }));
}

function noteOn(probe: Probe, choice: Probe | null, forced: ForcedAdapter | null): string {
  if (!probe.adapter) return probe.problem;
  const because = forced ? ` because COLLAPSE_ADAPTER=${forced}` : '';
  if (probe !== choice) return `Not used${because || `: ${TITLES[choice!.kind]} comes first`}.`;
  const speed = probe.kind === 'gpu' ? '' : ' Its numbers are right; its speed is that of a CPU.';
  return `Used${because}.${speed}`;
}

/** Probes the wanted kinds in order of preference, each only when the consumer comes to it. */
async function* probes(wanted: readonly AdapterKind[]): AsyncGenerator<Probe, void> {
  if (wanted.includes('gpu') || wanted.includes('system')) {
    const best = await attempt('gpu', requestInstalledAdapter);
    const bestIsSoftware = best.adapter !== null && describeAdapter(best.adapter).software;
    if (wanted.includes('gpu')) yield bestIsSoftware ? absent('gpu') : best;
    if (wanted.includes('system')) yield bestIsSoftware ? { ...best, kind: 'system' } : await installedSoftware(best);
  }
  if (wanted.includes('embedded')) yield await attempt('embedded', requestEmbeddedAdapter);
}

/** A software driver beside a real GPU; where the system has no adapter, or asking failed, there is nothing left to ask. */
async function installedSoftware(best: Probe): Promise<Probe> {
  if (best.adapter) return attempt('system', requestInstalledSoftware);
  return best.problem === ADVICE.gpu ? absent('system') : absent('system', best.problem);
}

async function attempt(kind: AdapterKind, request: () => Promise<GPUAdapter | null>): Promise<Probe> {
  try {
    const adapter = await request();
    return adapter ? { kind, adapter, problem: '' } : absent(kind);
  } catch (error) {
    return absent(kind, error instanceof Error ? error.message : String(error));
  }
}

function absent(kind: AdapterKind, problem: string = ADVICE[kind]): Probe {
  return { kind, adapter: null, problem };
}
