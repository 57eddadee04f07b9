import type { Gpu } from '../src/gpu/gpu.ts';
import { KernelCache } from '../src/gpu/kernel.ts';
import { type Block, type Entry, runBlock } from './block.ts';
import { Budget } from './budget.ts';
import { overlapOf } from './overlap.ts';
import type { BenchRecord, Overlap, Row } from './record.ts';
import { openRoofline } from './roofline.ts';
import type { Stage } from './stage.ts';
import { blocksOf, type Choice, REFERENCE } from './suite.ts';

/** The measuring core: knows a device and no operating system, so that Node and a page run the same code. */

export interface BenchOptions {
  readonly only: readonly Choice[];
  readonly quick: boolean;
  /** null takes as many as suit the adapter. */
  readonly rounds: number | null;
  /** Seconds for all of it, or null for as many as it takes. What does not fit is left out, and the record says so. */
  readonly seconds: number | null;
  /** What an earlier measurement of the same left: its whole blocks are not measured again. */
  readonly earlier?: Measurements | null;
  /** Told after every round what there is, for a measurement may be cut at any moment. */
  readonly keep?: (measurements: Measurements) => void;
  readonly say: (text: string) => void;
  /** Contestants from outside: peers and whole commands, for a block of the suite or one with no entries of its own. */
  readonly guests?: (block: Block) => readonly Entry[];
  /** Blocks that only the outside can measure. */
  readonly extraBlocks?: readonly Block[];
}

export type Measurements = Pick<
  BenchRecord,
  'rounds' | 'sampleSeconds' | 'roofline' | 'rows' | 'overlaps' | 'unfinished'
>;

/** Name of the whole runs among what is unfinished. */
const OVERLAPS = 'where the time of a run goes';

export async function measure(gpu: Gpu, options: BenchOptions): Promise<Measurements> {
  const { only, quick, say, earlier = null } = options;
  const budget = new Budget(options.seconds);
  const { software } = gpu.adapter;
  const rounds = options.rounds ?? (quick ? 2 : software ? 5 : 15);
  const sampleSeconds = quick ? 0.01 : software ? 0.25 : 0.08;
  const kernels = new KernelCache(gpu.device);
  const stage: Stage = { gpu, kernels, sampleSeconds, small: software || quick, quick };
  say('roofline: looking for the fastest microkernels');
  const roofline = await openRoofline(stage, earlier?.roofline);
  const blocks = [...blocksOf(stage, only), ...(options.extraBlocks ?? [])].map((block) => ({
    ...block,
    entries: [...block.entries, ...(options.guests?.(block) ?? [])],
  }));
  const rows: Row[] = [...(earlier?.rows ?? [])].filter(({ block }) => !earlier!.unfinished?.includes(block));
  const overlaps: Overlap[] = [...(earlier?.overlaps ?? [])];
  const done = new Set(rows.map(({ block }) => block));
  const todo = blocks.filter(({ name, entries }) => !done.has(name) && entries.length > 0);
  const unfinished = new Set(todo.map(({ name }) => name));
  if (only.includes('samplers') && overlaps.length === 0) unfinished.add(OVERLAPS);
  const state = (): Measurements => ({
    rounds,
    sampleSeconds,
    roofline: roofline.first,
    rows: [...rows],
    overlaps,
    unfinished: [...unfinished],
  });
  const keep = (underWay: readonly Row[]) => options.keep?.({ ...state(), rows: [...rows, ...underWay] });
  for (const [i, block] of todo.entries()) {
    if (budget.over) break;
    const mostSeconds = Math.min(quick ? 0.2 : 20, shareOf(budget, todo.slice(i)));
    const { rows: measured, whole } = await runBlock(block, { rounds, mostSeconds, budget, say, keep });
    rows.push(...measured);
    if (whole) unfinished.delete(block.name);
    keep([]);
  }
  if (unfinished.has(OVERLAPS) && !budget.over) {
    overlaps.push(...(await overlapsOf(stage, say)));
    unfinished.delete(OVERLAPS);
  }
  say('roofline: reading the peaks again');
  return { ...state(), roofline: await roofline.finish() };
}

/** Seconds that each contestant of the first of these blocks may take if all that are to come get as many; half of them go to getting ready. */
function shareOf(budget: Budget, blocks: readonly Block[]): number {
  const contestants = blocks.reduce((sum, { entries }) => sum + entries.length, 0);
  return (0.5 * budget.left) / contestants;
}

async function overlapsOf(stage: Stage, say: (text: string) => void): Promise<Overlap[]> {
  const small = { ...REFERENCE, d: 64, samples: 128, generatorSamples: 128, generations: [0], ridges: [0.01] };
  const runs = [['direct', small] as const, ...(stage.quick ? [] : [['bidiagonal', REFERENCE] as const])];
  const overlaps: Overlap[] = [];
  for (const [sampler, shape] of runs) {
    say(`a whole run of ${sampler}: where its time goes`);
    overlaps.push(await overlapOf(stage, shape, sampler, stage.quick ? 0.2 : 4));
  }
  return overlaps;
}
