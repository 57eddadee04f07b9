import type { Program } from './program.ts';

/** What a program needs on a device with given limits: the sum of its steps. */
export interface JobCost {
  /** Floating-point operations of one trial, all cells together. */
  readonly flopsPerTrial: number;
  /** Standard normals of one trial; tokens where those are drawn. */
  readonly normalsPerTrial: number;
  /** Operations of the whole trial, random numbers included: what the f64 reference has to do. */
  readonly operationsPerTrial: number;
  /** The same, each over the rate of its kernel: what a device has to do, and what `auto` compares. */
  readonly workPerTrial: number;
  /** Largest batch that fits the device's limits and is of use, at least 1. */
  readonly largestBatch: number;
  /** Device memory of a batch of the given number of trials, bytes. */
  bytes(batch: number): number;
  /** Compute dispatches of one batch before any cutting to time. */
  readonly dispatchesPerBatch: number;
  /** Why the whole job is left to the f64 reference though a device is there. Absent where it is not. */
  readonly leftToReference?: string;
}

/** The limits a plan needs to know; a subset of `GPUSupportedLimits`. */
export interface DeviceLimits {
  readonly maxStorageBufferBindingSize: number;
  readonly maxBufferSize: number;
  readonly maxComputeWorkgroupsPerDimension: number;
}

/** Raised before anything is allocated when a job cannot run on a device. */
export class DeviceTooSmall extends Error {
  override readonly name = 'DeviceTooSmall';
  /** Cheapest changes of the experiment that would fit, in words. */
  readonly changes: readonly string[];
  constructor(message: string, changes: readonly string[]) {
    super(message);
    this.changes = changes;
  }
}

/** Memory a batch may take, bytes: beyond it a larger batch gains nothing. */
const BATCH_BYTES = 2 ** 30;

/** Trials beyond which a larger batch gains nothing on any device. */
const MOST_TRIALS = 2 ** 20;

/** Throws `DeviceTooSmall` where a buffer does not fit even for one trial. */
export function programCost(program: Program, limits: DeviceLimits): JobCost {
  const cost = deviceCost(program, limits);
  const { reason, check } = program.fallback ?? {};
  if (reason) return { ...cost, leftToReference: reason };
  return check ? together(cost, deviceCost(check, limits)) : cost;
}

/** Of trials that are computed in two ways, batch by batch. */
function together(one: JobCost, other: JobCost): JobCost {
  const bytes = (batch: number) => one.bytes(batch) + other.bytes(batch);
  const fitting = Math.max(1, Math.floor(BATCH_BYTES / bytes(1)));
  return {
    flopsPerTrial: one.flopsPerTrial + other.flopsPerTrial,
    normalsPerTrial: one.normalsPerTrial + other.normalsPerTrial,
    operationsPerTrial: one.operationsPerTrial + other.operationsPerTrial,
    workPerTrial: one.workPerTrial + other.workPerTrial,
    largestBatch: Math.min(one.largestBatch, other.largestBatch, fitting),
    bytes,
    dispatchesPerBatch: one.dispatchesPerBatch + other.dispatchesPerBatch,
  };
}

/** `workPerTrial` of its cost. Throws `DeviceTooSmall` as that does. */
export function programWork(program: Program, limits: DeviceLimits): number {
  assertFits(program, limits);
  const { reason, check } = program.fallback ?? {};
  return program.work + (check && !reason ? programWork(check, limits) : 0);
}

/** Every buffer in one binding; gives the bytes of that. */
function assertFits(program: Program, limits: DeviceLimits): number {
  const binding = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const tooLarge = [...program.buffers].filter(([, { words }]) => 4 * words > binding);
  if (tooLarge.length > 0) throw tooSmall(program, new Map(tooLarge), binding);
  return binding;
}

function deviceCost(program: Program, limits: DeviceLimits): JobCost {
  const binding = assertFits(program, limits);
  const { own, shared } = memoryOf(program);
  const sum = { flops: 0, normals: 0, operations: 0, work: 0, dispatches: 0 };
  let packed = true;
  for (const step of program.steps) {
    if (step.kind !== 'dispatch') continue;
    sum.flops += step.flops;
    sum.normals += step.normals;
    sum.operations += step.operations;
    sum.work += step.work;
    sum.dispatches++;
    packed &&= step.trialsPerGroup !== null;
  }
  const fitting = Math.floor(Math.min(binding / (4 * own.largest), (BATCH_BYTES - 4 * shared) / (4 * own.all)));
  return {
    flopsPerTrial: sum.flops,
    normalsPerTrial: sum.normals,
    operationsPerTrial: sum.operations,
    workPerTrial: sum.work,
    largestBatch: Math.max(1, Math.min(fitting, mostTrials(program, packed, limits))),
    bytes: (batch) => 4 * (batch * own.all + shared),
    dispatchesPerBatch: sum.dispatches,
  };
}

/** A trial of a dispatch is a workgroup along y, unless workgroups serve several, packed; most hosts serve one at a time. */
function mostTrials({ form }: Program, packed: boolean, limits: DeviceLimits): number {
  if (form.host && !form.feedsBatches) return 1;
  return packed ? MOST_TRIALS : limits.maxComputeWorkgroupsPerDimension;
}

/**
 * Words of a trial, in the largest of its buffers and in all of them, and words that all trials share. What comes back has two more
 * copies on its way to the host, one to be read while the other is filled.
 */
function memoryOf({ buffers, form }: Program) {
  let [all, shared, most] = [0, 0, 1];
  for (const [name, { kind, words }] of buffers) {
    if (kind === 'each') {
      all += words * (form.results.includes(name) ? 3 : 1);
      most = Math.max(most, words);
    } else shared += words;
  }
  return { own: { all: Math.max(1, all), largest: most }, shared };
}

/** Names the largest of the buffers that do not fit, and what would make each of them fit. */
function tooSmall({ form }: Program, buffers: Program['buffers'], available: number): DeviceTooSmall {
  const mebibytes = (words: number) => `${((4 * words) / 2 ** 20).toFixed(0)} MiB`;
  const { subject = 'One trial', changesFor } = form;
  const room = Math.floor(available / 4);
  const [name, { words }] = [...buffers].reduce((a, b) => (b[1].words > a[1].words ? b : a));
  return new DeviceTooSmall(
    `${subject} needs ${mebibytes(words)} in the buffer "${name}"; this device allows ${mebibytes(room)} in one binding.`,
    [
      ...new Set([...buffers.keys()].flatMap((buffer) => changesFor(buffer, room))),
      'an adapter with a larger maxStorageBufferBindingSize (see collapse doctor), or --backend reference',
    ],
  );
}
