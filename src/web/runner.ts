import './no-eval.ts';
import type { BenchOptions, Measurements } from '../../bench/run.ts';
import type { Backend } from '../engine/backend.ts';
import { jobKey } from '../engine/journal.ts';
import type { JsonObject } from '../experiment/experiment.ts';
import type { AdapterDescription } from '../experiment/results.ts';
import { openBrowserGpu } from '../gpu/browser/open-browser.ts';
import type { Target } from '../kernels/tuning.ts';
import type { Plan } from '../plan/plan.ts';
import type { DeviceLimits } from '../program/cost.ts';
import type { TrialSource } from '../program/trials.ts';
import { samplersWith } from '../samplers/index.ts';
import { openBackend, planOn } from './prepare.ts';
import { servedImages } from './served-images.ts';

/**
 * A page without a face: a device in a browser, driven from Node job by job and batch by batch. Everything that crosses is
 * JSON, numbers as base64.
 */
export interface Runner {
  prepare(): Promise<Reply<RunnerDevice>>;
  /** `file` is the JSON of an experiment file, `key` the `jobKey` of one of its jobs. */
  open(file: string, key: string, capacity: number): Promise<Reply<RunnerSource>>;
  run(source: number, first: number, count: number): Promise<Reply<EncodedBatch>>;
  close(source: number): void;
  /** After a lost device. */
  reopen(): Promise<Reply<null>>;
  /** Measures on a device of its own; says on the console how far it is. The answer is JSON. */
  bench(options: BenchWish): Promise<Reply<string>>;
}

type BenchWish = Pick<BenchOptions, 'only' | 'quick' | 'rounds' | 'seconds' | 'earlier'>;

export type Reply<T> = { readonly value: T } | { readonly error: { readonly name: string; readonly message: string } };

export interface RunnerDevice {
  /** null without WebGPU or without an adapter. */
  readonly adapter: AdapterDescription | null;
  readonly limits: DeviceLimits;
  readonly target: Target;
  readonly reason: string;
  readonly rate: number;
}

export interface RunnerSource {
  readonly source: number;
  readonly capacity: number;
}

/** One batch; `rate` is the device's as measured so far. */
export interface EncodedBatch {
  /** Little-endian, f32 or f64. */
  readonly errors: string;
  readonly bytesPerError: number;
  readonly statuses: string;
  readonly rate: number;
}

declare global {
  /** Present in `runner.html` once it has loaded. */
  var collapseRunner: Runner | undefined;
  /** Takes what a benchmark has measured so far, as JSON; there if Node wants to know. */
  var collapseKeep: ((measurements: string) => void) | undefined;
}

const samplers = samplersWith(servedImages);

/** Holds the device and the open jobs as long as the page lives. */
class PageRunner implements Runner {
  #backend: Backend | null = null;
  #plan: { readonly file: string; readonly plan: Plan } | null = null;
  readonly #sources: (TrialSource | null)[] = [];

  prepare(): Promise<Reply<RunnerDevice>> {
    return replied(async () => {
      const { backend, reason } = await openBackend();
      this.#backend = backend;
      return {
        adapter: backend.adapter,
        limits: plainLimits(backend.limits),
        target: backend.target,
        reason,
        rate: backend.rate(),
      };
    });
  }

  open(file: string, key: string, capacity: number): Promise<Reply<RunnerSource>> {
    return replied(async () => {
      const backend = this.#backend!;
      const job = this.#planOf(file).jobs.find((one) => jobKey(one, backend.precision) === key);
      if (!job) throw new Error('The page was built from other sources than the command; run npm run build.');
      const source = await backend.open(job, capacity);
      return { source: this.#sources.push(source) - 1, capacity: source.capacity };
    });
  }

  run(source: number, first: number, count: number): Promise<Reply<EncodedBatch>> {
    return replied(async () => {
      const { errors, statuses } = await this.#sources[source]!.run(first, count);
      const bytes = new Uint8Array(errors.buffer, errors.byteOffset, errors.byteLength);
      return {
        errors: base64(bytes),
        bytesPerError: errors.BYTES_PER_ELEMENT,
        statuses: base64(statuses),
        rate: this.#backend!.rate(),
      };
    });
  }

  close(source: number): void {
    this.#sources[source]?.close();
    this.#sources[source] = null;
  }

  reopen(): Promise<Reply<null>> {
    return replied(() => this.#backend!.reopen().then(() => null));
  }

  bench(options: BenchWish): Promise<Reply<string>> {
    return replied(async () => {
      const { measure } = await import('../../bench/run.ts');
      const { gpu, reason } = await openBrowserGpu();
      if (!gpu) throw new Error(reason);
      try {
        const say = (text: string) => console.log(text);
        const keep = (measured: Measurements) => globalThis.collapseKeep?.(JSON.stringify(measured));
        return JSON.stringify(await measure(gpu, { ...options, say, keep }));
      } finally {
        gpu.close();
      }
    });
  }

  #planOf(file: string): Plan {
    if (this.#plan?.file !== file) {
      this.#plan = { file, plan: planOn(this.#backend!, JSON.parse(file) as JsonObject, samplers) };
    }
    return this.#plan.plan;
  }
}

globalThis.collapseRunner = new PageRunner();

/** Errors lose their class on the way out of the page, so they travel as data. */
async function replied<T>(act: () => Promise<T>): Promise<Reply<T>> {
  try {
    return { value: await act() };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { error: { name, message } };
  }
}

/** The device's limits are getters of a host object, which JSON does not see. */
function plainLimits(limits: DeviceLimits): DeviceLimits {
  const { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupsPerDimension } = limits;
  return { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupsPerDimension };
}

/** By pieces, for a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}
