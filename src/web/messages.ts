import type { Outcome } from '../engine/events.ts';
import type { RidgeReport } from '../engine/ridge-report.ts';
import type { JsonObject } from '../experiment/experiment.ts';
import type { AdapterDescription, PanelResult, Results } from '../experiment/results.ts';
import type { TheoryPoint } from '../report/theory-curve.ts';

/** What the page tells its worker. */
export type Order =
  | { readonly kind: 'run'; readonly file: JsonObject }
  /** Look for the best ridge. */
  | { readonly kind: 'ridges'; readonly file: JsonObject }
  /** Finish the batch under way, keep what there is. */
  | { readonly kind: 'stop' }
  /** Work out the dashed lines. */
  | { readonly kind: 'theory'; readonly file: JsonObject; readonly id: number };

/** What the worker tells the page. */
export type News =
  | DeviceNews
  | TheoryNews
  | BatchNews
  | EndNews
  | RidgeNews
  | { readonly kind: 'note'; readonly text: string }
  /** The run did not begin. */
  | { readonly kind: 'refused'; readonly message: string };

export interface DeviceNews {
  readonly kind: 'device';
  /** null: the f64 reference computes. */
  readonly adapter: AdapterDescription | null;
  readonly reason: string;
}

export interface TheoryNews {
  readonly kind: 'theory';
  readonly id: number;
  /** One list for each panel; none where the theory broke off. */
  readonly curves: readonly (readonly TheoryPoint[])[];
  /** Why it broke off; null where it did not. */
  readonly problem: string | null;
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
