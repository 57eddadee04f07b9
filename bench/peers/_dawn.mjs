/**
 * WebGPU for libraries that were written for browsers: Dawn of the npm package `webgpu` of this project as `navigator.gpu`,
 * on the adapter that this program takes too. COLLAPSE_ADAPTER=gpu|system|embedded|none has the same meaning here.
 */
import { existsSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

/** Where container platforms mount NVIDIA's driver; Vulkan's loader must be told. */
const MOUNTED_MANIFEST = '/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json';

/** Where this program unpacks SwiftShader. */
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/collapse-lab');

/** Sets `navigator` up and says what the adapter is. Throws the reason where there is none. */
export async function installDawn() {
  const wanted = process.env.COLLAPSE_ADAPTER || 'any';
  if (wanted === 'none') throw new Error('COLLAPSE_ADAPTER=none asks for no WebGPU adapter');
  if (wanted === 'embedded') useSwiftShader();
  else if (existsSync(MOUNTED_MANIFEST)) process.env.VK_ADD_DRIVER_FILES ??= MOUNTED_MANIFEST;
  const { create, globals } = await import('webgpu');
  const gpu = create(wanted === 'system' ? ['adapter=llvmpipe'] : []);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('WebGPU finds no adapter');
  Object.assign(globalThis, globals);
  // Libraries look for the names of browsers in it. It also keeps Dawn's object, which must not be collected.
  const navigator = { gpu, userAgent: 'Node.js', platform: process.platform };
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  const { description, device, vendor } = adapter.info;
  return { device: description || device || vendor, limits: adapter.limits };
}

/** The SwiftShader that comes with this program, through the loader beside it. */
function useSwiftShader() {
  const version = existsSync(CACHE) && readdirSync(CACHE).find((name) => name.startsWith('vulkan-'));
  if (!version) throw new Error('SwiftShader is not unpacked yet; run collapse doctor once');
  const folder = join(CACHE, version);
  process.env.VK_DRIVER_FILES = join(folder, 'vk_swiftshader_icd.json');
  process.env.VK_ICD_FILENAMES = process.env.VK_DRIVER_FILES;
  try {
    process.dlopen({ exports: {} }, join(folder, 'libvulkan.so.1'), constants.dlopen.RTLD_NOW);
  } catch {
    // Node complains that the library is no Node add-on, but by then it is loaded.
  }
}
