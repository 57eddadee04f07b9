import type { Manifest, PanelResult } from '../experiment/results.ts';
import type { Plan } from '../plan/plan.ts';
import { atOnce, eventLoop, inTurns, MOST_BUSY_MS } from '../plan/turns.ts';
import type { TrialBatch } from '../program/trials.ts';
import type { Regime } from '../regimes/regime.ts';
import { Drawing, type DrawingOptions } from './drawing.ts';
import type { RunOutcome } from './events.ts';
import { type JournalEntry, type Maker, rangeOf } from './journal.ts';
import { KeptTrials } from './kept-trials.ts';
import { Tally } from './tally.ts';

/** Who ran it: what the engine cannot know by itself. */
export type Provenance = Pick<Manifest, 'version' | 'commit' | 'backend' | 'driver'>;

export interface RunOptions extends DrawingOptions {
  readonly regimes: ReadonlyMap<string, Regime>;
  readonly provenance: Provenance;
  /** Ends a job once the relative standard error of every cell's mean is at most this, trials permitting. */
  readonly targetSem?: number;
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
  const { outcome, error } = await run.drawing.all();
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
  readonly drawing: Drawing;
  readonly #options: RunOptions;
  readonly #tally: Tally;
  readonly #kept: KeptTrials;
  /** Who drew what was taken over from the journal, by the text of the name. */
  readonly #makers = new Map<string, Maker>();

  constructor(options: RunOptions) {
    const { plan, regimes, targetSem, signal, onProgress } = options;
    const tally = new Tally(plan, regimes);
    const kept = new KeptTrials(plan);
    this.#options = options;
    this.#tally = tally;
    this.#kept = kept;
    const all = plan.jobs.map(({ trials }) => ({ first: 0, end: trials }));
    this.drawing = new Drawing(options, all, {
      *add(job: number, batch: TrialBatch) {
        kept.add(job, batch);
        yield* tally.add(job, batch);
      },
      meanwhile: async ({ panel }) => void (await inTurns(tally.predict(panel), signal, onProgress)),
      ...(targetSem === undefined
        ? {}
        : { enough: (job, trials) => trials >= LEAST_TRIALS_FOR_SEM && tally.relativeSem(job) <= targetSem }),
      snapshot: (early) => {
        atOnce(tally.predictAll());
        return tally.panels(early);
      },
    });
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

  /** Results beside their theory, with the fits; once stopped, with what is known of both. */
  async panels(): Promise<{ readonly panels: readonly PanelResult[]; readonly whole: boolean }> {
    const { signal, onProgress } = this.#options;
    const predicted = await inTurns(this.#tally.predictAll(), signal, onProgress);
    const trialsOf = (panel: string, cell: number) => this.#kept.of(panel, cell);
    const fitted = predicted && (await inTurns(this.#tally.fitted(trialsOf), signal, onProgress));
    return { panels: fitted?.value ?? this.#tally.panels(), whole: fitted !== null };
  }

  results(start: Date, { panels }: { readonly panels: readonly PanelResult[] }): RunOutcome['results'] {
    const { plan, backend, provenance } = this.#options;
    return {
      experiment: plan.experiment.file,
      manifest: {
        ...provenance,
        adapter: backend.adapter,
        ...(backend.tuning ? { tuning: backend.tuning } : {}),
        ...countsOf(plan, this.#tally, start, new Date()),
      },
      panels,
    };
  }

  jobs(): RunOutcome['jobs'] {
    return this.#options.plan.jobs.map(({ panel, cells, job }, j) => ({
      key: this.drawing.keys[j]!,
      panel: panel.name,
      cells: cells.map((cell) => panel.cells[cell]!.at),
      recipes: job.recipes.length,
      counted: this.drawing.done(j),
    }));
  }

  makers(): RunOutcome['makers'] {
    return [...this.#makers.values()];
  }

  /** Takes over what jobs lack of a batch of the journal: trials that are there already, or more than are wanted, are passed over. */
  #recall({ job: key, batch, by }: JournalEntry): void {
    const wanted = this.#options.plan.jobs.filter((_, j) => this.drawing.keys[j] === key);
    const odd = wanted.find(({ job }) => job.recipes.length * batch.count !== batch.errors.length);
    if (odd) {
      const { first, end } = rangeOf(batch);
      this.drawing.note(
        `Trials ${first} to ${end - 1} of job ${key} in the journal are of other cells; they are drawn again.`,
      );
      return;
    }
    const before = this.drawing.trialsDone();
    for (const _ of this.drawing.count(key, batch));
    if (by && this.drawing.trialsDone() > before) this.#makers.set(JSON.stringify([by.adapter, by.tuning]), by);
  }
}

/** What the manifest says of the plan and of the trials that were counted. */
export function countsOf(
  plan: Plan,
  tally: Tally,
  start: Date,
  end: Date,
): Pick<Manifest, 'samplers' | 'seed' | 'start' | 'end' | 'statuses' | 'independence'> {
  const independence = tally.independence();
  return {
    samplers: Object.fromEntries(plan.jobs.map(({ sampler }) => [sampler.name, sampler.version])),
    seed: plan.experiment.panels[0]!.seed,
    start: start.toISOString(),
    end: end.toISOString(),
    statuses: tally.statuses(),
    ...(independence ? { independence } : {}),
  };
}
