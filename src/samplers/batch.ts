import type { CellResultPlace } from './direct/schedule.ts';
import { type TrialBatch, type TrialSource, TrialStatus } from './sampler.ts';

/** What one trial came to: test errors by number, and the factorisations that broke down. */
export interface TrialResult {
  readonly errors: ArrayLike<number>;
  readonly broken?: ReadonlySet<number>;
}

/** Puts together a batch from the error and the fate of every cell in every trial; `brokenStatus` says what broken means. */
export function batchOf(
  cells: readonly CellResultPlace[],
  first: number,
  count: number,
  errorOf: (error: number, trial: number) => number,
  isBroken: (factor: number, trial: number) => boolean,
  brokenStatus: TrialStatus = TrialStatus.nonPositivePivot,
): TrialBatch {
  const errors = new Float64Array(cells.length * count);
  const statuses = new Uint8Array(cells.length * count);
  cells.forEach(({ error: number, factors }, cell) => {
    for (let trial = 0; trial < count; trial++) {
      const error = errorOf(number, trial);
      errors[cell * count + trial] = error;
      const broken = factors.some((factor) => isBroken(factor, trial));
      statuses[cell * count + trial] = broken ? brokenStatus : statusOf(error);
    }
  });
  return { first, count, errors, statuses };
}

function statusOf(error: number): TrialStatus {
  return Number.isFinite(error) ? TrialStatus.ok : TrialStatus.nonFinite;
}

/** A source that works through its trials one after the other, without a device. */
export function sequentialSource(
  cells: readonly CellResultPlace[],
  runTrial: (trial: number) => TrialResult,
): TrialSource {
  return {
    capacity: Number.POSITIVE_INFINITY,
    run: async (first, count) => {
      const results = Array.from({ length: count }, (_, trial) => runTrial(first + trial));
      return batchOf(
        cells,
        first,
        count,
        (error, trial) => results[trial]!.errors[error]!,
        (factor, trial) => results[trial]!.broken?.has(factor) ?? false,
      );
    },
    close: () => {},
  };
}
