import { BLOCKS_PER_INVOCATION, words } from '../../src/kernels/roofline.ts';
import { standardNormals } from '../../src/reference/normal.ts';
import { threefry4x32 } from '../../src/reference/threefry.ts';
import type { Entry } from '../block.ts';
import type { Check, RowHead } from '../record.ts';
import { dispatch, kernelEntry, readFloats, type Stage, storageBuffer } from '../stage.ts';

/** Random numbers in registers: what the generator and the transform cost before memory has a say. */
export function randomEntry(stage: Stage, block: string, kind: 'words' | 'normals'): Entry {
  const count = stage.small ? 2 ** 14 : 2 ** 20;
  const units = 4 * BLOCKS_PER_INVOCATION * count;
  const head: RowHead = {
    group: 'kernels',
    block,
    contestant: 'collapse',
    name: `random ${kind}`,
    shape: { count: units },
    unit: kind === 'words' ? 'word' : 'normal',
    flopsPerUnit: 0,
    bytesPerUnit: 0,
  };
  return kernelEntry(stage, head, async (launcher) => {
    const digests = storageBuffer(stage.gpu, 'digests', 4 * count);
    const grid = { groups: count / 64, work: OPERATIONS[kind] * units, constants: { NORMALS: kind === 'normals' } };
    const command = await dispatch(launcher, words, { digests }, { count, seed: SEED }, grid);
    const check = async () => {
      const last = await readFloats(stage.gpu, digests, 4 * (count - CHECKED), 4 * CHECKED);
      return kind === 'words' ? wordsCheck(last, count) : normalsCheck(last, count);
    };
    return { commands: [command], trials: 1, units, check, close: () => digests.destroy() };
  });
}

const SEED = 5;
/** Invocations, the last ones, whose digests are compared. */
const CHECKED = 32;
/** Operations per word and per normal, counted from the shader; only the length of submits depends on it. */
const OPERATIONS = { words: 25, normals: 40 } as const;

function blocksOf(invocation: number) {
  return Array.from({ length: BLOCKS_PER_INVOCATION }, (_, k) => threefry4x32([invocation, k, 0, 0], [SEED, 1, 2, 3]));
}

function wordsCheck(last: Float32Array, count: number): Check {
  const got = new Uint32Array(last.buffer, last.byteOffset, last.length);
  let wrong = 0;
  for (let i = 0; i < CHECKED; i++)
    for (let k = 0; k < 4; k++) {
      const digest = blocksOf(count - CHECKED + i).reduce((all, block) => (all ^ block[k]!) >>> 0, 0);
      if (got[4 * i + k] !== digest) wrong++;
    }
  return { what: 'words that differ from Threefry4x32-20', value: wrong, bound: 0 };
}

function normalsCheck(last: Float32Array, count: number): Check {
  let worst = 0;
  for (let i = 0; i < CHECKED; i++)
    for (let k = 0; k < 4; k++) {
      const sum = blocksOf(count - CHECKED + i).reduce((all, block) => all + standardNormals(block)[k]!, 0);
      worst = Math.max(worst, Math.abs(last[4 * i + k]! - sum) / BLOCKS_PER_INVOCATION);
    }
  return { what: 'largest error of a mean of 16 normals', value: worst, bound: 1e-6 };
}
