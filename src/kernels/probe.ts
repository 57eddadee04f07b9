import knownAnswerSource from '../../shaders/probe/known-answer.wgsl?raw';
import twoSumSource from '../../shaders/probe/two-sum.wgsl?raw';
import normal from '../../shaders/random/normal.wgsl?raw';
import threefry from '../../shaders/random/threefry.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';

export const knownAnswer = defineKernel({
  name: 'probe/known-answer',
  includes: [threefry, normal],
  source: knownAnswerSource,
  buffers: { inputs: ['u32', 'read'], words: ['u32', 'read_write'], normals: ['vec4f', 'read_write'] },
  launch: { count: 'u32' },
});

export const twoSum = defineKernel({
  name: 'probe/two-sum',
  source: twoSumSource,
  buffers: { pairs: ['vec4f', 'read'], errors: ['vec4f', 'read_write'] },
  launch: { count: 'u32' },
});
