import type { BufferType, Kernel, KernelDefinition } from '../gpu/kernel.ts';
import type { Dispatch, Launcher } from '../gpu/launcher.ts';

/** How a dispatch is spread, and what it costs: as in `Dispatch`. */
export interface Grid extends Pick<Dispatch, 'groups' | 'work' | 'trialsPerGroup'> {
  /** 1 where absent. */
  readonly layers?: number;
  readonly constants?: Record<string, number | boolean>;
}

/** One kernel over a batch, compiled and bound. */
export async function dispatchOf<B extends Record<string, BufferType>, L extends Record<string, 'u32' | 'f32'>>(
  launcher: Launcher,
  definition: KernelDefinition<B, L>,
  buffers: Record<keyof B, GPUBuffer>,
  { constants = {}, layers = 1, ...grid }: Grid,
  launch: Record<keyof L, number>,
): Promise<Dispatch> {
  const kernel = await launcher.kernels.get(definition, constants);
  const bindings = kernel.bind(buffers);
  return { kind: 'dispatch', kernel: kernel as unknown as Kernel, bindings, launch, layers, ...grid };
}
