/**
 * Writes random numbers as a device draws them to stdout, for statistical batteries: raw 32-bit words, without end.
 *
 * build: npx vite build --logLevel warn --ssr bench/random-stream.ts --outDir dist/random-stream
 * usage: node dist/random-stream/random-stream.js CONTENT ORDER [SEED] | dieharder -g 200 -a
 * CONTENT  words      the integers of Threefry by address
 *          cells      of each normal z the 16 leading bits of P(Z <= z), two normals to a word
 *          mantissas  of each normal the 8 last bits, four normals to a word
 *          weak       Threefry cut to 4 rounds: a battery that it passes proves nothing
 * ORDER    trial, row or column: the coordinate that runs fastest (shaders/probe/random-stream.wgsl)
 * The adapter is chosen as by `collapse` (COLLAPSE_ADAPTER); it and the bytes written go to stderr when the reader leaves.
 */
import { writeSync } from 'node:fs';
import { Launcher } from '../src/gpu/launcher.ts';
import { openNodeGpu } from '../src/gpu/node/adapters.ts';
import { readBuffer } from '../src/gpu/read-back.ts';
import { randomStream, SLAB, StreamOrder } from '../src/kernels/probe.ts';
import { streamKey } from '../src/samplers/address.ts';
import { normalCells } from './normal-cells.ts';

/** What the kernel writes, and which of its bits go out. */
interface Content {
  readonly constants: Record<string, number | boolean>;
  pack(slab: ArrayBuffer): Uint8Array;
}

const CONTENTS: Readonly<Record<string, () => Content>> = {
  words: () => ({ constants: {}, pack: (slab) => new Uint8Array(slab) }),
  weak: () => ({ constants: { ROUNDS: 4 }, pack: (slab) => new Uint8Array(slab) }),
  cells: () => ({ constants: { NORMALS: true }, pack: packCells(normalCells()) }),
  // Storing to bytes keeps the last eight bits.
  mantissas: () => ({ constants: { NORMALS: true }, pack: (slab) => new Uint8Array(new Uint32Array(slab)) }),
};

const packCells = (cellOf: (z: number) => number) => (slab: ArrayBuffer) => {
  const normals = new Float32Array(slab);
  const cells = new Uint16Array(normals.length);
  for (let i = 0; i < normals.length; i++) cells[i] = cellOf(normals[i]!);
  return new Uint8Array(cells.buffer);
};

/** Slabs 0, 1, 2, ... of the stream, as the device has written them. */
async function* slabs(launcher: Launcher, order: StreamOrder, content: Content, seed: number) {
  const { gpu } = launcher;
  const kernel = await launcher.kernels.get(randomStream, { ORDER: StreamOrder[order], ...content.constants });
  // Storage, copy source.
  const buffer = gpu.device.createBuffer({ label: 'stream', size: 4 * SLAB.words, usage: 0x80 | 0x4 });
  const bindings = kernel.bind({ stream: buffer });
  const [seed_low, seed_high, unit, generation] = streamKey(seed, { unit: 'random-stream', generation: 0 });
  for (let slab = 0; ; slab++) {
    const launch = { seed_low, seed_high, unit, generation, slab };
    const dispatch = { kind: 'dispatch', kernel, bindings, launch, groups: SLAB.groups, layers: 1, work: 1 } as const;
    await launcher.execute([dispatch], order === 'trial' ? 0 : slab, 1);
    yield content.pack(await readBuffer(gpu, buffer, buffer.size));
  }
}

/** Writes to stdout. Resolves to false when its reader has gone. */
function write(bytes: Uint8Array): boolean {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return false;
    throw error;
  }
}

async function main([contentName = '', order = '', seed = '1']: readonly string[]): Promise<void> {
  const content = CONTENTS[contentName]?.();
  if (!content || !(order in StreamOrder)) {
    throw new Error('usage: random-stream words|cells|mantissas|weak trial|row|column [SEED]');
  }
  const { gpu, reason } = await openNodeGpu();
  if (!gpu) throw new Error(reason);
  const start = performance.now();
  let bytes = 0;
  for await (const slab of slabs(new Launcher(gpu), order as StreamOrder, content, Number(seed))) {
    if (!write(slab)) break;
    bytes += slab.length;
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.error(`${contentName} by ${order}, seed ${seed}: ${bytes} bytes in ${seconds} s, ${gpu.adapter.description}`);
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
