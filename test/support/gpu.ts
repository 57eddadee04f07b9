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

/**
 * Trials of a law that is drawn on a device, where a fast one draws so many: SwiftShader, ten times slower than other drivers, draws a quarter. That it computes what
 * its reference does is held trial by trial, and the law of the reference by tests without a device.
 */
export const trialsOn = ({ adapter }: Gpu, trials: number): number =>
  /swiftshader/i.test(`${adapter.description} ${adapter.device}`) ? Math.ceil(trials / 4) : trials;
