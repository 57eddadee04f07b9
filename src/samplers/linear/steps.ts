import { scaledTruth, shiftedTruth } from '../../kernels/design.ts';
import { testError } from '../../kernels/measure.ts';
import { layersDispatch } from '../../kernels/products.ts';
import { padded } from '../../kernels/tiles.ts';
import { triangularDesign } from '../../kernels/wishart.ts';
import { add, each, TRIALS, times } from '../../program/amount.ts';
import { type BufferName, NORMAL_WORK, type Program } from '../../program/program.ts';
import type { PassLayout, ScaledSlot, ShiftSlot } from '../fit-schedule.ts';
import {
  type DesignBlock,
  type DrawnRows,
  type GramJob,
  GramSteps,
  type Layers,
  ONE_LAYER,
  type Vectors,
  vectors,
} from '../gram.ts';
import { drawTruth } from './truth.ts';

/** Rows of a product with a design that take as long as its beginning. */
const BEGUN_ROWS = 20;

/** Normals that take as long as a chi number. */
const CHI_NORMALS = 9;

/** The vectors `count` numbers later, from their entry `entry` on. */
export function later(from: Vectors, count: number, entry = 0): Vectors {
  return { ...from, offset: add(from.offset, each(count * from.stride, entry)) };
}

/** So many neighbouring vectors of these lengths. */
export const layersOf = (count: number, from: number, to: number): Layers => ({
  count,
  from: each(from),
  to: each(to),
});

/** Some of the rows of a design that is held, and what becomes of their products. */
export interface Rows {
  readonly first: number;
  readonly rows: number;
  /** Factor of the products. */
  readonly share: number;
  /** Whether they are added to what stands there. */
  readonly accumulate: 0 | 1;
}

/** What a test error is counted for. */
type Measured = Pick<PassLayout, 'firstError' | 'outputs'> & { readonly sides: readonly unknown[] };

/** The steps that linear samplers have in common: models are vectors of coefficients, which label rows and are measured. */
export class LinearSteps extends GramSteps {
  /** Row length of a vector of features. */
  readonly features: number;

  constructor(program: Program, job: GramJob) {
    super(program, job);
    this.features = padded(job.layout.dimension);
  }

  /** Coefficients of every model, the truth first. */
  get models(): BufferName {
    return this.program.buffer('models', this.job.layout.modelSlots * this.features);
  }

  /** w0 of every trial into slot 0 of the models. */
  truth(): void {
    drawTruth(this.program, this.job.layout, this.job.seed, this.models, this.features);
  }

  /** Truths that are shifted, each into its slot. */
  shifts(shifts: readonly ShiftSlot[]): void {
    if (shifts.length === 0) return;
    const { dimension } = this.job.layout;
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

  /** Truths that are scaled by coordinate, each into its slot. */
  scaled(scaled: readonly ScaledSlot[]): void {
    if (scaled.length === 0) return;
    const { dimension: columns } = this.job.layout;
    const { models, features: stride } = this;
    const factors = this.program.constant('factors', Float32Array.from(scaled.flatMap(({ model }) => model.factors)));
    for (const [i, { slot }] of scaled.entries())
      this.program.dispatch(
        scaledTruth,
        { factors, models },
        { groups: Math.ceil(stride / 64), flops: columns },
        { columns, stride, offset: each(slot * stride), factor_offset: i * columns },
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
      { scale: this.job.scale, design: matrix },
      { groups: Math.ceil(items / 64), normals: 2 * items, work: NORMAL_WORK * (2 * items + CHI_NORMALS * columns) },
      {
        ...this.address(draw),
        samples,
        columns,
        into,
        held,
        factor,
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
    layers: Layers = ONE_LAYER,
  ): void {
    const { product, rowsOfGroup, worked, ...along } = layersDispatch(this.tuning.products, layers.count);
    const flops = 2 * rows * stride * layers.count;
    const work = 2 * (rows + BEGUN_ROWS) * stride * worked;
    this.program.dispatch(
      product,
      { design, vectors: from.buffer, products: to.buffer },
      { groups: Math.ceil(rows / rowsOfGroup), layers: along.layers, constants: along.constants, flops, work },
      {
        rows,
        first,
        held,
        share,
        accumulate,
        layers: layers.count,
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
    layers: Layers = ONE_LAYER,
  ): void {
    const { adjoint, columnsOfGroup, worked, ...along } = layersDispatch(this.tuning.products, layers.count);
    const groups = Math.ceil((columns + (first % 4)) / columnsOfGroup);
    const flops = 2 * rows * columns * layers.count;
    const work = (flops * worked) / layers.count;
    this.program.dispatch(
      adjoint,
      { design, vectors: from.buffer, products: to.buffer },
      { groups, layers: along.layers, constants: along.constants, flops, work },
      {
        rows,
        first,
        share,
        accumulate,
        layers: layers.count,
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
  moments(block: DesignBlock, from: Vectors, to: Vectors, accumulate: 0 | 1, layers: Layers = ONE_LAYER): void {
    this.adjoint(block, from, to, { first: 0, rows: block.stride, share: 1, accumulate }, layers);
  }

  /** Test errors of the estimates of all sides of a pass, for its ridge number `ridge`. */
  measure(pass: Measured, estimates: BufferName, ridge: number): void {
    const { models: truth, errors } = this;
    const columns = this.job.layout.dimension;
    const count = pass.sides.length;
    this.program.dispatch(
      testError,
      { scale: this.job.scale, estimates, truth, errors },
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
}
