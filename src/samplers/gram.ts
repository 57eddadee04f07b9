import {
  choleskyLanes,
  choleskyPanel,
  choleskyShare,
  choleskySolveFew,
  choleskySolveLanes,
  choleskySteps,
  choleskyUpdate,
  type Slab,
  solveDispatch,
} from '../kernels/cholesky.ts';
import { gaussianDesign, labelNoise } from '../kernels/design.ts';
import { productDispatch } from '../kernels/products.ts';
import { PANEL } from '../kernels/tiles.ts';
import { gramDispatch, type Target, type Tuning, tuningOf } from '../kernels/tuning.ts';
import { type Amount, each, TRIALS } from '../program/amount.ts';
import type { BufferName, Program } from '../program/program.ts';
import type { Draw } from '../regimes/recipe.ts';
import { launchAddress } from './address.ts';
import type { TrialLayout } from './fit-schedule.ts';

/** Operations that take as long as lanes wait for each other at a panel where few sides are solved for. */
const SETTLE_WORK = 16_000;

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

export const ONE_LAYER: Layers = { count: 1, from: 0, to: 0 };

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

/** What a factor is made of, and what it is. */
export interface FactorBuffers {
  readonly gram: BufferName;
  readonly matrix: BufferName;
  readonly inverses: BufferName;
}

/** What such steps are for. */
export interface GramJob {
  readonly layout: TrialLayout;
  readonly seed: number;
  readonly target: Target;
  /** Roots of eigenvalues. */
  readonly scale: BufferName;
}

/**
 * The steps of whoever draws rows and solves with a Gram matrix, of coefficients or of images. Vectors are laid out
 * [slot or side][trial][entry]; `gram`, `matrix`, `inverses`, `unknowns` and `solutions` serve every fit in turn.
 */
export class GramSteps {
  readonly program: Program;
  protected readonly job: GramJob;
  protected readonly tuning: Tuning;

  constructor(program: Program, job: GramJob) {
    this.program = program;
    this.job = job;
    this.tuning = tuningOf(job.target);
  }

  get statuses(): BufferName {
    return this.program.buffer('statuses', this.job.layout.factors);
  }

  get errors(): BufferName {
    return this.program.buffer('errors', this.job.layout.errors);
  }

  /** Solutions of so many right-hand sides of a length. */
  solutions(count: number, stride: number): BufferName {
    return this.program.buffer('solutions', count * stride);
  }

  /** Gaussian rows into a matrix. */
  draw(matrix: BufferName, drawn: DrawnRows): void {
    const { draw, firstRow, rows, columns, into, held, stride, factor, scaleOffset, transposed } = drawn;
    const items = transposed ? transposed.covered * Math.ceil(columns / 4) : (rows * stride) / 4;
    this.program.dispatch(
      gaussianDesign,
      { scale: this.job.scale, design: matrix },
      {
        groups: Math.ceil(items / 64),
        normals: 4 * items,
        constants: { TRANSPOSED: transposed !== null, SCALED: scaleOffset !== null },
      },
      {
        ...this.address(draw),
        first_row: firstRow,
        rows,
        into,
        held,
        columns,
        stride,
        factor,
        covered: transposed?.covered ?? 0,
        scale_offset: scaleOffset ?? 0,
      },
    );
  }

  /** left' right of matrices of so many rows, of row lengths `width` and `stride`. */
  multiply(
    buffers: Readonly<Record<'left' | 'right' | 'product', BufferName>>,
    rows: number,
    width: number,
    stride: number,
  ): void {
    const { kernel, grid, launch } = productDispatch(this.tuning.products, rows, width, stride);
    this.program.dispatch(kernel, buffers, grid, launch);
  }

  /** Adds label noise: rows `firstRow ..` of its draw to `rows` labels; the same to those of every layer. */
  noise(
    { noise, errors }: Noise,
    firstRow: number,
    rows: number,
    { buffer: labels, offset, stride }: Vectors,
    { count, to }: Layers = ONE_LAYER,
  ): void {
    if (noise === 0) return;
    const groups = Math.ceil((rows + (firstRow % 4)) / 256);
    const launch = { ...this.address(errors), first_row: firstRow, rows, stride, offset, layer: to, noise };
    this.program.dispatch(labelNoise, { labels }, { groups, layers: count, normals: count * rows }, launch);
  }

  /** Upper triangle of X'X, added to what stands there if `accumulate` is 1; an upper triangular X costs a third. */
  gram({ buffer: design, rows, stride }: DesignBlock, accumulate: 0 | 1, triangular = false): void {
    const gram = this.program.buffer('gram', stride * stride);
    const { kernel, groups, constants, launch, entries } = gramDispatch(this.tuning, stride, triangular);
    const share = triangular ? 1 / 3 : 1;
    const work = { flops: rows * stride ** 2 * share, work: 2 * rows * entries * share };
    this.program.dispatch(kernel, { design, gram }, { groups, ...work, constants }, { ...launch, rows, accumulate });
  }

  /** Cholesky factor of the Gram matrix plus penalty; `factor` is its number among the statuses. */
  factor(stride: number, order: number, penalty: number, factor: number): void {
    const gram = this.program.buffer('gram', stride * stride);
    const factored = this.#factored(stride);
    if (!this.#ownMatrix(order)) {
      this.eliminate({ gram, ...factored }, { first: 0, rows: stride, stride }, order, penalty, factor);
      return;
    }
    const { statuses } = this;
    const { lanes: LANES } = this.tuning;
    const launch = { stride4: stride / 4, order, penalty, status_offset: each(factor), trials: TRIALS };
    const grid = { groups: 1, flops: order ** 3 / 3, constants: { LANES }, trialsPerGroup: LANES };
    this.program.dispatch(choleskyLanes, { gram, matrix: factored.matrix, statuses }, grid, launch);
  }

  /** The rows of a slab of a Cholesky factor, be it of all rows; `order` of the whole matrix. */
  eliminate(buffers: FactorBuffers, slab: Slab, order: number, penalty: number, factor: number): void {
    const { statuses } = this;
    const { rows: source, lanes: LANES, products: tiles } = this.tuning;
    const { first, rows, stride } = slab;
    const stride4 = stride / 4;
    const launch = { stride4, order: order - first, penalty, status_offset: each(factor), trials: TRIALS };
    const wanted = Math.min(rows, order - first);
    const SHARE = choleskyShare(stride, LANES, source);
    const packed = SHARE < LANES ? { trialsPerGroup: LANES / SHARE } : {};
    const steps = choleskySteps(stride, SHARE, { rows, tiles });
    const all = (wanted ** 2 * (3 * (order - first) - 2 * wanted)) / 3;
    const total = steps.reduce((sum, { work }) => sum + work, 0);
    // Read only where blocks are taken out.
    const blocked = steps.some((step) => 'end' in step);
    const diagonals = blocked ? this.program.buffer('diagonals', stride * PANEL) : buffers.gram;
    for (const step of steps) {
      const { begun, groups, work } = step;
      const flops = (all * work) / total;
      if ('end' in step)
        this.program.dispatch(
          choleskyUpdate[tiles.source],
          { gram: buffers.gram, matrix: buffers.matrix, diagonals },
          { groups, flops, work, constants: { LANES: tiles.lanes } },
          { stride4, begun, end: step.end, rows },
        );
      else
        this.program.dispatch(
          choleskyPanel[source],
          { ...buffers, diagonals, statuses },
          { groups, flops, work, constants: { LANES, SHARE }, ...packed },
          { ...launch, begun, panel4: step.panel4, panels: step.panels },
        );
    }
  }

  /** Solutions for all right-hand sides, with the last factor. */
  solve(stride: number, order: number, count: number, sides: BufferName): void {
    const { lanes: LANES } = this.tuning;
    const solutions = this.solutions(count, stride);
    const { matrix } = this.#factored(stride);
    const launch = { stride4: stride / 4, layers: TRIALS };
    const flops = 2 * order ** 2 * count;
    if (this.#ownMatrix(order)) {
      const grid = { groups: 1, layers: count, flops, constants: { LANES }, trialsPerGroup: LANES };
      this.program.dispatch(choleskySolveLanes, { matrix, sides, solutions }, grid, { ...launch, order });
      return;
    }
    const { kernel, grid, unknowns: words } = solveDispatch(this.tuning, stride, count);
    const unknowns = this.program.buffer('unknowns', words);
    const buffers = { ...this.#factored(stride), sides, unknowns, solutions };
    const settled = kernel === choleskySolveFew ? SETTLE_WORK * (stride / PANEL) * grid.layers : 0;
    this.program.dispatch(kernel, buffers, { ...grid, flops, work: 2 * flops + settled }, { ...launch, count });
  }

  /**
   * Whether every trial is a lane's, which only processors are good at. Where the host feeds trials there is one at a time; of one
   * panel the inverted block is wanted.
   */
  #ownMatrix(order: number): boolean {
    const fits = order > PANEL && order <= this.tuning.ownMatrix;
    return fits && this.job.target.software && !this.program.form.host;
  }

  #factored(stride: number) {
    return {
      matrix: this.program.buffer('matrix', stride * stride),
      inverses: this.program.buffer('inverses', stride * PANEL),
    };
  }

  address(draw: Draw) {
    return launchAddress(this.job.seed, draw);
  }
}
