import { leadingFeatures } from '../../../kernels/design.ts';
import { padded } from '../../../kernels/tiles.ts';
import type { BufferName } from '../../../program/program.ts';
import type { FitPass } from '../../fit-schedule.ts';
import type { DesignBlock, Vectors } from '../../gram.ts';
import type { DirectJob } from './job.ts';
import type { Nest } from './nested.ts';
import { ChosenRows, type Models, type PassRows, StackedRows } from './rows.ts';
import { blockRows, type PassShape } from './shape.ts';

/** How what is fitted stands on the device. */
export interface PassDesign {
  /** Comes before anything is drawn. */
  begin(): void;
  /** Every block of it, in turn where it is not held whole. They are drawn at first, and again unless a single one is still there. */
  blocks(first: boolean, use: (block: DesignBlock, firstRow: number) => void): void;
  /** Labels of the rows of a block, which begin at `firstRow`; those of side 0 go to `y`. */
  label(models: Models, block: DesignBlock, firstRow: number, y: Vectors): void;
  /** S, where what is fitted is random features. */
  readonly projection?: DesignBlock;
}

export function designOf(
  job: DirectJob,
  pass: FitPass,
  shape: PassShape,
  index: number,
  nest: Nest | null,
): PassDesign {
  const rows = pass.design.subsample ? new ChosenRows(job, pass, index) : new StackedRows(job, pass);
  if (shape.projected) return new RandomFeatures(job, pass, shape, rows, nest);
  return shape.dual ? new WholeTransposed(job, pass, shape, rows) : new BlocksOfRows(job, pass, shape, rows);
}

/** As many rows as features: blocks of rows pass through. */
class BlocksOfRows implements PassDesign {
  readonly #pass: FitPass;
  readonly #shape: PassShape;
  readonly #rows: PassRows;
  readonly #design: BufferName;

  constructor({ steps }: DirectJob, pass: FitPass, shape: PassShape, rows: PassRows) {
    this.#pass = pass;
    this.#shape = shape;
    this.#rows = rows;
    this.#design = steps.program.buffer('design', blockRows(shape) * shape.stride);
  }

  begin(): void {
    this.#rows.choose();
  }

  blocks(first: boolean, use: (block: DesignBlock, firstRow: number) => void): void {
    const size = blockRows(this.#shape);
    for (let firstRow = 0; firstRow < this.#pass.rows; firstRow += size) {
      const rows = Math.min(size, this.#pass.rows - firstRow);
      const block = { buffer: this.#design, rows, stride: this.#shape.stride };
      if (first || rows < this.#pass.rows) this.#rows.draw(block, firstRow);
      use(block, firstRow);
    }
  }

  label(models: Models, block: DesignBlock, firstRow: number, y: Vectors): void {
    this.#rows.label(models, block, firstRow, y);
  }
}

/** Fewer rows than features: the design is held transposed, its Gram matrix is XX' and the labels are the right-hand side. */
class WholeTransposed implements PassDesign {
  readonly #rows: PassRows;
  readonly #block: DesignBlock;

  constructor({ steps }: DirectJob, _: FitPass, { depth, stride }: PassShape, rows: PassRows) {
    this.#rows = rows;
    this.#block = { buffer: steps.program.buffer('design', depth * stride), rows: depth, stride };
  }

  begin(): void {
    this.#rows.choose();
  }

  blocks(first: boolean, use: (block: DesignBlock, firstRow: number) => void): void {
    if (first) this.#rows.drawTransposed(this.#block);
    use(this.#block, 0);
  }

  label(models: Models, block: DesignBlock, _: number, y: Vectors): void {
    this.#rows.labelTransposed(models, block, y);
  }
}

/** The design is made of random features Z = X S, or in the dual Z'; X is held transposed and labelled itself. */
class RandomFeatures implements PassDesign {
  readonly projection: DesignBlock;
  readonly #job: DirectJob;
  readonly #pass: FitPass;
  readonly #shape: PassShape;
  readonly #rows: PassRows;
  readonly #inputs: DesignBlock;
  readonly #block: DesignBlock;
  readonly #nest: Nest | null;

  constructor(job: DirectJob, pass: FitPass, shape: PassShape, rows: PassRows, nest: Nest | null) {
    const { program } = job.steps;
    const { dimension } = job.schedule;
    const inputs = padded(pass.rows);
    this.#job = job;
    this.#pass = pass;
    this.#shape = shape;
    this.#rows = rows;
    this.#nest = nest;
    this.#inputs = { buffer: program.buffer('inputs', dimension * inputs), rows: dimension, stride: inputs };
    this.projection = this.#projectionOf(shape.features);
    const { depth, stride } = shape;
    this.#block = { buffer: program.buffer('design', depth * stride), rows: depth, stride };
  }

  begin(): void {
    this.#rows.choose();
  }

  blocks(first: boolean, use: (block: DesignBlock, firstRow: number) => void): void {
    if (first) this.#draw();
    use(this.#block, 0);
  }

  label(models: Models, _: DesignBlock, __: number, y: Vectors): void {
    this.#rows.labelTransposed(models, { ...this.#inputs, stride: y.stride }, y);
  }

  #draw(): void {
    const { features, dual } = this.#shape;
    const nest = this.#nest;
    if (!nest || nest.first) this.#rows.drawTransposed(this.#inputs);
    if (!nest) {
      this.#directions(this.projection, features);
      const [left, right] = dual ? [this.projection, this.#inputs] : [this.#inputs, this.projection];
      this.#product(left, right, this.#block.buffer);
      return;
    }
    const held = this.#job.steps.program.buffer('features', padded(nest.features) * this.#inputs.stride);
    if (nest.first) {
      const widest = this.#projectionOf(nest.features);
      this.#directions(widest, nest.features);
      this.#product(widest, this.#inputs, held);
    }
    if (!nest.first || features < nest.features) this.#directions(this.projection, features);
    const [rows4, features4] = [this.#inputs.stride / 4, this.projection.stride / 4];
    this.#job.steps.program.dispatch(
      leadingFeatures,
      { held, design: this.#block.buffer },
      { groups: Math.ceil((rows4 * features4) / 16), work: 16 * rows4 * features4, constants: { TRANSPOSED: dual } },
      { held_rows: padded(nest.features), rows4, features, features4 },
    );
  }

  /** S of so many features. */
  #projectionOf(features: number): DesignBlock {
    const { dimension } = this.#job.schedule;
    const stride = padded(features);
    return { buffer: this.#job.steps.program.buffer('projection', dimension * stride), rows: dimension, stride };
  }

  #directions({ buffer, rows, stride }: DesignBlock, features: number): void {
    this.#job.steps.draw(buffer, {
      draw: this.#pass.design.projection!.draw,
      firstRow: 0,
      rows,
      into: 0,
      held: rows,
      columns: features,
      stride,
      factor: rows ** -0.5,
      scaleOffset: null,
      transposed: null,
    });
  }

  #product(left: DesignBlock, right: DesignBlock, into: BufferName): void {
    this.#job.steps.multiply(
      { left: left.buffer, right: right.buffer, product: into },
      left.rows,
      left.stride,
      right.stride,
    );
  }
}
