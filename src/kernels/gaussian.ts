import normal from '../../shaders/random/normal.wgsl?raw';
import measureSource from '../../shaders/samplers/gaussian-measure.wgsl?raw';
import refitSource from '../../shaders/samplers/gaussian-refit.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, CHI_INCLUDES } from './random.ts';

/** Values of MEASURE. */
export const MEASURES = { mean: 0, variance: 1, 'log-volume': 2, divergence: 3 } as const;

export const gaussianRefit = defineKernel({
  name: 'samplers/gaussian-refit',
  includes: CHI_INCLUDES,
  source: refitSource,
  buffers: { slots: ['f32', 'read_write'], columns: ['f32', 'read_write'] },
  launch: {
    ...ADDRESS_LAUNCH,
    dimension: 'u32',
    trials: 'u32',
    rows: 'u32',
    origin: 'u32',
    maker: 'u32',
    to: 'u32',
    seen: 'f32',
    inverse_root: 'f32',
    scale: 'f32',
  },
});

export const gaussianMeasure = defineKernel({
  name: 'samplers/gaussian-measure',
  includes: [normal],
  source: measureSource,
  buffers: { slots: ['f32', 'read'], columns: ['f32', 'read_write'], errors: ['f32', 'read_write'] },
  launch: { dimension: 'u32', trials: 'u32', slot: 'u32', error: 'u32', scale: 'f32' },
});
