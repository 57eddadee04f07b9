import { healthily } from '../gpu/gpu.ts';
import type { Command, Launcher } from '../gpu/launcher.ts';
import { ReadBack } from '../gpu/read-back.ts';
import { batchOf } from './batch.ts';
import { type TrialSource, TrialStatus } from './sampler.ts';
import type { Trial } from './schedule.ts';

/** `GPUBufferUsage`: storage, copy source and destination. */
const STORAGE = 0x80 | 0x4 | 0x8;

/** What a sampler keeps on a device. */
interface DeviceJob<Name extends string, Constant extends string> {
  readonly schedule: Pick<Trial, 'cells'>;
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
  let readBack: ReadBack | null = null;
  const close = () => {
    readBack?.close();
    for (const buffer of Object.values(buffers)) buffer.destroy();
  };
  try {
    for (const [label, values] of Object.entries<Float32Array>(constants))
      gpu.device.queue.writeBuffer(create(label, values.length), 0, values as Float32Array<ArrayBuffer>);
    for (const [label, floats] of Object.entries<number>(workspace)) create(label, floats * capacity);
    const commands = await record(buffers as Record<Name | Constant | 'errors', GPUBuffer>);
    gpu.assertHealthy();
    const { errors, statuses } = buffers;
    const results = new ReadBack(gpu, statuses ? [errors!, statuses] : [errors!]);
    readBack = results;
    let given: Promise<unknown> = Promise.resolve();
    const run = async (first: number, count: number) => {
      const copies = results.next();
      const launched = given.then(() => launcher.submit([...commands, ...copies.commands], first, count));
      given = launched.catch(() => {});
      await (await launched).finished;
      return copies.read(([errors, statuses]) => {
        const rows = {
          stride: capacity,
          errors: new Float32Array(errors!),
          statuses: statuses ? new Uint32Array(statuses) : null,
        };
        return batchOf(schedule.cells, first, count, rows, brokenStatus);
      });
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
