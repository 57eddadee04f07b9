import { countNonZero } from './scan.ts';
import { merged, type Numbers, sorted } from './sort.ts';
import { type Summary, summarise } from './summary.ts';

/** Status of a trial that counts; every other status is a kind of failure. */
const OK = 0;

/** So many errors are sorted at once: a radix sort takes as long for each of them as one merge of two runs does. */
const RUN = 2 ** 15;

/** Batches that wait for that at most: a view of a small one takes more memory than its numbers. */
const MOST_RECENT = 64;

/**
 * The trials of one cell so far: their errors as sorted runs, for exact quantiles need them all, and a count of every
 * status. 4 bytes a trial where the errors are f32, as a device hands them over, 8 where they have more digits.
 *
 * Many are sorted as they come, while the device works on the next batch, so that little is left to do at the end. The
 * summary is computed from the errors in order, so it is bit for bit the same however the trials were cut into batches,
 * ordered or merged.
 */
export class CellSample {
  /** Each at least twice as long as the next, so that no trial is merged often. */
  #runs: Numbers[] = [];
  /** Errors of the last batches, in no order. */
  #recent: Numbers[] = [];
  #recentLength = 0;
  readonly #statusCounts: number[] = [0];
  #summary: Summary | null = null;
  #settled = false;

  /** One batch: `errors[i]` counts where `statuses[i]` is ok (0). The errors must stay as they are. */
  add(errors: Numbers, statuses: Uint8Array): void {
    if (errors.length !== statuses.length)
      throw new RangeError(`A batch has ${errors.length} errors but ${statuses.length} statuses.`);
    const ok = statuses.length - countNonZero(statuses);
    if (ok < statuses.length) for (const status of statuses) if (status !== OK) this.#countStatus(status, 1);
    this.#countStatus(OK, ok);
    if (ok === 0) return;
    const counted = ok === errors.length ? errors : errors.filter((_, i) => statuses[i] === OK);
    refuseNonFinite(counted);
    this.#recent.push(counted);
    this.#recentLength += ok;
    if (this.#recentLength >= RUN || this.#recent.length >= MOST_RECENT) this.#sortRecent();
  }

  /** Takes in the trials of another sample of the same cell; the other one stays as it is. */
  merge(other: CellSample): void {
    other.#statusCounts.forEach((count, status) => {
      this.#countStatus(status, count);
    });
    other.#sortRecent();
    for (const run of other.#runs) this.#addRun(run);
  }

  /** Errors of the ok trials in ascending order. */
  values(): Numbers {
    this.#sortRecent();
    this.#runs = [this.#runs.reduceRight((short, long) => merged(long, short), new Float32Array())];
    return this.#runs[0]!;
  }

  /** How many trials ended with each status, indexed by the status. */
  statusCounts(): readonly number[] {
    return this.#statusCounts;
  }

  /** Statistics that do not exist for so few trials are NaN. */
  summary(): Summary {
    this.#summary ??= summarise(
      this.values(),
      this.#statusCounts.reduce((sum, count) => sum + count) - this.#statusCounts[OK]!,
    );
    return this.#summary;
  }

  /** Sums up for good: no trial can be added any more, and those that there are need no memory. */
  settle(): void {
    this.summary();
    this.#runs = [];
    this.#settled = true;
  }

  /** Every trial that is taken in comes by here. */
  #countStatus(status: number, by: number): void {
    if (this.#settled) throw new Error('This sample is summed up.');
    this.#summary = null;
    while (this.#statusCounts.length <= status) this.#statusCounts.push(0);
    this.#statusCounts[status]! += by;
  }

  #sortRecent(): void {
    const recent = this.#recent;
    if (recent.length === 0) return;
    this.#recent = [];
    this.#recentLength = 0;
    this.#addRun(sorted(recent.length === 1 ? recent[0]! : oneAfterAnother(recent)));
  }

  #addRun(run: Numbers): void {
    let last = run;
    while (this.#runs.length > 0 && this.#runs.at(-1)!.length < 2 * last.length) last = merged(this.#runs.pop()!, last);
    this.#runs.push(last);
  }
}

/** A sampler marks every non-finite error; one that slips through would poison the mean in silence. */
function refuseNonFinite(errors: Numbers): void {
  // What is not finite times 0 is NaN, and what is added to NaN is too.
  let zero = 0;
  for (let i = 0; i < errors.length; i++) zero += 0 * errors[i]!;
  if (zero === 0) return;
  throw new RangeError(`A trial has status ok but error ${errors.find((error) => !Number.isFinite(error))}.`);
}

function oneAfterAnother(parts: readonly Numbers[]): Numbers {
  const Whole = parts.every((part) => part instanceof Float32Array) ? Float32Array : Float64Array;
  const whole = new Whole(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
