import type { Launcher } from '../../gpu/launcher.ts';
import { readBuffer } from '../../gpu/read-back.ts';
import { batchOf } from '../batch.ts';
import type { TrialSource } from '../sampler.ts';
import { Feeder } from './feeder.ts';
import { assertSizes, type ImageSource } from './images.ts';
import { Recorder } from './recorder.ts';
import type { KernelSchedule } from './schedule.ts';
import { type KernelBuffer, workspaceOf } from './shape.ts';

/** `GPUBufferUsage`: storage, copy source and destination. */
const STORAGE = 0x80 | 0x4 | 0x8;

/** The kernel sampler on the device, one trial at a time: the host chooses images, the device does all the rest. */
export async function openKernelGpu(
  schedule: KernelSchedule,
  seed: number,
  source: ImageSource,
  launcher: Launcher,
  capacity: number,
): Promise<TrialSource> {
  const images = await source(schedule.world.population);
  assertSizes(images, schedule.world.population);
  const { device } = launcher.gpu;
  const buffers = Object.fromEntries(
    Object.entries(workspaceOf(schedule)).map(([label, floats]) => [
      label,
      device.createBuffer({ label, size: Math.max(16, 4 * floats), usage: STORAGE }),
    ]),
  ) as Record<KernelBuffer, GPUBuffer>;
  const close = () => {
    for (const buffer of Object.values(buffers)) buffer.destroy();
  };
  try {
    const feeder = new Feeder(schedule, seed, images, device.queue, buffers);
    feeder.tests();
    const commands = await new Recorder(schedule, seed, launcher, buffers).record();
    const trial = async (number: number) => {
      feeder.trial(number);
      await launcher.execute(commands, number, 1);
      return {
        errors: new Float32Array(await readBuffer(launcher.gpu, buffers.errors, buffers.errors.size)),
        statuses: new Uint32Array(await readBuffer(launcher.gpu, buffers.statuses, buffers.statuses.size)),
      };
    };
    const run = async (first: number, count: number) => {
      const { errors, factors, cells } = schedule.fits;
      const rows = {
        stride: count,
        errors: new Float32Array(errors * count),
        statuses: new Uint32Array(factors * count),
      };
      for (let t = 0; t < count; t++) {
        const drawn = await trial(first + t);
        for (let e = 0; e < errors; e++) rows.errors[e * count + t] = drawn.errors[e]!;
        for (let f = 0; f < factors; f++) rows.statuses[f * count + t] = drawn.statuses[f]!;
      }
      return batchOf(cells, first, count, rows);
    };
    return { capacity, run, close };
  } catch (error) {
    close();
    throw error;
  }
}
