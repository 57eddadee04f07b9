import quadsBroadcast from '../../shaders/linalg/quads-broadcast.wgsl?raw';
import quadsMemory from '../../shaders/linalg/quads-memory.wgsl?raw';
import rankOne from '../../shaders/linalg/rank-one.wgsl?raw';
import rowsBroadcast from '../../shaders/linalg/rows-broadcast.wgsl?raw';
import rowsMemory from '../../shaders/linalg/rows-memory.wgsl?raw';
import rowsWide from '../../shaders/linalg/rows-wide.wgsl?raw';
import tileSixteen from '../../shaders/linalg/tile-sixteen.wgsl?raw';

/** Rows a Cholesky panel holds; every matrix order is padded to a multiple of it. */
export const PANEL = 16;

/** Rows that are summed before they are added to a Gram matrix; blocks of rows are multiples of it. */
export const RUN = 128;

export const padded = (n: number): number => Math.ceil(n / PANEL) * PANEL;

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
export interface TileTuning {
  readonly rows: RowSource;
  readonly lanes: number;
}

interface Rows<Name> {
  readonly name: Name;
  readonly enables: 'subgroups'[];
  readonly includes: string[];
}

/** The two kernels that a shader comes to with the one or the other file before it. */
function sharing<Kernel>(files: Record<RowSource, string[]>, define: (rows: Rows<RowSource>) => Kernel) {
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

/** The two kernels of a shader whose lanes all want the same four quads. */
export function byQuads<Kernel>(define: (rows: Rows<RowSource>) => Kernel) {
  return sharing({ memory: [quadsMemory], broadcast: [quadsBroadcast] }, define);
}
