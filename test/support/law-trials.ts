import type { Gpu } from '../../src/gpu/gpu.ts';

/**
 * Trials of a law that is drawn on a device, where a fast one draws so many: SwiftShader, ten times slower than other drivers, draws a quarter. That it computes what
 * its reference does is held trial by trial, and the law of the reference by tests without a device.
 */
export const trialsOn = ({ adapter }: Gpu, trials: number): number =>
  /swiftshader/i.test(`${adapter.description} ${adapter.device}`) ? Math.ceil(trials / 4) : trials;
