import { type DeviceLimits, DeviceTooSmall, type JobCost } from './sampler.ts';

/** Memory a batch may take, bytes: beyond it a larger batch gains nothing. */
const BATCH_BYTES = 2 ** 30;

/**
 * Bytes per trial of a batch: all buffers, and of those that come back (openDeviceSource) two more copies on their way to the
 * host, one to be read while the other is filled.
 */
export function batchBytes(workspace: Readonly<Record<string, number>>): number {
  const { errors = 0, statuses = 0 } = workspace;
  return 4 * (Object.values(workspace).reduce((sum, floats) => sum + floats, 0) + 2 * (errors + statuses));
}

/** Operations a normal costs, in floating-point operations that take equally long (counted from the shader). */
export const NORMAL_WORK = 40;

/** What one pass of a schedule draws and computes per trial. */
export interface Work {
  readonly flops: number;
  readonly normals: number;
  readonly dispatches: number;
}

export interface PassWork extends Work {
  /** Operations that take as long as the pass. */
  readonly work: number;
}

/** Of a pass that draws nothing but the normals it counts. */
export const withWork = (pass: Work): PassWork => ({ ...pass, work: pass.flops + NORMAL_WORK * pass.normals });

interface JobShape {
  readonly dimension: number;
  /** Floats per trial of every buffer. */
  readonly workspace: Readonly<Record<string, number>>;
  readonly passes: readonly PassWork[];
  /** Trials of the largest batch that is of use, or that can be dispatched. */
  readonly mostTrials: number;
  /** The changes of the experiment that would make the largest buffer fit into a binding of so many floats. */
  changesFor(buffer: string, floats: number): readonly string[];
}

/** Throws `DeviceTooSmall` where a buffer does not fit even for one trial. */
export function jobCost(job: JobShape, { maxStorageBufferBindingSize, maxBufferSize }: DeviceLimits): JobCost {
  const total = batchBytes(job.workspace);
  const [name, floats] = Object.entries(job.workspace).reduce((a, b) => (b[1] > a[1] ? b : a));
  const binding = Math.min(maxStorageBufferBindingSize, maxBufferSize);
  if (4 * floats > binding) throw tooSmall(job, name, 4 * floats, binding);
  const sum = (part: keyof PassWork) => job.passes.reduce((all, pass) => all + pass[part], 0);
  return {
    flopsPerTrial: sum('flops'),
    normalsPerTrial: sum('normals'),
    workPerTrial: sum('work'),
    largestBatch: Math.max(
      1,
      Math.min(job.mostTrials, Math.floor(binding / (4 * floats)), Math.floor(BATCH_BYTES / total)),
    ),
    bytes: (batch) => batch * total,
    dispatchesPerBatch: sum('dispatches'),
  };
}

/** Of a job that is computed in two ways, batch by batch. */
export function together(one: JobCost, other: JobCost): JobCost {
  const bytes = (batch: number) => one.bytes(batch) + other.bytes(batch);
  const fitting = Math.max(1, Math.floor(BATCH_BYTES / bytes(1)));
  return {
    flopsPerTrial: one.flopsPerTrial + other.flopsPerTrial,
    normalsPerTrial: one.normalsPerTrial + other.normalsPerTrial,
    workPerTrial: one.workPerTrial + other.workPerTrial,
    largestBatch: Math.min(one.largestBatch, other.largestBatch, fitting),
    bytes,
    dispatchesPerBatch: one.dispatchesPerBatch + other.dispatchesPerBatch,
  };
}

function tooSmall(job: JobShape, buffer: string, needed: number, available: number): DeviceTooSmall {
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  return new DeviceTooSmall(
    `One trial at dimension ${job.dimension} needs ${mebibytes(needed)} in the buffer "${buffer}"; ` +
      `this device allows ${mebibytes(available)} in one binding.`,
    [
      ...job.changesFor(buffer, available / 4),
      'an adapter with a larger maxStorageBufferBindingSize (see collapse doctor), or --backend reference',
    ],
  );
}
