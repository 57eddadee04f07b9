import type { PanelResult } from '../experiment/results.ts';
import { DeviceLost } from '../gpu/gpu.ts';
import { drawnBy, type Plan, type PlannedJob, REFERENCE_RATE } from '../plan/plan.ts';
import type { Together } from '../plan/together.ts';
import { eventLoop, MOST_BUSY_MS } from '../plan/turns.ts';
import type { EarlyResults, TrialBatch } from '../program/trials.ts';
import { countNonZero } from '../statistics/scan.ts';
import type { Backend } from './backend.ts';
import { batchesOf, firstBatch, nextCapacity } from './batching.ts';
import { common, gapsIn, type TrialRange, trialsIn, within, withRange } from './coverage.ts';
import type { Outcome, Progress } from './events.ts';
import { type Journal, jobKey, NO_JOURNAL, partOf, rangeOf, recipesOf } from './journal.ts';

/** What is to be drawn, and by whom. */
export interface DrawingOptions {
  readonly plan: Plan;
  readonly backend: Backend;
  readonly journal?: Journal;
  /** Largest batch, for tests; results do not depend on it. */
  readonly mostTrialsPerBatch?: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Aborted: the batches under way are finished, then the run returns with what it has. */
  readonly signal?: AbortSignal;
}

/** What becomes of the trials. */
export interface Counter {
  /** Counts trials that a job lacked; between two steps the caller may do something else. */
  add(job: number, batch: TrialBatch): Iterable<void, void>;
  /** Once a batch is written down, while the device draws the next one. */
  meanwhile(job: PlannedJob): Promise<void>;
  /** Whether so many trials of a job are enough, though it was to have more; absent where they never are. */
  readonly enough?: (job: number, trials: number) => boolean;
  /** Results so far; cells without any have those of batches under way. */
  snapshot(early: readonly EarlyPart[]): readonly PanelResult[];
}

/** What cells of a job have of a batch under way. */
export type EarlyPart = EarlyResults & { readonly job: number };

/** How many trials at a time, and the jobs that are drawn at once. */
interface Batches {
  readonly capacity: number;
  readonly largest: number;
  readonly together: Together | null;
}

/** Draws the trials that jobs lack of the ranges wanted of them, batch by batch, job by job, and writes each batch into the journal. */
export class Drawing {
  readonly #options: DrawingOptions;
  readonly #wanted: readonly TrialRange[];
  readonly #counter: Counter;
  /** `jobKey` of every job. */
  readonly keys: readonly string[];
  /** Trials that there are, per job: disjoint ranges in order. */
  readonly #done: (readonly TrialRange[])[];
  /** Jobs of which it was said that no device draws them. */
  readonly #told = new Set<number>();
  readonly #drawn: ReturnType<typeof drawnBy>;
  #failed = 0;
  #secondsSpent = 0;
  #workSpent = 0;
  #trialsSpent = 0;
  #deviceLosses = 0;
  #early: readonly EarlyPart[] = [];

  constructor(options: DrawingOptions, wanted: readonly TrialRange[], counter: Counter) {
    this.#options = options;
    this.#wanted = wanted;
    this.#counter = counter;
    this.keys = options.plan.jobs.map((job) => jobKey(job, options.backend.precision));
    this.#done = options.plan.jobs.map(() => []);
    this.#drawn = drawnBy(options.plan);
  }

  /** Trials of a job that there are: disjoint ranges in order. */
  done(job: number): readonly TrialRange[] {
    return this.#done[job]!;
  }

  /** Takes trials of a job for drawn. */
  pass(job: number, ranges: readonly TrialRange[]): void {
    for (const range of ranges)
      for (const part of within([range], this.#wanted[job]!)) this.#done[job] = withRange(this.#done[job]!, part);
  }

  /** Counts what the jobs of a key lack of a batch: panels that draw the same numbers in another way share it. */
  *count(key: string, batch: TrialBatch): Generator<void, void> {
    for (const [j, { cells }] of this.#options.plan.jobs.entries()) {
      if (this.keys[j] !== key) continue;
      for (const gap of gapsIn(this.#done[j]!, common(rangeOf(batch), this.#wanted[j]!))) {
        const part = partOf(batch, gap);
        this.#failed += countNonZero(part.statuses.subarray(0, cells.length * part.count));
        yield* this.#counter.add(j, part);
        this.#done[j] = withRange(this.#done[j]!, gap);
      }
    }
  }

  async all(): Promise<{ readonly outcome: Outcome; readonly error: Error | null }> {
    try {
      const { plan, journal = NO_JOURNAL } = this.#options;
      journal.checkpoints?.begin(plan.jobs.flatMap((_, j) => [this.keys[j]!, this.#nameOf(j, this.#together(j))]));
      for (const [j, job] of plan.jobs.entries()) {
        while (!(await this.#job(job, j))) if (this.#stopped()) return { outcome: 'stopped', error: null };
      }
      return { outcome: 'complete', error: null };
    } catch (error) {
      return { outcome: 'broken', error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  /** Trials of all jobs that there are. */
  trialsDone(): number {
    return this.#done.reduce((sum, done) => sum + trialsIn(done), 0);
  }

  note(text: string): void {
    this.#options.onProgress?.({ kind: 'note', text });
  }

  /** Works on a job until it is finished (true), or the user stops or another device takes over (false). */
  async #job(job: PlannedJob, j: number): Promise<boolean> {
    const { backend, mostTrialsPerBatch = Number.POSITIVE_INFINITY } = this.#options;
    const together = this.#together(j);
    const { cost } = together ?? job;
    const largest = Math.min(cost.largestBatch, mostTrialsPerBatch);
    const rate = cost.leftToReference ? REFERENCE_RATE : backend.rate();
    let capacity = firstBatch(cost, rate, largest, this.#missing(j));
    try {
      if (!this.#finished(j)) this.#tellWhoDraws(job, j);
      while (!this.#finished(j)) {
        if (this.#stopped()) return false;
        capacity = await this.#batches(job, j, { capacity, largest, together });
      }
      return true;
    } catch (error) {
      if (!(error instanceof DeviceLost) || this.#deviceLosses++ > 0) throw error;
      this.note(`${error.message}; another device takes over after ${trialsIn(this.#done[j]!)} trials.`);
      await backend.reopen();
      return false;
    }
  }

  /** The jobs that are drawn with this one: only where all of them lack the same trials, and nobody may have enough of one before. */
  #together(j: number): Together | null {
    const { plan, backend } = this.#options;
    if (!backend.openTogether || this.#counter.enough) return null;
    const together = plan.together.find(({ members }) => members.some(({ job }) => job === j));
    const lacks = (job: number) => JSON.stringify(gapsIn(this.#done[job]!, this.#wanted[job]!));
    return together?.members.every(({ job }) => lacks(job) === lacks(j)) ? together : null;
  }

  /** Once: a device was asked for, and this is slower. */
  #tellWhoDraws({ panel, cells, cost: { leftToReference } }: PlannedJob, j: number): void {
    if (!leftToReference || this.#options.backend.precision === 'f64' || this.#told.has(j)) return;
    this.#told.add(j);
    const what = cells.length === 1 ? '1 cell' : `${cells.length} cells`;
    this.note(`Panel ${panel.name}: the f64 reference computes ${what} without the device, since ${leftToReference}.`);
  }

  /**
   * Draws the first trials that the job lacks, to the next that it has, until the job is finished, or the user stops, or the
   * larger capacity that it returns would pay.
   */
  async #batches(job: PlannedJob, j: number, { capacity, largest, together }: Batches): Promise<number> {
    const { backend } = this.#options;
    const { cost } = together ?? job;
    const gap = gapsIn(this.#done[j]!, this.#wanted[j]!)[0]!;
    const name = this.#nameOf(j, together);
    const { checkpoints } = this.#options.journal ?? NO_JOURNAL;
    const keeper = checkpoints?.keeperOf(name);
    const { last } = keeper ?? {};
    // What is under way goes on as it was: with buffers and a batch of the same size.
    const kept = last && last.first === gap.first && last.first + last.count <= gap.end ? last : null;
    const room = kept?.capacity ?? capacity;
    const source = await (together ? backend.openTogether!(together, room) : backend.open(job, room));
    if (keeper) source.keep?.(keeper);
    let size = kept?.count ?? capacity;
    const countFrom = (first: number) =>
      this.#finished(j) || this.#stopped() || size > source.capacity ? 0 : Math.min(size, gap.end - first);
    // Whether there are enough is known only once a batch is counted.
    const ahead = this.#counter.enough === undefined;
    let since = performance.now();
    source.watch?.((trials, early) => {
      if (early) this.#early = earlyParts(early, j, together);
      this.#report({
        trials: trials * (together?.members.length ?? 1),
        work: trials * cost.workPerTrial,
        seconds: (performance.now() - since) / 1000,
      });
    });
    try {
      for await (const { batch, seconds, next } of batchesOf(
        source,
        gap.first,
        countFrom,
        ahead,
        this.#options.signal,
      )) {
        const parts = together
          ? together.members.map(({ job: member, places }) => ({ j: member, batch: recipesOf(batch, places) }))
          : [{ j, batch }];
        this.#early = [];
        for (const part of parts) await this.#accept(part.j, part.batch);
        if (source.keep) checkpoints?.drop(name, batch.first);
        this.#spend(batch.count * cost.workPerTrial, batch.count * parts.length, seconds);
        since = performance.now();
        size = nextCapacity(size, seconds / batch.count, cost, largest, gap.end - next);
      }
      return size;
    } finally {
      this.#early = [];
      source.close();
    }
  }

  async #accept(j: number, batch: TrialBatch): Promise<void> {
    const { journal = NO_JOURNAL, plan } = this.#options;
    let since = performance.now();
    for (const _ of this.count(this.keys[j]!, batch)) {
      if (performance.now() - since < MOST_BUSY_MS) continue;
      await eventLoop();
      since = performance.now();
    }
    journal.append({ job: this.keys[j]!, batch });
    // Here, not at the end, because the device has the next batch to draw meanwhile.
    await this.#counter.meanwhile(plan.jobs[j]!);
  }

  /** Of what is drawn at once. */
  #nameOf(j: number, together: Together | null): string {
    return together ? together.members.map(({ job }) => this.keys[job]).join('+') : this.keys[j]!;
  }

  #spend(work: number, trials: number, seconds: number): void {
    this.#secondsSpent += seconds;
    this.#workSpent += work;
    this.#trialsSpent += trials;
    this.#report();
  }

  #missing(j: number): number {
    const { first, end } = this.#wanted[j]!;
    return end - first - trialsIn(this.#done[j]!);
  }

  #finished(j: number): boolean {
    return this.#missing(j) <= 0 || (this.#counter.enough?.(j, trialsIn(this.#done[j]!)) ?? false);
  }

  #stopped(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  /** With what is done of a batch that takes long. */
  #report(part = { trials: 0, work: 0, seconds: 0 }): void {
    const seconds = this.#secondsSpent + part.seconds;
    const missing = (jobs: readonly number[]) => Math.max(...jobs.map((j) => this.#missing(j)));
    const left = this.#drawn.reduce((sum, { jobs, cost }) => sum + missing(jobs) * cost.workPerTrial, -part.work);
    this.#options.onProgress?.({
      kind: 'batch',
      trialsDone: this.trialsDone(),
      trialsTotal: this.#wanted.reduce((sum, { first, end }) => sum + end - first, 0),
      underWay: part.trials,
      trialsPerSecond: (this.#trialsSpent + part.trials) / seconds,
      secondsLeft: (left * seconds) / (this.#workSpent + part.work),
      failed: this.#failed,
      snapshot: () => this.#counter.snapshot(this.#early),
    });
  }
}

function earlyParts({ batch, known }: EarlyResults, job: number, together: Together | null): readonly EarlyPart[] {
  if (!together) return [{ job, batch, known }];
  return together.members.map(({ job: member, places }) => ({
    job: member,
    batch: recipesOf(batch, places),
    known: places.map((place) => known[place]!),
  }));
}
