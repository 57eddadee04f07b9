import type { Slab } from '../../../kernels/cholesky.ts';
import { kernelMatrix, kernelMatrixGroups, PRODUCT_MAP } from '../../../kernels/kernel-ridge.ts';
import { type ProductTiles, padded, tilesFor } from '../../../kernels/tiles.ts';
import type { BufferName, Program } from '../../../program/program.ts';

/** Columns that kernel-matrix.wgsl multiplies: vectors of `depth` entries or images, row length `stride`. */
export interface Columns {
  readonly buffer: BufferName;
  readonly offset: number;
  readonly stride: number;
  /** Squared lengths, read by the radial kernel alone. */
  readonly norms: BufferName;
  /** Of the first column among the norms. */
  readonly firstNorm: number;
}

/** Where a product goes, and how large it is. */
export interface Place {
  readonly depth: number;
  readonly rows: number;
  readonly columns: number;
  readonly buffer: BufferName;
  readonly offset: number;
  readonly stride: number;
}

/** A slab of an upper triangle and where it is. */
export interface HeldSlab extends Slab {
  readonly buffer: BufferName;
}

/** The columns from number `first` on. */
export const columnsFrom = (columns: Columns, first: number): Columns => ({
  ...columns,
  offset: columns.offset + first,
  firstNorm: columns.firstNorm + first,
});

/** What becomes of inner products, as in kernel-matrix.wgsl. */
export interface Mapping {
  readonly map: number;
  readonly scale: number;
  readonly shift: number;
  readonly degree: number;
}

export const PLAIN: Mapping = { map: PRODUCT_MAP.product, scale: 1, shift: 0, degree: 1 };
export const RELU: Mapping = { ...PLAIN, map: PRODUCT_MAP.relu };

/** Work of an operation, where 1 is one on the small matrices of other samplers: these are large, and products of them alone. */
const DENSE_WORK = 0.23;

interface Options {
  readonly mapping?: Mapping;
  /** The upper triangle alone. */
  readonly upper?: boolean;
  /** Added to what stands there; for plain products. */
  readonly accumulate?: boolean;
  /** Subtracted from it; for plain products. */
  readonly subtract?: boolean;
}

/** Products of matrices of the kernel sampler, as steps of its program. */
export class Products {
  readonly #program: Program;
  readonly #tiles: ProductTiles;

  constructor(program: Program, tiles: ProductTiles) {
    this.#program = program;
    this.#tiles = tiles;
  }

  /** The upper triangle of all products of columns with one another. */
  triangle(columns: Columns, order: number, depth: number, slabs: readonly HeldSlab[], options: Options = {}): void {
    for (const { first, rows, stride, buffer } of slabs) {
      const some = columnsFrom(columns, first);
      const out = { depth, rows: Math.min(rows, order - first), columns: order - first, buffer, offset: 0, stride };
      this.product(some, some, out, { ...options, upper: true });
    }
  }

  product(left: Columns, right: Columns, out: Place, options: Options = {}): void {
    const { mapping = PLAIN, upper = false, accumulate = false, subtract = false } = options;
    const { map, ...shape } = mapping;
    const { depth, rows, columns } = out;
    const tiles = tilesFor(this.#tiles, rows);
    const { source, lanes: LANES } = tiles;
    const groups = kernelMatrixGroups(rows, columns, tiles);
    const share = upper ? 1 - padded(rows) / (2 * padded(columns)) : 1;
    const flops = 2 * depth * padded(rows) * padded(columns) * share;
    const constants = { LANES, MAP: map, UPPER: upper, ...(subtract ? { SUBTRACT: true } : {}) };
    this.#program.dispatch(
      kernelMatrix[source],
      {
        left: left.buffer,
        right: right.buffer,
        left_norms: left.norms,
        right_norms: right.norms,
        matrix: out.buffer,
      },
      { groups, flops, work: DENSE_WORK * flops, constants },
      {
        depth,
        rows,
        columns,
        left_offset4: left.offset / 4,
        left_stride4: left.stride / 4,
        left_first: left.firstNorm,
        right_offset4: right.offset / 4,
        right_stride4: right.stride / 4,
        right_first4: right.firstNorm / 4,
        offset4: out.offset / 4,
        stride4: out.stride / 4,
        ...shape,
        accumulate: accumulate ? 1 : 0,
      },
    );
  }
}
