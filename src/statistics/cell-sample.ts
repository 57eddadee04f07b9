import { merged, type Numbers, sorted } from './sort.ts';
import { type Summary, summarise } from './summary.ts';

/** Status of a trial that counts; every other status is a kind of failure. */
const OK = 0;

/**
 * The trials of one cell so far: their errors as sorted runs, for exact quantiles need them all, and a count of every
 * status. 4 bytes a trial where the errors are f32, as a device hands them over, 8 where they have more digits.
 *
 * Each batch is sorted as it comes, while the device works on the next, so that little is left to do at the end. The summary
 * is computed from the errors in order, so it is bit for bit the same however the trials were cut into batches, ordered or
 * merged.
 */
export class CellSample {
  /** Each at least twice as long as the next, so that no trial is merged often. */
  #runs: Numbers[] = [];
  readonly #statusCounts: number[] = [0];
  #summary: Summary | null = null;
  #settled = false;

  /** One batch: `errors[i]` counts where `statuses[i]` is ok (0). */
  add(errors: Numbers, statuses: Uint8Array): void {
    if (errors.length !== statuses.length)
      throw new RangeError(`A batch has ${errors.length} errors but ${statuses.length} statuses.`);
    let ok = 0;
    for (let i = 0; i < statuses.length; i++)
      if (statuses[i] === OK) ok++;
      else this.#countStatus(statuses[i]!, 1);
    this.#countStatus(OK, ok);
    const run = sorted(ok === errors.length ? errors : errors.filter((_, i) => statuses[i] === OK));
    refuseNonFinite(run);
    this.#addRun(run);
  }

  /** Takes in the trials of another sample of the same cell; the other one stays as it is. */
  merge(other: CellSample): void {
    other.#statusCounts.forEach((count, status) => {
      this.#countStatus(status, count);
    });
    for (const run of other.#runs) this.#addRun(run);
  }

  /** Errors of the ok trials in ascending order. */
  values(): Numbers {
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

  #countStatus(status: number, by: number): void {
    while (this.#statusCounts.length <= status) this.#statusCounts.push(0);
    this.#statusCounts[status]! += by;
  }

  #addRun(run: Numbers): void {
    if (this.#settled) throw new Error('This sample is summed up.');
    let last = run;
    while (this.#runs.length > 0 && this.#runs.at(-1)!.length < 2 * last.length) last = merged(this.#runs.pop()!, last);
    this.#runs.push(last);
    this.#summary = null;
  }
}

/** A sampler marks every non-finite error; one that slips through would poison the mean in silence. It sorts to an end. */
function refuseNonFinite(run: Numbers): void {
  const bad = [run.at(0), run.at(-1)].find((error) => error !== undefined && !Number.isFinite(error));
  if (bad !== undefined) throw new RangeError(`A trial has status ok but error ${bad}.`);
}
