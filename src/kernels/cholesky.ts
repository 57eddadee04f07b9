import choleskyLanesSource from '../../shaders/linalg/cholesky-lanes.wgsl?raw';
import choleskyPanelSource from '../../shaders/linalg/cholesky-panel.wgsl?raw';
import choleskySolveSource from '../../shaders/linalg/cholesky-solve.wgsl?raw';
import choleskySolveFewSource from '../../shaders/linalg/cholesky-solve-few.wgsl?raw';
import choleskySolveLanesSource from '../../shaders/linalg/cholesky-solve-lanes.wgsl?raw';
import choleskySolveSlabSource from '../../shaders/linalg/cholesky-solve-slab.wgsl?raw';
import choleskyUpdateSource from '../../shaders/linalg/cholesky-update.wgsl?raw';
import solveSixteen from '../../shaders/linalg/solve-sixteen.wgsl?raw';
import { type BufferType, defineKernel, type KernelDefinition } from '../gpu/kernel.ts';
import { triangleGroups } from './products.ts';
import { bySource, byTile, PANEL, type ProductTiles, type RowSource, TILE_ROWS, type TileTuning } from './tiles.ts';

/** Right-hand sides that are solved for together; buffers of unknowns hold multiples of it. */
export const SIDES = 16;

export const wholeSides = (sides: number): number => Math.ceil(sides / SIDES) * SIDES;

export const choleskyPanel = bySource(({ name, enables, includes }) =>
  defineKernel({
    name: `linalg/cholesky-panel (${name})`,
    rate: 0.9,
    enables,
    includes,
    source: choleskyPanelSource,
    buffers: {
      gram: ['vec4f', 'read'],
      matrix: ['vec4f', 'read_write'],
      inverses: ['vec4f', 'read_write'],
      diagonals: ['vec4f', 'read'],
      statuses: ['u32', 'read_write'],
    },
    launch: {
      stride4: 'u32',
      begun: 'u32',
      panel4: 'u32',
      panels: 'u32',
      order: 'u32',
      penalty: 'f32',
      status_offset: 'u32',
      trials: 'u32',
    },
  }),
);

export const choleskyUpdate = byTile(({ name, enables, includes }) =>
  defineKernel({
    name: `linalg/cholesky-update (${name})`,
    rate: 5,
    enables,
    includes,
    source: choleskyUpdateSource,
    buffers: { gram: ['vec4f', 'read'], matrix: ['vec4f', 'read_write'], diagonals: ['vec4f', 'read_write'] },
    launch: { stride4: 'u32', begun: 'u32', end: 'u32', rows: 'u32' },
  }),
);

const SOLVE_BUFFERS = {
  matrix: ['f32', 'read'],
  inverses: ['vec4f', 'read'],
  sides: ['f32', 'read'],
  unknowns: ['vec4f', 'read_write'],
  solutions: ['f32', 'read_write'],
} as const;

export const choleskySolve = bySource(({ name, enables, includes }) =>
  defineKernel({
    name: `linalg/cholesky-solve (${name})`,
    rate: 1.8,
    enables,
    includes: [...includes, solveSixteen],
    source: choleskySolveSource,
    buffers: SOLVE_BUFFERS,
    launch: { stride4: 'u32', layers: 'u32', count: 'u32' },
  }),
);

export const choleskySolveSlab = bySource(({ name, enables, includes }) =>
  defineKernel({
    name: `linalg/cholesky-solve-slab (${name})`,
    rate: 1.5,
    enables,
    includes: [...includes, solveSixteen],
    source: choleskySolveSlabSource,
    buffers: SOLVE_BUFFERS,
    launch: { stride4: 'u32', rows4: 'u32', first: 'u32', order: 'u32', layers: 'u32', count: 'u32' },
  }),
);

export const choleskySolveFew = defineKernel({
  name: 'linalg/cholesky-solve-few',
  rate: 1.1,
  source: choleskySolveFewSource,
  buffers: {
    matrix: ['vec4f', 'read'],
    inverses: ['f32', 'read'],
    sides: ['f32', 'read'],
    unknowns: ['vec4f', 'read_write'],
    solutions: ['f32', 'read_write'],
  },
  launch: { stride4: 'u32', layers: 'u32', count: 'u32' },
});

export const choleskyLanes = defineKernel({
  name: 'linalg/cholesky-lanes',
  rate: 1.6,
  source: choleskyLanesSource,
  buffers: { gram: ['vec4f', 'read'], matrix: ['vec4f', 'read_write'], statuses: ['u32', 'read_write'] },
  launch: { stride4: 'u32', order: 'u32', penalty: 'f32', status_offset: 'u32', trials: 'u32' },
});

export const choleskySolveLanes = defineKernel({
  name: 'linalg/cholesky-solve-lanes',
  rate: 0.8,
  source: choleskySolveLanesSource,
  buffers: { matrix: ['vec4f', 'read'], sides: ['vec4f', 'read'], solutions: ['vec4f', 'read_write'] },
  launch: { stride4: 'u32', order: 'u32', layers: 'u32' },
});

/** Right-hand sides that cholesky-solve-few.wgsl solves for together. */
export const FEW = 4;

/** Right-hand sides up to which solving for four at a time takes less than for sixteen. */
export const MOST_FEW = 8;

/** How sides are solved for with a factor of cholesky-panel.wgsl, few at a time where they are few, and words of unknowns a trial. */
export function solveDispatch(
  { rows, lanes: LANES }: TileTuning,
  stride: number,
  count: number,
): { readonly kernel: SolveKernel; readonly grid: Grid; readonly unknowns: number } {
  if (count > MOST_FEW) {
    const grid = { groups: 1, layers: Math.ceil(count / SIDES), constants: { LANES } };
    return { kernel: choleskySolve[rows], grid, unknowns: wholeSides(count) * stride };
  }
  // As few lanes for a trial as a power of two can be that has one for every four unknowns.
  let SHARE = LANES;
  while (SHARE / 2 >= Math.max(PANEL, stride / 4)) SHARE /= 2;
  const packed = SHARE < LANES ? { trialsPerGroup: LANES / SHARE } : {};
  const grid = { groups: 1, layers: Math.ceil(count / FEW), constants: { LANES, SHARE }, ...packed };
  return { kernel: choleskySolveFew, grid, unknowns: FEW * Math.ceil(count / FEW) * stride };
}

type SolveKernel = KernelDefinition<
  Record<'matrix' | 'inverses' | 'sides' | 'unknowns' | 'solutions', BufferType>,
  Record<'stride4' | 'layers' | 'count', 'u32'>
>;

interface Grid {
  readonly groups: number;
  readonly layers: number;
  readonly constants: Record<string, number>;
  readonly trialsPerGroup?: number;
}

/** One dispatch of a Cholesky factorisation. */
export type CholeskyStep = PanelStep | UpdateStep;

/** Of cholesky-panel.wgsl. */
export interface PanelStep {
  /** First row that is summed: those before it are taken out already. */
  readonly begun: number;
  readonly panel4: number;
  readonly panels: number;
  readonly groups: number;
  /** Operations, those done for nothing included. */
  readonly work: number;
}

/** Of cholesky-update.wgsl. */
export interface UpdateStep {
  readonly begun: number;
  readonly end: number;
  readonly groups: number;
  readonly work: number;
}

/**
 * Lanes of cholesky-panel.wgsl per matrix: of a workgroup as few as a power of two can be that holds a whole row, for small
 * matrices leave most of a workgroup idle. Rows that a subgroup broadcasts are one matrix's.
 */
export function choleskyShare(stride: number, lanes: number, rows: RowSource): number {
  if (rows === 'broadcast') return lanes;
  const needed = 8 + (stride - PANEL) / 4;
  let share = lanes;
  while (share % 2 === 0 && share / 2 >= needed) share /= 2;
  return share;
}

/**
 * A dispatch for each panel until what is left fits one workgroup, which does all the rest. Of a slab, which has fewer `rows` than
 * columns, those alone. Where a matrix is large, blocks of `wide` rows are taken out of all that is behind them as they are done: a panel then
 * sums over rows of its own block, and most of the work is a product of many tiles, `tiles`.
 */
export function choleskySteps(
  stride: number,
  lanes: number,
  {
    rows = stride,
    wide = blockRows(stride),
    tiles = { source: 'memory', lanes },
  }: { readonly rows?: number; readonly wide?: number; readonly tiles?: ProductTiles } = {},
): CholeskyStep[] {
  const steps: CholeskyStep[] = [];
  const work = (summed: number, groups: number) => groups * lanes * 4 * PANEL * (2 * summed + PANEL);
  const blocked = stride > MOST_UNBLOCKED * wide;
  let begun = 0;
  for (let row = 0; row < rows; row += PANEL) {
    if (blocked && row - begun === wide) {
      const block = TILE_ROWS[tiles.source];
      const groups = triangleGroups(stride / 4, tiles.lanes, { from: row, to: rows, block });
      steps.push({ begun, end: row, groups, work: groups * tiles.lanes * 4 * block * 2 * wide });
      begun = row;
    }
    const behind = (stride - row - PANEL) / 4;
    const panel4 = row / 4;
    if (behind <= lanes - 8) {
      const panels = (rows - row) / PANEL;
      let sum = 0;
      for (let p = 0; p < panels; p++) sum += work(row - begun + p * PANEL, 1);
      return [...steps, { begun, panel4, panels, groups: 1, work: sum }];
    }
    const groups = 1 + Math.ceil((behind - (lanes - 8)) / (lanes - 4));
    steps.push({ begun, panel4, panels: 1, groups, work: work(row - begun, groups) });
  }
  return steps;
}

/** Rows of a block, a multiple of 16: wider blocks read and write the rest less often, and leave more to panels. */
const blockRows = (stride: number): number => (stride < 1024 ? 64 : 128);

/** Blocks up to which a matrix is factored in one. */
const MOST_UNBLOCKED = 4;

/** Words that a binding holds on every device: WebGPU's least limit, 128 MiB. */
export const LEAST_BINDING = 2 ** 25;

/** Rows `first .. first + rows - 1` of an upper triangle, from column `first` on, in a buffer of their own. */
export interface Slab {
  readonly first: number;
  readonly rows: number;
  /** Row length. */
  readonly stride: number;
}

/** The upper triangle of a matrix in as few slabs as bindings of so many words allow; a matrix that fits is one slab. */
export function slabsOf(stride: number, words = LEAST_BINDING): readonly Slab[] {
  const slabs: Slab[] = [];
  for (let first = 0; first < stride; ) {
    const left = stride - first;
    const fitting = Math.floor(words / left / PANEL) * PANEL;
    const rows = Math.min(left, Math.max(PANEL, fitting));
    slabs.push({ first, rows, stride: left });
    first += rows;
  }
  return slabs;
}
