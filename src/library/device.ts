import type { Backend } from '../engine/backend.ts';
import type { AdapterDescription } from '../experiment/results.ts';

/** What draws trials, and its name for the manifest. Whoever opens one closes it. */
export interface Device {
  readonly name: 'node' | 'chrome' | 'firefox' | 'reference';
  /** Who drives it: a browser or library, and its version. */
  readonly driver: string;
  /** null: the f64 reference. */
  readonly adapter: AdapterDescription | null;
  close(): void | Promise<void>;
}

/** The backends behind the devices, which are nobody's business. */
const backends = new WeakMap<Device, Backend>();

/** Hands a backend out as a device. */
export function deviceOf({
  backend,
  name,
  driver,
  close,
}: Omit<Device, 'adapter'> & { readonly backend: Backend }): Device {
  const device: Device = { name, driver, adapter: backend.adapter, close };
  backends.set(device, backend);
  return device;
}

/** Throws a `TypeError` for what `openDevice` has not opened. */
export function backendOf(device: Device): Backend {
  const backend = backends.get(device);
  if (!backend) throw new TypeError('This is no device: openDevice opens one, and REFERENCE is one.');
  return backend;
}
