import type { Gpu } from '../src/gpu/gpu.ts';
import { KernelCache } from '../src/gpu/kernel.ts';
import { type Block, type Entry, runBlock } from './block.ts';
import { overlapOf } from './overlap.ts';
import type { BenchRecord } from './record.ts';
import { openRoofline } from './roofline.ts';
import type { Stage } from './stage.ts';
import { blocksOf, type Choice, REFERENCE } from './suite.ts';

/** The measuring core: knows a device and no operating system, so that Node and a page run the same code. */

export interface BenchOptions {
  readonly only: readonly Choice[];
  readonly quick: boolean;
  /** null takes as many as suit the adapter. */
  readonly rounds: number | null;
  readonly say: (text: string) => void;
  /** Contestants from outside: peers and whole commands, for a block of the suite or one with no entries of its own. */
  readonly guests?: (block: Block) => readonly Entry[];
  /** Blocks that only the outside can measure. */
  readonly extraBlocks?: readonly Block[];
}

export type Measurements = Pick<BenchRecord, 'rounds' | 'sampleSeconds' | 'roofline' | 'rows' | 'overlaps'>;

export async function measure(gpu: Gpu, options: BenchOptions): Promise<Measurements> {
  const { only, quick, say } = options;
  const { software } = gpu.adapter;
  const rounds = options.rounds ?? (quick ? 2 : software ? 5 : 15);
  const sampleSeconds = quick ? 0.01 : software ? 0.25 : 0.08;
  const kernels = new KernelCache(gpu.device);
  const stage: Stage = { gpu, kernels, sampleSeconds, small: software || quick, quick };
  say('roofline: looking for the fastest microkernels');
  const roofline = await openRoofline(stage);
  const blocks = [...blocksOf(stage, only), ...(options.extraBlocks ?? [])].map((block) => ({
    ...block,
    entries: [...block.entries, ...(options.guests?.(block) ?? [])],
  }));
  const mostSeconds = quick ? 0.2 : 20;
  const rows = [];
  for (const block of blocks) rows.push(...(await runBlock(block, { rounds, mostSeconds, say })));
  const overlaps = only.includes('samplers') ? await overlapsOf(stage, say) : [];
  say('roofline: reading the peaks again');
  return { rounds, sampleSeconds, roofline: await roofline.finish(), rows, overlaps };
}

async function overlapsOf(stage: Stage, say: (text: string) => void) {
  const small = { ...REFERENCE, d: 64, samples: 128, generatorSamples: 128, generations: [0], ridges: [0.01] };
  const runs = [['direct', small] as const, ...(stage.quick ? [] : [['bidiagonal', REFERENCE] as const])];
  const overlaps = [];
  for (const [sampler, shape] of runs) {
    say(`a whole run of ${sampler}: where its time goes`);
    overlaps.push(await overlapOf(stage, shape, sampler, stage.quick ? 0.2 : 4));
  }
  return overlaps;
}
