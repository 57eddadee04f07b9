import { canRun, TUNINGS, type TuningName } from '../src/kernels/tuning.ts';
import type { Block, Entry, TrialShape } from './block.ts';
import { bidiagonalEntries } from './cases/bidiagonal.ts';
import { designEntry } from './cases/design.ts';
import { choleskyEntry, type GramShape, gramEntry, productEntries, solveEntry } from './cases/gram-family.ts';
import { encoderBlock, perceptronBlock } from './cases/networks.ts';
import { randomEntry } from './cases/random.ts';
import { tokensEntry } from './cases/tokens.ts';
import { plainShape, samplersFor, trialEntry } from './cases/trials.ts';
import type { Group, RowHead } from './record.ts';
import type { Stage } from './stage.ts';

/** Every block of the benchmarks, in order. Sizes depend on whether a GPU or a processor does the work. */

export type Choice = Group | 'roofline' | 'peers';
export const CHOICES: readonly Choice[] = ['roofline', 'kernels', 'trials', 'samplers', 'networks', 'peers', 'tuning'];
/** Rows of the tuning table are measured only when asked for. */
export const USUAL: readonly Choice[] = CHOICES.filter((choice) => choice !== 'tuning');

/** `peers` alone means the blocks in which peers take part. */
export function blocksOf(stage: Stage, only: readonly Choice[]): readonly Block[] {
  const peersAlone = only.includes('peers') && !only.some((choice) => choice !== 'peers' && choice !== 'roofline');
  const wanted = (group: Group) => peersAlone || only.includes(group);
  const blocks = [
    ...(wanted('kernels') ? kernelBlocks(stage, only.includes('peers')) : []),
    ...(wanted('trials') ? trialBlocks(stage) : []),
    ...(wanted('samplers') ? samplerBlocks(stage) : []),
    ...(wanted('networks') ? [perceptronBlock(stage), encoderBlock(stage)] : []),
    ...(only.includes('tuning') ? tuningBlocks(stage) : []),
  ];
  return peersAlone ? blocks.filter((block) => block.question) : blocks;
}

/** As many matrices as make up `flops` operations, so that small orders fill the device as large ones do. */
function batchFor(flops: number, flopsPerMatrix: number, bytesPerMatrix: number, bytes: number): number {
  const most = Math.min(16384, Math.floor(bytes / bytesPerMatrix));
  return Math.max(1, Math.min(most, Math.round(flops / flopsPerMatrix)));
}

function shapeOf(stage: Stage, order: number, flops: number, flopsPerMatrix: number): GramShape {
  const rows = 2 * order;
  const bytes = Math.min(stage.gpu.device.limits.maxStorageBufferBindingSize, stage.small ? 2 ** 26 : 2 ** 31);
  const wanted = stage.quick ? flops / 100 : flops;
  return { order, rows, batch: batchFor(wanted, flopsPerMatrix, 4 * rows * Math.max(16, order), bytes) };
}

function kernelBlocks(stage: Stage, peers: boolean): Block[] {
  const { small, quick } = stage;
  const normals = quick ? 2 ** 14 : small ? 2 ** 20 : 2 ** 27;
  const gramOrders = quick
    ? [32, 96]
    : small
      ? [16, 32, 64, 128, 256, 512, 1024]
      : [16, 32, 64, 128, 256, 512, 1024, 2048];
  const orders = quick ? [16, 40] : [16, 32, 64, 128, 256, 512, 1024, 2048, ...(small ? [] : [4096, 8192])];
  const solveOrders = quick ? [32] : [64, 512];
  const matmul = quick ? 128 : small ? 512 : 4096;
  const bidiagonal = {
    d: quick ? 64 : 1024,
    samples: quick ? 128 : 2048,
    ridges: 32,
    trials: quick ? 64 : small ? 256 : 16384,
  };
  return [
    block('random', [randomEntry(stage, 'random', 'words'), randomEntry(stage, 'random', 'normals')]),
    normalsBlock(stage, normals),
    ...tokenBlocks(stage),
    ...gramOrders.map((order) => gramBlock(stage, order)),
    ...orders.map((order) => choleskyBlock(stage, order)),
    ...solveOrders.map((order) => {
      const shape = shapeOf(stage, order, small ? 3e7 : 1e11, order ** 2 * 16);
      return block(`solve ${order}`, [solveEntry(stage, `solve ${order}`, { ...shape, sides: 8 })]);
    }),
    block('products', productEntries(stage, 'products', shapeOf(stage, quick ? 64 : 512, small ? 1e7 : 1e10, 1e6))),
    block('bidiagonal', bidiagonalEntries(stage, 'bidiagonal', bidiagonal)),
    ...(peers ? [matmulBlock(matmul), ...(quick ? [16] : [64, 256, 512]).map((order) => eighBlock(stage, order))] : []),
  ];
}

const block = (name: string, entries: readonly Entry[]): Block => ({ name, entries });

function normalsBlock(stage: Stage, count: number): Block {
  const entry = designEntry(stage, 'normals', count);
  const { contestant: _, ...head } = entry.head;
  return { name: 'normals', entries: [entry], question: { case: 'normals', shape: { count }, head, units: count } };
}

/** Tokens of a Zipf law, from small tables and large ones; and what a peer takes that counts them without drawing each. */
function tokenBlocks(stage: Stage): Block[] {
  const count = stage.quick ? 2 ** 12 : 10 ** 6;
  const supports = stage.quick ? [100] : [1000, 100_000];
  const asked = [
    ...supports.map((support) => ['choice', support] as const),
    ['multinomial', supports.at(-1)!] as const,
  ];
  return asked.map(([name, support]) => {
    const shape = { support, exponent: 1.5, count };
    const title = `${name === 'choice' ? 'tokens' : 'counts'} ${support}`;
    const entry = tokensEntry(stage, title, shape);
    const { contestant: _, ...head } = entry.head;
    return { name: title, entries: [entry], question: { case: name, shape, head, units: count } };
  });
}

function gramBlock(stage: Stage, order: number): Block {
  const flops = 2 * order ** 3;
  const shape = shapeOf(stage, order, stage.small ? 3e8 : 2e11, flops);
  const entry = gramEntry(stage, `gram ${order}`, shape);
  const { contestant: _, ...head } = entry.head;
  const { rows, batch } = shape;
  const question = { case: 'gram', shape: { rows, columns: order, batch }, head, units: batch * flops } as const;
  return { name: `gram ${order}`, entries: [entry], question };
}

function choleskyBlock(stage: Stage, order: number): Block {
  const flops = order ** 3 / 3;
  const shape = shapeOf(stage, order, stage.small ? 5e7 : 1e11, flops);
  const entry = choleskyEntry(stage, `cholesky ${order}`, shape);
  const { contestant: _, ...head } = entry.head;
  const { batch } = shape;
  return {
    name: `cholesky ${order}`,
    entries: [entry],
    question: { case: 'cholesky', shape: { order, batch }, head, units: batch * flops },
  };
}

/** We have no such kernel; it tells how near a peer comes to the peak where everybody is at their best. */
function matmulBlock(n: number): Block {
  const head: Omit<RowHead, 'contestant'> = {
    group: 'kernels',
    block: 'matmul',
    name: 'matmul',
    shape: { n },
    unit: 'flop',
    flopsPerUnit: 1,
    bytesPerUnit: 6 / n,
  };
  return { name: 'matmul', entries: [], question: { case: 'matmul', shape: { n }, head, units: 2 * n ** 3 } };
}

/** Nor a decomposition; peers have one, of which a whole grid of ridges costs no more. */
function eighBlock(stage: Stage, order: number): Block {
  const name = `eigh ${order}`;
  const batch = Math.max(1, Math.round((stage.small ? 1e8 : 2e10) / order ** 3));
  const shape = { order, batch };
  // Operations of the reduction to a tridiagonal matrix, the part that every method has.
  const head = {
    group: 'kernels',
    block: name,
    name: 'eigh',
    shape,
    unit: 'flop',
    flopsPerUnit: 1,
    bytesPerUnit: 0,
  } as const;
  return { name, entries: [], question: { case: 'eigh', shape, head, units: (4 / 3) * batch * order ** 3 } };
}

/** Every row of the tuning table that the device can run, against each other. */
function tuningBlocks(stage: Stage): Block[] {
  const rows = (Object.keys(TUNINGS) as TuningName[]).filter((row) => canRun(row, stage.gpu));
  const contest = (name: string, entryIn: (stage: Stage, block: string) => Entry): Block => ({
    name,
    entries: rows.map((row) => {
      const { head, open } = entryIn({ ...stage, gpu: { ...stage.gpu, tuning: row } }, name);
      return { head: { ...head, group: 'tuning', name, contestant: `collapse, row ${row}` }, open };
    }),
  });
  const orders = stage.quick ? [16] : stage.small ? [32, 128, 512] : [32, 64, 128, 256, 512, 1024, 2048];
  const flops = { gram: stage.small ? 3e8 : 2e11, other: stage.small ? 5e7 : 1e11 };
  const trials = stage.quick ? [16] : stage.small ? [64] : [32, 128, 512];
  const grid = { ...REFERENCE, exponent: 1.5, generations: [0] };
  return [
    ...orders.flatMap((order) => [
      contest(`tuning gram ${order}`, (own, block) =>
        gramEntry(own, block, shapeOf(own, order, flops.gram, 2 * order ** 3)),
      ),
      contest(`tuning cholesky ${order}`, (own, block) =>
        choleskyEntry(own, block, shapeOf(own, order, flops.other, order ** 3 / 3)),
      ),
      contest(`tuning solve ${order}`, (own, block) =>
        solveEntry(own, block, { ...shapeOf(own, order, flops.other, 16 * order ** 2), sides: 8 }),
      ),
    ]),
    ...trials.map((d) =>
      contest(`tuning trial ${d}`, (own, block) => trialEntry(own, 'tuning', block, trialShape(d), 'direct')),
    ),
    ...(stage.quick ? [] : ['wishart', 'krylov']).map((sampler) =>
      contest(`tuning ${sampler}, power law`, (own, block) => trialEntry(own, 'tuning', block, grid, sampler)),
    ),
  ];
}

const trialShape = (d: number): TrialShape => ({
  d,
  samples: 2 * d,
  generatorSamples: 2 * d,
  generations: [0],
  ridges: [0.01],
  exponent: null,
});

function trialBlocks(stage: Stage): Block[] {
  const sizes = stage.quick ? [16] : [16, 32, 64, 128, 256, 512];
  return sizes.map((d) => trialBlock(stage, 'trials', `trial ${d}`, trialShape(d), ['direct']));
}

function trialBlock(stage: Stage, group: Group, name: string, shape: TrialShape, by: readonly string[]): Block {
  const head: Omit<RowHead, 'contestant'> = {
    group,
    block: name,
    name: 'trial',
    shape: plainShape(shape),
    unit: 'trial',
    flopsPerUnit: 0,
    bytesPerUnit: 0,
  };
  const entries = by.map((sampler) => trialEntry(stage, group, name, shape, sampler));
  return { name, entries, question: { case: 'trial', shape, head } };
}

const logspace = (low: number, high: number, count: number) =>
  Array.from({ length: count }, (_, i) => 10 ** (low + ((high - low) * i) / (count - 1)));

/** The reference job of experiments/reference-job.json5. */
export const REFERENCE: TrialShape = {
  d: 300,
  samples: 600,
  generatorSamples: 600,
  exponent: null,
  generations: Array.from({ length: 11 }, (_, n) => n),
  ridges: logspace(-3, 1, 20),
};

/** Blocks of whole jobs, every sampler that does not refuse them; those of `NO_PEERS` would take a peer minutes per trial. */
export const JOBS: Readonly<Record<string, TrialShape>> = {
  'reference job': REFERENCE,
  'reference job, power law 1.5': { ...REFERENCE, exponent: 1.5 },
  'd = 1024, 64 ridges': {
    d: 1024,
    samples: 2048,
    generatorSamples: 2048,
    generations: [0],
    exponent: null,
    ridges: logspace(-4, 1, 64),
  },
  'd = 4096, 20 ridges': {
    d: 4096,
    samples: 8192,
    generatorSamples: 8192,
    generations: [0, 1, 3, 10],
    exponent: null,
    ridges: logspace(-3, 1, 20),
  },
};
const NO_PEERS: readonly string[] = ['d = 1024, 64 ridges', 'd = 4096, 20 ridges'];

function samplerBlocks(stage: Stage): Block[] {
  const small: TrialShape = {
    ...REFERENCE,
    d: 12,
    samples: 24,
    generatorSamples: 24,
    generations: [0, 1],
    ridges: [0.1, 1],
  };
  const jobs = stage.quick ? { 'small job': small, 'small job, power law': { ...small, exponent: 1.5 } } : JOBS;
  return Object.entries(jobs).map(([name, shape]) => {
    const names = samplersFor(shape).map((sampler) => sampler.name);
    const whole = trialBlock(stage, 'samplers', name, shape, names);
    return NO_PEERS.includes(name) ? { name, entries: whole.entries } : whole;
  });
}
