import type { AdapterDescription } from '../experiment/results.ts';

/** An open WebGPU device and what the program must know of it. Node and the page build it by different means. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly adapter: AdapterDescription;
  /** `dawn-node` or `browser`, for the manifest. */
  readonly backend: 'dawn-node' | 'browser';
  /** Row of the tuning table the user asks for (src/kernels/tuning.ts); without one the device's own. */
  readonly tuning?: string | undefined;
  /**
   * Throws the first validation error or the loss of the device seen so far; called after every read-back so that wrong
   * numbers cannot be returned.
   */
  assertHealthy(): void;
  /** Waits for the device in the way that is best on this platform. */
  wait<T>(promise: Promise<T>): Promise<T>;
  close(): void;
}

/** The browser that draws, or its page, has ended: nothing can be asked of it any more. */
export class BrowserLost extends Error {
  override readonly name = 'BrowserLost';
}

/** WebGPU reported a programming error; the run fails by name. */
export class GpuValidationError extends Error {
  override readonly name = 'GpuValidationError';
}

/** The device is gone; the engine opens another one and resumes from its trial counter. */
export class DeviceLost extends Error {
  override readonly name = 'DeviceLost';
}

/** Works with the device; whatever comes of its loss, or of a programming error it reported, is thrown by that name. */
export async function healthily<T>(gpu: Gpu, work: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // The news may come after its consequences.
    await new Promise((resolve) => setTimeout(resolve));
    gpu.assertHealthy();
    throw error;
  }
  gpu.assertHealthy();
  return result;
}
