import advanceSource from '../../shaders/samplers/krylov-advance.wgsl?raw';
import answerSource from '../../shaders/samplers/krylov-answer.wgsl?raw';
import beginSource from '../../shaders/samplers/krylov-begin.wgsl?raw';
import chainSource from '../../shaders/samplers/krylov-chain.wgsl?raw';
import commonSource from '../../shaders/samplers/krylov-common.wgsl?raw';
import deviationSource from '../../shaders/samplers/krylov-deviation.wgsl?raw';
import directionsSource from '../../shaders/samplers/krylov-directions.wgsl?raw';
import measureSource from '../../shaders/samplers/krylov-measure.wgsl?raw';
import productsSource from '../../shaders/samplers/krylov-products.wgsl?raw';
import revealSource from '../../shaders/samplers/krylov-reveal.wgsl?raw';
import rowsSource from '../../shaders/samplers/krylov-rows.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, CHI_INCLUDES, RANDOM_INCLUDES } from './random.ts';

/** Vectors of a trial: the two sources, and x, r, p, t of three systems. */
export const ARRAYS = 14;

/** Numbers a solve answers with per trial: inner products of three errors. */
export const RESPONSES = 6;

/** Stands for "nothing" in the fields `slot` and `error_offset` of a step of the chain. */
export const NONE = 0xffffffff;

/** Lanes of a workgroup that solves. */
export const LANES = 32;

export const krylovRows = defineKernel({
  name: 'samplers/krylov-rows',
  includes: CHI_INCLUDES,
  source: rowsSource,
  buffers: { rows: ['vec4f', 'read_write'], chis: ['f32', 'read_write'] },
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

const solveLaunch = { half_lanes: 'u32', known: 'u32', systems: 'u32', columns4: 'u32', capacity: 'u32' } as const;

export const krylovDirections = defineKernel({
  name: 'samplers/krylov-directions',
  includes: [commonSource, productsSource],
  source: directionsSource,
  buffers: {
    rows: ['vec4f', 'read'],
    vectors: ['vec4f', 'read'],
    basis: ['vec4f', 'read_write'],
    products: ['f32', 'read_write'],
    coefficients: ['vec4f', 'read_write'],
    states: ['vec4f', 'read_write'],
  },
  launch: { ...solveLaunch, attempt: 'u32' },
});

export const krylovReveal = defineKernel({
  name: 'samplers/krylov-reveal',
  includes: [commonSource, productsSource],
  source: revealSource,
  buffers: {
    rows: ['vec4f', 'read'],
    chis: ['f32', 'read'],
    basis: ['vec4f', 'read'],
    states: ['vec4f', 'read'],
    products: ['f32', 'read_write'],
    coefficients: ['vec4f', 'read_write'],
  },
  launch: solveLaunch,
});

export const krylovBegin = defineKernel({
  name: 'samplers/krylov-begin',
  includes: [commonSource],
  source: beginSource,
  buffers: {
    inverses: ['vec4f', 'read'],
    rows: ['vec4f', 'read'],
    vectors: ['vec4f', 'read_write'],
    states: ['vec4f', 'read_write'],
  },
  launch: { ...solveLaunch, weight: 'f32', penalty: 'f32' },
});

export const krylovAdvance = defineKernel({
  name: 'samplers/krylov-advance',
  includes: [commonSource],
  source: advanceSource,
  buffers: {
    inverses: ['vec4f', 'read'],
    rows: ['vec4f', 'read'],
    basis: ['vec4f', 'read'],
    coefficients: ['vec4f', 'read'],
    vectors: ['vec4f', 'read_write'],
    states: ['vec4f', 'read_write'],
    statuses: ['u32', 'read_write'],
  },
  launch: { ...solveLaunch, status_offset: 'u32', weight: 'f32', penalty: 'f32', tolerance: 'f32' },
});

export const krylovAnswer = defineKernel({
  name: 'samplers/krylov-answer',
  includes: [commonSource],
  source: answerSource,
  buffers: { vectors: ['vec4f', 'read'], responses: ['f32', 'read_write'] },
  launch: { ...solveLaunch, trials: 'u32', response_offset: 'u32' },
});

export const krylovMeasure = defineKernel({
  name: 'samplers/krylov-measure',
  source: measureSource,
  buffers: {
    chis: ['f32', 'read'],
    responses: ['f32', 'read'],
    variances: ['f32', 'read'],
    errors: ['f32', 'read_write'],
  },
  launch: {
    items: 'u32',
    trials: 'u32',
    labels: 'u32',
    capacity: 'u32',
    error_offset: 'u32',
    error_step: 'u32',
    noise: 'f32',
  },
});
