import type { Summary } from '../statistics/summary.ts';
import type { JsonObject, Term } from './experiment.ts';

/** What was found out about an adapter; goes into `doctor`, the manifest and the page. */
export interface AdapterDescription {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** True for CPU implementations of WebGPU (SwiftShader, lavapipe, WARP): correct, never a GPU's speed. */
  readonly software: boolean;
  readonly features: readonly string[];
  /** Lanes of a subgroup, where all have the same number. */
  readonly subgroup?: number;
  readonly limits: Readonly<Record<string, number>>;
}

/** Trials beside their theory. */
export interface BesideTheory extends Summary {
  readonly theory: { readonly value: number; readonly source: string } | null;
  /** (mean - theory) / sem; null without theory or where the mean does not exist. */
  readonly z: number | null;
}

/** One cell of `results.json`. NaN and infinities are written as null. */
export interface CellResult extends BesideTheory {
  readonly at: Readonly<Record<string, number>>;
  readonly sampler: string;
  /** The parts of the test error; absent where the figure draws none of them. */
  readonly terms?: Readonly<Record<Term, BesideTheory>> | undefined;
}

/** A value with its 95 % interval and its standard error, over resamples of the trials. */
export interface Resampled {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly error: number;
}

/** An exponent of the test error in T, for one curve of a panel. */
export interface FitResult {
  /** The curve: every axis but that of T. */
  readonly at: Readonly<Record<string, number>>;
  /** What was fitted is what the curve adds to the one where these numbers are changed; null: the error itself. */
  readonly over: Readonly<Record<string, number>> | null;
  /** First and last T of the points. */
  readonly window: readonly [number, number] | null;
  readonly points: number;
  /** Trials that all these points have. */
  readonly trials: number;
  /** Slope of the theory at this dimension over the same points, and how far it may be off. */
  readonly theory: { readonly slope: number; readonly allowance: number } | null;
  /** Exponent that the scaling law gives the largest term of the theory. */
  readonly theorem: { readonly exponent: number; readonly term: string; readonly source: string } | null;
  /** The simulated slope; null where the fit is refused. */
  readonly slope: Resampled | null;
  /** Why there is no fit; null where there is one. */
  readonly refused: string | null;
  /** T at which what the curve adds overtakes what it is added to; null without `over`, or where it never does or twice. */
  readonly crossover: Crossover | null;
}

export interface Crossover {
  /** Of the theory. */
  readonly theory: number;
  /** Of the theory read off between the same points as the simulation; null where it is not between two of them. */
  readonly interpolated: number | null;
  readonly simulated: Resampled | null;
}

export interface PanelResult {
  readonly name: string;
  readonly cells: readonly CellResult[];
  /** Absent where none was asked for. */
  readonly fits?: readonly FitResult[] | undefined;
}

/** Provenance of a run: enough to trace every number to an experiment, a seed and a commit. */
export interface Manifest {
  readonly version: string;
  readonly commit: string | null;
  readonly backend: 'node' | 'chrome' | 'firefox' | 'reference';
  /** null on the reference backend. */
  readonly adapter: AdapterDescription | null;
  readonly driver: string;
  /** Row of the tuning table; absent where no device computes, or a browser does. */
  readonly tuning?: string | undefined;
  /** Who computed the batches taken up from earlier runs, where it was another adapter or row; else absent. */
  readonly resumed?: readonly { readonly adapter: string; readonly tuning?: string | undefined }[] | undefined;
  /** Of a run that was merged from so many shards, and those of them that were not complete; else absent. */
  readonly shards?: { readonly count: number; readonly missing?: readonly number[] | undefined } | undefined;
  /** What `collapse certify` found; absent before, and after any later run. */
  readonly certificate?: Certificate | undefined;
  readonly samplers: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly start: string;
  readonly end: string;
  /** How many trials of all cells ended with which status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Absent where there were too few trials to tell, and in older files. */
  readonly independence?: Independence | undefined;
}

/** Random trials of every job that were replayed in f64. */
export interface Certificate {
  /** Of each job, and what they were chosen by. */
  readonly trials: number;
  readonly seed: number;
  /** Test errors held against the f32 bound, and how many were beyond it. */
  readonly compared: number;
  readonly beyond: number;
  /** Cells whose mean or median is not that of the recorded trials. */
  readonly misstated: number;
  /** Largest distance, as a share of its bound. */
  readonly ratio: number;
}

export interface Results {
  readonly experiment: JsonObject;
  readonly manifest: Manifest;
  readonly panels: readonly PanelResult[];
}

/** Cells that share draws agree or disagree together: of so many that vary, about so many are independent tests. */
export interface Independence {
  readonly tests: number;
  readonly independent: number;
}
