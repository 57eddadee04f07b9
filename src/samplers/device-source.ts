import { type Command, type Launcher, readBuffer } from '../gpu/launcher.ts';
import { batchOf } from './batch.ts';
import type { Schedule } from './direct/schedule.ts';
import { type TrialSource, TrialStatus } from './sampler.ts';

/** `GPUBufferUsage`: storage, copy source and destination. */
const STORAGE = 0x80 | 0x4 | 0x8;

/** What a sampler keeps on a device. */
interface DeviceJob<Name extends string, Constant extends string> {
  readonly schedule: Schedule;
  /** Floats per trial of every buffer. Without `statuses` no factorisation can break down. */
  readonly workspace: Readonly<Record<Name | 'errors', number>> & { readonly statuses?: number };
  /** Buffers that all trials share, with their contents. */
  readonly constants: Readonly<Record<Constant, Float32Array>>;
  /** What a factor's status other than 0 means. */
  readonly brokenStatus?: TrialStatus;
}

/** Creates the buffers of a job on the device, records its commands and runs them batch by batch; only errors come back. */
export async function openDeviceSource<Name extends string, Constant extends string>(
  { schedule, workspace, constants, brokenStatus = TrialStatus.nonPositivePivot }: DeviceJob<Name, Constant>,
  launcher: Launcher,
  capacity: number,
  record: (buffers: Readonly<Record<Name | Constant | 'errors', GPUBuffer>>) => Promise<readonly Command[]>,
): Promise<TrialSource> {
  const { gpu } = launcher;
  const buffers: Record<string, GPUBuffer> = {};
  const create = (label: string, floats: number) => {
    const buffer = gpu.device.createBuffer({ label, size: Math.max(16, 4 * floats), usage: STORAGE });
    buffers[label] = buffer;
    return buffer;
  };
  const close = () => {
    for (const buffer of Object.values(buffers)) buffer.destroy();
  };
  try {
    for (const [label, values] of Object.entries<Float32Array>(constants))
      gpu.device.queue.writeBuffer(create(label, values.length), 0, values as Float32Array<ArrayBuffer>);
    for (const [label, floats] of Object.entries<number>(workspace)) create(label, floats * capacity);
    const commands = await record(buffers as Record<Name | Constant | 'errors', GPUBuffer>);
    gpu.assertHealthy();
    return {
      capacity,
      run: async (first, count) => {
        await launcher.execute(commands, first, count);
        const { errors, statuses } = buffers;
        const rows = {
          stride: capacity,
          errors: new Float32Array(await readBuffer(gpu, errors!, errors!.size)),
          statuses: statuses ? new Uint32Array(await readBuffer(gpu, statuses, statuses.size)) : null,
        };
        return batchOf(schedule.cells, first, count, rows, brokenStatus);
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
