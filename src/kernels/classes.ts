import fitSource from '../../shaders/samplers/class-fit.wgsl?raw';
import rowsSource from '../../shaders/samplers/class-rows.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, CHI_INCLUDES } from './random.ts';

/** Rows of a chunk, of which each has sums of its own. */
export const CHUNK = 1024;

/** Sums of a chunk. */
export const SUMS = 16;

/** Whose labels, and whose judgement: of a direction, of the classifier in slot `model`, of the classes themselves. */
export const WHOSE = { given: 0, model: 1, class: 2 } as const;

export const classRows = defineKernel({
  name: 'samplers/class-rows',
  rate: 9,
  includes: CHI_INCLUDES,
  source: rowsSource,
  buffers: { models: ['f32', 'read'], sums: ['f32', 'read_write'] },
  launch: {
    ...ADDRESS_LAUNCH,
    items: 'u32',
    trials: 'u32',
    rows: 'u32',
    first_chunk: 'u32',
    model: 'u32',
    labels: 'u32',
    judged: 'u32',
    sigmoid: 'u32',
    estimated: 'u32',
    across: 'u32',
    flips: 'u32',
    right: 'u32',
    wrong: 'u32',
    agree: 'u32',
    label_1: 'f32',
    label_2: 'f32',
    label_3: 'f32',
    judge_1: 'f32',
    judge_2: 'f32',
    judge_3: 'f32',
    separation: 'f32',
    least: 'f32',
    most: 'f32',
  },
});

export const classFit = defineKernel({
  name: 'samplers/class-fit',
  rate: 4,
  includes: CHI_INCLUDES,
  source: fitSource,
  buffers: { sums: ['f32', 'read'], models: ['f32', 'read_write'], shares: ['f32', 'read_write'] },
  launch: {
    ...ADDRESS_LAUNCH,
    trials: 'u32',
    chunks: 'u32',
    columns: 'u32',
    slot: 'u32',
    not_a_number: 'u32',
    penalty: 'f32',
  },
});
