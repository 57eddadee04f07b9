import askSource from '../../shaders/networks/divisor-ask.wgsl?raw';
import countSource from '../../shaders/networks/divisor-count.wgsl?raw';
import learnSource from '../../shaders/networks/divisor-learn.wgsl?raw';
import pairsSource from '../../shaders/networks/divisor-pairs.wgsl?raw';
import startSource from '../../shaders/networks/divisor-start.wgsl?raw';
import stepSource from '../../shaders/networks/divisor-step.wgsl?raw';
import tellSource from '../../shaders/networks/divisor-tell.wgsl?raw';
import encoderSource from '../../shaders/networks/encoder.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, RANDOM_INCLUDES } from './random.ts';

/** Words that say of a network how it is taught: chance of a generated label, teacher, number of known divisors, and those. */
export const TOLD_WORDS = 32;
export const MOST_KNOWN = TOLD_WORDS - 3;
export const NO_TEACHER = 0xffffffff;

/** Fields of whoever walks through networks and their examples. */
const NETWORK_LAUNCH = {
  layers: 'u32',
  networks: 'u32',
  first_network: 'u32',
  batch: 'u32',
  positions: 'u32',
  width4: 'u32',
  hidden4: 'u32',
  answers4: 'u32',
  table_rows: 'u32',
  weights4: 'u32',
  base: 'u32',
} as const;

/** Fields of whoever places examples in columns and draws them. */
const EXAMPLE_LAUNCH = {
  ...ADDRESS_LAUNCH,
  ...NETWORK_LAUNCH,
  largest: 'u32',
  divisor: 'u32',
  first_example: 'u32',
} as const;

const EXAMPLE_INCLUDES = [...RANDOM_INCLUDES, pairsSource, encoderSource];

const EXAMPLE_BUFFERS = {
  weights: ['vec4f', 'read'],
  networks_told: ['u32', 'read'],
  activations: ['f32', 'read_write'],
  rows: ['u32', 'read_write'],
} as const;

export const divisorStart = defineKernel({
  name: 'networks/divisor-start',
  includes: RANDOM_INCLUDES,
  source: startSource,
  buffers: { deviations: ['f32', 'read'], weights: ['vec4f', 'read_write'], moments: ['vec4f', 'read_write'] },
  launch: { ...ADDRESS_LAUNCH, networks: 'u32', first_network: 'u32', weights4: 'u32' },
});

export const divisorTell = defineKernel({
  name: 'networks/divisor-tell',
  includes: EXAMPLE_INCLUDES,
  source: tellSource,
  buffers: { ...EXAMPLE_BUFFERS, taught: ['u32', 'read_write'] },
  launch: EXAMPLE_LAUNCH,
});

export const divisorStep = defineKernel({
  name: 'networks/divisor-step',
  rate: 1.4,
  includes: EXAMPLE_INCLUDES,
  source: stepSource,
  buffers: { ...EXAMPLE_BUFFERS, taught: ['u32', 'read'] },
  launch: EXAMPLE_LAUNCH,
});

export const divisorAsk = defineKernel({
  name: 'networks/divisor-ask',
  includes: EXAMPLE_INCLUDES,
  source: askSource,
  buffers: { ...EXAMPLE_BUFFERS, taught: ['u32', 'read'], shares: ['f32', 'read'], outcomes: ['f32', 'read_write'] },
  launch: { ...EXAMPLE_LAUNCH, answer: 'u32' },
});

export const divisorLearn = defineKernel({
  name: 'networks/divisor-learn',
  rate: 1.4,
  source: learnSource,
  buffers: {
    activations: ['vec4f', 'read'],
    rows: ['u32', 'read'],
    weights: ['vec4f', 'read_write'],
    moments: ['vec4f', 'read_write'],
  },
  launch: {
    ...NETWORK_LAUNCH,
    features: 'u32',
    attention: 'u32',
    read_gradient: 'u32',
    score_gradient: 'u32',
    rate: 'f32',
    unbiased_first: 'f32',
    unbiased_second: 'f32',
  },
});

export const divisorCount = defineKernel({
  name: 'networks/divisor-count',
  source: countSource,
  buffers: { outcomes: ['f32', 'read'], errors: ['f32', 'read_write'] },
  launch: { layers: 'u32', batch: 'u32', which: 'u32', first: 'u32', trials: 'u32', share: 'f32' },
});
