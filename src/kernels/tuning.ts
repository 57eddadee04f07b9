import type { Gpu } from '../gpu/gpu.ts';
import { gram, gramPanel, triangleGroups } from './products.ts';
import { type ProductTiles, type RowSource, TILE_ROWS, tilesFor } from './tiles.ts';

/** Which kernels work on Gram matrices, and in workgroups of how many lanes. All rows of the table agree up to rounding. */
export interface Tuning {
  /** Gram matrix: 4 x 4 entries per lane straight from memory, or gram-panel.wgsl. */
  readonly gram: 'registers' | 'tiles';
  /** Cholesky and solves: how lanes share the row they multiply by. */
  readonly rows: RowSource;
  /** Gram matrices in tiles, and plain products. */
  readonly products: ProductTiles;
  /** Lanes of a workgroup in cholesky-panel and cholesky-solve, from 16; each has four columns. */
  readonly lanes: number;
  /** Largest order of which a lane of a processor factors and solves a whole matrix by itself (cholesky-lanes.wgsl); 0: none. */
  readonly ownMatrix: number;
}

/**
 * `portable` needs nothing but WebGPU's default limits. `gpu` shares rows in workgroup memory: per row a lane reads four vec4
 * from there, one of its own, and does 64 multiply-adds. It rests on what is published of GPUs; what a card made of it is in
 * docs/benchmarks.md. `software` was measured on lavapipe and SwiftShader, which read memory lane by lane, workgroup memory too:
 * there a row is spread over the registers of four lanes.
 */
export const TUNINGS = {
  portable: { gram: 'registers', rows: 'memory', products: { source: 'memory', lanes: 64 }, lanes: 64, ownMatrix: 0 },
  gpu: { gram: 'tiles', rows: 'memory', products: { source: 'memory', lanes: 64 }, lanes: 64, ownMatrix: 0 },
  software: {
    gram: 'tiles',
    rows: 'broadcast',
    products: { source: 'broadcast', lanes: 16 },
    lanes: 16,
    ownMatrix: 256,
  },
} as const satisfies Record<string, Tuning>;

export type TuningName = keyof typeof TUNINGS;

/** Lanes of a subgroup that hold the rows of a tile of 32 between them. */
const EIGHT = 8;

/**
 * The row of the table that a target names; where products broadcast rows, a workgroup of them is one subgroup, and tiles are twice as tall
 * where that has eight lanes and more. The bits are the same.
 */
export function tuningOf({ tuning, subgroup }: Pick<Target, 'tuning' | 'subgroup'>): Tuning {
  const row: Tuning = TUNINGS[tuning];
  const { source, lanes } = row.products;
  if (source !== 'broadcast' || subgroup === undefined) return row;
  return { ...row, products: { source: subgroup >= EIGHT ? 'wide' : source, lanes: Math.min(lanes, subgroup) } };
}

/** What a program is compiled for. */
export interface Target {
  /** Row of the tuning table. */
  readonly tuning: TuningName;
  /** Whether the adapter is a processor. */
  readonly software: boolean;
  /** Lanes of a subgroup, where the device has subgroups and all are of this size. */
  readonly subgroup?: number | undefined;
}

/** Runs on every device. */
export const PORTABLE: Target = { tuning: 'portable', software: true };

export const targetOf = (gpu: Gpu): Target => ({
  tuning: tuningName(gpu),
  software: gpu.adapter.software,
  subgroup: subgroupOf(gpu.adapter),
});

const subgroupOf = ({ features, subgroup }: Gpu['adapter']) => (features.includes('subgroups') ? subgroup : undefined);

/** The row a device works with: the one chosen for it, or the table's; never by the batch, so that a run rounds alike. */
export function tuningName(gpu: Gpu): TuningName {
  return gpu.tuning ? named(gpu.tuning, gpu) : tableRow(gpu);
}

/** The row of the table for a device of its kind. */
export function tableRow({ adapter, device }: Gpu): TuningName {
  return rowOf(adapter.software, device.features.has('subgroups'));
}

function rowOf(software: boolean, subgroups: boolean): TuningName {
  if (!software) return 'gpu';
  return subgroups ? 'software' : 'portable';
}

/** The target of an adapter whose device is not open yet: that of the table. */
export function plannedTarget(adapter: Gpu['adapter']): Target {
  const { software, features } = adapter;
  return { tuning: rowOf(software, features.includes('subgroups')), software, subgroup: subgroupOf(adapter) };
}

export function canRun(name: TuningName, { device }: Gpu): boolean {
  return device.features.has('subgroups') || TUNINGS[name].rows !== 'broadcast';
}

function named(name: string, gpu: Gpu): TuningName {
  const names = Object.keys(TUNINGS) as TuningName[];
  const found = names.find((known) => known === name);
  if (!found) throw new Error(`COLLAPSE_TUNING is '${name}'; allowed are ${names.join(', ')}, auto.`);
  if (!canRun(found, gpu))
    throw new Error(`COLLAPSE_TUNING is '${name}', which needs subgroups; this device has none.`);
  return found;
}

/** How a Gram matrix of a row length is dispatched; `rows` and `accumulate` complete the launch. */
export function gramDispatch(
  { gram: kind, products }: Tuning,
  stride: number,
  TRIANGULAR: boolean,
): {
  readonly kernel: typeof gram;
  readonly groups: number;
  readonly constants: Record<string, number | boolean>;
  readonly launch: { readonly stride4: number; readonly tiles: number };
  /** Entries that are summed, those done for nothing included. */
  readonly entries: number;
} {
  const stride4 = stride / 4;
  if (kind === 'registers') {
    const tiles = (stride4 * (stride4 + 1)) / 2;
    const groups = Math.ceil(tiles / 64);
    return { kernel: gram, groups, constants: { TRIANGULAR }, launch: { stride4, tiles }, entries: 16 * tiles };
  }
  const { source, lanes: LANES } = tilesFor(products, stride);
  const groups = triangleGroups(stride4, LANES, { block: TILE_ROWS[source] });
  const entries = groups * 4 * LANES * TILE_ROWS[source];
  return {
    kernel: gramPanel[source],
    groups,
    constants: { LANES, TRIANGULAR },
    launch: { stride4, tiles: 0 },
    entries,
  };
}
