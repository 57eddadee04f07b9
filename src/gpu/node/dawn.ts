import { constants } from 'node:os';
import { MissingPackage, optional } from '../../experiment/missing-package.ts';

/**
 * Dawn's native objects crash the process when the object from `create` is garbage-collected while a device lives, so
 * every one is held until the process ends.
 */
const held: GPU[] = [];

/** Without this Dawn rounds GPU timestamps to 65 536 ns, as browsers do. */
const OPTIONS = ['disable-dawn-features=timestamp_quantization'];

/** glibc's flag to keep a library in memory after it is closed; Node does not name it. */
const RTLD_NODELETE = 0x1000;

/**
 * Asks Dawn for the fastest adapter; null when it has none. `name` picks one whose name contains that text. Throws when
 * the native module cannot be loaded (no binary for the platform, a C library that is too old).
 */
export async function requestDawnAdapter(name?: string): Promise<GPUAdapter | null> {
  const { create, globals } = await loadDawn();
  Object.assign(globalThis, globals);
  const gpu = create(name ? [...OPTIONS, `adapter=${name}`] : OPTIONS);
  held.push(gpu);
  try {
    return await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch (error) {
    // Dawn throws instead of returning null when `adapter=` matches nothing.
    if (String(error).includes('no suitable backends')) return null;
    throw error;
  }
}

/** Loaded only when asked for, because its binary does not load everywhere. */
async function loadDawn(): Promise<typeof import('webgpu')> {
  try {
    return await optional('webgpu', 'WebGPU in Node comes from', () => import('webgpu'));
  } catch (cause) {
    if (cause instanceof MissingPackage) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`WebGPU for Node (npm package webgpu) does not load here: ${message.split('\n', 1)[0]}`, { cause });
  }
}

/**
 * Loads a plain shared library and keeps it, so that Dawn's own `dlopen` of the same soname finds it wherever it lies;
 * this is why `LD_LIBRARY_PATH`, which is read only at process start, is not needed. True if the library was found.
 */
export function loadSharedLibrary(path: string): boolean {
  try {
    process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
    return true;
  } catch (error) {
    // Node complains that the library is no Node add-on, but by then it is loaded.
    return String(error).includes('did not self-register');
  }
}
