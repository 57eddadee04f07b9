import discrete from '../../shaders/random/discrete.wgsl?raw';
import massBins from '../../shaders/samplers/mass-bins.wgsl?raw';
import poissonSource from '../../shaders/samplers/poisson-masses.wgsl?raw';
import drawsSource from '../../shaders/samplers/token-draws.wgsl?raw';
import massesSource from '../../shaders/samplers/token-masses.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, RANDOM_INCLUDES } from './random.ts';

/** Shader text a kernel includes to draw tokens from its buffer `table`. */
export const DISCRETE_INCLUDES: readonly string[] = [...RANDOM_INCLUDES, discrete];

/** Draws of one workgroup, and tokens and checkpoints of one, by their numbers in the shaders. */
export const DRAWS_PER_GROUP = 1024;
export const TOKENS_PER_GROUP = 2048;
export const BINS_PER_GROUP = 32;

/** With FROM_SAMPLE: from `source`, else from `table`. */
export const tokenDraws = defineKernel({
  name: 'samplers/token-draws',
  rate: 1.3,
  includes: DISCRETE_INCLUDES,
  source: drawsSource,
  buffers: {
    table: ['u32', 'read'],
    source: ['u32', 'read'],
    kept: ['u32', 'read_write'],
    seen: ['atomic<u32>', 'read_write'],
  },
  launch: {
    ...ADDRESS_LAUNCH,
    size: 'u32',
    bits: 'u32',
    source_size: 'u32',
    refused: 'u32',
    kept_size: 'u32',
    stride: 'u32',
    tokens: 'u32',
    offset: 'u32',
    marked: 'u32',
  },
});

export const tokenMasses = defineKernel({
  name: 'samplers/token-masses',
  rate: 0.85,
  includes: [massBins],
  source: massesSource,
  buffers: {
    seen: ['u32', 'read'],
    masses: ['u32', 'read'],
    checkpoints: ['u32', 'read'],
    sums: ['atomic<u32>', 'read_write'],
  },
  launch: { trials: 'u32', tokens: 'u32', first_bin: 'u32', bins: 'u32' },
});

export const poissonMasses = defineKernel({
  name: 'samplers/poisson-masses',
  includes: [...RANDOM_INCLUDES, massBins],
  source: poissonSource,
  buffers: {
    thresholds: ['u32', 'read'],
    masses: ['u32', 'read'],
    sums: ['atomic<u32>', 'read_write'],
  },
  launch: { ...ADDRESS_LAUNCH, trials: 'u32', tokens: 'u32', first_bin: 'u32', bins: 'u32' },
});
