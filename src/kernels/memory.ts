import associationsSource from '../../shaders/samplers/memory-associations.wgsl?raw';
import drawsSource from '../../shaders/samplers/memory-draws.wgsl?raw';
import embeddingsSource from '../../shaders/samplers/memory-embeddings.wgsl?raw';
import productsSource from '../../shaders/samplers/memory-products.wgsl?raw';
import recallSource from '../../shaders/samplers/memory-recall.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, RANDOM_INCLUDES } from './random.ts';
import { byQuads } from './tiles.ts';
import { DISCRETE_INCLUDES } from './tokens.ts';

/** Draws of one workgroup. */
export const MEMORY_DRAWS_PER_GROUP = 1024;

export const memoryDraws = defineKernel({
  name: 'samplers/memory-draws',
  rate: 0.7,
  includes: DISCRETE_INCLUDES,
  source: drawsSource,
  buffers: { table: ['u32', 'read'], counts: ['atomic<u32>', 'read_write'] },
  launch: { ...ADDRESS_LAUNCH, first: 'u32', end: 'u32', tokens: 'u32', bits: 'u32' },
});

export const memoryEmbeddings = defineKernel({
  name: 'samplers/memory-embeddings',
  includes: RANDOM_INCLUDES,
  source: embeddingsSource,
  buffers: { signs: ['u32', 'read_write'] },
  launch: { ...ADDRESS_LAUNCH, rows: 'u32', words: 'u32', dimension: 'u32' },
});

export const memoryProducts = defineKernel({
  name: 'samplers/memory-products',
  rate: 1.1,
  source: productsSource,
  buffers: { signs: ['u32', 'read'], products: ['u32', 'read_write'] },
  launch: { rows: 'u32', words: 'u32', dimension: 'u32', offset: 'u32', count: 'u32' },
});

/** With SEEN: all tokens that were seen weigh the same. */
export const memoryAssociations = defineKernel({
  name: 'samplers/memory-associations',
  source: associationsSource,
  buffers: {
    counts: ['u32', 'read'],
    tokens: ['u32', 'read'],
    associations: ['u32', 'read_write'],
    stored: ['u32', 'read_write'],
  },
  launch: { tokens: 'u32', labels: 'u32' },
});

/** Tokens of a lane of the recall kernel. */
export const RECALLED_PER_LANE = 4;

/** Bit at which the recall kernel cuts associations where sums of so many draws do not fit into a word; 0 where they do. */
export const recallSplit = (heaviest: number, dimension: number): number =>
  heaviest * dimension ** 2 < 2 ** 31 ? 0 : 13;

/** Labels after which the recall kernel must carry, given the dimension: low parts below 2^13 times products up to it fill a word. */
export const memoryStride = (dimension: number): number => Math.floor((2 ** 18 - 1) / dimension);

export const memoryRecall = byQuads(({ name, enables, includes }) =>
  defineKernel({
    name: `samplers/memory-recall (${name})`,
    rate: 12,
    enables,
    includes,
    source: recallSource,
    buffers: {
      associations: ['u32', 'read'],
      stored: ['u32', 'read'],
      labels: ['u32', 'read'],
      masses: ['u32', 'read'],
      sums: ['atomic<u32>', 'read_write'],
    },
    launch: { trials: 'u32', tokens: 'u32', labels: 'u32', stride: 'u32', cell: 'u32' },
  }),
);
