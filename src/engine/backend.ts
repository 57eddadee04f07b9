import type { AdapterDescription } from '../experiment/results.ts';
import { DeviceLost, type Gpu } from '../gpu/gpu.ts';
import { Launcher } from '../gpu/launcher.ts';
import { PORTABLE, type Target, targetOf } from '../kernels/tuning.ts';
import { type PlannedJob, REFERENCE_LIMITS, REFERENCE_RATE } from '../plan/plan.ts';
import type { Together } from '../plan/together.ts';
import { eventLoop } from '../plan/turns.ts';
import type { DeviceLimits } from '../program/cost.ts';
import { openProgram } from '../program/open.ts';
import type { TrialBatch, TrialSource } from '../program/trials.ts';
import { joined } from '../program/trials.ts';
import { partsOf } from './parts.ts';

/** Something that opens jobs: a device, or the f64 reference. */
export interface Backend {
  readonly precision: 'f32' | 'f64';
  readonly limits: DeviceLimits;
  readonly adapter: AdapterDescription | null;
  /** What programs are compiled for. */
  readonly target: Target;
  /** Row of the tuning table, for the manifest. */
  readonly tuning?: string;
  /** Operations per second as far as known, for the size of the first batch. */
  rate(): number;
  open(job: PlannedJob, capacity: number): Promise<TrialSource>;
  /** Opens several jobs at once. Absent where each is drawn by itself. */
  openTogether?(jobs: Together, capacity: number): Promise<TrialSource>;
  /** After a lost device: opens another one. Rejects if there is none or this backend cannot lose a device. */
  reopen(): Promise<void>;
  close(): void;
}

/** Runs on a WebGPU device; `openAgain` finds one after the first is lost. */
export function gpuBackend(first: Gpu, openAgain: () => Promise<Gpu | null>): Backend {
  let gpu = first;
  let launcher = new Launcher(gpu);
  return {
    precision: 'f32',
    limits: first.device.limits,
    adapter: first.adapter,
    target: targetOf(first),
    tuning: targetOf(first).tuning,
    rate: () => launcher.rate,
    open: ({ program }, capacity) => openProgram(program, launcher, capacity),
    openTogether: ({ program }, capacity) => openProgram(program, launcher, capacity),
    reopen: async () => {
      gpu.close();
      const next = await openAgain();
      if (!next) throw new DeviceLost('The GPU device was lost and no other could be opened.');
      gpu = next;
      launcher = new Launcher(gpu);
    },
    close: () => {
      launcher.close();
      gpu.close();
    },
  };
}

/** Plain f64 loops without a GPU: slow and obvious. */
export const referenceBackend: Backend = {
  precision: 'f64',
  limits: REFERENCE_LIMITS,
  target: PORTABLE,
  adapter: null,
  rate: () => REFERENCE_RATE,
  open: async ({ sampler, job }) => {
    const source = sampler.openReference(job);
    const run: TrialSource['run'] = async (first, count, signal) => {
      const parts: TrialBatch[] = [];
      await eventLoop();
      if (!signal?.aborted)
        for await (const part of partsOf(source, first, count)) {
          parts.push(part);
          await eventLoop();
          if (signal?.aborted) break;
        }
      return joined(first, parts);
    };
    return { ...source, run };
  },
  reopen: () => Promise.reject(new Error('The reference backend has no device to lose.')),
  close: () => {},
};
