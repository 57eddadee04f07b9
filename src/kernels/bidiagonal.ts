import rowsSource from '../../shaders/samplers/bidiagonal-rows.wgsl?raw';
import deviationStepSource from '../../shaders/samplers/deviation-step.wgsl?raw';
import haarDirectionSource from '../../shaders/samplers/haar-direction.wgsl?raw';
import ridgeResponseSource from '../../shaders/samplers/ridge-response.wgsl?raw';
import ridgelessResponseSource from '../../shaders/samplers/ridgeless-response.wgsl?raw';
import truthNormSource from '../../shaders/samplers/truth-norm.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, CHI_INCLUDES } from './random.ts';

/** Trials a workgroup of these kernels serves, one per lane; all arrays are batch-minor: the trial varies fastest. */
export const TRIALS_PER_GROUP = 64;

export const bidiagonalRows = defineKernel({
  name: 'samplers/bidiagonal-rows',
  rate: 7,
  includes: CHI_INCLUDES,
  source: rowsSource,
  buffers: { rows: ['f32', 'read_write'] },
  launch: { ...ADDRESS_LAUNCH, items: 'u32', trials: 'u32', samples: 'u32', columns: 'u32' },
});

const responseLaunch = { items: 'u32', trials: 'u32', samples: 'u32', columns: 'u32' } as const;

/** One value of the penalty per invocation. */
export const ridgeResponse = defineKernel({
  name: 'samplers/ridge-response',
  rate: 3,
  includes: ['alias real = f32;', 'alias words = u32;'],
  source: ridgeResponseSource,
  buffers: { rows: ['f32', 'read'], penalties: ['f32', 'read'], responses: ['f32', 'read_write'] },
  launch: responseLaunch,
});

/** Four values of the penalty per invocation: a quarter of the memory traffic. */
export const ridgeResponse4 = defineKernel({
  name: 'samplers/ridge-response 4',
  rate: 15,
  includes: ['alias real = vec4f;', 'alias words = vec4u;'],
  source: ridgeResponseSource,
  buffers: { rows: ['f32', 'read'], penalties: ['vec4f', 'read'], responses: ['vec4f', 'read_write'] },
  launch: responseLaunch,
});

export const ridgelessResponse = defineKernel({
  name: 'samplers/ridgeless-response',
  rate: 5,
  includes: CHI_INCLUDES,
  source: ridgelessResponseSource,
  buffers: { responses: ['f32', 'read_write'] },
  launch: { ...ADDRESS_LAUNCH, trials: 'u32', samples: 'u32', columns: 'u32', ridge: 'u32', width: 'u32' },
});

export const haarDirection = defineKernel({
  name: 'samplers/haar-direction',
  rate: 3,
  includes: CHI_INCLUDES,
  source: haarDirectionSource,
  buffers: { directions: ['f32', 'read_write'] },
  launch: { ...ADDRESS_LAUNCH, trials: 'u32', columns: 'u32' },
});

export const truthNorm = defineKernel({
  name: 'samplers/truth-norm',
  includes: CHI_INCLUDES,
  source: truthNormSource,
  buffers: { norms: ['f32', 'read_write'] },
  launch: { ...ADDRESS_LAUNCH, trials: 'u32', columns: 'u32', size: 'f32' },
});

/** Stands for "nothing" in the fields `slot` and `error_offset` of a step. */
export const NONE = 0xffffffff;

export const deviationStep = defineKernel({
  name: 'samplers/deviation-step',
  source: deviationStepSource,
  buffers: {
    norms: ['f32', 'read'],
    responses: ['f32', 'read'],
    directions: ['f32', 'read'],
    deviations: ['f32', 'read_write'],
    errors: ['f32', 'read_write'],
  },
  launch: {
    items: 'u32',
    trials: 'u32',
    width: 'u32',
    labels: 'u32',
    first_ridge: 'u32',
    slot: 'u32',
    error_offset: 'u32',
    error_step: 'u32',
    noise: 'f32',
  },
});
