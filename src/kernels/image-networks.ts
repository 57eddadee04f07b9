import backSource from '../../shaders/networks/image-back.wgsl?raw';
import countSource from '../../shaders/networks/image-count.wgsl?raw';
import firstSource from '../../shaders/networks/image-first.wgsl?raw';
import gatherSource from '../../shaders/networks/image-gather.wgsl?raw';
import hiddenSource from '../../shaders/networks/image-hidden.wgsl?raw';
import judgeSource from '../../shaders/networks/image-judge.wgsl?raw';
import keepSource from '../../shaders/networks/image-keep.wgsl?raw';
import labelSource from '../../shaders/networks/image-label.wgsl?raw';
import orderSource from '../../shaders/networks/image-order.wgsl?raw';
import outputsSource from '../../shaders/networks/image-outputs.wgsl?raw';
import saySource from '../../shaders/networks/image-say.wgsl?raw';
import secondSource from '../../shaders/networks/image-second.wgsl?raw';
import startSource from '../../shaders/networks/image-start.wgsl?raw';
import updateSource from '../../shaders/networks/image-update.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, RANDOM_INCLUDES } from './random.ts';
import { bySource } from './tiles.ts';

/** Label of a block that no network labels. */
export const TRUE_LABELS = 0xffffffff;

/** What gather makes a batch of. */
export const GATHER = { order: 0, rows: 1, tests: 2 } as const;

/** The two products over pixels, which are nearly all work. */
const PRODUCT_RATE = 5;

/** Sizes of the networks side by side, and of the batch that they are at. */
const LAYER_LAUNCH = {
  layers: 'u32',
  stride4: 'u32',
  inputs: 'u32',
  columns4: 'u32',
  most_columns: 'u32',
} as const;

/** Which weights are read. */
const HELD_LAUNCH = { held: 'u32', network: 'u32', apart4: 'u32' } as const;

const UPDATE_LAUNCH = { weights4: 'u32', rate: 'f32', unbiased_first: 'f32', unbiased_second: 'f32' } as const;

const OUTPUT_BUFFERS = { weights: ['vec4f', 'read'], hidden: ['vec4f', 'read'], columns: ['u32', 'read'] } as const;

export const imageStart = defineKernel({
  name: 'networks/image-start',
  includes: RANDOM_INCLUDES,
  source: startSource,
  buffers: { weights: ['vec4f', 'read_write'], moments: ['vec4f', 'read_write'], scores: ['f32', 'read_write'] },
  launch: {
    ...ADDRESS_LAUNCH,
    layers: 'u32',
    stride4: 'u32',
    inputs: 'u32',
    width: 'u32',
    weights4: 'u32',
    first_bound: 'f32',
    second_bound: 'f32',
  },
});

export const imageOrder = defineKernel({
  name: 'networks/image-order',
  includes: RANDOM_INCLUDES,
  source: orderSource,
  buffers: { order: ['u32', 'read_write'] },
  launch: {
    ...ADDRESS_LAUNCH,
    rows: 'u32',
    learnt: 'u32',
    held_out: 'u32',
    half: 'u32',
    epoch: 'u32',
    most_rows: 'u32',
  },
});

export const imageGather = defineKernel({
  name: 'networks/image-gather',
  source: gatherSource,
  buffers: {
    pixels: ['u32', 'read'],
    images: ['f32', 'read'],
    shifts: ['vec4f', 'read'],
    picks: ['u32', 'read'],
    order: ['u32', 'read'],
    columns: ['u32', 'read_write'],
    by_image: ['vec4f', 'read_write'],
    by_pixel: ['vec4f', 'read_write'],
  },
  launch: {
    inputs: 'u32',
    columns4: 'u32',
    most_columns: 'u32',
    count: 'u32',
    first: 'u32',
    both: 'u32',
    most_rows: 'u32',
    training: 'u32',
    picked: 'u32',
    sample: 'u32',
  },
});

export const imageHidden = bySource(({ name, enables, includes }) =>
  defineKernel({
    name: `networks/image-hidden (${name})`,
    rate: PRODUCT_RATE,
    enables,
    includes,
    source: hiddenSource,
    buffers: { weights: ['vec4f', 'read'], by_pixel: ['vec4f', 'read'], hidden: ['vec4f', 'read_write'] },
    launch: { ...LAYER_LAUNCH, ...HELD_LAUNCH, groups: 'u32' },
  }),
);

export const imageBack = defineKernel({
  name: 'networks/image-back',
  includes: [outputsSource],
  source: backSource,
  buffers: {
    ...OUTPUT_BUFFERS,
    labels: ['vec4f', 'read'],
    delta: ['vec4f', 'read_write'],
    back: ['vec4f', 'read_write'],
  },
  launch: { ...LAYER_LAUNCH, ...HELD_LAUNCH, most_rows: 'u32', scale: 'f32' },
});

export const imageFirst = bySource(({ name, enables, includes }) =>
  defineKernel({
    name: `networks/image-first (${name})`,
    rate: PRODUCT_RATE,
    enables,
    includes: [...includes, updateSource],
    source: firstSource,
    buffers: {
      by_image: ['vec4f', 'read'],
      back: ['vec4f', 'read'],
      weights: ['vec4f', 'read_write'],
      moments: ['vec4f', 'read_write'],
    },
    launch: { ...LAYER_LAUNCH, ...UPDATE_LAUNCH, groups: 'u32' },
  }),
);

export const imageSecond = defineKernel({
  name: 'networks/image-second',
  includes: [updateSource],
  source: secondSource,
  buffers: {
    hidden: ['vec4f', 'read'],
    delta: ['vec4f', 'read'],
    back: ['vec4f', 'read'],
    weights: ['vec4f', 'read_write'],
    moments: ['vec4f', 'read_write'],
  },
  launch: { ...LAYER_LAUNCH, ...UPDATE_LAUNCH },
});

export const imageJudge = defineKernel({
  name: 'networks/image-judge',
  includes: [outputsSource],
  source: judgeSource,
  buffers: {
    ...OUTPUT_BUFFERS,
    labels: ['vec4f', 'read'],
    digits: ['u32', 'read'],
    outcomes: ['f32', 'read_write'],
  },
  launch: { ...LAYER_LAUNCH, ...HELD_LAUNCH, most_rows: 'u32', accumulate: 'u32' },
});

export const imageSay = defineKernel({
  name: 'networks/image-say',
  includes: [outputsSource],
  source: saySource,
  buffers: { ...OUTPUT_BUFFERS, told: ['vec4f', 'read_write'] },
  launch: { ...LAYER_LAUNCH, ...HELD_LAUNCH, most_rows: 'u32', teachers: 'u32', teacher: 'u32' },
});

export const imageLabel = defineKernel({
  name: 'networks/image-label',
  includes: RANDOM_INCLUDES,
  source: labelSource,
  buffers: {
    blocks: ['u32', 'read'],
    picks: ['u32', 'read'],
    digits: ['u32', 'read'],
    told: ['vec4f', 'read'],
    labels: ['vec4f', 'read_write'],
  },
  launch: {
    ...ADDRESS_LAUNCH,
    layers: 'u32',
    rows: 'u32',
    most_rows: 'u32',
    first_learner: 'u32',
    learner_words: 'u32',
    picked: 'u32',
    sample: 'u32',
    teachers: 'u32',
  },
});

export const imageCount = defineKernel({
  name: 'networks/image-count',
  source: countSource,
  buffers: { outcomes: ['f32', 'read'], scores: ['f32', 'read_write'], errors: ['f32', 'read_write'] },
  launch: { layers: 'u32', columns4: 'u32', most_columns: 'u32', first: 'u32', trials: 'u32', share: 'f32' },
});

export const imageKeep = defineKernel({
  name: 'networks/image-keep',
  source: keepSource,
  buffers: { scores: ['f32', 'read'], weights: ['vec4f', 'read'], kept: ['vec4f', 'read_write'] },
  launch: {
    layers: 'u32',
    weights4: 'u32',
    first_learner: 'u32',
    networks: 'u32',
    kept4: 'u32',
    always: 'u32',
  },
});
