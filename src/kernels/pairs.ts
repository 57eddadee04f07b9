import normal from '../../shaders/random/normal.wgsl?raw';
import contextsSource from '../../shaders/samplers/pair-contexts.wgsl?raw';
import drawsSource from '../../shaders/samplers/pair-draws.wgsl?raw';
import measureSource from '../../shaders/samplers/pair-measure.wgsl?raw';
import modelSource from '../../shaders/samplers/pair-model.wgsl?raw';
import totalSource from '../../shaders/samplers/pair-total.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH } from './random.ts';
import { DISCRETE_INCLUDES } from './tokens.ts';

/** Sequences of one workgroup. */
export const SEQUENCES_PER_GROUP = 256;

/** With FROM_MODEL: from `model`, else from the laws in `table`. */
export const pairDraws = defineKernel({
  name: 'samplers/pair-draws',
  rate: 1.25,
  includes: DISCRETE_INCLUDES,
  source: drawsSource,
  buffers: {
    table: ['u32', 'read'],
    turns: ['u32', 'read'],
    model: ['u32', 'read'],
    counts: ['atomic<u32>', 'read_write'],
  },
  launch: {
    ...ADDRESS_LAUNCH,
    first: 'u32',
    end: 'u32',
    length: 'u32',
    contexts: 'u32',
    tokens: 'u32',
    context_bits: 'u32',
    rank_bits: 'u32',
    ranks: 'u32',
  },
});

/** With POWERS: counts weigh what `powers` says. With TOP_P: the share decides which do; CROSSING as the shader says. */
export const pairModel = defineKernel({
  name: 'samplers/pair-model',
  rate: 0.2,
  source: modelSource,
  buffers: { counts: ['u32', 'read'], powers: ['u32', 'read'], model: ['u32', 'read_write'] },
  launch: { contexts: 'u32', tokens: 'u32', share_high: 'u32', share_low: 'u32' },
});

export const pairContexts = defineKernel({
  name: 'samplers/pair-contexts',
  source: contextsSource,
  buffers: { model: ['u32', 'read_write'] },
  launch: { contexts: 'u32', tokens: 'u32' },
});

/** With LOSS: the terms of the logarithm of the perplexity. */
export const pairMeasure = defineKernel({
  name: 'samplers/pair-measure',
  rate: 0.33,
  includes: [normal],
  source: measureSource,
  buffers: { counts: ['u32', 'read'], laws: ['f32', 'read'], parts: ['f32', 'read_write'] },
  launch: { contexts: 'u32', tokens: 'u32', clip: 'f32' },
});

export const pairTotal = defineKernel({
  name: 'samplers/pair-total',
  source: totalSource,
  buffers: { parts: ['f32', 'read'], errors: ['f32', 'read_write'] },
  launch: { contexts: 'u32', cell: 'u32', trials: 'u32' },
});
