import type { Gpu } from '../gpu.ts';
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
  const gpu = await opened();
  if (!gpu) {
    return {
      gpu: null,
      reason:
        'This browser has WebGPU but offers no adapter; its page chrome://gpu, in Firefox about:support, tells why.',
    };
  }
  return { gpu, reason: gpu.adapter.software ? "Using the browser's software adapter." : 'Using a real GPU.' };
}

/** Attempts to open a device before the browser's refusal is believed. */
const ATTEMPTS = 3;

/** Null without an adapter. An adapter dies with the browser's GPU process, which starts again by itself: another one is asked for. */
async function opened(): Promise<Gpu | null> {
  for (let attempt = 1; ; attempt++) {
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return null;
    try {
      return await openGpu(adapter, 'browser');
    } catch (error) {
      if (attempt === ATTEMPTS || (error as Error).name !== 'OperationError') throw error;
    }
  }
}
