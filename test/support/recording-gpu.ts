import type { Gpu } from '../../src/gpu/gpu.ts';

/** What a device was told, in place of doing it. */
export interface Recorded {
  /** Workgroups of every dispatch along x, y and z, by name of the kernel. */
  readonly dispatches: { readonly kernel: string; readonly grid: readonly [number, number, number] }[];
  /** Bytes of storage buffers that are there, and of the largest one that ever was. */
  readonly storage: { bytes: number; largest: number };
  /** Copies and bindings that reach beyond a buffer, in words. */
  readonly faults: string[];
}

const STORAGE = 0x80;

/** A device without a GPU: it keeps account of buffers, bindings and dispatches, and does nothing. */
export function recordingGpu(): { readonly gpu: Gpu; readonly recorded: Recorded } {
  const recorded: Recorded = { dispatches: [], storage: { bytes: 0, largest: 0 }, faults: [] };
  const inside = (what: string, buffer: GPUBuffer, from: number, bytes: number) => {
    if (from < 0 || from % 4 !== 0 || bytes % 4 !== 0 || from + bytes > buffer.size)
      recorded.faults.push(`${what} ${buffer.label}: ${from}+${bytes} of ${buffer.size}`);
  };
  const device = {
    createBuffer: ({ label = '', size, usage }: GPUBufferDescriptor) => {
      if (usage & STORAGE) {
        recorded.storage.bytes += size;
        recorded.storage.largest = Math.max(recorded.storage.largest, size);
      }
      return { label, size, usage, destroy: () => {} };
    },
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createShaderModule: () => ({}),
    createComputePipelineAsync: async ({ label }: GPUComputePipelineDescriptor) => ({ label }),
    createBindGroup: ({ label, entries }: { label: string; entries: { resource?: { buffer?: GPUBuffer } }[] }) => {
      for (const { resource } of entries)
        if (!resource?.buffer) recorded.faults.push(`${label}: a binding has no buffer`);
      return {};
    },
    createCommandEncoder: () => ({
      beginComputePass: () => {
        let kernel = '';
        return {
          setPipeline: ({ label }: { label: string }) => {
            kernel = label;
          },
          setBindGroup: () => {},
          dispatchWorkgroups: (x: number, y: number, z: number) => {
            recorded.dispatches.push({ kernel, grid: [x, y, z] });
          },
          end: () => {},
        };
      },
      clearBuffer: () => {},
      copyBufferToBuffer: (from: GPUBuffer, fromByte: number, to: GPUBuffer, toByte: number, bytes: number) => {
        inside('copy from', from, fromByte, bytes);
        inside('copy to', to, toByte, bytes);
      },
      finish: () => ({}),
    }),
    queue: {
      writeBuffer: (buffer: GPUBuffer, offset: number, words: ArrayBufferView | ArrayBuffer) =>
        inside('write', buffer, offset, words.byteLength),
      submit: () => {},
      onSubmittedWorkDone: async () => {},
    },
  };
  const gpu = {
    device: device as unknown as GPUDevice,
    adapter: { software: true } as Gpu['adapter'],
    backend: 'dawn-node',
    assertHealthy: () => {},
    wait: <T>(promise: Promise<T>) => promise,
    close: () => {},
  } as const satisfies Gpu;
  return { gpu, recorded };
}
