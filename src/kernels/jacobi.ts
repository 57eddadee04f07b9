import fitSource from '../../shaders/samplers/jacobi-fit.wgsl?raw';
import formSource from '../../shaders/samplers/jacobi-form.wgsl?raw';
import shiftLengthSource from '../../shaders/samplers/shift-length.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, CHI_INCLUDES, RANDOM_INCLUDES } from './random.ts';

/** Trials a workgroup of these kernels serves, one per lane; all arrays are batch-minor: the trial varies fastest. */
export const TRIALS_PER_GROUP = 64;

export const shiftLength = defineKernel({
  name: 'samplers/shift-length',
  includes: RANDOM_INCLUDES,
  source: shiftLengthSource,
  buffers: { deviations: ['f32', 'read'], models: ['f32', 'read_write'] },
  launch: { ...ADDRESS_LAUNCH, trials: 'u32', columns: 'u32', slot: 'u32', scale: 'f32' },
});

export const jacobiForm = defineKernel({
  name: 'samplers/jacobi-form',
  rate: 3.8,
  includes: CHI_INCLUDES,
  source: formSource,
  buffers: { forms: ['f32', 'read_write'] },
  launch: {
    ...ADDRESS_LAUNCH,
    items: 'u32',
    trials: 'u32',
    levels: 'u32',
    columns: 'u32',
    first_rows: 'u32',
    second_rows: 'u32',
    first_tail: 'u32',
    second_tail: 'u32',
  },
});

export const jacobiFit = defineKernel({
  name: 'samplers/jacobi-fit',
  rate: 3.1,
  source: fitSource,
  buffers: {
    forms: ['f32', 'read'],
    fits: ['f32', 'read'],
    models: ['f32', 'read_write'],
    errors: ['f32', 'read_write'],
  },
  launch: { items: 'u32', trials: 'u32', levels: 'u32', first_fit: 'u32' },
});
