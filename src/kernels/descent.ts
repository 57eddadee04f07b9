import descentSource from '../../shaders/samplers/descent.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, RANDOM_INCLUDES } from './random.ts';

/** What an invocation holds in registers, and the most of them in a workgroup: dimensions up to their product times 4. */
export const MOST_QUADRUPLES = 10;
export const MOST_LANES = 256;

/** Lanes for so many coordinates: a multiple of 16, enough for a quadruple each where there are as many. */
export function lanesFor(stride: number): number {
  const lanes = 2 ** Math.ceil(Math.log2(stride / 4));
  return Math.min(MOST_LANES, Math.max(16, lanes));
}

export const descent = defineKernel({
  name: 'samplers/descent',
  includes: RANDOM_INCLUDES,
  source: descentSource,
  buffers: {
    scale: ['vec4f', 'read'],
    models: ['vec4f', 'read'],
    state: ['vec4f', 'read_write'],
    estimates: ['vec4f', 'read_write'],
  },
  launch: {
    ...ADDRESS_LAUNCH,
    first_row: 'u32',
    steps: 'u32',
    batch: 'u32',
    stride4: 'u32',
    scale_offset4: 'u32',
    label_offset4: 'u32',
    start: 'u32',
    finish: 'u32',
    averaging: 'u32',
    rate: 'f32',
    noise: 'f32',
    share: 'f32',
  },
});
