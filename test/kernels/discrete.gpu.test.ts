import { describe, expect, it } from 'vitest';
import discrete from '../../shaders/random/discrete.wgsl?raw';
import { defineKernel } from '../../src/gpu/kernel.ts';
import { ADDRESS_LAUNCH, RANDOM_INCLUDES } from '../../src/kernels/random.ts';
import { runOnce } from '../../src/kernels/run-once.ts';
import { memberOf, tokenOf } from '../../src/reference/discrete.ts';
import { Purpose } from '../../src/reference/normal.ts';
import { threefry4x32 } from '../../src/reference/threefry.ts';
import { launchAddress, streamKey } from '../../src/samplers/address.ts';
import { tableOf } from '../../src/samplers/tokens/masses.ts';
import { zipf } from '../../src/theory/tails/laws.ts';
import { useGpu } from '../support/gpu.ts';

/*
 * Plan: integers from random words, device against reference, bit for bit.
 * - members of lists of 1, 2, 3, 777, 10^7 and 3 * 2^29 + 1 entries; of the last more than a quarter of all words is refused
 * - tokens of a table
 */

const context = useGpu();

const probe = defineKernel({
  name: 'test/discrete',
  includes: [...RANDOM_INCLUDES, discrete],
  source: `
    @compute @workgroup_size(64)
    fn main(@builtin(global_invocation_id) id: vec3u) {
      let members = members_at(3u, id.x, PURPOSE_TOKEN, launch.size, launch.refused);
      let words = words_at(3u, id.x, 0u, PURPOSE_TOKEN);
      for (var k = 0u; k < 4u; k++) { members_out[4u * id.x + k] = members[k]; }
      tokens_out[id.x] = token_of(words.xy, launch.bits);
    }`,
  buffers: { table: ['u32', 'read'], members_out: ['u32', 'read_write'], tokens_out: ['u32', 'read_write'] },
  launch: { ...ADDRESS_LAUNCH, size: 'u32', refused: 'u32', bits: 'u32' },
});

describe('integers from random words', () => {
  const draw = { unit: 'test', generation: 2 };
  const seed = 2 ** 35 + 17;
  const key = streamKey(seed, draw);
  const first = 11;
  const blocks = 256;
  const table = tableOf(zipf(1.3, 5000), 5000);

  it.each([1, 2, 3, 777, 1e7, 3 * 2 ** 29 + 1])('are those of the reference, lists of %d', async (size) => {
    const { members_out, tokens_out } = await runOnce(context.gpu, context.launcher, probe, {
      buffers: {
        table: table.words as Uint32Array<ArrayBuffer>,
        members_out: new Uint32Array(4 * blocks),
        tokens_out: new Uint32Array(blocks),
      },
      launch: { ...launchAddress(seed, draw), size, refused: 2 ** 32 % size, bits: table.bits },
      groups: blocks / 64,
      firstTrial: first,
    });
    const addresses = Array.from({ length: 4 * blocks }, (_, i) => [i >> 2, (i & 3) as 0 | 1 | 2 | 3] as const);
    expect([...new Uint32Array(members_out)]).toEqual(
      addresses.map(([block, k]) => memberOf(key, first + 3, block, k, Purpose.token, size)),
    );
    expect([...new Uint32Array(tokens_out)]).toEqual(
      Array.from({ length: blocks }, (_, block) => {
        const words = threefry4x32([first + 3, block, 0, Purpose.token], key);
        return tokenOf(table, words[0], words[1]);
      }),
    );
  });
});
