import { type Errors, emptyBatch, type TrialBatch, type TrialSource, TrialStatus } from '../program/trials.ts';

/** Where a cell's result is found after a trial. */
export interface CellResultPlace {
  readonly error: number;
  /** Factors the estimate rests on, its own and those of all generations before it. */
  readonly factors: readonly number[];
  /** The test error is a multiple of 4^unit (`LinearRecipe.unit`); 0 where absent. */
  readonly unit?: number;
}

/** What one trial came to: test errors by number, and the factorisations that broke down. */
export interface TrialResult {
  readonly errors: ArrayLike<number>;
  readonly broken?: ReadonlySet<number>;
}

/** What the trials of a batch came to, a row per number: `stride` places long, trial t of the batch at place t. */
export interface ResultRows {
  readonly stride: number;
  readonly errors: Errors;
  /** By factorisation: 0, or whatever else if it broke down. null where none can. */
  readonly statuses: Uint32Array | null;
}

/** Puts together a batch from the error and the fate of every cell in every trial; `brokenStatus` says what broken means. */
export function batchOf(
  cells: readonly CellResultPlace[],
  first: number,
  count: number,
  { stride, errors, statuses }: ResultRows,
  brokenStatus: TrialStatus = TrialStatus.nonPositivePivot,
): TrialBatch {
  const inDouble = errors instanceof Float64Array || cells.some(({ unit = 0 }) => unit !== 0);
  const batch = emptyBatch(first, count, cells.length, inDouble);
  for (const [cell, place] of cells.entries()) {
    const row = batch.errors.subarray(cell * count, (cell + 1) * count);
    const fates = batch.statuses.subarray(cell * count, (cell + 1) * count);
    row.set(errors.subarray(place.error * stride, place.error * stride + count));
    // Zero unless one of them is not finite.
    let zero = 0;
    for (let trial = 0; trial < count; trial++) zero += 0 * row[trial]!;
    for (let trial = 0; zero !== 0 && trial < count; trial++)
      if (!Number.isFinite(row[trial]!)) fates[trial] = lossOf(row[trial]!);
    const unit = 4 ** (place.unit ?? 0);
    if (unit !== 1) for (let trial = 0; trial < count; trial++) row[trial]! *= unit;
    if (!statuses) continue;
    for (const factor of place.factors)
      for (let trial = 0; trial < count; trial++)
        if (statuses[factor * stride + trial] !== 0) fates[trial] = brokenStatus;
  }
  return batch;
}

const lossOf = (error: number): TrialStatus =>
  error === Number.POSITIVE_INFINITY ? TrialStatus.overflow : TrialStatus.nonFinite;

/** A source that works through its trials one after the other, without a device. */
export function sequentialSource(
  cells: readonly CellResultPlace[],
  runTrial: (trial: number) => TrialResult,
): TrialSource {
  const numbers = 1 + cells.reduce((most, { error }) => Math.max(most, error), -1);
  const factors = 1 + cells.reduce((most, cell) => cell.factors.reduce((a, b) => Math.max(a, b), most), -1);
  return {
    capacity: Number.POSITIVE_INFINITY,
    run: async (first, count) => {
      const rows = {
        stride: count,
        errors: new Float64Array(numbers * count),
        statuses: new Uint32Array(factors * count),
      };
      for (let trial = 0; trial < count; trial++) {
        const { errors, broken } = runTrial(first + trial);
        for (let number = 0; number < numbers; number++) rows.errors[number * count + trial] = errors[number]!;
        for (const factor of broken ?? []) rows.statuses[factor * count + trial] = 1;
      }
      return batchOf(cells, first, count, rows);
    },
    close: () => {},
  };
}
