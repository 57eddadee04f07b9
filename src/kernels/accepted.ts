import source from '../../shaders/samplers/accepted-means.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, RANDOM_INCLUDES } from './random.ts';

/** Blocks of four normals after which a row is given up. */
export const MOST_BLOCKS = 4096;

export const acceptedMeans = defineKernel({
  name: 'samplers/accepted-means',
  rate: 8,
  includes: RANDOM_INCLUDES,
  source,
  buffers: { models: ['f32', 'read_write'] },
  launch: {
    ...ADDRESS_LAUNCH,
    items: 'u32',
    trials: 'u32',
    origin: 'u32',
    to: 'u32',
    rows: 'u32',
    not_a_number: 'u32',
    spread: 'f32',
    centre: 'f32',
    band: 'f32',
  },
});
