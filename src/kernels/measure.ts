import testErrorSource from '../../shaders/measure/test-error.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';

export const testError = defineKernel({
  name: 'measure/test-error',
  source: testErrorSource,
  buffers: {
    scale: ['f32', 'read'],
    estimates: ['f32', 'read'],
    truth: ['f32', 'read'],
    errors: ['f32', 'read_write'],
  },
  launch: { columns: 'u32', stride: 'u32', layers: 'u32', error_offset: 'u32' },
});
