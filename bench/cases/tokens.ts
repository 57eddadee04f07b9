import { DRAWS_PER_GROUP, tokenDraws } from '../../src/kernels/tokens.ts';
import { tokenOf } from '../../src/reference/discrete.ts';
import { Purpose } from '../../src/reference/normal.ts';
import { threefry4x32 } from '../../src/reference/threefry.ts';
import { tokenLaw } from '../../src/regimes/discrete-law.ts';
import { tableOf } from '../../src/samplers/tokens/masses.ts';
import type { Entry } from '../block.ts';
import type { RowHead } from '../record.ts';
import { dispatch, kernelEntry, readFloats, type Stage, storageBuffer } from '../stage.ts';

export interface TokensShape {
  readonly support: number;
  readonly exponent: number;
  readonly count: number;
  readonly [name: string]: number;
}

/** Tokens of a law written to memory, and the first position of each marked, as the sampler `tokens` does. */
export function tokensEntry(stage: Stage, block: string, shape: TokensShape): Entry {
  const { support, exponent, count } = shape;
  const head: RowHead = {
    group: 'kernels',
    block,
    contestant: 'collapse',
    name: 'tokens',
    shape,
    unit: 'draw',
    flopsPerUnit: 0,
    bytesPerUnit: 0,
  };
  return kernelEntry(stage, head, async (launcher) => {
    const table = tableOf(tokenLaw({ kind: 'zipf', exponent, support, tail: 'renormalised' }), support);
    const names = { table: table.words.length, source: 1, kept: count, seen: support };
    const buffers = Object.fromEntries(
      Object.entries(names).map(([name, words]) => [name, storageBuffer(stage.gpu, name, words)]),
    ) as Record<keyof typeof names, GPUBuffer>;
    stage.gpu.device.queue.writeBuffer(buffers.table, 0, table.words as Uint32Array<ArrayBuffer>);
    const launch = {
      seed_low: KEY[0],
      seed_high: KEY[1],
      unit: KEY[2],
      generation: KEY[3],
      size: count,
      bits: table.bits,
      source_size: 1,
      refused: 0,
      kept_size: count,
      stride: count,
      tokens: support,
      offset: 0,
      marked: 1,
    };
    const grid = { groups: Math.ceil(count / DRAWS_PER_GROUP), work: 15 * count, constants: { FROM_SAMPLE: false } };
    const command = await dispatch(launcher, tokenDraws, buffers, launch, grid);
    const check = async () => {
      const got = new Uint32Array((await readFloats(stage.gpu, buffers.kept, count - CHECKED, CHECKED)).buffer);
      let value = 0;
      for (let i = 0; i < CHECKED; i++) {
        const draw = count - CHECKED + i;
        const words = threefry4x32([0, draw >> 1, 0, Purpose.token], KEY);
        if (got[i] !== (draw & 1 ? tokenOf(table, words[2], words[3]) : tokenOf(table, words[0], words[1]))) value++;
      }
      return { what: 'tokens that differ from the reference', value, bound: 0 };
    };
    const close = () => {
      for (const buffer of Object.values(buffers)) buffer.destroy();
    };
    return { commands: [{ kind: 'clear', buffer: buffers.seen }, command], trials: 1, units: count, check, close };
  });
}

const KEY = [5, 0, 1, 0] as const;
/** Draws, the last ones, that are compared. */
const CHECKED = 64;
