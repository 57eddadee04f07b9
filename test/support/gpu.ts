import { afterAll, beforeAll } from 'vitest';
import type { Gpu } from '../../src/gpu/gpu.ts';
import { Launcher } from '../../src/gpu/launcher.ts';
import { openNodeGpu } from '../../src/gpu/node/adapters.ts';

/** An open device for the tests of one file. Every validation error fails the test that asks `gpu.assertHealthy()`. */
export function useGpu(): { readonly gpu: Gpu; readonly launcher: Launcher } {
  const context = {} as { gpu: Gpu; launcher: Launcher };
  beforeAll(async () => {
    const { gpu, reason } = await openNodeGpu();
    if (!gpu) throw new Error(`GPU tests need a WebGPU adapter, software or not: ${reason}`);
    context.gpu = gpu;
    context.launcher = new Launcher(gpu);
  });
  afterAll(() => {
    context.launcher?.close();
    context.gpu?.close();
  });
  return context;
}
