import type { BufferType, KernelDefinition } from '../gpu/kernel.ts';
import type { Command, Launcher } from '../gpu/launcher.ts';
import { gaussianDesign, labelNoise, shiftedTruth, truth as truthKernel } from '../kernels/design.ts';
import * as linalg from '../kernels/linalg.ts';
import { testError } from '../kernels/measure.ts';
import { gramDispatch, TUNINGS, type Tuning, tuningName } from '../kernels/tuning.ts';
import { triangularDesign } from '../kernels/wishart.ts';
import type { Draw } from '../regimes/recipe.ts';
import { launchAddress, truthDraw } from './address.ts';
import { NORMAL_WORK } from './cost.ts';
import { dispatchOf, type Grid } from './dispatch.ts';
import type { PassResults, ShiftSlot, Trial } from './schedule.ts';

/** Buffers of samplers that hold coefficients as vectors and solve with a Gram matrix; laid out [slot or side][trial][entry]. */
export interface GramBuffers {
  readonly scale: GPUBuffer;
  readonly models: GPUBuffer;
  readonly design: GPUBuffer;
  readonly labels: GPUBuffer;
  readonly gram: GPUBuffer;
  readonly matrix: GPUBuffer;
  readonly inverses: GPUBuffer;
  readonly sides: GPUBuffer;
  readonly unknowns: GPUBuffer;
  readonly solutions: GPUBuffer;
  readonly statuses: GPUBuffer;
  readonly errors: GPUBuffer;
}

/** A place in a buffer: `vector[trial][entry]` from `offset` on, row length `stride`. */
export interface Vectors {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly stride: number;
}

/** Rows of the design that are held, and the padded length of each. */
export interface DesignBlock {
  readonly rows: number;
  readonly stride: number;
}

/** Several vectors at once, and how many numbers lie from one to the next, of what is read and of what is written. */
export interface Layers {
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

const ONE: Layers = { count: 1, from: 0, to: 0 };

/** Some of the rows of a design that is held, and what becomes of their products. */
export interface Rows {
  readonly first: number;
  readonly rows: number;
  /** Factor of the products. */
  readonly share: number;
  /** Whether they are added to what stands there. */
  readonly accumulate: 0 | 1;
}

/** Rows of a draw, and where they go. */
export interface DrawnRows {
  readonly draw: Draw;
  /** Rows of the draw that stand before them. */
  readonly firstRow: number;
  readonly rows: number;
  readonly columns: number;
  /** First of them within the matrix. */
  readonly into: number;
  /** Rows of the matrix. */
  readonly held: number;
  readonly stride: number;
  /** What they are multiplied by. */
  readonly factor: number;
  /** First of the roots of the eigenvalues in `scale` that columns are multiplied by; null without. */
  readonly scaleOffset: number | null;
  /** Where the matrix is held transposed: rows that are written, those beyond `rows` zero. */
  readonly transposed: { readonly covered: number } | null;
}

/** Label errors of a draw. */
interface Noise {
  readonly noise: number;
  readonly errors: Draw;
}

/** What a test error is counted for. */
type Measured = Pick<PassResults, 'firstError' | 'outputs'> & { readonly sides: readonly unknown[] };

/** The commands of one batch, and the steps that such samplers have in common. */
export class GramCommands {
  readonly list: Command[] = [];
  /** Row length of a vector of features. */
  readonly features: number;
  readonly #schedule: Trial;
  readonly #seed: number;
  readonly #launcher: Launcher;
  readonly #buffers: GramBuffers;
  readonly #capacity: number;
  readonly #tuning: Tuning;

  constructor(schedule: Trial, seed: number, launcher: Launcher, buffers: GramBuffers, capacity: number) {
    this.#schedule = schedule;
    this.#seed = seed;
    this.#launcher = launcher;
    this.#buffers = buffers;
    this.#capacity = capacity;
    this.#tuning = TUNINGS[tuningName(launcher.gpu)];
    this.features = linalg.padded(schedule.dimension);
  }

  /** w0 of every trial into slot 0 of the models. */
  async truth(): Promise<void> {
    const { truth, dimension } = this.#schedule;
    if (truth.kind === 'coefficients') {
      const row = new Float32Array(this.features);
      row.set(truth.values);
      const queue = this.#launcher.gpu.device.queue;
      for (let trial = 0; trial < this.#capacity; trial++)
        queue.writeBuffer(this.#buffers.models, 4 * trial * this.features, row);
      return;
    }
    const size = truth.kind === 'sphere' ? truth.norm : Math.sqrt(truth.variance);
    const launch = { ...this.address(truthDraw(dimension)), columns: dimension, stride: this.features, size };
    const constants = { SPHERE: truth.kind === 'sphere' };
    const { models } = this.#buffers;
    await this.run(truthKernel, { models }, { groups: 1, work: dimension * NORMAL_WORK, constants }, launch);
  }

  /** Truths that are shifted, each into its slot; `deviations` holds theirs one after the other. */
  async shifts(shifts: readonly ShiftSlot[], deviations: GPUBuffer): Promise<void> {
    const { dimension } = this.#schedule;
    const { models } = this.#buffers;
    for (const [i, { slot, model }] of shifts.entries())
      await this.run(
        shiftedTruth,
        { deviations, models },
        { groups: Math.ceil(this.features / 256), work: dimension * NORMAL_WORK },
        {
          ...this.address(model.shift),
          columns: dimension,
          stride: this.features,
          offset: slot * this.#capacity * this.features,
          deviation_offset: i * dimension,
          size: model.scale,
        },
      );
  }

  /** Gaussian rows into a matrix. */
  async draw(matrix: GPUBuffer, drawn: DrawnRows): Promise<void> {
    const { draw, firstRow, rows, columns, into, held, stride, factor, scaleOffset, transposed } = drawn;
    const items = transposed ? transposed.covered * Math.ceil(columns / 4) : (rows * stride) / 4;
    await this.run(
      gaussianDesign,
      { scale: this.#buffers.scale, design: matrix },
      {
        groups: Math.ceil(items / 64),
        work: 4 * items * NORMAL_WORK,
        constants: { TRANSPOSED: transposed !== null, SCALED: scaleOffset !== null },
      },
      {
        ...this.address(draw),
        ...{ first_row: firstRow, rows, into, held, columns, stride, factor },
        covered: transposed?.covered ?? 0,
        scale_offset: scaleOffset ?? 0,
      },
    );
  }

  /** The triangular factor of as many rows as `samples` in place of them. */
  async triangle(
    matrix: GPUBuffer,
    { draw, columns, into, held, stride, factor, scaleOffset }: Omit<DrawnRows, 'firstRow' | 'rows' | 'transposed'>,
    samples: number,
  ): Promise<void> {
    const items = (columns * stride) / 4;
    await this.run(
      triangularDesign,
      { scale: this.#buffers.scale, design: matrix },
      { groups: Math.ceil(items / 64), work: 2 * items * NORMAL_WORK },
      {
        ...this.address(draw),
        ...{ samples, columns, into, held, factor },
        stride4: stride / 4,
        scale_offset: scaleOffset ?? 0,
      },
    );
  }

  /** X v, of some rows or of all. */
  async product(
    { rows: held, stride }: DesignBlock,
    vectors: Vectors,
    products: Vectors,
    { first, rows, share, accumulate }: Rows = { first: 0, rows: held, share: 1, accumulate: 0 },
    layers: Layers = ONE,
    design: GPUBuffer = this.#buffers.design,
  ): Promise<void> {
    await this.run(
      linalg.designProduct,
      { design, vectors: vectors.buffer, products: products.buffer },
      { groups: Math.ceil(rows / 64), layers: layers.count, work: 2 * rows * stride * layers.count },
      {
        ...{ rows, first, held, share, accumulate },
        stride4: stride / 4,
        vector_offset4: vectors.offset / 4,
        vector_layer4: layers.from / 4,
        product_offset: products.offset,
        product_layer: layers.to,
        product_stride: products.stride,
      },
    );
  }

  /** X' v: of some of its columns or of all. */
  async adjoint(
    { rows, stride }: DesignBlock,
    vectors: Vectors,
    products: Vectors,
    { first, rows: columns, share, accumulate }: Rows,
    layers: Layers = ONE,
    design: GPUBuffer = this.#buffers.design,
  ): Promise<void> {
    await this.run(
      linalg.designAdjoint,
      { design, vectors: vectors.buffer, products: products.buffer },
      {
        groups: Math.ceil((columns + (first % 4)) / 256),
        layers: layers.count,
        work: 2 * rows * columns * layers.count,
      },
      {
        ...{ rows, first, share, accumulate },
        end: first + columns,
        stride4: stride / 4,
        vector_offset: vectors.offset,
        vector_stride: vectors.stride,
        vector_layer: layers.from,
        product_offset4: products.offset / 4,
        product_layer4: layers.to / 4,
      },
    );
  }

  /** X' v for all columns, added to what stands in `products` if `accumulate` is 1. */
  moments(
    block: DesignBlock,
    vectors: Vectors,
    products: Vectors,
    accumulate: 0 | 1,
    layers: Layers = ONE,
  ): Promise<void> {
    return this.adjoint(block, vectors, products, { first: 0, rows: block.stride, share: 1, accumulate }, layers);
  }

  /** Adds label noise: rows `firstRow ..` of its draw to `rows` labels; the same to those of every layer. */
  async noise(
    { noise, errors }: Noise,
    firstRow: number,
    rows: number,
    { buffer, offset, stride }: Vectors,
    { count, to }: Layers = ONE,
  ): Promise<void> {
    if (noise === 0) return;
    const groups = Math.ceil((rows + (firstRow % 4)) / 256);
    const grid = { groups, layers: count, work: count * rows * NORMAL_WORK };
    const launch = { ...this.address(errors), first_row: firstRow, rows, stride, offset, layer: to, noise };
    await this.run(labelNoise, { labels: buffer }, grid, launch);
  }

  /** Upper triangle of X'X, added to what stands there if `accumulate` is 1; an upper triangular X costs a third. */
  async gram({ rows, stride }: DesignBlock, accumulate: 0 | 1, triangular = false): Promise<void> {
    const { design, gram } = this.#buffers;
    const { kernel, groups, constants, launch } = gramDispatch(this.#tuning, stride, triangular);
    const grid = { groups, work: (rows * stride ** 2) / (triangular ? 3 : 1), constants };
    await this.run(kernel, { design, gram }, grid, { ...launch, rows, accumulate });
  }

  /** Cholesky factor of the Gram matrix plus penalty; `factor` is its number among the statuses. */
  async factor(stride: number, order: number, penalty: number, factor: number): Promise<void> {
    const { gram, matrix, inverses, statuses } = this.#buffers;
    const { rows, lanes: LANES } = this.#tuning;
    const kernel = linalg.choleskyPanel[rows];
    const status_offset = factor * this.#capacity;
    const SHARE = linalg.choleskyShare(stride, LANES, rows);
    const packed = SHARE < LANES ? { trialsPerGroup: LANES / SHARE } : {};
    for (const { panel4, panels, groups, work } of linalg.choleskySteps(stride, SHARE))
      await this.run(
        kernel,
        { gram, matrix, inverses, statuses },
        { groups, work, constants: { LANES, SHARE }, ...packed },
        { stride4: stride / 4, panel4, panels, order, penalty, status_offset, trials: this.#capacity },
      );
  }

  /** Solutions for all right-hand sides, with the last factor. */
  async solve(stride: number, count: number, sides: GPUBuffer): Promise<void> {
    const { matrix, inverses, unknowns, solutions } = this.#buffers;
    const { rows, lanes: LANES } = this.#tuning;
    const layers = Math.ceil(count / linalg.SIDES);
    const grid = { groups: 1, layers, work: 4 * stride ** 2 * count, constants: { LANES } };
    const launch = { stride4: stride / 4, layers: this.#capacity, count };
    await this.run(linalg.choleskySolve[rows], { matrix, inverses, sides, unknowns, solutions }, grid, launch);
  }

  /** Test errors of the estimates of all sides of a pass, for its ridge number `ridge`. */
  async measure(pass: Measured, estimates: GPUBuffer, ridge: number): Promise<void> {
    const { scale, models, errors } = this.#buffers;
    const columns = this.#schedule.dimension;
    const count = pass.sides.length;
    await this.run(
      testError,
      { scale, estimates, truth: models, errors },
      { groups: 1, layers: count, work: 4 * columns * count },
      {
        columns,
        stride: this.features,
        layers: this.#capacity,
        error_offset: (pass.firstError + ridge * count) * this.#capacity,
      },
    );
  }

  /** Keeps those estimates of ridge number `ridge` that label data of later passes. */
  keep(pass: Measured, estimates: GPUBuffer, ridge: number): void {
    const stride = this.features;
    const vectors = (buffer: GPUBuffer) => ({ buffer, offset: 0, stride });
    for (const { side, slot, ...output } of pass.outputs)
      if (output.ridge === ridge && slot !== null)
        this.copy(vectors(estimates), side, vectors(this.#buffers.models), slot);
  }

  /** Vectors number `slot` of all trials to number `toSlot` of others with the same row length. */
  copy(from: Vectors, slot: number, to: Vectors, toSlot: number): void {
    const bytes = 4 * this.#capacity * from.stride;
    this.list.push({
      kind: 'copy',
      from: from.buffer,
      fromByte: 4 * from.offset + slot * bytes,
      to: to.buffer,
      toByte: 4 * to.offset + toSlot * bytes,
      bytes,
    });
  }

  address(draw: Draw) {
    return launchAddress(this.#seed, draw);
  }

  async run<B extends Record<string, BufferType>, L extends Record<string, 'u32' | 'f32'>>(
    definition: KernelDefinition<B, L>,
    buffers: Record<keyof B, GPUBuffer>,
    grid: Grid,
    launch: Record<keyof L, number>,
  ): Promise<void> {
    this.list.push(await dispatchOf(this.#launcher, definition, buffers, grid, launch));
  }
}
