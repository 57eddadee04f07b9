import { type SelfTest, selfTest } from '../engine/self-test.ts';
import { type FoundAdapter, findAdapters, openNodeGpu } from '../gpu/node/adapters.ts';
import { TUNINGS } from '../kernels/tuning.ts';
import { type Choice, chooseTuning } from './tuning.ts';

export interface Diagnosis {
  readonly node: string;
  readonly platform: string;
  readonly adapters: readonly FoundAdapter[];
  /** Browser for `--backend chrome`, or why there is none. */
  readonly browser: string;
  /** Row of the tuning table that a short run on the adapter uses; null without one. */
  readonly tuning: Choice | null;
  readonly selfTest: readonly SelfTest[];
}

/** Looks at everything a run needs and tests the adapter it would use. */
export async function diagnose(): Promise<Diagnosis> {
  const adapters = await findAdapters();
  const { gpu } = await openNodeGpu();
  const tests = gpu ? await selfTest(gpu) : [];
  const tuning = gpu && (await chooseTuning(gpu, { asked: process.env.COLLAPSE_TUNING, work: 0 }));
  gpu?.close();
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    adapters,
    browser: await browserLine(),
    tuning,
    selfTest: tests,
  };
}

async function browserLine(): Promise<string> {
  try {
    const { findBrowser } = await import('../gpu/node/chrome.ts');
    const browser = await findBrowser();
    return `${browser.executable} (${browser.source})`;
  } catch (error) {
    return `none: ${error instanceof Error ? error.message : error}`;
  }
}

const TUNING_ADVICE = `COLLAPSE_TUNING=${Object.keys(TUNINGS).join('|')} chooses a row, auto measures them; long runs on a GPU measure by themselves.`;
const TITLES = { gpu: 'GPU', system: 'software driver of the system', embedded: 'embedded SwiftShader' } as const;
const MARKS = { pass: 'PASS', fail: 'FAIL', info: 'note' } as const;

/** What a cluster or a user says of the GPUs that a process may use; null where nobody does. */
export function assignedGpus(
  environment: Readonly<Record<string, string | undefined>>,
): { readonly variable: string; readonly count: number } | null {
  const { SLURM_GPUS_ON_NODE: slurm, CUDA_VISIBLE_DEVICES: cuda } = environment;
  if (slurm && /^\d+$/.test(slurm)) return { variable: 'SLURM_GPUS_ON_NODE', count: Number(slurm) };
  if (cuda) return { variable: 'CUDA_VISIBLE_DEVICES', count: cuda.split(',').length };
  return null;
}

export function diagnosisText({ node, platform, adapters, browser, tuning, selfTest: tests }: Diagnosis): string {
  const chosen = adapters.find((adapter) => adapter.chosen);
  const lines = [`Node ${node} on ${platform}`, '', 'Adapters, best first:'];
  for (const { kind, adapter, chosen: used, note } of adapters) {
    lines.push(
      `${used ? '→' : ' '} ${TITLES[kind]}: ${adapter ? adapter.description || adapter.device : 'not found'}`,
      `    ${note}`,
    );
  }
  if (chosen?.adapter) {
    const { features, limits } = chosen.adapter;
    lines.push('', `Features: ${features.join(', ')}`, 'Limits:');
    for (const [name, value] of Object.entries(limits)) lines.push(`  ${name} ${value}`);
  } else {
    lines.push('', 'No WebGPU adapter: experiments run on the f64 reference, slowly.');
  }
  const gpus = assignedGpus(process.env);
  if (gpus !== null)
    lines.push(
      '',
      `${gpus.variable} gives this job ${gpus.count === 1 ? 'one GPU' : `${gpus.count} GPUs`}, and Vulkan does not know that variable: unless devices are confined ` +
        'by cgroups or a container, every process takes the first GPU of the machine (docs/scale-out.md).',
    );
  if (tuning) lines.push('', `Tuning of the linear algebra: ${tuning.row}, ${tuning.because}`, `    ${TUNING_ADVICE}`);
  lines.push('', `Browser for --backend chrome: ${browser}`);
  lines.push('', tests.length > 0 ? 'Self-test:' : 'Self-test: nothing to test without an adapter.');
  for (const { name, verdict, detail } of tests) lines.push(`  ${MARKS[verdict]}  ${name}: ${detail}`);
  return lines.join('\n');
}
