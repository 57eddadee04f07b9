import type { Outcome } from '../engine/events.ts';
import type { JournalEntry } from '../engine/journal.ts';
import type { RidgeReport } from '../engine/ridge-report.ts';
import type { JsonObject } from '../experiment/experiment.ts';
import type { AdapterDescription, PanelResult, Results } from '../experiment/results.ts';
import type { TheoryPoint } from '../report/theory-curve.ts';

/** What the page tells the worker that draws. Orders are obeyed one after the other; `id` comes back with all news of one. */
export type Order =
  /** `past`: batches that the page has, to go on from. With `halt` nothing is drawn: what is there is summed up. */
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly file: JsonObject;
      readonly past: readonly JournalEntry[];
      readonly halt: boolean;
    }
  /** Look for the best ridge. */
  | { readonly kind: 'ridges'; readonly id: number; readonly file: JsonObject }
  /** Finish the batch under way, keep what there is. */
  | { readonly kind: 'stop' };

/** What the page tells the worker of the theory; a later order ends an earlier one. */
export interface TheoryOrder {
  readonly id: number;
  readonly file: JsonObject;
}

/** News, and of which order. */
export interface Told {
  /** 0: of none. */
  readonly id: number;
  readonly news: News;
}

/** What the drawing worker tells the page. */
export type News =
  | DeviceNews
  | BatchNews
  | EndNews
  | RidgeNews
  /** What it is at, by name. */
  | { readonly kind: 'phase'; readonly text: string }
  /** A finished batch, for the page to keep. */
  | { readonly kind: 'entry'; readonly entry: JournalEntry }
  | { readonly kind: 'note'; readonly text: string }
  /** The run did not begin. */
  | { readonly kind: 'refused'; readonly message: string };

export interface DeviceNews {
  readonly kind: 'device';
  /** null: the f64 reference computes. */
  readonly adapter: AdapterDescription | null;
  readonly reason: string;
}

/** The theory of an experiment as far as it is worked out, one entry for each panel. */
export interface TheoryNews {
  readonly id: number;
  readonly panels: readonly PanelTheory[];
  /** What is being worked out, by name; null once all is. */
  readonly doing: string | null;
  /** Why it broke off; null where it did not. */
  readonly problem: string | null;
}

export interface PanelTheory {
  /** Empty where nothing is known yet, or nothing ever. */
  readonly points: readonly TheoryPoint[];
  /** How many cells are without a value, and why the first of them is; null while not known, or where all have one. */
  readonly silent: { readonly cells: number; readonly reason: string } | null;
}

export interface BatchNews {
  readonly kind: 'batch';
  readonly trialsDone: number;
  readonly trialsTotal: number;
  readonly trialsPerSecond: number;
  readonly secondsLeft: number;
  readonly failed: number;
  /** null where the last ones are young enough. */
  readonly panels: readonly PanelResult[] | null;
}

export interface EndNews {
  readonly kind: 'end';
  readonly outcome: Outcome;
  readonly results: Results;
  /** Names of its jobs. */
  readonly jobs: readonly string[];
  /** Why it broke. */
  readonly error: string | null;
}

/** Of the search for the best ridge; what is null has not changed. */
export interface RidgeNews {
  readonly kind: 'ridges';
  readonly status: 'running' | 'ended' | 'refused';
  readonly reports: readonly RidgeReport[] | null;
  /** Of the grid of ridges that is being drawn. */
  readonly batch: { readonly trialsDone: number; readonly trialsTotal: number } | null;
  /** Why it was refused or broke off. */
  readonly message: string | null;
}
