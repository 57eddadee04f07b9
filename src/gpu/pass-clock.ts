import type { Gpu } from './gpu.ts';

/** `GPUBufferUsage`: target of a resolved query set and copy source; mapped for reading and copy destination. */
const RESOLVE_SOURCE = 0x200 | 0x4;
const READ_TARGET = 0x1 | 0x8;
const MAP_READ = 1;

/** WebGPU's largest query set holds 4096. */
const MOST_PASSES = 2048;

/** Times the compute passes of a launcher on the device's own clock, for benchmarks. Needs the feature `timestamp-query`. */
export class PassClock {
  readonly #device: GPUDevice;
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  readonly #staging: GPUBuffer;
  #passes = 0;
  #busySeconds = 0;
  #overheadSeconds = 0;

  /** null where the device has no clock. */
  static of({ device }: Gpu): PassClock | null {
    return device.features.has('timestamp-query') ? new PassClock(device) : null;
  }

  private constructor(device: GPUDevice) {
    this.#device = device;
    this.#queries = device.createQuerySet({ type: 'timestamp', count: 2 * MOST_PASSES });
    const size = 16 * MOST_PASSES;
    this.#resolved = device.createBuffer({ label: 'timestamps', size, usage: RESOLVE_SOURCE });
    this.#staging = device.createBuffer({ label: 'timestamps read', size, usage: READ_TARGET });
  }

  /** Seconds in which a pass was under way. */
  get busySeconds(): number {
    return this.#busySeconds;
  }

  /** Seconds that reading the clock has cost the host. */
  get overheadSeconds(): number {
    return this.#overheadSeconds;
  }

  /** For the descriptor of the next pass. Throws after `MOST_PASSES` without `collect`, for half a measurement is none. */
  writes(): GPUComputePassTimestampWrites {
    if (this.#passes === MOST_PASSES)
      throw new Error(`More than ${MOST_PASSES} passes between two readings of the clock.`);
    const beginningOfPassWriteIndex = 2 * this.#passes++;
    return { querySet: this.#queries, beginningOfPassWriteIndex, endOfPassWriteIndex: beginningOfPassWriteIndex + 1 };
  }

  /** Adds up the passes since the last call; they must have finished. */
  async collect(): Promise<void> {
    if (this.#passes === 0) return;
    const start = performance.now();
    const bytes = 16 * this.#passes;
    const encoder = this.#device.createCommandEncoder();
    encoder.resolveQuerySet(this.#queries, 0, 2 * this.#passes, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, bytes);
    this.#device.queue.submit([encoder.finish()]);
    await this.#staging.mapAsync(MAP_READ, 0, bytes);
    const times = new BigUint64Array(this.#staging.getMappedRange(0, bytes));
    this.#busySeconds += Number(unionOf(times)) * 1e-9;
    this.#staging.unmap();
    this.#passes = 0;
    this.#overheadSeconds += (performance.now() - start) / 1000;
  }

  close(): void {
    this.#queries.destroy();
    this.#resolved.destroy();
    this.#staging.destroy();
  }
}

/** Length of the union of intervals (begin, end, begin, end, ...) that are in order of their begins. */
export function unionOf(times: BigUint64Array): bigint {
  let total = 0n;
  let reached = 0n;
  for (let i = 0; i + 1 < times.length; i += 2) {
    const begin = times[i]! > reached ? times[i]! : reached;
    const end = times[i + 1]!;
    if (end > begin) total += end - begin;
    if (end > reached) reached = end;
  }
  return total;
}
