import type { BufferType, Kernel, KernelDefinition } from '../gpu/kernel.ts';
import type { Command, Launcher } from '../gpu/launcher.ts';
import { labelNoise, truth as truthKernel } from '../kernels/design.ts';
import * as linalg from '../kernels/linalg.ts';
import { testError } from '../kernels/measure.ts';
import { gramDispatch, TUNINGS, type Tuning, tuningName } from '../kernels/tuning.ts';
import type { Draw } from '../regimes/recipe.ts';
import { launchAddress, truthDraw } from './address.ts';
import type { Pass, Schedule, Side } from './chain-schedule.ts';
import { NORMAL_WORK } from './cost.ts';

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

/** The commands of one batch, and the steps that such samplers have in common. */
export class GramCommands {
  readonly list: Command[] = [];
  /** Row length of a vector of features. */
  readonly features: number;
  readonly #schedule: Schedule;
  readonly #seed: number;
  readonly #launcher: Launcher;
  readonly #buffers: GramBuffers;
  readonly #capacity: number;
  readonly #tuning: Tuning;

  constructor(schedule: Schedule, seed: number, launcher: Launcher, buffers: GramBuffers, capacity: number) {
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

  /** X v. */
  async product({ rows, stride }: DesignBlock, vectors: Vectors, products: Vectors): Promise<void> {
    await this.run(
      linalg.designProduct,
      { design: this.#buffers.design, vectors: vectors.buffer, products: products.buffer },
      { groups: Math.ceil(rows / 64), work: 2 * rows * stride },
      {
        rows,
        stride4: stride / 4,
        vector_offset4: vectors.offset / 4,
        product_offset: products.offset,
        product_stride: products.stride,
      },
    );
  }

  /** X' v, added to what stands in `products` if `accumulate` is 1. */
  async adjoint({ rows, stride }: DesignBlock, vectors: Vectors, products: Vectors, accumulate: 0 | 1): Promise<void> {
    const stride4 = stride / 4;
    await this.run(
      linalg.designAdjoint,
      { design: this.#buffers.design, vectors: vectors.buffer, products: products.buffer },
      { groups: Math.ceil(stride4 / 64), work: 2 * rows * stride },
      {
        rows,
        stride4,
        vector_offset: vectors.offset,
        vector_stride: vectors.stride,
        product_offset4: products.offset / 4,
        accumulate,
      },
    );
  }

  /** Adds label noise to rows `firstRow ..` of the data set. */
  async noise({ noise, errors }: Side, firstRow: number, rows: number, { buffer, offset, stride }: Vectors) {
    if (noise === 0) return;
    const grid = { groups: Math.ceil(rows / 256), work: rows * NORMAL_WORK };
    const launch = { ...this.address(errors), first_row: firstRow, rows, stride, offset, noise };
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
  async measure(pass: Pass, estimates: GPUBuffer, ridge: number): Promise<void> {
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
  keep(pass: Pass, estimates: GPUBuffer, ridge: number): void {
    const bytes = 4 * this.#capacity * this.features;
    for (const { side, slot, ...output } of pass.outputs) {
      if (output.ridge !== ridge || slot === null) continue;
      const to = this.#buffers.models;
      this.list.push({ kind: 'copy', from: estimates, fromByte: side * bytes, to, toByte: slot * bytes, bytes });
    }
  }

  address(draw: Draw) {
    return launchAddress(this.#seed, draw);
  }

  async run<B extends Record<string, BufferType>, L extends Record<string, 'u32' | 'f32'>>(
    definition: KernelDefinition<B, L>,
    buffers: Record<keyof B, GPUBuffer>,
    grid: {
      readonly groups: number;
      readonly layers?: number;
      /** As in `Dispatch`. */
      readonly work: number;
      readonly trialsPerGroup?: number;
      readonly constants?: Record<string, number | boolean>;
    },
    launch: Record<keyof L, number>,
  ): Promise<void> {
    const { constants, layers = 1, ...rest } = grid;
    const kernel = await this.#launcher.kernels.get(definition, constants);
    const bindings = kernel.bind(buffers);
    this.list.push({ kind: 'dispatch', kernel: kernel as unknown as Kernel, bindings, launch, layers, ...rest });
  }
}
