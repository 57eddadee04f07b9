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

/** What one pass of a schedule costs per trial. */
export interface PassWork {
  readonly flops: number;
  readonly normals: number;
  /** Operations that take as long as the pass. */
  readonly work: number;
  readonly dispatches: number;
}

/**
 * The cost of a job whose buffers take so many floats per trial, and whose passes do so much. `changesFor` names the changes
 * of the experiment that would make the largest buffer fit, given the floats a binding holds.
 */
export function jobCost(
  workspace: Readonly<Record<string, number>>,
  passes: readonly PassWork[],
  limits: DeviceLimits,
  mostTrials: number,
  changesFor: (buffer: string, floats: number) => readonly string[],
): JobCost {
  const total = batchBytes(workspace);
  const [name, floats] = Object.entries(workspace).reduce((a, b) => (b[1] > a[1] ? b : a));
  const binding = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  if (4 * floats > binding) throw tooSmall(name, 4 * floats, binding, changesFor(name, binding / 4));
  const sum = (part: keyof PassWork) => passes.reduce((all, pass) => all + pass[part], 0);
  return {
    flopsPerTrial: sum('flops'),
    normalsPerTrial: sum('normals'),
    workPerTrial: sum('work'),
    largestBatch: Math.max(
      1,
      Math.min(mostTrials, Math.floor(binding / (4 * floats)), Math.floor(BATCH_BYTES / total)),
    ),
    bytes: (batch) => batch * total,
    dispatchesPerBatch: sum('dispatches'),
  };
}

function tooSmall(buffer: string, needed: number, available: number, changes: readonly string[]): DeviceTooSmall {
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  return new DeviceTooSmall(
    `One trial needs ${mebibytes(needed)} in the buffer "${buffer}"; this device allows ${mebibytes(available)} in one binding.`,
    [...changes, 'an adapter with a larger maxStorageBufferBindingSize (see collapse doctor), or --backend reference'],
  );
}
