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

/** Batches of one trial each, in order, as one. */
export function joined(batches: readonly TrialBatch[]): TrialBatch {
  const count = batches.length;
  const cells = batches[0]!.errors.length;
  const errors = new Float64Array(cells * count);
  const statuses = new Uint8Array(cells * count);
  for (const [t, batch] of batches.entries())
    for (let cell = 0; cell < cells; cell++) {
      errors[cell * count + t] = batch.errors[cell]!;
      statuses[cell * count + t] = batch.statuses[cell]!;
    }
  return { first: batches[0]!.first, count, errors, statuses };
}
