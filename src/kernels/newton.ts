import coefficientsSource from '../../shaders/samplers/newton-coefficients.wgsl?raw';
import gradientSource from '../../shaders/samplers/newton-gradient.wgsl?raw';
import labelsSource from '../../shaders/samplers/newton-labels.wgsl?raw';
import rowsSource from '../../shaders/samplers/newton-rows.wgsl?raw';
import stepSource from '../../shaders/samplers/newton-step.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, RANDOM_INCLUDES } from './random.ts';

const MODEL_LAUNCH = { stride4: 'u32', slots: 'u32', slot: 'u32' } as const;

/** What a label is: the class, the sign of a score, or drawn by the sigmoid of one. */
export const RESPONSE = { class: 0, sign: 1, sigmoid: 2 } as const;

export const newtonCoefficients = defineKernel({
  name: 'samplers/newton-coefficients',
  includes: RANDOM_INCLUDES,
  source: coefficientsSource,
  buffers: { coefficients: ['f32', 'read_write'] },
  launch: { ...ADDRESS_LAUNCH, rows: 'u32', behind: 'u32', stride: 'u32' },
});

export const newtonLabels = defineKernel({
  name: 'samplers/newton-labels',
  includes: RANDOM_INCLUDES,
  source: labelsSource,
  buffers: {
    drawn: ['vec4f', 'read'],
    models: ['vec4f', 'read'],
    design: ['vec4f', 'read_write'],
    labels: ['f32', 'read_write'],
  },
  launch: {
    ...ADDRESS_LAUNCH,
    stride4: 'u32',
    slots: 'u32',
    labeller: 'u32',
    judge: 'u32',
    rows: 'u32',
    drawn_rows: 'u32',
    into: 'u32',
    held: 'u32',
    response: 'u32',
    flips: 'u32',
    right: 'u32',
    wrong: 'u32',
    agree: 'u32',
    separation: 'f32',
    least: 'f32',
    most: 'f32',
  },
});

export const newtonRows = defineKernel({
  name: 'samplers/newton-rows',
  rate: 0.5,
  source: rowsSource,
  buffers: {
    design: ['vec4f', 'read'],
    labels: ['f32', 'read'],
    models: ['vec4f', 'read'],
    weighed: ['vec4f', 'read_write'],
    residuals: ['f32', 'read_write'],
  },
  launch: { ...MODEL_LAUNCH, rows: 'u32' },
});

export const newtonGradient = defineKernel({
  name: 'samplers/newton-gradient',
  rate: 0.5,
  source: gradientSource,
  buffers: {
    design: ['vec4f', 'read'],
    residuals: ['f32', 'read'],
    models: ['vec4f', 'read'],
    sides: ['vec4f', 'read_write'],
  },
  launch: { ...MODEL_LAUNCH, rows: 'u32', penalty: 'f32' },
});

export const newtonStep = defineKernel({
  name: 'samplers/newton-step',
  source: stepSource,
  buffers: { solutions: ['vec4f', 'read'], models: ['vec4f', 'read_write'], outcomes: ['f32', 'read_write'] },
  launch: { ...MODEL_LAUNCH, fit: 'u32', trials: 'u32', settled: 'f32' },
});
