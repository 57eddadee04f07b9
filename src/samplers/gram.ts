import { gaussianDesign, labelNoise, shiftedTruth } from '../kernels/design.ts';
import * as linalg from '../kernels/linalg.ts';
import { testError } from '../kernels/measure.ts';
import { gramDispatch, type Target, TUNINGS, type Tuning } from '../kernels/tuning.ts';
import { triangularDesign } from '../kernels/wishart.ts';
import { type Amount, add, each, TRIALS, times } from '../program/amount.ts';
import type { BufferName, Program } from '../program/program.ts';
import type { Draw } from '../regimes/recipe.ts';
import { launchAddress } from './address.ts';
import type { PassResults, ShiftSlot, Trial } from './schedule.ts';
import { drawTruth } from './truth.ts';

/** A place in a buffer: `vector[trial][entry]` from `offset` on, row length `stride`. */
export interface Vectors {
  readonly buffer: BufferName;
  readonly offset: Amount;
  readonly stride: number;
}

/** Vectors number `index` of all trials: vectors of one number stand trial by trial. */
export function vectors(buffer: BufferName, index: number, stride: number): Vectors {
  return { buffer, offset: each(index * stride), stride };
}

/** The vectors `count` numbers later, from their entry `entry` on. */
export function later(from: Vectors, count: number, entry = 0): Vectors {
  return { ...from, offset: add(from.offset, each(count * from.stride, entry)) };
}

/** Rows of the design that are held, and the padded length of each. */
export interface DesignBlock {
  readonly buffer: BufferName;
  readonly rows: number;
  readonly stride: number;
}

/** Several vectors at once, and how many numbers lie from one to the next, of what is read and of what is written. */
export interface Layers {
  readonly count: number;
  readonly from: Amount;
  readonly to: Amount;
}

/** So many neighbouring vectors of these lengths. */
export const layersOf = (count: number, from: number, to: number): Layers => ({
  count,
  from: each(from),
  to: each(to),
});

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

/** What such steps are for. */
interface GramJob {
  readonly schedule: Trial;
  readonly seed: number;
  readonly target: Target;
  /** Roots of eigenvalues. */
  readonly scale: BufferName;
}

/**
 * The steps that samplers have in common which hold coefficients as vectors and solve with a Gram matrix. Buffers are laid out
 * [slot or side][trial][entry]; `gram`, `matrix`, `inverses`, `unknowns` and `solutions` serve every fit in turn.
 */
export class GramSteps {
  readonly program: Program;
  /** Row length of a vector of features. */
  readonly features: number;
  readonly #job: GramJob;
  readonly #tuning: Tuning;

  constructor(program: Program, job: GramJob) {
    this.program = program;
    this.features = linalg.padded(job.schedule.dimension);
    this.#job = job;
    this.#tuning = TUNINGS[job.target.tuning];
  }

  /** Coefficients of every model, the truth first. */
  get models(): BufferName {
    return this.program.buffer('models', this.#job.schedule.modelSlots * this.features);
  }

  get statuses(): BufferName {
    return this.program.buffer('statuses', this.#job.schedule.factors);
  }

  get errors(): BufferName {
    return this.program.buffer('errors', this.#job.schedule.errors);
  }

  /** Solutions of so many right-hand sides of a length. */
  solutions(count: number, stride: number): BufferName {
    return this.program.buffer('solutions', count * stride);
  }

  /** w0 of every trial into slot 0 of the models. */
  truth(): void {
    drawTruth(this.program, this.#job.schedule, this.#job.seed, this.models, this.features);
  }

  /** Truths that are shifted, each into its slot. */
  shifts(shifts: readonly ShiftSlot[]): void {
    if (shifts.length === 0) return;
    const { dimension } = this.#job.schedule;
    const { models, features: stride } = this;
    const all = shifts.flatMap(({ model }) => model.deviations);
    const deviations = this.program.constant('deviations', Float32Array.from(all));
    for (const [i, { slot, model }] of shifts.entries())
      this.program.dispatch(
        shiftedTruth,
        { deviations, models },
        { groups: Math.ceil(stride / 256), normals: dimension },
        {
          ...this.address(model.shift),
          columns: dimension,
          stride,
          offset: each(slot * stride),
          deviation_offset: i * dimension,
          size: model.scale,
        },
      );
  }

  /** Gaussian rows into a matrix. */
  draw(matrix: BufferName, drawn: DrawnRows): void {
    const { draw, firstRow, rows, columns, into, held, stride, factor, scaleOffset, transposed } = drawn;
    const items = transposed ? transposed.covered * Math.ceil(columns / 4) : (rows * stride) / 4;
    this.program.dispatch(
      gaussianDesign,
      { scale: this.#job.scale, design: matrix },
      {
        groups: Math.ceil(items / 64),
        normals: 4 * items,
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
  triangle(
    matrix: BufferName,
    { draw, columns, into, held, stride, factor, scaleOffset }: Omit<DrawnRows, 'firstRow' | 'rows' | 'transposed'>,
    samples: number,
  ): void {
    const items = (columns * stride) / 4;
    this.program.dispatch(
      triangularDesign,
      { scale: this.#job.scale, design: matrix },
      { groups: Math.ceil(items / 64), normals: 2 * items },
      {
        ...this.address(draw),
        ...{ samples, columns, into, held, factor },
        stride4: stride / 4,
        scale_offset: scaleOffset ?? 0,
      },
    );
  }

  /** X v, of some rows or of all. */
  product(
    { buffer: design, rows: held, stride }: DesignBlock,
    from: Vectors,
    to: Vectors,
    { first, rows, share, accumulate }: Rows = { first: 0, rows: held, share: 1, accumulate: 0 },
    layers: Layers = ONE,
  ): void {
    this.program.dispatch(
      linalg.designProduct,
      { design, vectors: from.buffer, products: to.buffer },
      { groups: Math.ceil(rows / 64), layers: layers.count, flops: 2 * rows * stride * layers.count },
      {
        ...{ rows, first, held, share, accumulate },
        stride4: stride / 4,
        vector_offset4: times(from.offset, 1 / 4),
        vector_layer4: times(layers.from, 1 / 4),
        product_offset: to.offset,
        product_layer: layers.to,
        product_stride: to.stride,
      },
    );
  }

  /** X' v: of some of its columns or of all. */
  adjoint(
    { buffer: design, rows, stride }: DesignBlock,
    from: Vectors,
    to: Vectors,
    { first, rows: columns, share, accumulate }: Rows,
    layers: Layers = ONE,
  ): void {
    this.program.dispatch(
      linalg.designAdjoint,
      { design, vectors: from.buffer, products: to.buffer },
      {
        groups: Math.ceil((columns + (first % 4)) / 256),
        layers: layers.count,
        flops: 2 * rows * columns * layers.count,
      },
      {
        ...{ rows, first, share, accumulate },
        end: first + columns,
        stride4: stride / 4,
        vector_offset: from.offset,
        vector_stride: from.stride,
        vector_layer: layers.from,
        product_offset4: times(to.offset, 1 / 4),
        product_layer4: times(layers.to, 1 / 4),
      },
    );
  }

  /** X' v for all columns, added to what stands in `to` if `accumulate` is 1. */
  moments(block: DesignBlock, from: Vectors, to: Vectors, accumulate: 0 | 1, layers: Layers = ONE): void {
    this.adjoint(block, from, to, { first: 0, rows: block.stride, share: 1, accumulate }, layers);
  }

  /** Adds label noise: rows `firstRow ..` of its draw to `rows` labels; the same to those of every layer. */
  noise(
    { noise, errors }: Noise,
    firstRow: number,
    rows: number,
    { buffer: labels, offset, stride }: Vectors,
    { count, to }: Layers = ONE,
  ): void {
    if (noise === 0) return;
    const groups = Math.ceil((rows + (firstRow % 4)) / 256);
    const launch = { ...this.address(errors), first_row: firstRow, rows, stride, offset, layer: to, noise };
    this.program.dispatch(labelNoise, { labels }, { groups, layers: count, normals: count * rows }, launch);
  }

  /** Upper triangle of X'X, added to what stands there if `accumulate` is 1; an upper triangular X costs a third. */
  gram({ buffer: design, rows, stride }: DesignBlock, accumulate: 0 | 1, triangular = false): void {
    const gram = this.program.buffer('gram', stride * stride);
    const { kernel, groups, constants, launch } = gramDispatch(this.#tuning, stride, triangular);
    const flops = (rows * stride ** 2) / (triangular ? 3 : 1);
    this.program.dispatch(kernel, { design, gram }, { groups, flops, constants }, { ...launch, rows, accumulate });
  }

  /** Cholesky factor of the Gram matrix plus penalty; `factor` is its number among the statuses. */
  factor(stride: number, order: number, penalty: number, factor: number): void {
    const gram = this.program.buffer('gram', stride * stride);
    const buffers = { gram, ...this.#factored(stride), statuses: this.statuses };
    const { rows, lanes: LANES } = this.#tuning;
    const SHARE = linalg.choleskyShare(stride, LANES, rows);
    const packed = SHARE < LANES ? { trialsPerGroup: LANES / SHARE } : {};
    const steps = linalg.choleskySteps(stride, SHARE);
    const launch = { stride4: stride / 4, order, penalty, status_offset: each(factor), trials: TRIALS };
    for (const { panel4, panels, groups, work } of steps)
      this.program.dispatch(
        linalg.choleskyPanel[rows],
        buffers,
        { groups, flops: order ** 3 / 3 / steps.length, work, constants: { LANES, SHARE }, ...packed },
        { ...launch, panel4, panels },
      );
  }

  /** Solutions for all right-hand sides, with the last factor. */
  solve(stride: number, count: number, sides: BufferName): void {
    const { rows, lanes: LANES } = this.#tuning;
    const unknowns = this.program.buffer('unknowns', linalg.wholeSides(count) * stride);
    const solutions = this.solutions(count, stride);
    this.program.dispatch(
      linalg.choleskySolve[rows],
      { ...this.#factored(stride), sides, unknowns, solutions },
      { groups: 1, layers: Math.ceil(count / linalg.SIDES), flops: 4 * stride ** 2 * count, constants: { LANES } },
      { stride4: stride / 4, layers: TRIALS, count },
    );
  }

  #factored(stride: number) {
    return {
      matrix: this.program.buffer('matrix', stride * stride),
      inverses: this.program.buffer('inverses', stride * linalg.PANEL),
    };
  }

  /** Test errors of the estimates of all sides of a pass, for its ridge number `ridge`. */
  measure(pass: Measured, estimates: BufferName, ridge: number): void {
    const { models: truth, errors } = this;
    const columns = this.#job.schedule.dimension;
    const count = pass.sides.length;
    this.program.dispatch(
      testError,
      { scale: this.#job.scale, estimates, truth, errors },
      { groups: 1, layers: count, flops: 4 * columns * count },
      { columns, stride: this.features, layers: TRIALS, error_offset: each(pass.firstError + ridge * count) },
    );
  }

  /** Keeps those estimates of ridge number `ridge` that label data of later passes. */
  keep(pass: Measured, estimates: BufferName, ridge: number): void {
    for (const { side, slot, ...output } of pass.outputs)
      if (output.ridge === ridge && slot !== null)
        this.copy(vectors(estimates, side, this.features), vectors(this.models, slot, this.features));
  }

  /** Vectors of all trials to others of the same row length. */
  copy(from: Vectors, to: Vectors): void {
    this.program.copy(from, to, each(from.stride));
  }

  address(draw: Draw) {
    return launchAddress(this.#job.seed, draw);
  }
}
