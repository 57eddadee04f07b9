import type { Gpu } from '../gpu/gpu.ts';
import type { BufferType, Kernel, KernelDefinition } from '../gpu/kernel.ts';
import type { Launcher } from '../gpu/launcher.ts';
import { readBuffer } from '../gpu/read-back.ts';

/** `GPUBufferUsage`: storage, copy source and destination. */
const STORAGE = 0x80 | 0x4 | 0x8;

type Contents = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** One dispatch of a kernel on given data, for self-tests, tests and benches. Resolves to the buffers' contents afterwards. */
export async function runOnce<B extends Record<string, BufferType>, L extends Record<string, 'u32' | 'f32'>>(
  gpu: Gpu,
  launcher: Launcher,
  definition: KernelDefinition<B, L>,
  options: {
    readonly buffers: Readonly<Record<keyof B, Contents>>;
    readonly launch: Readonly<Record<keyof L, number>>;
    readonly groups: number;
    readonly trials?: number;
    readonly layers?: number;
    readonly firstTrial?: number;
    readonly constants?: Record<string, number | boolean>;
  },
): Promise<Record<keyof B, ArrayBuffer>> {
  const kernel: Kernel<B, L> = await launcher.kernels.get(definition, options.constants);
  const names = Object.keys(definition.buffers) as (keyof B & string)[];
  const buffers = Object.fromEntries(
    names.map((name) => {
      const data = options.buffers[name];
      const buffer = gpu.device.createBuffer({ label: name, size: Math.max(16, data.byteLength), usage: STORAGE });
      gpu.device.queue.writeBuffer(buffer, 0, data);
      return [name, buffer];
    }),
  ) as Record<keyof B & string, GPUBuffer>;
  try {
    const { launch, groups, layers = 1, firstTrial = 0, trials = 1 } = options;
    const bindings = kernel.bind(buffers as Record<keyof B, GPUBuffer>);
    const dispatch = {
      kind: 'dispatch',
      kernel: kernel as unknown as Kernel,
      bindings,
      launch,
      groups,
      layers,
    } as const;
    await launcher.execute([{ ...dispatch, work: 0 }], firstTrial, trials);
    const contents: [string, ArrayBuffer][] = [];
    for (const name of names)
      contents.push([
        name,
        (await readBuffer(gpu, buffers[name], buffers[name].size)).slice(0, options.buffers[name].byteLength),
      ]);
    return Object.fromEntries(contents) as Record<keyof B, ArrayBuffer>;
  } finally {
    for (const buffer of Object.values<GPUBuffer>(buffers)) buffer.destroy();
  }
}
