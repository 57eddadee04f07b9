import addScaledSource from '../../shaders/samplers/add-scaled.wgsl?raw';
import conditionStatusSource from '../../shaders/samplers/condition-status.wgsl?raw';
import conjugateDirectionSource from '../../shaders/samplers/conjugate-direction.wgsl?raw';
import correctionStatusSource from '../../shaders/samplers/correction-status.wgsl?raw';
import squaredLengthSource from '../../shaders/samplers/squared-length.wgsl?raw';
import stepLengthSource from '../../shaders/samplers/step-length.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';

export const addScaled = defineKernel({
  name: 'samplers/add-scaled',
  rate: 0.06,
  source: addScaledSource,
  buffers: { lengths: ['f32', 'read'], sources: ['vec4f', 'read'], targets: ['vec4f', 'read_write'] },
  launch: { stride4: 'u32', layers: 'u32', target_offset4: 'u32', factor: 'f32' },
});

export const squaredLength = defineKernel({
  name: 'samplers/squared-length',
  rate: 0.04,
  source: squaredLengthSource,
  buffers: { vectors: ['f32', 'read'], lengths: ['f32', 'read_write'] },
  launch: { rows: 'u32', stride: 'u32', layers: 'u32', accumulate: 'u32' },
});

export const stepLength = defineKernel({
  name: 'samplers/step-length',
  rate: 0.05,
  source: stepLengthSource,
  buffers: { directions: ['vec4f', 'read'], residuals: ['vec4f', 'read'], lengths: ['f32', 'read_write'] },
  launch: { stride4: 'u32', layers: 'u32', penalty: 'f32' },
});

export const conjugateDirection = defineKernel({
  name: 'samplers/conjugate-direction',
  rate: 0.05,
  source: conjugateDirectionSource,
  buffers: {
    residuals: ['vec4f', 'read'],
    preconditioned: ['vec4f', 'read'],
    directions: ['vec4f', 'read_write'],
    energies: ['f32', 'read_write'],
  },
  launch: { stride4: 'u32', layers: 'u32', first: 'u32' },
});

export const correctionStatus = defineKernel({
  name: 'samplers/correction-status',
  rate: 0.1,
  source: correctionStatusSource,
  buffers: {
    scale: ['f32', 'read'],
    steps: ['f32', 'read'],
    lengths: ['f32', 'read'],
    estimates: ['f32', 'read'],
    truth: ['f32', 'read'],
    statuses: ['u32', 'read_write'],
  },
  launch: { columns: 'u32', stride: 'u32', layers: 'u32', sides: 'u32', inherited: 'u32', status_offset: 'u32' },
});

export const conditionStatus = defineKernel({
  name: 'samplers/condition-status',
  source: conditionStatusSource,
  buffers: {
    scale: ['f32', 'read'],
    gram: ['vec4f', 'read'],
    inverses: ['vec4f', 'read'],
    statuses: ['u32', 'read_write'],
  },
  launch: {
    trials: 'u32',
    order: 'u32',
    penalty: 'f32',
    weight: 'f32',
    least: 'f32',
    limit: 'f32',
    status_offset: 'u32',
  },
});
