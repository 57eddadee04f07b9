import type { Experiment, JsonObject } from '../experiment/experiment.ts';
import type { AdapterDescription } from '../gpu/gpu.ts';
import type { Summary } from '../statistics/summary.ts';

/** One cell of `results.json`. NaN and infinities are written as null. */
export interface CellResult extends Summary {
  readonly at: Readonly<Record<string, number>>;
  readonly sampler: string;
  readonly theory: { readonly value: number; readonly source: string } | null;
  /** (mean - theory) / sem; null without theory or where the mean does not exist. */
  readonly z: number | null;
}

export interface PanelResult {
  readonly name: string;
  readonly cells: readonly CellResult[];
}

/** Provenance of a run: enough to trace every number to an experiment, a seed and a commit. */
export interface Manifest {
  readonly version: string;
  readonly commit: string | null;
  readonly backend: 'node' | 'chrome' | 'reference';
  /** null on the reference backend. */
  readonly adapter: AdapterDescription | null;
  readonly driver: string;
  readonly samplers: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly start: string;
  readonly end: string;
  /** How many trials of all cells ended with which status. */
  readonly statuses: Readonly<Record<string, number>>;
}

export interface Results {
  readonly experiment: JsonObject;
  readonly manifest: Manifest;
  readonly panels: readonly PanelResult[];
}

/** What the engine tells while it works; the command line and the page turn it into words. */
export type Progress =
  | { readonly kind: 'batch'; readonly trialsDone: number; readonly trialsTotal: number; readonly trialsPerSecond: number; readonly secondsLeft: number; readonly failed: number }
  | { readonly kind: 'panel'; readonly result: PanelResult }
  | { readonly kind: 'note'; readonly text: string };

export interface RunOutcome {
  readonly experiment: Experiment;
  readonly results: Results;
  /** False when the user stopped the run before all trials were drawn. */
  readonly complete: boolean;
}
