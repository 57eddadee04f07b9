import { type Gpu, healthily } from './gpu.ts';
import type { Command } from './launcher.ts';

/** `GPUBufferUsage`: mapped for reading, copy destination. */
const MAP_READ_COPY_DST = 0x1 | 0x8;
const MAP_READ = 1;

/** Copies of some buffers on their way to the host. */
export interface Copies {
  /** To be run after whatever fills the buffers, which are free for the next batch then. */
  readonly commands: readonly Command[];
  /** Waits for the commands; the contents are gone when `use` returns. */
  read<T>(use: (contents: readonly ArrayBuffer[]) => T): Promise<T>;
}

/** Brings the same buffers back batch by batch; a staging buffer serves again once it has been read. They need COPY_SRC. */
export class ReadBack {
  readonly #gpu: Gpu;
  readonly #sources: readonly GPUBuffer[];
  readonly #all: GPUBuffer[] = [];
  readonly #free: GPUBuffer[] = [];

  constructor(gpu: Gpu, sources: readonly GPUBuffer[]) {
    this.#gpu = gpu;
    this.#sources = sources;
  }

  next(): Copies {
    const parts: { from: GPUBuffer; toByte: number }[] = [];
    let size = 0;
    for (const from of this.#sources) {
      parts.push({ from, toByte: size });
      // A mapped range begins at a multiple of 8.
      size += 8 * Math.ceil(from.size / 8);
    }
    const to = this.#free.pop() ?? this.#create(size);
    return {
      commands: parts.map(({ from, toByte }) => ({ kind: 'copy', from, fromByte: 0, to, toByte, bytes: from.size })),
      read: async (use) => {
        await this.#gpu.wait(to.mapAsync(MAP_READ));
        const result = use(parts.map(({ from, toByte }) => to.getMappedRange(toByte, from.size)));
        to.unmap();
        this.#free.push(to);
        return result;
      },
    };
  }

  close(): void {
    for (const buffer of this.#all) buffer.destroy();
  }

  #create(size: number): GPUBuffer {
    const buffer = createStaging(this.#gpu, size);
    this.#all.push(buffer);
    return buffer;
  }
}

/** Reads a buffer back. `buffer` needs COPY_SRC. */
export function readBuffer(gpu: Gpu, buffer: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
  return healthily(gpu, async () => {
    const staging = createStaging(gpu, bytes);
    try {
      const encoder = gpu.device.createCommandEncoder();
      encoder.copyBufferToBuffer(buffer, 0, staging, 0, bytes);
      gpu.device.queue.submit([encoder.finish()]);
      await gpu.wait(staging.mapAsync(MAP_READ));
      return staging.getMappedRange().slice(0);
    } finally {
      staging.destroy();
    }
  });
}

const createStaging = ({ device }: Gpu, size: number) =>
  device.createBuffer({ label: 'read-back', size, usage: MAP_READ_COPY_DST });
