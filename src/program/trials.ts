import type { CheckpointKeeper } from './checkpoint.ts';

/**
 * Statuses of one trial of one cell; anything but `ok` is counted, shown and kept out of every mean. `overflow` is a test error
 * larger than the arithmetic holds, so a mean without it is too small; `nonFinite` is none at all. `separable`: a plane tells the labels apart, and the
 * fit does not exist.
 */
export const TrialStatus = {
  ok: 0,
  nonPositivePivot: 1,
  nonFinite: 2,
  notConverged: 3,
  overflow: 4,
  separable: 5,
} as const;
export type TrialStatus = (typeof TrialStatus)[keyof typeof TrialStatus];

/** f32 as a device hands them over, f64 where any has more digits. */
export type Errors = Float32Array | Float64Array;

/** Test errors of trials `first .. first + count - 1`, for every cell of the job. */
export interface TrialBatch {
  readonly first: number;
  readonly count: number;
  /** `errors[cell * count + trial]`: the test error, meaningful only where the status is `ok`. */
  readonly errors: Errors;
  /** `statuses[cell * count + trial]`: a `TrialStatus`. */
  readonly statuses: Uint8Array;
}

/** Of a batch under way: the test errors of some cells, which will be those of the whole batch. */
export interface EarlyResults {
  readonly batch: TrialBatch;
  /** By cell whether it has its results. */
  readonly known: readonly boolean[];
}

/** A prepared job on one device. Whoever opens it closes it. */
export interface TrialSource {
  /** Largest `count` that `run` accepts. */
  readonly capacity: number;
  /**
   * Trial t gives the same numbers in whatever batch it is drawn. Once the signal is aborted a batch may end early, with the trials that
   * are finished, be it none.
   */
  run(first: number, count: number, signal?: AbortSignal): Promise<TrialBatch>;
  /** Of a source whose batches can be taken up again: where they go, and what an earlier run left. */
  keep?(keeper: CheckpointKeeper): void;
  /**
   * Of a source whose trials take long: the listener is told from time to time how many trials' worth of the batch under way is done, and where some
   * cells have their results before others, those.
   */
  watch?(listener: (trials: number, early: EarlyResults | null) => void): void;
  /**
   * Resolves once the device has been given every batch asked for and is about to finish the last one: another `run` keeps
   * it busy. Absent where that gains nothing. Never rejects.
   */
  ready?(): Promise<void>;
  /** Batches under way must have ended. */
  close(): void;
}

/** Parts in their order as one batch, of no trials where there are none. */
export function joined(first: number, parts: readonly TrialBatch[]): TrialBatch {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const cells = count === 0 ? 0 : parts[0]!.errors.length / parts[0]!.count;
  const whole = emptyBatch(
    first,
    count,
    cells,
    parts.some(({ errors }) => errors instanceof Float64Array),
  );
  for (const part of parts)
    for (let cell = 0; cell < cells; cell++) {
      const [from, to] = [cell * part.count, (cell + 1) * part.count];
      const at = cell * count + part.first - first;
      whole.errors.set(part.errors.subarray(from, to), at);
      whole.statuses.set(part.statuses.subarray(from, to), at);
    }
  return whole;
}

/** To be filled: zeros, and all ok. */
export const emptyBatch = (first: number, count: number, cells: number, inDouble: boolean): TrialBatch => ({
  first,
  count,
  errors: new (inDouble ? Float64Array : Float32Array)(cells * count),
  statuses: new Uint8Array(cells * count),
});
