import type { TrialRange } from '../engine/coverage.ts';
import { type DrawnJob, drawnJobs } from '../engine/drawn-jobs.ts';
import type { Experiment, Term } from '../experiment/experiment.ts';
import type { Results } from '../experiment/results.ts';
import { TrialStatus } from '../program/trials.ts';
import { regimes } from '../regimes/index.ts';
import { termsOf } from '../regimes/terms.ts';
import { FileTrials } from './file-trials.ts';
import { trialFiles } from './shard-files.ts';
import { damageText, readStored } from './stored.ts';
import { TrialsIndex } from './trials-index.ts';

/** Trials of a stretch that are in memory at a time. */
const MOST_TRIALS = 2 ** 20;

/** The trials behind the results in a folder, cell by cell, read from its journals and shards. Whoever makes it closes it. */
export class StoredCells {
  readonly jobs: readonly DrawnJob[];
  readonly #index = new TrialsIndex();
  readonly #trials: FileTrials;
  readonly #experiment: Experiment;

  /** `warn` is told what of the files cannot be read. */
  constructor(folder: string, experiment: Experiment, results: Results, warn: (text: string) => void) {
    this.#experiment = experiment;
    this.jobs = drawnJobs(experiment, results, regimes);
    const keys = new Set(this.jobs.map(({ key }) => key));
    for (const path of trialFiles(folder)) {
      const damage: string[] = [];
      for (const stored of readStored(path, damage, (key) => keys.has(key))) this.#index.add(stored);
      if (damage.length > 0) warn(`${path} cannot be trusted in full: ${damageText(damage)}.`);
    }
    const counted = (panel: string) => [{ first: 0, end: this.#panel(panel).trials }];
    this.#trials = new FileTrials(
      this.jobs.map(({ key, recipes, panel }) => ({ key, recipes, counted: counted(panel) })),
      this.#index,
    );
  }

  /** Errors of a cell, or a term of them, by trial, NaN where one failed or is not there; null where none is. */
  of(panel: string, cell: number, term: Term | null): Float64Array | null {
    const j = this.jobs.findIndex((job) => job.panel === panel && job.cells.includes(cell));
    const { cells, recipes } = this.jobs[j]!;
    const end = this.#trials.counted(j).at(-1)?.end ?? 0;
    if (end === 0) return null;
    const errors = new Float64Array(end).fill(Number.NaN);
    const place = cells.indexOf(cell);
    const variants = term === null ? 1 : recipes / cells.length;
    for (const { first, count, read } of this.#trials.stretches(j, MOST_TRIALS)) {
      const rows = Array.from({ length: variants }, (_, variant) => {
        const recipe = variant * cells.length + place;
        return read(recipe, recipe + 1);
      });
      for (let t = 0; t < count; t++) {
        if (rows.some(({ statuses }) => statuses[t] !== TrialStatus.ok)) continue;
        errors[first + t] = term === null ? rows[0]!.errors[t]! : termsOf((variant) => rows[variant]!.errors[t]!)[term];
      }
    }
    return errors;
  }

  /** Trials of a job that there are. */
  counted(j: number): readonly TrialRange[] {
    return this.#trials.counted(j);
  }

  /** Some trials of every job, and no others. Whoever asks closes them. */
  some(trials: readonly (readonly number[])[]): FileTrials {
    const jobs = this.jobs.map(({ key, recipes }, j) => {
      const counted = trials[j]!.map((trial) => ({ first: trial, end: trial + 1 }));
      return { key, recipes, counted };
    });
    return new FileTrials(jobs, this.#index);
  }

  close(): void {
    this.#trials.close();
    this.#index.close();
  }

  #panel(name: string) {
    return this.#experiment.panels.find((panel) => panel.name === name)!;
  }
}
