import normal from '../../shaders/random/normal.wgsl?raw';
import threefry from '../../shaders/random/threefry.wgsl?raw';
import copySource from '../../shaders/roofline/copy.wgsl?raw';
import multiplyAddSource from '../../shaders/roofline/multiply-add.wgsl?raw';
import wordsSource from '../../shaders/roofline/words.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';

/** Microkernels that find out what an adapter can do at most. */

/** One shape of the multiply-add loop; which one is fastest differs from GPU to GPU. */
export interface MultiplyAddShape {
  readonly components: 1 | 2 | 4;
  readonly chains: number;
}

const LANES = { 1: 'f32', 2: 'vec2f', 4: 'vec4f' } as const;

/** The loop of one shape; THREADS is an override constant. */
export const multiplyAdd = (shape: MultiplyAddShape) =>
  defineKernel({
    name: `roofline/multiply-add ${LANES[shape.components]} x ${shape.chains}`,
    includes: [`alias lane = ${LANES[shape.components]};`, chainsOf(shape)],
    source: multiplyAddSource,
    buffers: { sums: ['f32', 'read_write'] },
    launch: { steps: 'u32', factor: 'f32', summand: 'f32' },
  });

/** Every chain a variable of its own: what an index selects may live in memory. */
function chainsOf({ components, chains }: MultiplyAddShape): string {
  const each = (line: (k: number) => string) => Array.from({ length: chains }, (_, k) => line(k)).join('\n');
  const sum = components === 1 ? 'x0' : `dot(x0, lane(1.0))`;
  return `fn run_chains(start: lane, factor: lane, summand: lane, steps: u32) -> f32 {
${each((k) => `  var x${k} = start + lane(${k}.0);`)}
  for (var i = 0u; i < steps; i++) {
${each((k) => `    x${k} = fma(x${k}, factor, summand);`)}
  }
${each((k) => (k === 0 ? '' : `  x0 += x${k};`))}
  return ${sum};
}`;
}

export const copy = defineKernel({
  name: 'roofline/copy',
  source: copySource,
  buffers: { origin: ['vec4f', 'read'], copied: ['vec4f', 'read_write'] },
  launch: { count: 'u32' },
});

/** Blocks of four words that one invocation of `words` makes. */
export const BLOCKS_PER_INVOCATION = 16;

export const words = defineKernel({
  name: 'roofline/words',
  includes: [threefry, normal],
  source: wordsSource,
  buffers: { digests: ['u32', 'read_write'] },
  launch: { count: 'u32', seed: 'u32' },
});
