import choleskyLanesSource from '../../shaders/linalg/cholesky-lanes.wgsl?raw';
import choleskyPanelSource from '../../shaders/linalg/cholesky-panel.wgsl?raw';
import choleskySolveSource from '../../shaders/linalg/cholesky-solve.wgsl?raw';
import choleskySolveFewSource from '../../shaders/linalg/cholesky-solve-few.wgsl?raw';
import choleskySolveLanesSource from '../../shaders/linalg/cholesky-solve-lanes.wgsl?raw';
import choleskySolveSlabSource from '../../shaders/linalg/cholesky-solve-slab.wgsl?raw';
import choleskyUpdateSource from '../../shaders/linalg/cholesky-update.wgsl?raw';
import designAdjointSource from '../../shaders/linalg/design-adjoint.wgsl?raw';
import designAdjointPanelSource from '../../shaders/linalg/design-adjoint-panel.wgsl?raw';
import designProductSource from '../../shaders/linalg/design-product.wgsl?raw';
import designProductPanelSource from '../../shaders/linalg/design-product-panel.wgsl?raw';
import gramSource from '../../shaders/linalg/gram.wgsl?raw';
import gramPanelSource from '../../shaders/linalg/gram-panel.wgsl?raw';
import leadingBlockSource from '../../shaders/linalg/leading-block.wgsl?raw';
import productSource from '../../shaders/linalg/product.wgsl?raw';
import quadsBroadcast from '../../shaders/linalg/quads-broadcast.wgsl?raw';
import quadsMemory from '../../shaders/linalg/quads-memory.wgsl?raw';
import rankOne from '../../shaders/linalg/rank-one.wgsl?raw';
import rowsBroadcast from '../../shaders/linalg/rows-broadcast.wgsl?raw';
import rowsMemory from '../../shaders/linalg/rows-memory.wgsl?raw';
import rowsWide from '../../shaders/linalg/rows-wide.wgsl?raw';
import solveSixteen from '../../shaders/linalg/solve-sixteen.wgsl?raw';
import tileSixteen from '../../shaders/linalg/tile-sixteen.wgsl?raw';
import { type BufferType, defineKernel, type KernelDefinition } from '../gpu/kernel.ts';

/** Rows a Cholesky panel holds; every matrix order is padded to a multiple of it. */
export const PANEL = 16;

/** Rows that are summed before they are added to a Gram matrix; blocks of rows are multiples of it. */
export const RUN = 128;

/** Right-hand sides that are solved for together; buffers of unknowns hold multiples of it. */
export const SIDES = 16;

export const wholeSides = (sides: number): number => Math.ceil(sides / SIDES) * SIDES;

export const padded = (n: number): number => Math.ceil(n / PANEL) * PANEL;

export const gram = defineKernel({
  name: 'linalg/gram',
  rate: 6,
  source: gramSource,
  buffers: { design: ['vec4f', 'read'], gram: ['vec4f', 'read_write'] },
  launch: { rows: 'u32', stride4: 'u32', tiles: 'u32', accumulate: 'u32' },
});

/** How all lanes of a workgroup come by the row they multiply by: `broadcast` needs subgroups of four lanes or more. */
export type RowSource = 'memory' | 'broadcast';

/** The same of plain products, which may go by taller tiles: `wide` needs subgroups of eight lanes or more. */
export type TileSource = RowSource | 'wide';

/** Rows of a tile. */
export const TILE_ROWS = { memory: PANEL, broadcast: PANEL, wide: 2 * PANEL } as const satisfies Record<
  TileSource,
  number
>;

/** The tiles of plain products, and lanes of a workgroup that makes them. */
export interface ProductTiles {
  readonly source: TileSource;
  readonly lanes: number;
}

/** Those of a product of so many rows: what has one panel gains nothing by tall tiles. */
export function tilesFor({ source, lanes }: ProductTiles, rows: number): ProductTiles {
  return { source: source === 'wide' && rows <= PANEL ? 'broadcast' : source, lanes };
}

/** What of a tuning says how tiles are made. */
interface TileTuning {
  readonly rows: RowSource;
  readonly lanes: number;
}

interface Rows<Name> {
  readonly name: Name;
  readonly enables: 'subgroups'[];
  readonly includes: string[];
}

/** The two kernels that a shader comes to with the one or the other file before it. */
export function sharing<Kernel>(files: Record<RowSource, string[]>, define: (rows: Rows<RowSource>) => Kernel) {
  return {
    memory: define({ name: 'memory', enables: [], includes: files.memory }),
    broadcast: define({ name: 'broadcast', enables: ['subgroups'], includes: files.broadcast }),
  } as const satisfies Record<RowSource, Kernel>;
}

/** Those of one built on rank-one.wgsl. */
export function bySource<Kernel>(define: (rows: Rows<RowSource>) => Kernel) {
  const before = [rankOne, tileSixteen];
  return sharing({ memory: [...before, rowsMemory], broadcast: [...before, rowsBroadcast] }, define);
}

/** And those of one that asks nothing of its tiles but TILE_ROWS. */
export function byTile<Kernel>(define: (rows: Rows<TileSource>) => Kernel) {
  return {
    ...bySource(define),
    wide: define({ name: 'wide', enables: ['subgroups'], includes: [rankOne, rowsWide] }),
  } as const satisfies Record<TileSource, Kernel>;
}

const QUADS = { memory: [quadsMemory], broadcast: [quadsBroadcast] };

export const gramPanel = byTile(({ name, enables, includes }) =>
  defineKernel({
    name: `linalg/gram-panel (${name})`,
    rate: 7,
    enables,
    includes,
    source: gramPanelSource,
    buffers: { design: ['vec4f', 'read'], gram: ['vec4f', 'read_write'] },
    launch: { rows: 'u32', stride4: 'u32', tiles: 'u32', accumulate: 'u32' },
  }),
);

export const leadingBlock = defineKernel({
  name: 'linalg/leading-block',
  source: leadingBlockSource,
  buffers: { whole: ['vec4f', 'read'], gram: ['vec4f', 'read_write'] },
  launch: { rows: 'u32', stride4: 'u32', whole4: 'u32' },
});

const PRODUCT_LAUNCH = {
  rows: 'u32',
  first: 'u32',
  held: 'u32',
  stride4: 'u32',
  vector_offset4: 'u32',
  vector_layer4: 'u32',
  product_offset: 'u32',
  product_layer: 'u32',
  product_stride: 'u32',
  layers: 'u32',
  accumulate: 'u32',
  share: 'f32',
} as const;

export const designProduct = sharing(QUADS, ({ name, enables, includes }) =>
  defineKernel({
    name: `linalg/design-product (${name})`,
    rate: 1.8,
    enables,
    includes,
    source: designProductSource,
    buffers: { design: ['vec4f', 'read'], vectors: ['vec4f', 'read'], products: ['f32', 'read_write'] },
    launch: PRODUCT_LAUNCH,
  }),
);

export const designProductPanel = byTile(({ name, enables, includes }) =>
  defineKernel({
    name: `linalg/design-product-panel (${name})`,
    rate: 3.7,
    enables,
    includes,
    source: designProductPanelSource,
    buffers: { design: ['f32', 'read'], vectors: ['f32', 'read'], products: ['f32', 'read_write'] },
    launch: PRODUCT_LAUNCH,
  }),
);

const ADJOINT_LAUNCH = {
  rows: 'u32',
  stride4: 'u32',
  vector_offset: 'u32',
  vector_stride: 'u32',
  vector_layer: 'u32',
  product_offset4: 'u32',
  product_layer4: 'u32',
  first: 'u32',
  end: 'u32',
  layers: 'u32',
  accumulate: 'u32',
  share: 'f32',
} as const;

export const designAdjoint = sharing(QUADS, ({ name, enables, includes }) =>
  defineKernel({
    name: `linalg/design-adjoint (${name})`,
    rate: 1,
    enables,
    includes,
    source: designAdjointSource,
    buffers: { design: ['vec4f', 'read'], vectors: ['f32', 'read'], products: ['vec4f', 'read_write'] },
    launch: ADJOINT_LAUNCH,
  }),
);

export const designAdjointPanel = byTile(({ name, enables, includes }) =>
  defineKernel({
    name: `linalg/design-adjoint-panel (${name})`,
    rate: 3.8,
    enables,
    includes,
    source: designAdjointPanelSource,
    buffers: { design: ['vec4f', 'read'], vectors: ['f32', 'read'], products: ['vec4f', 'read_write'] },
    launch: ADJOINT_LAUNCH,
  }),
);

/** Layers from which on design-product.wgsl and design-adjoint.wgsl take four at a time, and sixteen. */
const LEAST_LAYERS = 3;
const LEAST_PANEL = 5;

/** Layers that take as long together as one by itself, for which a design is read as well. */
const LONE_LAYER = 2.5;

type DesignKernel<Launch extends Record<string, 'u32' | 'f32'>> = KernelDefinition<
  Record<'design' | 'vectors' | 'products', BufferType>,
  Launch
>;

/** How a design is multiplied by several vectors at once. */
interface LayersDispatch {
  readonly product: DesignKernel<typeof PRODUCT_LAUNCH>;
  readonly adjoint: DesignKernel<typeof ADJOINT_LAUNCH>;
  /** Rows of a product, and columns of an adjoint, that a workgroup has. */
  readonly rowsOfGroup: number;
  readonly columnsOfGroup: number;
  /** Workgroups along z, and layers that they work on, those for nothing included. */
  readonly layers: number;
  readonly worked: number;
  readonly constants: Record<string, number>;
}

export function layersDispatch(tiles: ProductTiles, count: number): LayersDispatch {
  const { source, lanes: LANES } = tilesFor(tiles, count);
  if (count < LEAST_PANEL) {
    const LAYERS = count < LEAST_LAYERS ? 1 : 4;
    const layers = Math.ceil(count / LAYERS);
    // Few layers have no tall tiles.
    const quads = source === 'memory' ? 'memory' : 'broadcast';
    return {
      product: designProduct[quads],
      adjoint: designAdjoint[quads],
      rowsOfGroup: LANES,
      columnsOfGroup: 4 * LANES,
      layers,
      worked: LAYERS === 1 ? LONE_LAYER * count : count,
      constants: { LANES, LAYERS },
    };
  }
  const layers = Math.ceil(count / TILE_ROWS[source]);
  return {
    product: designProductPanel[source],
    adjoint: designAdjointPanel[source],
    rowsOfGroup: 4 * LANES,
    columnsOfGroup: 4 * LANES,
    layers,
    worked: TILE_ROWS[source] * layers,
    constants: { LANES },
  };
}

export const product = byTile(({ name, enables, includes }) =>
  defineKernel({
    name: `linalg/product (${name})`,
    rate: 6,
    enables,
    includes,
    source: productSource,
    buffers: { left: ['vec4f', 'read'], right: ['vec4f', 'read'], product: ['vec4f', 'read_write'] },
    launch: { rows: 'u32', left4: 'u32', stride4: 'u32' },
  }),
);

/** Product of two matrices of so many rows, of row lengths `left` and `right`, multiples of PANEL. */
export function productDispatch(tiles: ProductTiles, rows: number, left: number, right: number) {
  const { source, lanes: LANES } = tilesFor(tiles, left);
  return {
    kernel: product[source],
    grid: {
      groups: Math.ceil(left / TILE_ROWS[source]) * Math.ceil(right / 4 / LANES),
      flops: 2 * rows * left * right,
      constants: { LANES },
    },
    launch: { rows, left4: left / 4, stride4: right / 4 },
  };
}

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
    rate: 1.5,
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

/** Workgroups of gram-panel.wgsl and cholesky-update.wgsl: quads of columns from the diagonal on, for every block of rows between two rows. */
export function triangleGroups(
  stride4: number,
  lanes: number,
  {
    from = 0,
    to = 4 * stride4,
    block = PANEL,
  }: { readonly from?: number; readonly to?: number; readonly block?: number } = {},
): number {
  let groups = 0;
  for (let first = from / 4; first < to / 4; first += block / 4) groups += Math.ceil((stride4 - first) / lanes);
  return groups;
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
