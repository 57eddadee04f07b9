import type { Gpu } from '../gpu/gpu.ts';
import { type Command, type Launcher, readBuffer } from '../gpu/launcher.ts';
import { batchOf } from './batch.ts';
import type { Schedule } from './direct/schedule.ts';
import type { GramBuffers } from './gram-commands.ts';
import type { TrialSource } from './sampler.ts';

/** `GPUBufferUsage`: storage, copy source and destination. */
const STORAGE = 0x80 | 0x4 | 0x8;

/** Floats per trial of every buffer but `scale`, which all trials share. */
type Workspace<Name extends string> = Readonly<Record<Name | Exclude<keyof GramBuffers, 'scale'>, number>>;

/** Creates the buffers of a job on the device, records its commands and runs them batch by batch. */
export async function openGramSource<Name extends string>(
  schedule: Schedule,
  workspace: Workspace<Name>,
  launcher: Launcher,
  capacity: number,
  record: (buffers: GramBuffers & Readonly<Record<Name, GPUBuffer>>) => Promise<readonly Command[]>,
): Promise<TrialSource> {
  const { gpu } = launcher;
  const buffers = createBuffers(schedule, workspace, gpu, capacity);
  const close = () => {
    for (const buffer of Object.values<GPUBuffer>(buffers)) buffer.destroy();
  };
  try {
    const commands = await record(buffers);
    gpu.assertHealthy();
    return {
      capacity,
      run: async (first, count) => {
        await launcher.execute(commands, first, count);
        const errors = new Float32Array(await readBuffer(gpu, buffers.errors, buffers.errors.size));
        const statuses = new Uint32Array(await readBuffer(gpu, buffers.statuses, buffers.statuses.size));
        return batchOf(
          schedule.cells,
          first,
          count,
          (error, trial) => errors[error * capacity + trial]!,
          (factor, trial) => statuses[factor * capacity + trial] !== 0,
        );
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function createBuffers<Name extends string>(
  schedule: Schedule,
  workspace: Workspace<Name>,
  gpu: Gpu,
  capacity: number,
): GramBuffers & Readonly<Record<Name, GPUBuffer>> {
  const create = (label: string, floats: number) =>
    gpu.device.createBuffer({ label, size: Math.max(16, 4 * floats), usage: STORAGE });
  const scale = create('scale', schedule.dimension);
  gpu.device.queue.writeBuffer(scale, 0, Float32Array.from(schedule.spectrum, Math.sqrt));
  const perTrial = Object.entries<number>(workspace).map(([label, floats]) => [
    label,
    create(label, floats * capacity),
  ]);
  return { scale, ...Object.fromEntries(perTrial) } as GramBuffers & Record<Name, GPUBuffer>;
}
