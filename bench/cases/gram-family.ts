import type { Command, Launcher } from '../../src/gpu/launcher.ts';
import { targetOf } from '../../src/kernels/tuning.ts';
import { BoundProgram } from '../../src/program/bound.ts';
import { Program } from '../../src/program/program.ts';
import type { LinearRecipe } from '../../src/regimes/recipe.ts';
import { type FitSchedule, fitScheduleOf } from '../../src/samplers/fit-schedule.ts';
import { type DesignBlock, type Vectors, vectors } from '../../src/samplers/gram.ts';
import { shapeOf } from '../../src/samplers/linear/direct/shape.ts';
import { LinearSteps } from '../../src/samplers/linear/steps.ts';
import { factoredForm } from '../../src/samplers/results.ts';
import type { Entry } from '../block.ts';
import type { Check, RowHead } from '../record.ts';
import { kernelEntry, readFloats, type Stage } from '../stage.ts';

/**
 * Gram matrix, Cholesky factorisation, solves, products with the design: the steps of `direct` one by one, recorded by the
 * very code that records them there, so that whatever kernels it comes to use are the ones measured.
 */

/** So many designs of rows x order normal numbers. */
export interface GramShape {
  readonly order: number;
  readonly rows: number;
  readonly batch: number;
  /** Right-hand sides that share a factor; one unless solves are what is measured. */
  readonly sides?: number;
}

/** Ridge added before factoring, in the objective that divides by the rows. */
const RIDGE = 0.01;
const SEED = 3;

/** A batch of designs on the device and the steps to work on it. */
class GramFamily {
  readonly shape: GramShape;
  readonly stride: number;
  readonly #launcher: Launcher;
  readonly #steps: LinearSteps;
  readonly #schedule: FitSchedule;
  readonly #bound: BoundProgram;

  private constructor(shape: GramShape, launcher: Launcher) {
    const schedule = fitScheduleOf(recipesOf(shape));
    const program = new Program({ ...factoredForm(schedule.cells), changesFor: () => [] });
    const scale = program.constant('scale', new Float32Array(shape.order).fill(1));
    this.shape = shape;
    this.stride = shapeOf(schedule.passes[0]!, shape.order).stride;
    this.#launcher = launcher;
    this.#schedule = schedule;
    this.#steps = new LinearSteps(program, { layout: schedule, seed: SEED, target: targetOf(launcher.gpu), scale });
    // Every step by itself asks for the buffers that it needs.
    for (const record of [this.draw, this.gram, this.factor, this.product, this.adjoint, this.solve]) record.call(this);
    this.#bound = new BoundProgram(program, launcher, shape.batch);
  }

  static async open(shape: GramShape, launcher: Launcher): Promise<GramFamily> {
    const family = new GramFamily(shape, launcher);
    family.fillSides();
    await family.execute(() => family.draw());
    return family;
  }

  /** The commands of the steps that are recorded. */
  commands(record: () => void): Promise<Command[]> {
    const { steps } = this.#steps.program;
    const begin = steps.length;
    record();
    return this.#bound.commands(steps.slice(begin));
  }

  get block(): DesignBlock {
    const { rows } = this.shape;
    const buffer = this.#steps.program.buffer('design', rows * this.stride);
    return { buffer, rows, stride: this.stride };
  }

  draw(): void {
    const { rows, order } = this.shape;
    this.#steps.draw(this.block.buffer, {
      draw: this.#schedule.passes[0]!.design.parts[0]!.inputs,
      firstRow: 0,
      rows,
      columns: order,
      into: 0,
      held: rows,
      stride: this.stride,
      factor: 1,
      scaleOffset: 0,
      transposed: null,
    });
  }

  gram(): void {
    this.#steps.gram(this.block, 0);
  }

  factor(): void {
    this.#steps.factor(this.stride, this.shape.order, RIDGE * this.shape.rows, 0);
  }

  /** The last design of the batch, which a wrong index would reach first. */
  design(): Promise<Float32Array> {
    const floats = this.shape.rows * this.stride;
    return this.#last('design', floats);
  }

  /** X v into the labels, with the first right-hand side as v. */
  product(): void {
    this.#steps.product(this.block, this.#sides, this.#labelled);
  }

  /** X'y of what `product` left, into the solutions. */
  adjoint(): void {
    const solutions = this.#steps.solutions(this.shape.sides ?? 1, this.stride);
    this.#steps.moments(this.block, this.#labelled, vectors(solutions, 0, this.stride), 0);
  }

  async productCheck(): Promise<Check> {
    const { rows, order } = this.shape;
    const expected = designProduct(await this.design(), rows, this.stride, probeVector(order));
    const value = relativeDifference(await this.#labels(), expected);
    return { what: '|y - X v| / |X v|', value, bound: order * EPS };
  }

  async adjointCheck(): Promise<Check> {
    const { rows, order } = this.shape;
    const expected = designAdjoint(await this.design(), order, this.stride, (await this.#labels()).subarray(0, rows));
    const value = relativeDifference(await this.#last('solutions', this.stride), expected);
    return { what: "|w - X'y| / |X'y|", value, bound: rows * EPS };
  }

  #labels(): Promise<Float32Array> {
    return this.#last('labels', this.#labelStride);
  }

  get #labelStride(): number {
    return Math.ceil(this.shape.rows / 4) * 4;
  }

  get #labelled(): Vectors {
    return vectors(this.#steps.program.buffer('labels', this.#labelStride), 0, this.#labelStride);
  }

  get #sides(): Vectors {
    const { sides = 1 } = this.shape;
    return vectors(this.#steps.program.buffer('sides', sides * this.stride), 0, this.stride);
  }

  /** Fills every right-hand side of every trial with the same vector. */
  fillSides(): void {
    const { batch, order, sides = 1 } = this.shape;
    const all = new Float32Array(sides * batch * this.stride);
    for (let at = 0; at < all.length; at += this.stride) all.set(probeVector(order), at);
    this.#bound.write(this.#sides.buffer, 0, all);
  }

  solve(): void {
    this.#steps.solve(this.stride, this.shape.order, this.shape.sides ?? 1, this.#sides.buffer);
  }

  /** || A x - b || / || b || for A = X'X + ridge by the design itself, of the last solution. */
  async solveResidual(): Promise<number> {
    const { order, rows, batch, sides = 1 } = this.shape;
    const first = (sides * batch - 1) * this.stride;
    const solution = await readFloats(this.#launcher.gpu, this.#bound.buffer('solutions'), first, this.stride);
    const x = solution.subarray(0, order);
    const design = await this.design();
    const product = designAdjoint(design, order, this.stride, designProduct(design, rows, this.stride, x));
    return relativeDifference(
      product.map((value, i) => value + RIDGE * rows * x[i]!),
      probeVector(order),
    );
  }

  async execute(record: () => void): Promise<void> {
    await this.#launcher.execute(await this.commands(record), 0, this.shape.batch);
  }

  close(): void {
    this.#bound.close();
  }

  #last(buffer: string, floats: number): Promise<Float32Array> {
    return readFloats(this.#launcher.gpu, this.#bound.buffer(buffer), (this.shape.batch - 1) * floats, floats);
  }
}

/** One recipe for each right-hand side: the same inputs, errors of its own. */
function recipesOf({ order, rows, sides = 1 }: GramShape): LinearRecipe[] {
  const inputs = { unit: 'bench', generation: 0 };
  return Array.from({ length: sides }, (_, side) => ({
    kind: 'linear',
    dimension: order,
    spectrum: new Array<number>(order).fill(1),
    truth: { kind: 'sphere', norm: 1 },
    estimate: {
      data: [{ rows, inputs, errors: { unit: 'bench errors', generation: side }, labels: 'truth', noise: 1 }],
      ridge: RIDGE,
    },
  }));
}

/** Unit round-off of f32. */
const EPS = 2 ** -24;

const probeVector = (n: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(1 + 1.7 * i));

/** X v, row by row. */
function designProduct(design: Float32Array, rows: number, stride: number, v: Float32Array): Float64Array {
  const out = new Float64Array(rows);
  for (let t = 0; t < rows; t++) for (let j = 0; j < v.length; j++) out[t]! += design[t * stride + j]! * v[j]!;
  return out;
}

/** X' y. */
function designAdjoint(design: Float32Array, columns: number, stride: number, y: ArrayLike<number>): Float64Array {
  const out = new Float64Array(columns);
  for (let t = 0; t < y.length; t++) for (let j = 0; j < columns; j++) out[j]! += design[t * stride + j]! * y[t]!;
  return out;
}

function relativeDifference(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (got[i]! - expected[i]!) ** 2;
    size += expected[i]! ** 2;
  }
  return Math.sqrt(difference / size);
}

/** What is timed, its work, and how the outcome is checked. */
interface Step {
  readonly name: string;
  readonly unit: 'flop' | 'byte';
  /** Work and least traffic of one pass over the batch. */
  readonly flops: number;
  readonly bytes: number;
  /** Done once before. */
  readonly before?: (family: GramFamily) => Promise<void>;
  readonly record: (family: GramFamily) => void;
  readonly check: (family: GramFamily) => Promise<Check>;
}

function entryOf(stage: Stage, block: string, shape: GramShape, step: Step): Entry {
  const units = step[step.unit === 'flop' ? 'flops' : 'bytes'];
  const head: RowHead = {
    group: 'kernels',
    block,
    contestant: 'collapse',
    name: step.name,
    unit: step.unit,
    shape: { ...shape },
    flopsPerUnit: step.flops / units,
    bytesPerUnit: step.bytes / units,
  };
  return kernelEntry(stage, head, async (launcher) => {
    const family = await GramFamily.open(shape, launcher);
    await step.before?.(family);
    const commands = await family.commands(() => step.record(family));
    const { batch: trials } = shape;
    return { commands, trials, units, check: () => step.check(family), close: () => family.close() };
  });
}

/** X'X of a batch of designs. */
export function gramEntry(stage: Stage, block: string, shape: GramShape): Entry {
  const { order, rows, batch } = shape;
  return entryOf(stage, block, shape, {
    name: 'gram',
    unit: 'flop',
    flops: batch * rows * order ** 2,
    bytes: batch * 4 * (rows * order + order ** 2 / 2),
    record: (family) => family.gram(),
    check: async (family) => {
      await family.execute(() => {
        family.factor();
        family.solve();
      });
      return solveCheck(family);
    },
  });
}

/** Factors of a batch of Gram matrices, copying them included. */
export function choleskyEntry(stage: Stage, block: string, shape: GramShape): Entry {
  const { order, batch } = shape;
  return entryOf(stage, block, shape, {
    name: 'cholesky',
    unit: 'flop',
    flops: (batch * order ** 3) / 3,
    bytes: batch * 4 * order ** 2,
    before: (family) => family.execute(() => family.gram()),
    record: (family) => family.factor(),
    check: async (family) => {
      await family.execute(() => family.solve());
      return solveCheck(family);
    },
  });
}

/** Both triangular solves for several right-hand sides. */
export function solveEntry(stage: Stage, block: string, shape: GramShape & { readonly sides: number }): Entry {
  const { order, batch, sides } = shape;
  return entryOf(stage, block, shape, {
    name: 'solve',
    unit: 'flop',
    flops: batch * sides * 2 * order ** 2,
    bytes: batch * 4 * (order ** 2 + 2 * sides * order),
    before: (family) =>
      family.execute(() => {
        family.gram();
        family.factor();
      }),
    record: (family) => family.solve(),
    check: solveCheck,
  });
}

/**
 * A Gram matrix, its factor and a solve together, whatever form the first two are kept in. Rounding grows with the condition
 * number, which is about 34 for twice as many rows as columns.
 */
async function solveCheck(family: GramFamily): Promise<Check> {
  const { order, rows } = family.shape;
  const value = await family.solveResidual();
  return { what: "|X'X x + ridge x - b| / |b|", value, bound: 4 * (order + rows + 32) * EPS };
}

/** X v and X'y: every entry of the design is read once for two operations. */
export function productEntries(stage: Stage, block: string, shape: GramShape): Entry[] {
  const { order, rows, batch } = shape;
  const common = {
    unit: 'byte',
    flops: 2 * batch * rows * order,
    bytes: batch * 4 * (rows * order + rows + order),
  } as const;
  return [
    entryOf(stage, block, shape, {
      ...common,
      name: 'design product',
      record: (family) => family.product(),
      check: (family) => family.productCheck(),
    }),
    entryOf(stage, block, shape, {
      ...common,
      name: 'design adjoint',
      record: (family) => family.adjoint(),
      before: (family) => family.execute(() => family.product()),
      check: (family) => family.adjointCheck(),
    }),
  ];
}
