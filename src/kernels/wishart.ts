import leastSquaresSource from '../../shaders/samplers/least-squares.wgsl?raw';
import triangularDesignSource from '../../shaders/samplers/triangular-design.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, CHI_INCLUDES } from './random.ts';

export const triangularDesign = defineKernel({
  name: 'samplers/triangular-design',
  rate: 1.2,
  includes: CHI_INCLUDES,
  source: triangularDesignSource,
  buffers: { scale: ['f32', 'read'], design: ['vec4f', 'read_write'] },
  launch: {
    ...ADDRESS_LAUNCH,
    samples: 'u32',
    columns: 'u32',
    into: 'u32',
    held: 'u32',
    stride4: 'u32',
    scale_offset: 'u32',
    factor: 'f32',
  },
});

export const leastSquares = defineKernel({
  name: 'samplers/least-squares',
  includes: CHI_INCLUDES,
  source: leastSquaresSource,
  buffers: { scale: ['f32', 'read'], models: ['vec4f', 'read'], estimates: ['vec4f', 'read_write'] },
  launch: {
    ...ADDRESS_LAUNCH,
    samples: 'u32',
    columns: 'u32',
    stride4: 'u32',
    model_offset4: 'u32',
    estimate_offset4: 'u32',
    noise: 'f32',
  },
});
