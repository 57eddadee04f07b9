import type { Launcher } from '../../src/gpu/launcher.ts';
import { PANEL } from '../../src/kernels/linalg.ts';
import type { LinearRecipe } from '../../src/regimes/recipe.ts';
import { shapeOf, workspaceOf } from '../../src/samplers/direct/shape.ts';
import { type GramBuffers, GramCommands } from '../../src/samplers/gram-commands.ts';
import { openGramSource } from '../../src/samplers/gram-source.ts';
import { type Schedule, scheduleOf } from '../../src/samplers/schedule.ts';
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

/** A batch of designs on the device and the commands to work on it. */
class GramFamily {
  readonly shape: GramShape;
  readonly stride: number;
  readonly #launcher: Launcher;
  readonly #schedule: Schedule;
  readonly #buffers: GramBuffers;
  readonly #close: () => void;

  private constructor(
    shape: GramShape,
    launcher: Launcher,
    schedule: Schedule,
    buffers: GramBuffers,
    close: () => void,
  ) {
    this.shape = shape;
    this.#launcher = launcher;
    this.#schedule = schedule;
    this.#buffers = buffers;
    this.#close = close;
    this.stride = shapeOf(schedule.passes[0]!, shape.order).stride;
  }

  static async open(shape: GramShape, launcher: Launcher): Promise<GramFamily> {
    const schedule = scheduleOf(recipesOf(shape));
    const workspace = sizesOf(schedule, shape);
    let buffers: GramBuffers | null = null;
    const { close } = await openGramSource<'estimates'>(schedule, workspace, launcher, shape.batch, async (created) => {
      buffers = created;
      return [];
    });
    const family = new GramFamily(shape, launcher, schedule, buffers!, close);
    family.fillSides();
    await family.execute((commands) => family.draw(commands));
    return family;
  }

  commands(): GramCommands {
    return new GramCommands(this.#schedule, SEED, this.#launcher, this.#buffers, this.shape.batch);
  }

  get block() {
    return { rows: this.shape.rows, stride: this.stride };
  }

  get buffers(): GramBuffers {
    return this.#buffers;
  }

  async draw(commands: GramCommands): Promise<void> {
    const { rows, order } = this.shape;
    await commands.draw(this.#buffers.design, {
      draw: this.#schedule.passes[0]!.design.parts[0]!.inputs,
      ...{ firstRow: 0, rows, columns: order, into: 0, held: rows, stride: this.stride },
      ...{ factor: 1, scaleOffset: 0, transposed: null },
    });
  }

  gram(commands: GramCommands): Promise<void> {
    return commands.gram(this.block, 0);
  }

  factor(commands: GramCommands): Promise<void> {
    return commands.factor(this.stride, this.shape.order, RIDGE * this.shape.rows, 0);
  }

  /** The last design of the batch, which a wrong index would reach first. */
  design(): Promise<Float32Array> {
    const floats = this.shape.rows * this.stride;
    return this.#last(this.#buffers.design, floats);
  }

  /** X v into the labels, with the first right-hand side as v. */
  product(commands: GramCommands): Promise<void> {
    return commands.product(
      this.block,
      this.#vectors('sides', this.stride),
      this.#vectors('labels', this.#labelStride),
    );
  }

  /** X'y of what `product` left, into the solutions. */
  adjoint(commands: GramCommands): Promise<void> {
    const y = this.#vectors('labels', this.#labelStride);
    return commands.moments(this.block, y, this.#vectors('solutions', this.stride), 0);
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
    const value = relativeDifference(await this.#last(this.#buffers.solutions, this.stride), expected);
    return { what: "|w - X'y| / |X'y|", value, bound: rows * EPS };
  }

  #labels(): Promise<Float32Array> {
    return this.#last(this.#buffers.labels, this.#labelStride);
  }

  get #labelStride(): number {
    return Math.ceil(this.shape.rows / 4) * 4;
  }

  #vectors(name: 'sides' | 'labels' | 'solutions', stride: number) {
    return { buffer: this.#buffers[name], offset: 0, stride };
  }

  /** Fills every right-hand side of every trial with the same vector. */
  fillSides(): void {
    const { batch, order, sides = 1 } = this.shape;
    const all = new Float32Array(sides * batch * this.stride);
    for (let at = 0; at < all.length; at += this.stride) all.set(probeVector(order), at);
    this.#launcher.gpu.device.queue.writeBuffer(this.#buffers.sides, 0, all);
  }

  solve(commands: GramCommands): Promise<void> {
    return commands.solve(this.stride, this.shape.sides ?? 1, this.#buffers.sides);
  }

  /** || A x - b || / || b || for A = X'X + ridge by the design itself, of the last solution. */
  async solveResidual(): Promise<number> {
    const { order, rows, batch, sides = 1 } = this.shape;
    const first = (sides * batch - 1) * this.stride;
    const solution = await readFloats(this.#launcher.gpu, this.#buffers.solutions, first, this.stride);
    const x = solution.subarray(0, order);
    const design = await this.design();
    const product = designAdjoint(design, order, this.stride, designProduct(design, rows, this.stride, x));
    return relativeDifference(
      product.map((value, i) => value + RIDGE * rows * x[i]!),
      probeVector(order),
    );
  }

  async execute(record: (commands: GramCommands) => Promise<void>): Promise<void> {
    const commands = this.commands();
    await record(commands);
    await this.#launcher.execute(commands.list, 0, this.shape.batch);
  }

  close(): void {
    this.#close();
  }

  #last(buffer: GPUBuffer, floats: number): Promise<Float32Array> {
    return readFloats(this.#launcher.gpu, buffer, (this.shape.batch - 1) * floats, floats);
  }
}

/** Floats per matrix: enough for every step by itself, also where `direct` takes none of them, and the whole design at once. */
function sizesOf(schedule: Schedule, { order, rows, sides = 1 }: GramShape) {
  const usual = workspaceOf(schedule);
  const { stride } = shapeOf(schedule.passes[0]!, order);
  const least = stride * Math.max(PANEL, 4 * Math.ceil(sides / 4));
  const square = stride ** 2;
  return {
    ...(Object.fromEntries(
      Object.entries(usual).map(([name, floats]) => [name, Math.max(floats, least)]),
    ) as unknown as typeof usual),
    ...{ design: rows * stride, gram: Math.max(square, least), matrix: Math.max(square, least) },
    labels: Math.max(rows + 4, least),
  };
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
  readonly record: (family: GramFamily, commands: GramCommands) => Promise<void>;
  readonly check: (family: GramFamily) => Promise<Check>;
}

function entryOf(stage: Stage, block: string, shape: GramShape, step: Step): Entry {
  const units = step[step.unit === 'flop' ? 'flops' : 'bytes'];
  const head: RowHead = {
    ...{ group: 'kernels', block, contestant: 'collapse', name: step.name, unit: step.unit, shape: { ...shape } },
    ...{ flopsPerUnit: step.flops / units, bytesPerUnit: step.bytes / units },
  };
  return kernelEntry(stage, head, async (launcher) => {
    const family = await GramFamily.open(shape, launcher);
    await step.before?.(family);
    const commands = family.commands();
    await step.record(family, commands);
    const { batch: trials } = shape;
    return { commands: commands.list, trials, units, check: () => step.check(family), close: () => family.close() };
  });
}

/** X'X of a batch of designs. */
export function gramEntry(stage: Stage, block: string, shape: GramShape): Entry {
  const { order, rows, batch } = shape;
  return entryOf(stage, block, shape, {
    ...{ name: 'gram', unit: 'flop', flops: batch * rows * order ** 2 },
    bytes: batch * 4 * (rows * order + order ** 2 / 2),
    record: (family, commands) => family.gram(commands),
    check: async (family) => {
      await family.execute(async (commands) => {
        await family.factor(commands);
        await family.solve(commands);
      });
      return solveCheck(family);
    },
  });
}

/** Factors of a batch of Gram matrices, copying them included. */
export function choleskyEntry(stage: Stage, block: string, shape: GramShape): Entry {
  const { order, batch } = shape;
  return entryOf(stage, block, shape, {
    ...{ name: 'cholesky', unit: 'flop', flops: (batch * order ** 3) / 3, bytes: batch * 4 * order ** 2 },
    before: (family) => family.execute((commands) => family.gram(commands)),
    record: (family, commands) => family.factor(commands),
    check: async (family) => {
      await family.execute((commands) => family.solve(commands));
      return solveCheck(family);
    },
  });
}

/** Both triangular solves for several right-hand sides. */
export function solveEntry(stage: Stage, block: string, shape: GramShape & { readonly sides: number }): Entry {
  const { order, batch, sides } = shape;
  return entryOf(stage, block, shape, {
    ...{ name: 'solve', unit: 'flop', flops: batch * sides * 2 * order ** 2 },
    bytes: batch * 4 * (order ** 2 + 2 * sides * order),
    before: (family) =>
      family.execute(async (commands) => {
        await family.gram(commands);
        await family.factor(commands);
      }),
    record: (family, commands) => family.solve(commands),
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
      ...{ ...common, name: 'design product', record: (family, commands) => family.product(commands) },
      check: (family) => family.productCheck(),
    }),
    entryOf(stage, block, shape, {
      ...{ ...common, name: 'design adjoint', record: (family, commands) => family.adjoint(commands) },
      before: (family) => family.execute((commands) => family.product(commands)),
      check: (family) => family.adjointCheck(),
    }),
  ];
}
