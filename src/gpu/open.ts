import { describeAdapter, neededLimits } from './describe.ts';
import { DeviceLost, type Gpu, GpuValidationError } from './gpu.ts';

/** The outcome of looking for a device: an open one, or none; `reason` says in a sentence which and why. */
export type Opening = { readonly gpu: Gpu; readonly reason: string } | { readonly gpu: null; readonly reason: string };

/** Features used when the adapter has them; nothing depends on their presence. */
const WELCOME_FEATURES: readonly GPUFeatureName[] = ['timestamp-query', 'subgroups'];

/**
 * Opens a device with the adapter's own limits instead of WebGPU's small defaults. The same code serves Node and the page.
 */
export async function openGpu(adapter: GPUAdapter, backend: Gpu['backend']): Promise<Gpu> {
  const device = await adapter.requestDevice({
    requiredFeatures: WELCOME_FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: neededLimits(adapter.limits),
  });
  const wait = <T>(promise: Promise<T>) => promise;
  return { device, backend, adapter: describeAdapter(adapter), wait, ...watchHealth(device) };
}

/** Remembers the first error and the loss of the device, unless the loss is our own `close`. */
function watchHealth(device: GPUDevice): Pick<Gpu, 'assertHealthy' | 'close'> {
  let failure: GpuValidationError | DeviceLost | null = null;
  let closed = false;
  device.onuncapturederror = ({ error }) => {
    failure ??= new GpuValidationError(`WebGPU reported: ${error.message}`);
  };
  device.lost.then(({ reason, message }) => {
    if (!closed) failure ??= new DeviceLost(`The GPU device was lost (${reason}): ${message}`);
  });
  return {
    assertHealthy() {
      if (failure) throw failure;
    },
    close() {
      closed = true;
      device.destroy();
    },
  };
}
