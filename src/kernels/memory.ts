import drawsSource from '../../shaders/samplers/memory-draws.wgsl?raw';
import embeddingsSource from '../../shaders/samplers/memory-embeddings.wgsl?raw';
import productsSource from '../../shaders/samplers/memory-products.wgsl?raw';
import recallSource from '../../shaders/samplers/memory-recall.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, RANDOM_INCLUDES } from './random.ts';
import { DISCRETE_INCLUDES } from './tokens.ts';

/** Labels that the recall kernel has places for. */
export const MOST_LABELS = 64;

/** Draws of one workgroup. */
export const MEMORY_DRAWS_PER_GROUP = 1024;

export const memoryDraws = defineKernel({
  name: 'samplers/memory-draws',
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
  source: productsSource,
  buffers: { signs: ['u32', 'read'], products: ['u32', 'read_write'] },
  launch: { rows: 'u32', words: 'u32', dimension: 'u32', offset: 'u32', count: 'u32' },
});

/** With SEEN: all tokens that were seen weigh the same. */
export const memoryRecall = defineKernel({
  name: 'samplers/memory-recall',
  source: recallSource,
  buffers: {
    counts: ['u32', 'read'],
    tokens: ['u32', 'read'],
    labels: ['u32', 'read'],
    masses: ['u32', 'read'],
    sums: ['atomic<u32>', 'read_write'],
  },
  launch: { trials: 'u32', tokens: 'u32', labels: 'u32', cell: 'u32' },
});
