import { kernelMatrix, kernelMatrixGroups, PRODUCT_MAP } from '../../../kernels/kernel-ridge.ts';
import { padded } from '../../../kernels/linalg.ts';
import { TUNINGS, type Tuning, type TuningName } from '../../../kernels/tuning.ts';
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

/** What becomes of inner products, as in kernel-matrix.wgsl. */
export interface Mapping {
  readonly map: number;
  readonly scale: number;
  readonly shift: number;
  readonly degree: number;
}

export const PLAIN: Mapping = { map: PRODUCT_MAP.product, scale: 1, shift: 0, degree: 1 };
export const RELU: Mapping = { ...PLAIN, map: PRODUCT_MAP.relu };

/** Work of an operation, where 1 is one on the small matrices of other samplers: lavapipe does about 10 GFLOP/s here, not 2. */
const DENSE_WORK = 0.2;

interface Options {
  readonly mapping?: Mapping;
  /** The upper triangle alone. */
  readonly upper?: boolean;
  /** Added to what stands there; for plain products. */
  readonly accumulate?: boolean;
}

/** Products of matrices of the kernel sampler, as steps of its program. */
export class Products {
  readonly #program: Program;
  readonly #tuning: Tuning;

  constructor(program: Program, tuning: TuningName) {
    this.#program = program;
    this.#tuning = TUNINGS[tuning];
  }

  product(left: Columns, right: Columns, out: Place, options: Options = {}): void {
    const { mapping = PLAIN, upper = false, accumulate = false } = options;
    const { map, ...shape } = mapping;
    const { rows: source, lanes: LANES } = this.#tuning;
    const { depth, rows, columns } = out;
    const { groups, total } = kernelMatrixGroups(rows, columns, LANES);
    const flops = 2 * depth * padded(rows) * padded(columns) * (upper ? 0.5 : 1);
    this.#program.dispatch(
      kernelMatrix[source],
      {
        left: left.buffer,
        right: right.buffer,
        left_norms: left.norms,
        right_norms: right.norms,
        matrix: out.buffer,
      },
      { groups: total, flops, work: DENSE_WORK * flops, constants: { LANES, MAP: map, UPPER: upper } },
      {
        groups,
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
