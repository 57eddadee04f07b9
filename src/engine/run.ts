import type { Manifest, PanelResult } from '../experiment/results.ts';
import { DeviceLost } from '../gpu/gpu.ts';
import { type Plan, type PlannedJob, REFERENCE_RATE } from '../plan/plan.ts';
import { atOnce, eventLoop, inTurns, MOST_BUSY_MS } from '../plan/turns.ts';
import type { TrialBatch } from '../program/trials.ts';
import type { Regime } from '../regimes/regime.ts';
import type { Backend } from './backend.ts';
import { batchesOf, firstBatch, nextCapacity } from './batching.ts';
import { gapsIn, type TrialRange, trialsIn, withRange } from './coverage.ts';
import type { Progress, RunOutcome } from './events.ts';
import { type Journal, type JournalEntry, jobKey, type Maker, NO_JOURNAL, partOf, rangeOf } from './journal.ts';
import { Tally } from './tally.ts';

/** Who ran it: what the engine cannot know by itself. */
export type Provenance = Pick<Manifest, 'version' | 'commit' | 'backend' | 'driver'>;

export interface RunOptions {
  readonly plan: Plan;
  readonly regimes: ReadonlyMap<string, Regime>;
  readonly backend: Backend;
  readonly provenance: Provenance;
  readonly journal?: Journal;
  /** Ends a job once the relative standard error of every cell's mean is at most this, trials permitting. */
  readonly targetSem?: number;
  /** Largest batch, for tests; results do not depend on it. */
  readonly mostTrialsPerBatch?: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Aborted: the batches under way are finished, then the run returns with what it has. */
  readonly signal?: AbortSignal;
}

/** A mean needs this many trials before its standard error may end a job. */
const LEAST_TRIALS_FOR_SEM = 16;

/**
 * Draws every trial of the plan that the journal lacks, batch by batch, job by job. Rejects where the journal cannot be read, never
 * for what happens on the device: see `RunOutcome`.
 */
export async function runPlan(options: RunOptions): Promise<RunOutcome> {
  const start = new Date();
  const run = new Run(options);
  await run.recall();
  const { outcome, error } = await run.all();
  const panels = await run.panels();
  const results = run.results(start, panels);
  return {
    outcome: outcome === 'complete' && !panels.whole ? 'stopped' : outcome,
    error,
    results,
    jobs: run.jobs(),
    makers: run.makers(),
  };
}

class Run {
  readonly #options: RunOptions;
  readonly #tally: Tally;
  /** `jobKey` of every job. */
  readonly #keys: readonly string[];
  /** Trials already in the tally, per job: disjoint ranges in order. */
  readonly #done: (readonly TrialRange[])[];
  /** Who drew what was taken over from the journal, by the text of the name. */
  readonly #makers = new Map<string, Maker>();
  /** Jobs of which it was said that no device draws them. */
  readonly #told = new Set<number>();
  #secondsSpent = 0;
  #workSpent = 0;
  #trialsSpent = 0;
  #deviceLosses = 0;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#tally = new Tally(options.plan, options.regimes);
    this.#keys = options.plan.jobs.map((job) => jobKey(job, options.backend.precision));
    this.#done = options.plan.jobs.map(() => []);
  }

  /** Takes over what the journal holds; rejects where it cannot be read. */
  async recall(): Promise<void> {
    let since = performance.now();
    for (const entry of this.#options.journal?.past ?? []) {
      this.#recall(entry);
      if (performance.now() - since < MOST_BUSY_MS) continue;
      await eventLoop();
      since = performance.now();
    }
  }

  async all(): Promise<Pick<RunOutcome, 'outcome' | 'error'>> {
    try {
      for (const [j, job] of this.#options.plan.jobs.entries()) {
        while (!(await this.#job(job, j))) if (this.#stopped()) return { outcome: 'stopped', error: null };
      }
      return { outcome: 'complete', error: null };
    } catch (error) {
      return { outcome: 'broken', error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  /** Results beside their theory, with the fits; once stopped, with what is known of both. */
  async panels(): Promise<{ readonly panels: readonly PanelResult[]; readonly whole: boolean }> {
    const { signal } = this.#options;
    const predicted = await inTurns(this.#tally.predictAll(), signal);
    const fitted = predicted && (await inTurns(this.#tally.fitted(), signal));
    return { panels: fitted?.value ?? this.#tally.panels(), whole: fitted !== null };
  }

  results(start: Date, { panels }: { readonly panels: readonly PanelResult[] }): RunOutcome['results'] {
    const { plan, backend, provenance } = this.#options;
    const independence = this.#tally.independence();
    return {
      experiment: plan.experiment.file,
      manifest: {
        ...provenance,
        adapter: backend.adapter,
        ...(backend.tuning ? { tuning: backend.tuning } : {}),
        samplers: Object.fromEntries(plan.jobs.map(({ sampler }) => [sampler.name, sampler.version])),
        seed: plan.experiment.panels[0]!.seed,
        start: start.toISOString(),
        end: new Date().toISOString(),
        statuses: this.#tally.statuses(),
        ...(independence ? { independence } : {}),
      },
      panels,
    };
  }

  jobs(): RunOutcome['jobs'] {
    return this.#options.plan.jobs.map(({ panel, cells, job }, j) => ({
      key: this.#keys[j]!,
      panel: panel.name,
      cells: cells.map((cell) => panel.cells[cell]!.at),
      recipes: job.recipes.length,
      counted: this.#done[j]!,
    }));
  }

  makers(): RunOutcome['makers'] {
    return [...this.#makers.values()];
  }

  /** Takes over what jobs lack of a batch of the journal: trials that are there already, or more than are wanted, are passed over. */
  #recall({ job: key, batch, by }: JournalEntry): void {
    const wanted = this.#options.plan.jobs.filter((_, j) => this.#keys[j] === key);
    const odd = wanted.find(({ job }) => job.recipes.length * batch.count !== batch.errors.length);
    if (odd) {
      const { first, end } = rangeOf(batch);
      this.#note(
        `Trials ${first} to ${end - 1} of job ${key} in the journal are of other cells; they are drawn again.`,
      );
      return;
    }
    const before = this.#trialsDone();
    for (const _ of this.#count(key, batch));
    if (by && this.#trialsDone() > before) this.#makers.set(JSON.stringify([by.adapter, by.tuning]), by);
  }

  /** Counts what the jobs of a key lack of a batch: panels that draw the same numbers in another way share it. */
  *#count(key: string, batch: TrialBatch): Generator<void, void> {
    const { first, end } = rangeOf(batch);
    for (const [j, { trials }] of this.#options.plan.jobs.entries()) {
      if (this.#keys[j] !== key) continue;
      for (const gap of gapsIn(this.#done[j]!, { first, end: Math.min(end, trials) })) {
        yield* this.#tally.add(j, partOf(batch, gap));
        this.#done[j] = withRange(this.#done[j]!, gap);
      }
    }
  }

  /** Works on a job until it is finished (true), or the user stops or another device takes over (false). */
  async #job(job: PlannedJob, j: number): Promise<boolean> {
    const { backend, mostTrialsPerBatch = Number.POSITIVE_INFINITY } = this.#options;
    const largest = Math.min(job.cost.largestBatch, mostTrialsPerBatch);
    const rate = job.cost.leftToReference ? REFERENCE_RATE : backend.rate();
    let capacity = firstBatch(job.cost, rate, largest, job.trials - trialsIn(this.#done[j]!));
    try {
      if (!this.#finished(job, j)) this.#tellWhoDraws(job, j);
      while (!this.#finished(job, j)) {
        if (this.#stopped()) return false;
        capacity = await this.#batches(job, j, capacity, largest);
      }
      return true;
    } catch (error) {
      if (!(error instanceof DeviceLost) || this.#deviceLosses++ > 0) throw error;
      this.#note(`${error.message}; another device takes over after ${trialsIn(this.#done[j]!)} trials.`);
      await backend.reopen();
      return false;
    }
  }

  /** Once: a device was asked for, and this is slower. */
  #tellWhoDraws({ panel, cells, cost: { leftToReference } }: PlannedJob, j: number): void {
    if (!leftToReference || this.#options.backend.precision === 'f64' || this.#told.has(j)) return;
    this.#told.add(j);
    const what = cells.length === 1 ? '1 cell' : `${cells.length} cells`;
    this.#note(`Panel ${panel.name}: the f64 reference computes ${what} without the device, since ${leftToReference}.`);
  }

  /**
   * Draws the first trials that the job lacks, to the next that it has, until the job is finished, or the user stops, or the
   * larger capacity that it returns would pay.
   */
  async #batches(job: PlannedJob, j: number, capacity: number, largest: number): Promise<number> {
    const source = await this.#options.backend.open(job, capacity);
    const gap = gapsIn(this.#done[j]!, { first: 0, end: job.trials })[0]!;
    let size = capacity;
    const countFrom = (first: number) =>
      this.#finished(job, j) || this.#stopped() || size > source.capacity ? 0 : Math.min(size, gap.end - first);
    // Whether a target is reached is known only once a batch is counted.
    const { targetSem, signal } = this.#options;
    const ahead = targetSem === undefined;
    try {
      for await (const { batch, seconds, next } of batchesOf(source, gap.first, countFrom, ahead, signal)) {
        await this.#accept(job, j, batch, seconds);
        size = nextCapacity(size, seconds / batch.count, job.cost, largest, gap.end - next);
      }
      return size;
    } finally {
      source.close();
    }
  }

  async #accept(job: PlannedJob, j: number, batch: TrialBatch, seconds: number): Promise<void> {
    const { journal = NO_JOURNAL } = this.#options;
    let since = performance.now();
    for (const _ of this.#count(this.#keys[j]!, batch)) {
      if (performance.now() - since < MOST_BUSY_MS) continue;
      await eventLoop();
      since = performance.now();
    }
    journal.append({ job: this.#keys[j]!, batch });
    // Here, not at the end, because the device has the next batch to draw meanwhile.
    await inTurns(this.#tally.predict(job.panel), this.#options.signal);
    this.#secondsSpent += seconds;
    this.#workSpent += batch.count * job.cost.workPerTrial;
    this.#trialsSpent += batch.count;
    this.#report();
  }

  #finished(job: PlannedJob, j: number): boolean {
    const done = trialsIn(this.#done[j]!);
    if (done >= job.trials) return true;
    const { targetSem } = this.#options;
    return targetSem !== undefined && done >= LEAST_TRIALS_FOR_SEM && this.#tally.relativeSem(j) <= targetSem;
  }

  #trialsDone(): number {
    return this.#done.reduce((sum, done) => sum + trialsIn(done), 0);
  }

  #stopped(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  #report(): void {
    const { jobs } = this.#options.plan;
    const statuses = this.#tally.statuses();
    const left = jobs.reduce((sum, job, j) => sum + (job.trials - trialsIn(this.#done[j]!)) * job.cost.workPerTrial, 0);
    this.#options.onProgress?.({
      kind: 'batch',
      trialsDone: this.#trialsDone(),
      trialsTotal: jobs.reduce((sum, job) => sum + job.trials, 0),
      trialsPerSecond: this.#trialsSpent / this.#secondsSpent,
      secondsLeft: (left * this.#secondsSpent) / this.#workSpent,
      failed: Object.entries(statuses).reduce((sum, [name, count]) => sum + (name === 'ok' ? 0 : count), 0),
      snapshot: () => {
        atOnce(this.#tally.predictAll());
        return this.#tally.panels();
      },
    });
  }

  #note(text: string): void {
    this.#options.onProgress?.({ kind: 'note', text });
  }
}
