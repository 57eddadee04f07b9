import dualSource from '../../shaders/samplers/fused-dual.wgsl?raw';
import primalSource from '../../shaders/samplers/fused-primal.wgsl?raw';
import solveSource from '../../shaders/samplers/fused-solve.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { ADDRESS_LAUNCH, RANDOM_INCLUDES } from './random.ts';

const common = {
  includes: [...RANDOM_INCLUDES, solveSource],
  buffers: {
    scale: ['f32', 'read'],
    settings: ['u32', 'read'],
    models: ['vec4f', 'read_write'],
    errors: ['f32', 'read_write'],
    statuses: ['u32', 'read_write'],
  },
  launch: {
    ...ADDRESS_LAUNCH,
    errors_unit: 'u32',
    errors_generation: 'u32',
    rows: 'u32',
    columns: 'u32',
    order: 'u32',
    stride4: 'u32',
    quads: 'u32',
    side_quads: 'u32',
    tiles: 'u32',
    group_trials: 'u32',
    tile_rows: 'u32',
    size: 'u32',
    factor_at: 'u32',
    parts_at: 'u32',
    count: 'u32',
    sides: 'u32',
    ridges: 'u32',
    trials: 'u32',
    measured: 'u32',
    settings: 'u32',
    error_offset: 'u32',
    status_offset: 'u32',
  },
} as const;

export const fusedPrimal = defineKernel({ name: 'samplers/fused-primal', source: primalSource, ...common });

export const fusedDual = defineKernel({ name: 'samplers/fused-dual', source: dualSource, ...common });

/** Features that the kernels have room for. */
const MOST_COLUMNS = 128;

/**
 * Invocations of a workgroup, and vectors of four that it holds: with the kernels' other needs at most 16 KiB, what every
 * WebGPU device allows; the path that a pass takes, and so its bits, should not depend on more. 96 lanes, three whole
 * subgroups of 32, own the tiles of order 48 with four sides. Memory is no larger than helps: it limits how many workgroups a
 * core holds, and SwiftShader's compiler clears it vector by vector.
 */
const PRIMAL = { LANES: 96, MEMORY: 544 } as const;
const DUAL = { LANES: 96, MEMORY: 960 } as const;

/** Sizes of one fit. */
export interface FusedShape {
  readonly rows: number;
  readonly columns: number;
  readonly sides: number;
}

/** How a fused kernel is laid out for a shape: override constants, and what goes into its launch. */
export interface FusedLayout {
  readonly dual: boolean;
  readonly constants: { readonly LANES: number; readonly MEMORY: number };
  readonly launch: Readonly<
    Record<
      'quads' | 'side_quads' | 'tiles' | 'group_trials' | 'tile_rows' | 'size' | 'factor_at' | 'parts_at' | 'count',
      number
    >
  >;
}

const quadsOf = (n: number) => Math.ceil(n / 4);

/** The layout for a shape, or null if it does not fit in a workgroup. */
export function fusedLayout({ rows, columns, sides }: FusedShape): FusedLayout | null {
  const dual = rows < columns;
  const constants = dual ? DUAL : PRIMAL;
  if (columns > MOST_COLUMNS) return null;
  const quads = quadsOf(Math.min(rows, columns));
  const side_quads = quadsOf(sides);
  const tiles = (quads * (quads + 1)) / 2 + side_quads * quads;
  const count = quadsOf(columns);
  const most = Math.floor(constants.LANES / tiles);
  // More rows at a time keep more lanes drawing, and cost fewer barriers.
  for (const tile_rows of dual ? [0] : [32, 16, 8, 4]) {
    const factor_at = dual ? 4 * count * (quads + side_quads) : 0;
    const parts_at = Math.max(tile_rows * (quads + 1), factor_at + 4 * tiles);
    const size = parts_at + side_quads * count;
    const group_trials = Math.min(most, Math.floor(constants.MEMORY / size));
    const isLast = dual || tile_rows === 4;
    if (group_trials > 0 && (group_trials === most || isLast)) {
      const launch = { quads, side_quads, tiles, group_trials, tile_rows, size, factor_at, parts_at, count };
      return { dual, constants, launch };
    }
  }
  return null;
}
