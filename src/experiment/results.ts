import type { Summary } from '../statistics/summary.ts';
import type { JsonObject } from './experiment.ts';

/** What was found out about an adapter; goes into `doctor`, the manifest and the page. */
export interface AdapterDescription {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** True for CPU implementations of WebGPU (SwiftShader, lavapipe, WARP): correct, never a GPU's speed. */
  readonly software: boolean;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

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
  /** Row of the tuning table; absent where no device computes, or a browser does. */
  readonly tuning?: string | undefined;
  /** Who computed the batches taken up from earlier runs, where it was another adapter or row; else absent. */
  readonly resumed?: readonly { readonly adapter: string; readonly tuning?: string | undefined }[] | undefined;
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
