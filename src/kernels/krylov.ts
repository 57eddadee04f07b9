import broadcastSource from '../../shaders/samplers/krylov-broadcast.wgsl?raw';
import chainSource from '../../shaders/samplers/krylov-chain.wgsl?raw';
import deviationSource from '../../shaders/samplers/krylov-deviation.wgsl?raw';
import lanesSource from '../../shaders/samplers/krylov-lanes.wgsl?raw';
import measureSource from '../../shaders/samplers/krylov-measure.wgsl?raw';
import memorySource from '../../shaders/samplers/krylov-memory.wgsl?raw';
import reflectorsSource from '../../shaders/samplers/krylov-reflectors.wgsl?raw';
import rowsSource from '../../shaders/samplers/krylov-rows.wgsl?raw';
import solveSource from '../../shaders/samplers/krylov-solve.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, CHI_INCLUDES, RANDOM_INCLUDES } from './random.ts';

/** Vectors of a trial: its two sources. */
export const ARRAYS = 2;

/** Numbers a solve answers with per trial: inner products of three errors. */
export const RESPONSES = 6;

/** Stands for "nothing" in the fields `slot` and `error_offset` of a step of the chain. */
export const NONE = 0xffffffff;

export const krylovRows = defineKernel({
  name: 'samplers/krylov-rows',
  rate: 4.5,
  includes: CHI_INCLUDES,
  source: rowsSource,
  buffers: { rows: ['vec4f', 'read_write'] },
  launch: { ...ADDRESS_LAUNCH, samples: 'u32', columns: 'u32', columns4: 'u32', directions: 'u32', capacity: 'u32' },
});

export const krylovDeviation = defineKernel({
  name: 'samplers/krylov-deviation',
  includes: RANDOM_INCLUDES,
  source: deviationSource,
  buffers: {
    scale: ['f32', 'read'],
    models: ['f32', 'read'],
    vectors: ['f32', 'read_write'],
    lengths: ['f32', 'read_write'],
  },
  launch: { ...ADDRESS_LAUNCH, columns: 'u32', stride: 'u32', arrays: 'u32' },
});

export const krylovChain = defineKernel({
  name: 'samplers/krylov-chain',
  includes: CHI_INCLUDES,
  source: chainSource,
  buffers: { lengths: ['f32', 'read'], variances: ['f32', 'read_write'], errors: ['f32', 'read_write'] },
  launch: {
    ...ADDRESS_LAUNCH,
    trials: 'u32',
    samples: 'u32',
    columns: 'u32',
    labels: 'u32',
    slot: 'u32',
    error_offset: 'u32',
    noise: 'f32',
  },
});

const solve = {
  source: solveSource,
  buffers: {
    inverses: ['vec4f', 'read'],
    vectors: ['vec4f', 'read'],
    rows: ['vec4f', 'read'],
    basis: ['vec4f', 'read_write'],
    images: ['vec4f', 'read_write'],
    upper: ['f32', 'read_write'],
    responses: ['f32', 'read_write'],
    statuses: ['u32', 'read_write'],
  },
  launch: {
    trials: 'u32',
    systems: 'u32',
    columns4: 'u32',
    capacity: 'u32',
    directions: 'u32',
    status_offset: 'u32',
    response_offset: 'u32',
    weight: 'f32',
    penalty: 'f32',
    tolerance: 'f32',
  },
} as const;

/** By how lanes share what all of them multiply by. */
export const krylovSolve = {
  memory: defineKernel({
    name: 'samplers/krylov-solve (memory)',
    includes: [memorySource, reflectorsSource],
    ...solve,
    rate: 3,
  }),
  broadcast: defineKernel({
    name: 'samplers/krylov-solve (broadcast)',
    enables: ['subgroups'],
    includes: [broadcastSource, reflectorsSource],
    ...solve,
    rate: 1.5,
  }),
};

/** On a processor, in the lanes of one subgroup. */
export const krylovLanes = defineKernel({
  ...solve,
  name: 'samplers/krylov-solve (lanes)',
  enables: ['subgroups'],
  includes: [reflectorsSource],
  source: lanesSource,
  rate: 2.6,
  buffers: { ...solve.buffers, upper: ['vec4f', 'read_write'] },
});

/** Blocks of four columns that a lane of it can have. */
export const MOST_BLOCKS = 16;

export const krylovMeasure = defineKernel({
  name: 'samplers/krylov-measure',
  source: measureSource,
  buffers: {
    responses: ['f32', 'read'],
    variances: ['f32', 'read'],
    errors: ['f32', 'read_write'],
  },
  launch: {
    items: 'u32',
    trials: 'u32',
    labels: 'u32',
    error_offset: 'u32',
    error_step: 'u32',
    noise: 'f32',
  },
});
