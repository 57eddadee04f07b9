import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { loadSharedLibrary, requestDawnAdapter } from './dawn.ts';
import { embeddedDriver } from './embedded.ts';

/** Where Vulkan's loader looks for drivers on Linux. */
const MANIFEST_FOLDERS: readonly string[] = [
  '/etc/vulkan/icd.d',
  '/usr/local/etc/vulkan/icd.d',
  '/usr/local/share/vulkan/icd.d',
  '/usr/share/vulkan/icd.d',
  join(homedir(), '.local/share/vulkan/icd.d'),
];

/** Where container platforms mount NVIDIA's driver; the loader must be told. */
const MOUNTED_MANIFEST = '/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json';

/** Software drivers of the system by the names Dawn gives them, for machines whose best adapter is a real GPU. */
const SOFTWARE_DRIVERS: readonly string[] = ['llvmpipe', 'Microsoft Basic Render Driver'];

/**
 * The best adapter of the drivers installed on the system. On Linux Dawn is asked only if there is a driver at all, for
 * it warns about its absence; and if drivers are there but Vulkan's loader is not, the embedded loader serves them.
 */
export async function requestInstalledAdapter(): Promise<GPUAdapter | null> {
  if (process.platform !== 'linux') return requestDawnAdapter();
  if (!hasInstalledDriver()) return null;
  if (!loadSharedLibrary('libvulkan.so.1')) loadSharedLibrary((await embeddedDriver()).loader);
  const mounted: Readonly<Record<string, string>> = existsSync(MOUNTED_MANIFEST)
    ? { VK_ADD_DRIVER_FILES: MOUNTED_MANIFEST }
    : {};
  return withEnvironment(mounted, () => requestDawnAdapter());
}

/** A software adapter of the system, even where a GPU would be preferred. */
export async function requestInstalledSoftware(): Promise<GPUAdapter | null> {
  for (const name of SOFTWARE_DRIVERS) {
    const adapter = await requestDawnAdapter(name);
    if (adapter) return adapter;
  }
  return null;
}

/** SwiftShader from the npm package, through the package's own loader. */
export async function requestEmbeddedAdapter(): Promise<GPUAdapter | null> {
  if (!isMainThread)
    throw new Error('Vulkan does not see the environment of a worker thread; open the GPU in the main one.');
  const { loader, manifest } = await embeddedDriver();
  loadSharedLibrary(loader);
  return withEnvironment({ VK_DRIVER_FILES: manifest, VK_ICD_FILENAMES: manifest }, () => requestDawnAdapter());
}

function hasInstalledDriver(): boolean {
  const { VK_DRIVER_FILES, VK_ICD_FILENAMES, VK_ADD_DRIVER_FILES } = process.env;
  if (VK_DRIVER_FILES || VK_ICD_FILENAMES || VK_ADD_DRIVER_FILES || existsSync(MOUNTED_MANIFEST)) return true;
  return MANIFEST_FOLDERS.some((folder) => existsSync(folder) && readdirSync(folder).length > 0);
}

/** Vulkan's loader reads these variables when Dawn starts it; afterwards they are put back, so no child inherits them. */
async function withEnvironment<T>(variables: Readonly<Record<string, string>>, act: () => Promise<T>): Promise<T> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return await act();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
