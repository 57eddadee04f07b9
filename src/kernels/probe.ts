import knownAnswerSource from '../../shaders/probe/known-answer.wgsl?raw';
import normalTransformSource from '../../shaders/probe/normal-transform.wgsl?raw';
import randomStreamSource from '../../shaders/probe/random-stream.wgsl?raw';
import twoSumSource from '../../shaders/probe/two-sum.wgsl?raw';
import normal from '../../shaders/random/normal.wgsl?raw';
import threefry from '../../shaders/random/threefry.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, RANDOM_INCLUDES } from './random.ts';

export const knownAnswer = defineKernel({
  name: 'probe/known-answer',
  includes: [threefry, normal],
  source: knownAnswerSource,
  buffers: { inputs: ['u32', 'read'], words: ['u32', 'read_write'], normals: ['vec4f', 'read_write'] },
  launch: { count: 'u32' },
});

export const normalTransform = defineKernel({
  name: 'probe/normal-transform',
  includes: [normal],
  source: normalTransformSource,
  buffers: { words: ['u32', 'read'], normals: ['vec4f', 'read_write'] },
  launch: { count: 'u32' },
});

export const twoSum = defineKernel({
  name: 'probe/two-sum',
  source: twoSumSource,
  buffers: { pairs: ['vec4f', 'read'], errors: ['vec4f', 'read_write'] },
  launch: { count: 'u32' },
});

export const randomStream = defineKernel({
  name: 'probe/random-stream',
  includes: RANDOM_INCLUDES,
  source: randomStreamSource,
  buffers: { stream: ['u32', 'read_write'] },
  launch: { ...ADDRESS_LAUNCH, slab: 'u32' },
});

/** Words of a slab of `randomStream`, lines times columns, and the workgroups that write them. */
export const SLAB = { lines: 4096, columns: 1024, words: 4096 * 1024, groups: (4096 * 256) / 64 } as const;

/** Which coordinate of neighbouring words of a slab differs, by its number in the shader. */
export const StreamOrder = { trial: 0, row: 1, column: 2 } as const;
export type StreamOrder = keyof typeof StreamOrder;
