import chosenRowsSource from '../../shaders/design/chosen-rows.wgsl?raw';
import gatheredDesignSource from '../../shaders/design/gathered-design.wgsl?raw';
import gatheredLabelsSource from '../../shaders/design/gathered-labels.wgsl?raw';
import gaussianDesignSource from '../../shaders/design/gaussian-design.wgsl?raw';
import labelNoiseSource from '../../shaders/design/label-noise.wgsl?raw';
import leadingFeaturesSource from '../../shaders/design/leading-features.wgsl?raw';
import scaledTruthSource from '../../shaders/design/scaled-truth.wgsl?raw';
import shiftedTruthSource from '../../shaders/design/shifted-truth.wgsl?raw';
import truthSource from '../../shaders/design/truth.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, RANDOM_INCLUDES } from './random.ts';

export const gaussianDesign = defineKernel({
  name: 'design/gaussian-design',
  rate: 2.9,
  includes: RANDOM_INCLUDES,
  source: gaussianDesignSource,
  buffers: { scale: ['f32', 'read'], design: ['f32', 'read_write'] },
  launch: {
    ...ADDRESS_LAUNCH,
    first_row: 'u32',
    rows: 'u32',
    into: 'u32',
    held: 'u32',
    covered: 'u32',
    columns: 'u32',
    stride: 'u32',
    scale_offset: 'u32',
    factor: 'f32',
  },
});

export const leadingFeatures = defineKernel({
  name: 'design/leading-features',
  rate: 0.1,
  source: leadingFeaturesSource,
  buffers: { held: ['f32', 'read'], design: ['vec4f', 'read_write'] },
  launch: { held_rows: 'u32', rows4: 'u32', features: 'u32', features4: 'u32' },
});

export const labelNoise = defineKernel({
  name: 'design/label-noise',
  includes: RANDOM_INCLUDES,
  source: labelNoiseSource,
  buffers: { labels: ['f32', 'read_write'] },
  launch: {
    ...ADDRESS_LAUNCH,
    first_row: 'u32',
    rows: 'u32',
    stride: 'u32',
    offset: 'u32',
    layer: 'u32',
    noise: 'f32',
  },
});

export const truth = defineKernel({
  name: 'design/truth',
  includes: RANDOM_INCLUDES,
  source: truthSource,
  buffers: { models: ['f32', 'read_write'] },
  launch: { ...ADDRESS_LAUNCH, columns: 'u32', stride: 'u32', size: 'f32' },
});

export const shiftedTruth = defineKernel({
  name: 'design/shifted-truth',
  includes: RANDOM_INCLUDES,
  source: shiftedTruthSource,
  buffers: { deviations: ['f32', 'read'], models: ['f32', 'read_write'] },
  launch: {
    ...ADDRESS_LAUNCH,
    columns: 'u32',
    stride: 'u32',
    offset: 'u32',
    deviation_offset: 'u32',
    size: 'f32',
  },
});

export const scaledTruth = defineKernel({
  name: 'design/scaled-truth',
  source: scaledTruthSource,
  buffers: { factors: ['f32', 'read'], models: ['f32', 'read_write'] },
  launch: { columns: 'u32', stride: 'u32', offset: 'u32', factor_offset: 'u32' },
});

export const chosenRows = defineKernel({
  name: 'design/chosen-rows',
  rate: 0.55,
  includes: RANDOM_INCLUDES,
  source: chosenRowsSource,
  buffers: { picks: ['u32', 'read_write'] },
  launch: { ...ADDRESS_LAUNCH, pool: 'u32', rows: 'u32', trials: 'u32' },
});

const CHOSEN_LAUNCH = {
  ...ADDRESS_LAUNCH,
  first: 'u32',
  rows: 'u32',
  chosen: 'u32',
  columns: 'u32',
  stride: 'u32',
} as const;

export const gatheredDesign = defineKernel({
  name: 'design/gathered-design',
  rate: 1.9,
  includes: RANDOM_INCLUDES,
  source: gatheredDesignSource,
  buffers: { scale: ['f32', 'read'], picks: ['u32', 'read'], table: ['u32', 'read'], design: ['f32', 'read_write'] },
  launch: { ...CHOSEN_LAUNCH, parts: 'u32', part_count: 'u32' },
});

export const gatheredLabels = defineKernel({
  name: 'design/gathered-labels',
  rate: 0.2,
  includes: RANDOM_INCLUDES,
  source: gatheredLabelsSource,
  buffers: {
    picks: ['u32', 'read'],
    table: ['u32', 'read'],
    design: ['f32', 'read'],
    models: ['f32', 'read'],
    labels: ['f32', 'read_write'],
  },
  launch: {
    ...CHOSEN_LAUNCH,
    labels: 'u32',
    label_count: 'u32',
    apart: 'u32',
    layers: 'u32',
    features: 'u32',
    covered: 'u32',
    offset: 'u32',
    label_stride: 'u32',
  },
});
