import addScaledSource from '../../shaders/samplers/add-scaled.wgsl?raw';
import squaredLengthSource from '../../shaders/samplers/squared-length.wgsl?raw';
import stepLengthSource from '../../shaders/samplers/step-length.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';

export const addScaled = defineKernel({
  name: 'samplers/add-scaled',
  source: addScaledSource,
  buffers: { lengths: ['f32', 'read'], sources: ['vec4f', 'read'], targets: ['vec4f', 'read_write'] },
  launch: { stride4: 'u32', layers: 'u32', factor: 'f32' },
});

export const squaredLength = defineKernel({
  name: 'samplers/squared-length',
  source: squaredLengthSource,
  buffers: { vectors: ['f32', 'read'], lengths: ['f32', 'read_write'] },
  launch: { rows: 'u32', stride: 'u32', layers: 'u32', accumulate: 'u32' },
});

export const stepLength = defineKernel({
  name: 'samplers/step-length',
  source: stepLengthSource,
  buffers: { directions: ['vec4f', 'read'], residuals: ['vec4f', 'read'], lengths: ['f32', 'read_write'] },
  launch: { stride4: 'u32', layers: 'u32', penalty: 'f32' },
});
