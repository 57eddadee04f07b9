import { type Opening, openGpu } from '../open.ts';

/** Opens the browser's fastest adapter; works in a page and in a worker. With none, the reason is for the reader. */
export async function openBrowserGpu(): Promise<Opening> {
  if (!globalThis.isSecureContext) {
    return { gpu: null, reason: 'WebGPU needs https, or http on localhost; this page has neither.' };
  }
  if (!('gpu' in navigator)) {
    return {
      gpu: null,
      reason: 'This browser has no WebGPU. Chrome and Edge 113, Safari 26 and Firefox 141 are the first that do.',
    };
  }
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    return {
      gpu: null,
      reason:
        'This browser has WebGPU but offers no adapter; its page chrome://gpu, in Firefox about:support, tells why.',
    };
  }
  const gpu = await openGpu(adapter, 'browser');
  return { gpu, reason: gpu.adapter.software ? "Using the browser's software adapter." : 'Using a real GPU.' };
}
