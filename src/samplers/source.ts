import { healthily } from '../gpu/gpu.ts';
import type { Command, Launcher } from '../gpu/launcher.ts';
import { ReadBack } from '../gpu/read-back.ts';
import type { TrialBatch, TrialSource } from './sampler.ts';

/** `GPUBufferUsage`: storage, copy source and destination. */
const STORAGE = 0x80 | 0x4 | 0x8;

/** Buffers of a job on a device, and what is done with them in each batch. */
export interface SourceJob<Name extends string> {
  /** Words of every buffer, zeros where there are no contents. */
  readonly words: Readonly<Record<Name, number>>;
  readonly contents: Readonly<Partial<Record<Name, Float32Array | Uint32Array>>>;
  record(buffers: Readonly<Record<Name, GPUBuffer>>): Promise<readonly Command[]>;
  /** Buffers that come back after every batch, and what they mean. */
  readonly results: readonly Name[];
  read(contents: readonly ArrayBuffer[], first: number, count: number): TrialBatch;
}

/** Creates the buffers of a job, records its commands and runs them batch by batch; only its results come back. */
export async function openSource<Name extends string>(
  { words, contents, record, results, read }: SourceJob<Name>,
  launcher: Launcher,
  capacity: number,
): Promise<TrialSource> {
  const { gpu } = launcher;
  const buffers = {} as Record<Name, GPUBuffer>;
  let readBack: ReadBack | null = null;
  const close = () => {
    readBack?.close();
    for (const buffer of Object.values<GPUBuffer>(buffers)) buffer.destroy();
  };
  try {
    for (const [label, count] of Object.entries<number>(words) as [Name, number][]) {
      buffers[label] = gpu.device.createBuffer({ label, size: Math.max(16, 4 * count), usage: STORAGE });
      const values = contents[label];
      if (values) gpu.device.queue.writeBuffer(buffers[label], 0, values as Uint32Array<ArrayBuffer>);
    }
    const commands = await record(buffers);
    gpu.assertHealthy();
    const back = new ReadBack(
      gpu,
      results.map((name) => buffers[name]),
    );
    readBack = back;
    let given: Promise<unknown> = Promise.resolve();
    const run = async (first: number, count: number) => {
      const copies = back.next();
      const launched = given.then(() => launcher.submit([...commands, ...copies.commands], first, count));
      given = launched.catch(() => {});
      await (await launched).finished;
      return copies.read((contents) => read(contents, first, count));
    };
    return {
      capacity,
      run: (first, count) => healthily(gpu, () => run(first, count)),
      ready: () => given.then(() => {}),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
