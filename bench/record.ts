import type { AdapterDescription } from '../src/experiment/results.ts';

/** What one run of the benchmarks leaves behind: every number of docs/benchmarks.md comes from such records. */
export interface BenchRecord {
  /** Raised when the meaning of a field changes. */
  readonly format: 1;
  readonly command: string;
  readonly date: string;
  /** Duration of the whole run. */
  readonly seconds: number;
  readonly version: string;
  readonly commit: string | null;
  readonly backend: 'node' | 'chrome' | 'firefox';
  readonly driver: string;
  readonly machine: Machine;
  readonly adapter: AdapterDescription;
  readonly rounds: number;
  /** Seconds a repeat aims at. */
  readonly sampleSeconds: number;
  readonly roofline: Roofline | null;
  readonly rows: readonly Row[];
  readonly overlaps: readonly Overlap[];
  readonly goals: readonly GoalVerdict[];
  readonly peers: readonly PeerRecord[];
  /** What was to be measured and is not, or not wholly: the time was over. Absent in records older than this field. */
  readonly unfinished?: readonly string[];
}

export interface Machine {
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  /** Load of the last minute when the run began: above 1 somebody else was at work. */
  readonly loadBefore: number;
}

export type PeerRecord =
  | { readonly name: string; readonly version: string; readonly device: string }
  | { readonly name: string; readonly missing: string };

export type Group = 'kernels' | 'trials' | 'samplers' | 'networks' | 'tuning';
export type Unit = 'flop' | 'byte' | 'word' | 'normal' | 'draw' | 'example' | 'trial';

/** What a row is about, known before it is measured. */
export interface RowHead {
  readonly group: Group;
  /** Rows of one block took turns, round by round, and may be compared. */
  readonly block: string;
  /** `collapse` for our kernels, `collapse <sampler>` for our trials, else the peer and its method. */
  readonly contestant: string;
  readonly name: string;
  readonly shape: Readonly<Record<string, number>>;
  readonly unit: Unit;
  /** Floating-point operations and bytes of memory traffic per unit, by the conventions of docs/benchmarks.md; 0 where not counted. */
  readonly flopsPerUnit: number;
  readonly bytesPerUnit: number;
}

/** A result held against what it must be; `wrong` rows have no business being fast. */
export interface Check {
  readonly what: string;
  readonly value: number;
  readonly bound: number;
}

export interface Row extends RowHead {
  /** Units of one repeat. */
  readonly units: number;
  /** Seconds of every repeat. */
  readonly seconds: readonly number[];
  readonly check: Check | null;
  readonly verdict: 'ok' | 'wrong' | 'missing' | 'failed';
  /** Why a row is missing or failed, or what must be known to read it. */
  readonly note: string;
}

/** Peaks of the adapter, each read before and after everything else; only before where the measurement was cut. */
export interface Roofline {
  readonly flops: Reading;
  readonly bytes: Reading;
  /** Largest difference of two readings of one peak, relative to their mean; null without second ones. */
  readonly drift: number | null;
  /** How much drift lets the run count: 0.05 on a GPU, 0.25 on software, whose cores are shared. */
  readonly allowedDrift: number;
  readonly variants: readonly { readonly name: string; readonly perSecond: number }[];
}

export interface Reading {
  /** The microkernel that was fastest. */
  readonly kernel: string;
  readonly before: number;
  readonly after: number | null;
  /** The larger of the two, so that shares of it do not flatter. */
  readonly peak: number;
}

/** Where the time of a whole run went. */
export interface Overlap {
  readonly sampler: string;
  readonly d: number;
  readonly trials: number;
  readonly batches: number;
  readonly wallSeconds: number;
  /** From recording a batch to the end of its last submit. */
  readonly executeSeconds: number;
  /** The device was in a compute pass, by its own clock; null where it has none. */
  readonly busySeconds: number | null;
}

export interface GoalVerdict {
  readonly what: string;
  /** What was measured: a ratio, a share, or seconds as `unit` says. */
  readonly value: number | null;
  readonly unit: 'times' | 'share' | 's';
  readonly threshold: number;
  readonly aim: number | null;
  readonly verdict: 'met' | 'missed' | 'not measured';
  /** The rows the value comes from, or why there is none. */
  readonly from: string;
}
