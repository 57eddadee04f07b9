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
  #passes = 0;
  #busySeconds = 0;

  /** null where the device has no clock. */
  static of({ device }: Gpu): PassClock | null {
    return device.features.has('timestamp-query') ? new PassClock(device) : null;
  }

  private constructor(device: GPUDevice) {
    this.#device = device;
    this.#queries = device.createQuerySet({ type: 'timestamp', count: 2 * MOST_PASSES });
    this.#resolved = device.createBuffer({ label: 'timestamps', size: 16 * MOST_PASSES, usage: RESOLVE_SOURCE });
  }

  /** Seconds in which a pass was under way. */
  get busySeconds(): number {
    return this.#busySeconds;
  }

  /** For the descriptor of the next pass. Throws after `MOST_PASSES` without `collect`, for half a measurement is none. */
  writes(): GPUComputePassTimestampWrites {
    if (this.#passes === MOST_PASSES)
      throw new Error(`More than ${MOST_PASSES} passes between two readings of the clock.`);
    const beginningOfPassWriteIndex = 2 * this.#passes++;
    return { querySet: this.#queries, beginningOfPassWriteIndex, endOfPassWriteIndex: beginningOfPassWriteIndex + 1 };
  }

  /** Reads the passes since the last call, all recorded by now, at the end of `encoder`; call the result once it is submitted. */
  collect(encoder: GPUCommandEncoder): () => Promise<void> {
    const size = Math.max(16, 16 * this.#passes);
    const staging = this.#device.createBuffer({ label: 'timestamps read', size, usage: READ_TARGET });
    if (this.#passes > 0) encoder.resolveQuerySet(this.#queries, 0, 2 * this.#passes, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, staging, 0, 16 * this.#passes);
    this.#passes = 0;
    return async () => {
      await staging.mapAsync(MAP_READ);
      this.#busySeconds += Number(unionOf(new BigUint64Array(staging.getMappedRange()))) * 1e-9;
      staging.destroy();
    };
  }

  close(): void {
    this.#queries.destroy();
    this.#resolved.destroy();
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
