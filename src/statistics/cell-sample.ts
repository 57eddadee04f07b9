import { meanOf, momentsOf, standardDeviation, standardError } from './moments.ts';
import { quantileOfSorted } from './quantiles.ts';
import { sorted } from './sort.ts';
import type { Summary } from './summary.ts';

/** Status of a trial that counts; every other status is a kind of failure. */
const OK = 0;

/** Trials in order of arrival; the error means something only where the status is ok (0). */
export interface TrialRecords {
  readonly errors: Float64Array;
  readonly statuses: Uint8Array;
}

/**
 * The trials of one cell so far. Errors are kept as f64, as the samplers hand them over: exact quantiles need them all,
 * and the reference backend has more digits than f32 holds. 9 bytes a trial with its status.
 *
 * The summary is computed from the sorted errors, so it is bit for bit the same however the trials were cut into
 * batches, ordered or merged.
 */
export class CellSample {
  #errors: Float64Array;
  #statuses: Uint8Array;
  #count = 0;
  readonly #statusCounts: number[] = [0];
  #summary: Summary | null = null;

  /** Room for `expected` trials is set aside at once; more of them are taken in all the same. */
  constructor(expected = 64) {
    this.#errors = new Float64Array(expected);
    this.#statuses = new Uint8Array(expected);
  }

  /** One batch: `errors[i]` counts where `statuses[i]` is ok (0). */
  add(errors: ArrayLike<number>, statuses: ArrayLike<number>): void {
    if (errors.length !== statuses.length)
      throw new RangeError(`A batch has ${errors.length} errors but ${statuses.length} statuses.`);
    refuseNonFinite(errors, statuses);
    this.#reserve(errors.length);
    this.#errors.set(errors, this.#count);
    this.#statuses.set(statuses, this.#count);
    this.#count += errors.length;
    for (let i = 0; i < statuses.length; i++) this.#countStatus(statuses[i]!);
    this.#summary = null;
  }

  /** Takes in the trials of another sample of the same cell; the other one stays as it is. */
  merge(other: CellSample): void {
    const { errors, statuses } = other.records();
    this.add(errors, statuses);
  }

  /** All trials; views that the next `add` may leave behind. */
  records(): TrialRecords {
    return { errors: this.#errors.subarray(0, this.#count), statuses: this.#statuses.subarray(0, this.#count) };
  }

  /** Errors of the ok trials in order of arrival; may be a view that the next `add` leaves behind. */
  values(): Float64Array {
    const { errors, statuses } = this.records();
    return this.#statusCounts[OK] === this.#count ? errors : errors.filter((_, i) => statuses[i] === OK);
  }

  /** How many trials ended with each status, indexed by the status. */
  statusCounts(): readonly number[] {
    return this.#statusCounts;
  }

  /** Statistics that do not exist for so few trials are NaN. Costs a sort after each `add`. */
  summary(): Summary {
    this.#summary ??= summarise(this.values(), this.#count - this.#statusCounts[OK]!);
    return this.#summary;
  }

  #countStatus(status: number): void {
    while (this.#statusCounts.length <= status) this.#statusCounts.push(0);
    this.#statusCounts[status]! += 1;
  }

  #reserve(more: number): void {
    const needed = this.#count + more;
    if (needed <= this.#errors.length) return;
    const size = Math.max(needed, 2 * this.#errors.length);
    const { errors, statuses } = this.records();
    this.#errors = new Float64Array(size);
    this.#statuses = new Uint8Array(size);
    this.#errors.set(errors);
    this.#statuses.set(statuses);
  }
}

/** A sampler marks every non-finite error; one that slips through would poison the mean in silence. */
function refuseNonFinite(errors: ArrayLike<number>, statuses: ArrayLike<number>): void {
  for (let i = 0; i < errors.length; i++) {
    if (statuses[i] === OK && !Number.isFinite(errors[i])) {
      throw new RangeError(`A trial has status ok but error ${errors[i]}.`);
    }
  }
}

function summarise(values: Float64Array, failed: number): Summary {
  const ascending = sorted(values);
  const moments = momentsOf(ascending);
  return {
    trials: ascending.length,
    failed,
    mean: meanOf(moments),
    sem: standardError(moments),
    sd: standardDeviation(moments),
    median: quantileOfSorted(ascending, 0.5),
    q05: quantileOfSorted(ascending, 0.05),
    q95: quantileOfSorted(ascending, 0.95),
  };
}
