import { meanOf, momentsOf, standardDeviation, standardError } from './moments.ts';
import { quantileOfSorted } from './quantiles.ts';
import type { Summary } from './summary.ts';

/** Status of a trial that counts; every other status is a kind of failure. */
const OK = 0;

/**
 * The trials of one cell so far. Errors are kept as f64, as the samplers hand them over (8 bytes a trial): exact
 * quantiles need them all, and the reference backend has more digits than f32 holds.
 *
 * The summary is computed from the sorted errors, so it is bit for bit the same however the trials were cut into
 * batches, ordered or merged.
 */
export class CellSample {
  #errors = new Float64Array(64);
  #count = 0;
  readonly #statusCounts: number[] = [0];
  #summary: Summary | null = null;

  /** One batch: `errors[i]` counts where `statuses[i]` is ok (0). */
  add(errors: ArrayLike<number>, statuses: ArrayLike<number>): void {
    if (errors.length !== statuses.length)
      throw new RangeError(`A batch has ${errors.length} errors but ${statuses.length} statuses.`);
    this.#reserve(errors.length);
    for (let i = 0; i < errors.length; i++) this.#addTrial(errors[i]!, statuses[i]!);
    this.#summary = null;
  }

  /** Takes in the trials of another sample of the same cell; the other one stays as it is. */
  merge(other: CellSample): void {
    const values = other.values();
    this.#reserve(values.length);
    this.#errors.set(values, this.#count);
    this.#count += values.length;
    other.statusCounts().forEach((count, status) => {
      this.#countStatus(status, count);
    });
    this.#summary = null;
  }

  /** Errors of the ok trials in order of arrival; a view that the next `add` may leave behind. */
  values(): Float64Array {
    return this.#errors.subarray(0, this.#count);
  }

  /** How many trials ended with each status, indexed by the status. */
  statusCounts(): readonly number[] {
    return this.#statusCounts;
  }

  /** Statistics that do not exist for so few trials are NaN. Costs a sort after each `add`. */
  summary(): Summary {
    this.#summary ??= summarise(this.values(), this.#failed());
    return this.#summary;
  }

  #addTrial(error: number, status: number): void {
    if (status === OK) {
      // A sampler marks every non-finite error; one that slips through would poison the mean in silence.
      if (!Number.isFinite(error)) throw new RangeError(`A trial has status ok but error ${error}.`);
      this.#errors[this.#count++] = error;
    }
    this.#countStatus(status, 1);
  }

  #countStatus(status: number, count: number): void {
    while (this.#statusCounts.length <= status) this.#statusCounts.push(0);
    this.#statusCounts[status]! += count;
  }

  #failed(): number {
    return this.#statusCounts.reduce((sum, count) => sum + count, 0) - this.#statusCounts[OK]!;
  }

  #reserve(more: number): void {
    const needed = this.#count + more;
    if (needed <= this.#errors.length) return;
    const grown = new Float64Array(Math.max(needed, 2 * this.#errors.length));
    grown.set(this.values());
    this.#errors = grown;
  }
}

function summarise(values: Float64Array, failed: number): Summary {
  const sorted = values.slice().sort();
  const moments = momentsOf(sorted);
  return {
    trials: sorted.length,
    failed,
    mean: meanOf(moments),
    sem: standardError(moments),
    sd: standardDeviation(moments),
    median: quantileOfSorted(sorted, 0.5),
    q05: quantileOfSorted(sorted, 0.05),
    q95: quantileOfSorted(sorted, 0.95),
  };
}
