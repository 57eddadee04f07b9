import type { Gpu } from '../src/gpu/gpu.ts';
import type { BufferType, Kernel, KernelCache, KernelDefinition } from '../src/gpu/kernel.ts';
import { type Command, type Dispatch, Launcher } from '../src/gpu/launcher.ts';
import { readBuffer } from '../src/gpu/read-back.ts';
import type { Entry } from './block.ts';
import type { Check, RowHead } from './record.ts';

/** What every measurement on the device has in common. */
export interface Stage {
  readonly gpu: Gpu;
  /** Compiled once for all launchers, of which every contestant has its own: a launcher learns the speed of what it runs. */
  readonly kernels: KernelCache;
  /** Seconds a repeat aims at: long enough that the queue's latency does not matter. */
  readonly sampleSeconds: number;
  /** Sizes for a processor that plays a GPU. */
  readonly small: boolean;
  /** Only to see that everything works: small on any adapter, and numbers that mean nothing. */
  readonly quick: boolean;
}

/** `GPUBufferUsage`: storage, copy source and destination. */
const STORAGE = 0x80 | 0x4 | 0x8;

/** A command list that is timed, and how its outcome is checked. */
export interface Prepared {
  readonly commands: readonly Command[];
  readonly trials: number;
  /** Units of one pass through the commands. */
  readonly units: number;
  check(): Promise<Check>;
  close(): void;
}

/** A kernel row. */
export function kernelEntry(stage: Stage, head: RowHead, prepare: (launcher: Launcher) => Promise<Prepared>): Entry {
  return {
    head,
    open: async () => {
      const launcher = new Launcher(stage.gpu, { kernels: stage.kernels });
      const prepared = await prepare(launcher);
      const close = () => {
        prepared.close();
        launcher.close();
      };
      try {
        const once = async (times: number) => {
          const commands = Array.from({ length: times }, () => prepared.commands).flat();
          const start = performance.now();
          await launcher.execute(commands, 0, prepared.trials);
          return (performance.now() - start) / 1000;
        };
        await once(1);
        stage.gpu.assertHealthy();
        const check = await prepared.check();
        const times = await repeatsFor(stage.sampleSeconds, once);
        return { units: times * prepared.units, check, sample: () => once(times), close };
      } catch (error) {
        close();
        throw error;
      }
    },
  };
}

/** How often something must be done in a row to take `seconds`; warms up on the way. */
async function repeatsFor(seconds: number, once: (times: number) => Promise<number>): Promise<number> {
  let times = 1;
  for (;;) {
    const took = await once(times);
    if (took >= 0.6 * seconds) return times;
    const wanted = Math.ceil((times * seconds) / Math.max(took, 1e-4));
    times = Math.min(wanted, 8 * times);
    if (times > MOST_REPEATS) return MOST_REPEATS;
  }
}

/** Of one command list in a repeat; every one of its dispatches takes launch parameters of its own. */
const MOST_REPEATS = 4096;

export function storageBuffer(gpu: Gpu, label: string, floats: number): GPUBuffer {
  return gpu.device.createBuffer({ label, size: Math.max(16, 4 * floats), usage: STORAGE });
}

/** `floats` numbers of a buffer from number `first` on. */
export async function readFloats(gpu: Gpu, buffer: GPUBuffer, first: number, floats: number): Promise<Float32Array> {
  const part = storageBuffer(gpu, 'part', floats);
  try {
    const encoder = gpu.device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 4 * first, part, 0, 4 * floats);
    gpu.device.queue.submit([encoder.finish()]);
    return new Float32Array(await readBuffer(gpu, part, 4 * floats));
  } finally {
    part.destroy();
  }
}

/** One dispatch of a kernel. */
export async function dispatch<B extends Record<string, BufferType>, L extends Record<string, 'u32' | 'f32'>>(
  launcher: Launcher,
  definition: KernelDefinition<B, L>,
  buffers: Record<keyof B, GPUBuffer>,
  launch: Readonly<Record<string, number>>,
  grid: Pick<Dispatch, 'groups' | 'work' | 'trialsPerGroup'> & {
    readonly constants?: Record<string, number | boolean>;
  },
): Promise<Dispatch> {
  const { constants, ...rest } = grid;
  const kernel = await launcher.kernels.get(definition, constants);
  const bindings = kernel.bind(buffers);
  return { kind: 'dispatch', kernel: kernel as unknown as Kernel, bindings, launch, layers: 1, ...rest };
}
