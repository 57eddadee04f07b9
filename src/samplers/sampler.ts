import type { Launcher } from '../gpu/launcher.ts';
import type { Recipe } from '../regimes/recipe.ts';

/** Statuses of one trial of one cell; anything but `ok` is counted, shown and kept out of every mean. */
export const TrialStatus = { ok: 0, nonPositivePivot: 1, nonFinite: 2, notConverged: 3 } as const;
export type TrialStatus = (typeof TrialStatus)[keyof typeof TrialStatus];

/** Test errors of trials `first .. first + count - 1`, for every cell of the job. */
export interface TrialBatch {
  readonly first: number;
  readonly count: number;
  /** `errors[cell * count + trial]`: the test error, meaningful only where the status is `ok`. */
  readonly errors: Float64Array;
  /** `statuses[cell * count + trial]`: a `TrialStatus`. */
  readonly statuses: Uint8Array;
}

/** Cells that share draws, simulated together. */
export interface SamplerJob {
  readonly seed: number;
  readonly recipes: readonly Recipe[];
}

/** A prepared job on one device. Whoever opens it closes it. */
export interface TrialSource {
  /** Largest `count` that `run` accepts. */
  readonly capacity: number;
  /** Trial t gives the same numbers in whatever batch it is drawn. */
  run(first: number, count: number): Promise<TrialBatch>;
  /**
   * Resolves once the device has been given every batch asked for and is about to finish the last one: another `run` keeps
   * it busy. Absent where that gains nothing. Never rejects.
   */
  ready?(): Promise<void>;
  /** Batches under way must have ended. */
  close(): void;
}

/** What the job needs on a device with these limits; computed from shapes alone. */
export interface JobCost {
  /** Floating-point operations of one trial, all cells together (GEMM 2mnk, Gram T m^2, Cholesky m^3/3). */
  readonly flopsPerTrial: number;
  /** Standard normals of one trial; tokens where those are drawn. */
  readonly normalsPerTrial: number;
  /** Operations that take as long as the whole trial, random numbers included: what `auto` compares. */
  readonly workPerTrial: number;
  /** Largest batch that fits the device's limits, at least 1. */
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

/**
 * A sampler is a promise: it draws the test error of a trial from exactly the distribution that the data-matrix path
 * (`direct`) has. GPU and reference draw the same integers, so they agree per trial up to f32 rounding.
 */
export interface Sampler {
  readonly name: string;
  /** Raised whenever the numbers drawn for a given seed change. */
  readonly version: number;
  /** null if the sampler can draw this recipe, else the reason why not. */
  refuses(recipe: Recipe): string | null;
  /** Throws `DeviceTooSmall`. */
  cost(job: SamplerJob, limits: DeviceLimits): JobCost;
  /** Finds what the job needs and no device gives, such as images; rejects if it is not to be had. Absent where nothing is needed. */
  prepare?(job: SamplerJob): Promise<void>;
  openGpu(job: SamplerJob, launcher: Launcher, capacity: number): Promise<TrialSource>;
  openReference(job: SamplerJob): TrialSource;
}
