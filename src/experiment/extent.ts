import { mostCells } from './axis.ts';
import type { PlacedSweep } from './cells.ts';
import { axesOf } from './cells.ts';
import type { Scheme } from './scheme.ts';

/** What a file has of everything that takes time and memory before a single trial is drawn. */
export interface Extent {
  readonly cells: number;
  /** Values of all axes as they are asked for, equal ones among them. */
  readonly values: number;
  /** Eigenvalues, coefficients and the like, over all cells; one that has those of a cell before it counts for a sixteenth. */
  readonly numbers: number;
  /** Blocks of data behind the estimates of all cells, one for each generation in most regimes. */
  readonly blocks: number;
}

export const NOTHING: Extent = { cells: 0, values: 0, numbers: 0, blocks: 0 };

/** Limits of a whole file. A file at one of them is read and planned in about a second. */
export const MOST: Extent = { cells: mostCells, values: 5 * mostCells, numbers: 4_000_000, blocks: 100_000 };

const NAMES: Readonly<Record<keyof Extent, string>> = {
  cells: 'cells',
  values: 'values of its axes',
  numbers: 'numbers (dimension times cells)',
  blocks:
    'blocks of work (generations times cells, squares of them where data accumulate, pieces of long passes, steps of training)',
};

const PARTS = ['cells', 'values', 'numbers', 'blocks'] as const;

export function together(a: Extent, b: Extent): Extent {
  const [cells, values, numbers, blocks] = PARTS.map((part) => a[part] + b[part]);
  return { cells: cells!, values: values!, numbers: numbers!, blocks: blocks! };
}

/** Of the axes alone, before their product is carried out. */
export function axesExtent(sweeps: readonly PlacedSweep[]): Extent {
  const cells = axesOf(sweeps).reduce((product, { values }) => product * values.length, 1);
  return { ...NOTHING, cells, values: sweeps.reduce((sum, { sweep }) => sum + sweep.asked, 0) };
}

/** Of what stands behind the cells. `generations` and `dimension` are what every regime calls them. */
export function cellsExtent(scheme: Scheme, cells: readonly { readonly parameters: unknown }[]): Extent {
  let [numbers, blocks] = [0, 0];
  const met = new Set<string>();
  for (const { parameters } of cells) {
    const { dimension = 1, generations = 0, ...others } = parameters as Sizes;
    const { covariance, truth, synthetic } = others;
    const lists = JSON.stringify([dimension, covariance, truth, synthetic?.covariance, synthetic?.shift]);
    numbers += met.has(lists) ? dimension / 16 : dimension;
    met.add(lists);
    blocks += scheme.blocks?.(parameters) ?? generations + 1;
  }
  return { ...NOTHING, numbers, blocks };
}

/** What of a cell's parameters tells how many numbers it has, and which. */
interface Sizes {
  readonly dimension?: number;
  readonly generations?: number;
  readonly covariance?: unknown;
  readonly truth?: unknown;
  readonly synthetic?: { readonly covariance?: unknown; readonly shift?: unknown };
}

/** What a file has too much of; null if nothing. */
export function tooMuch(extent: Extent): string | null {
  const part = PARTS.find((one) => extent[one] > MOST[one]);
  if (!part) return null;
  return `the file has at least ${Math.floor(extent[part])} ${NAMES[part]}, need at most ${MOST[part]} in all its panels together`;
}
