import type { PanelResult, Results } from '../experiment/results.ts';
import type { TrialRange } from './coverage.ts';
import type { Maker } from './journal.ts';
import type { Phase } from './phase.ts';

/** What the engine tells while it works; the command line and the page turn it into words. */
export type Progress =
  | {
      readonly kind: 'batch';
      /** Trials finished and wanted, summed over jobs. */
      readonly trialsDone: number;
      readonly trialsTotal: number;
      /** Trials' worth of work that is done of those under way, where they take long. */
      readonly underWay: number;
      readonly trialsPerSecond: number;
      readonly secondsLeft: number;
      /** Trials of single cells that failed numerically. */
      readonly failed: number;
      /** Results so far; computed when called. */
      readonly snapshot: () => readonly PanelResult[];
    }
  | Phase
  | { readonly kind: 'note'; readonly text: string };

export type Outcome = 'complete' | 'stopped' | 'broken';

/** What a job of the journal stands for. */
export interface JobRecord {
  /** Name of the job in the journal. */
  readonly key: string;
  readonly panel: string;
  /** Place in the sweep of each of the job's cells. */
  readonly cells: readonly Readonly<Record<string, number>>[];
  /** Errors and statuses of a trial in the journal, those of the cells first. */
  readonly recipes: number;
  /** Trials in the results: disjoint ranges in order. */
  readonly counted: readonly TrialRange[];
}

export interface RunOutcome {
  readonly results: Results;
  /** `stopped` by the user, or `broken` by `error`; what was finished is in `results`. */
  readonly outcome: Outcome;
  readonly error: Error | null;
  readonly jobs: readonly JobRecord[];
  /** Who drew the trials that were taken over from the journal. */
  readonly makers: readonly Maker[];
}
