import type { Command, Launcher } from '../../gpu/launcher.ts';
import { gaussianDesign } from '../../kernels/design.ts';
import type { Pass, Schedule, Side } from '../chain-schedule.ts';
import { NORMAL_WORK } from '../cost.ts';
import { type DesignBlock, GramCommands, type Vectors } from '../gram-commands.ts';
import { openGramSource } from '../gram-source.ts';
import type { TrialSource } from '../sampler.ts';
import { type Corrections, correctionsOf } from './conditioning.ts';
import { type CorrectedBuffers, type CorrectionBuffer, correct, type System } from './correct.ts';
import { FusedPasses } from './fused.ts';
import { type Fusion, fusionOf, LARGEST_FUSED } from './fusion.ts';
import { blockRows, labelStride, type PassShape, shapeOf, workspaceOf } from './shape.ts';

type Take = Parameters<System['images']>[0];

/** The direct sampler on the device: everything from the random numbers to the test error stays there. */
export async function openDirectGpu(
  schedule: Schedule,
  seed: number,
  launcher: Launcher,
  capacity: number,
  corrections: Corrections = correctionsOf(schedule),
  fusion: Fusion = fusionOf(schedule, LARGEST_FUSED[launcher.gpu.adapter.software ? 'software' : 'gpu'], corrections),
): Promise<TrialSource> {
  const fused = new FusedPasses(schedule, fusion, seed, launcher);
  try {
    const workspace = workspaceOf(schedule, fusion, corrections);
    const source = await openGramSource<CorrectionBuffer>(schedule, workspace, launcher, capacity, (buffers) => {
      const commands = new GramCommands(schedule, seed, launcher, buffers, capacity);
      return new Recorder(schedule, commands, buffers, capacity, fused, corrections).record();
    });
    const close = () => {
      source.close();
      fused.close();
    };
    return { ...source, close };
  } catch (error) {
    fused.close();
    throw error;
  }
}

/** Turns a schedule into the list of commands of one batch. */
class Recorder {
  readonly #schedule: Schedule;
  readonly #commands: GramCommands;
  readonly #buffers: CorrectedBuffers;
  readonly #capacity: number;
  readonly #fused: FusedPasses;
  readonly #corrections: Corrections;

  constructor(
    schedule: Schedule,
    commands: GramCommands,
    buffers: CorrectedBuffers,
    capacity: number,
    fused: FusedPasses,
    corrections: Corrections,
  ) {
    this.#schedule = schedule;
    this.#commands = commands;
    this.#buffers = buffers;
    this.#capacity = capacity;
    this.#fused = fused;
    this.#corrections = corrections;
  }

  async record(): Promise<readonly Command[]> {
    this.#commands.list.push({ kind: 'clear', buffer: this.#buffers.statuses });
    await this.#commands.truth();
    for (const [index, pass] of this.#schedule.passes.entries()) {
      const fused = await this.#fused.command(index, this.#buffers, this.#capacity);
      if (fused) this.#commands.list.push(fused);
      else await this.#pass(pass, this.#corrections[index]!);
    }
    return this.#commands.list;
  }

  async #pass(pass: Pass, corrections: readonly number[]): Promise<void> {
    const shape = shapeOf(pass, this.#schedule.dimension);
    const { labels, sides, estimates, solutions } = this.#buffers;
    const rightSides = shape.dual ? labels : sides;
    const labelling = pass.sides.map((side) => this.#model(side));
    await this.#data(pass, shape, labelling, rightSides, true);
    for (const [r, ridge] of pass.ridges.entries()) {
      const penalty = ridge * pass.rows + (corrections[r]! > 0 ? this.#shift(pass, shape) : 0);
      if (!pass.factorReady) await this.#commands.factor(shape.stride, shape.order, penalty, pass.firstFactor + r);
      await this.#commands.solve(shape.stride, pass.sides.length, rightSides);
      if (shape.dual) await this.#dualImages(pass, shape, solutions, estimates);
      const steps = corrections[r]!;
      if (steps > 0) await this.#correct(pass, shape, r, steps);
      const fitted = shape.dual || steps > 0 ? estimates : solutions;
      if (pass.measured) await this.#commands.measure(pass, fitted, r);
      this.#commands.keep(pass, fitted, r);
    }
  }

  /**
   * What the factor of a corrected fit has on its diagonal beyond the penalty: in the dual the rounding of XX', as the norm of
   * a matrix of random entries. It keeps pivots positive where many eigenvalues are below it, and steps of correction take
   * it out. Rounding of X'X is graded like its diagonal, and only the last pivots of all come near it.
   */
  #shift(pass: Pass, { dual }: PassShape): number {
    if (!dual) return 0;
    return 4 * Math.sqrt(pass.rows) * 2 ** -24 * this.#schedule.spectrum.reduce((sum, s) => sum + s, 0);
  }

  async #correct(pass: Pass, shape: PassShape, r: number, steps: number): Promise<void> {
    const { estimates, sides, deviations, residuals } = this.#buffers;
    const { dual, stride } = shape;
    const apart = pass.sides.map((_, s) => this.#vectors(deviations, s, this.#commands.features));
    const system = {
      pass,
      factor: pass.firstFactor + r,
      dual,
      penalty: pass.ridges[r]! * pass.rows,
      stride,
      unknowns: dual ? sides : estimates,
      rightSides: () => this.#data(pass, shape, apart, residuals, false),
      images: (take: Take) => this.#images(pass, shape, take),
    };
    await correct(this.#commands, this.#buffers, this.#capacity, this.#schedule.spectrum, system, steps);
  }

  /** Right-hand sides of labels by the given models; at first the design is drawn and its Gram matrix formed. */
  #data(pass: Pass, shape: PassShape, models: readonly Vectors[], into: GPUBuffer, first: boolean): Promise<void> {
    return shape.dual
      ? this.#dualData(pass, shape, models, into, first)
      : this.#primalData(pass, shape, models, into, first);
  }

  /** Blocks of rows in turn: draw, add to the Gram matrix, label, add to the moments X'y. */
  async #primalData(pass: Pass, shape: PassShape, models: readonly Vectors[], into: GPUBuffer, first: boolean) {
    await this.#blocks(pass, shape, first, async (block, firstRow) => {
      const accumulate = firstRow > 0 ? 1 : 0;
      if (first && !pass.factorReady) await this.#commands.gram(block, accumulate);
      for (const [s, side] of pass.sides.entries()) {
        const y = this.#vectors(this.#buffers.labels, s, labelStride(shape));
        await this.#commands.product(block, models[s]!, y);
        await this.#commands.noise(side, firstRow, block.rows, y);
        await this.#commands.adjoint(block, y, this.#vectors(into, s, shape.stride), accumulate);
      }
    });
  }

  /** Every block of rows of a primal design. They are drawn at first, and again unless a single one is still there. */
  async #blocks(
    pass: Pass,
    shape: PassShape,
    first: boolean,
    use: (block: DesignBlock, firstRow: number) => Promise<void>,
  ): Promise<void> {
    const size = blockRows(shape);
    for (let firstRow = 0; firstRow < pass.rows; firstRow += size) {
      const rows = Math.min(size, pass.rows - firstRow);
      if (first || rows < pass.rows) await this.#drawDesign(pass, shape, firstRow, rows);
      await use({ rows, stride: shape.stride }, firstRow);
    }
  }

  /** Fewer rows than features: the design is held transposed, its Gram matrix is XX' and the labels are the right-hand side. */
  async #dualData(pass: Pass, shape: PassShape, models: readonly Vectors[], into: GPUBuffer, first: boolean) {
    const block = { rows: shape.depth, stride: shape.stride };
    if (first) await this.#drawDesign(pass, shape, 0, pass.rows);
    if (first && !pass.factorReady) await this.#commands.gram(block, 0);
    for (const [s, side] of pass.sides.entries()) {
      const y = this.#vectors(into, s, shape.stride);
      await this.#commands.adjoint(block, models[s]!, y, 0);
      await this.#commands.noise(side, 0, pass.rows, y);
    }
  }

  /** X p of the directions p, block by block, or in the dual X'p. */
  async #images(pass: Pass, shape: PassShape, take: Take): Promise<void> {
    const { directions, labels, deviations } = this.#buffers;
    if (shape.dual) {
      await this.#dualImages(pass, shape, directions, deviations);
      return take(this.#vectors(deviations, 0, this.#commands.features), this.#schedule.dimension, 0);
    }
    const stride = labelStride(shape);
    await this.#blocks(pass, shape, false, async (block, firstRow) => {
      for (const s of pass.sides.keys())
        await this.#commands.product(
          block,
          this.#vectors(directions, s, shape.stride),
          this.#vectors(labels, s, stride),
        );
      await take(this.#vectors(labels, 0, stride), block.rows, firstRow > 0 ? 1 : 0);
    });
  }

  async #drawDesign(pass: Pass, shape: PassShape, firstRow: number, rows: number): Promise<void> {
    const { scale, design } = this.#buffers;
    const columns = this.#schedule.dimension;
    const items = shape.dual ? shape.stride * Math.ceil(columns / 4) : (rows * shape.stride) / 4;
    await this.#commands.run(
      gaussianDesign,
      { scale, design },
      { groups: Math.ceil(items / 64), work: 4 * items * NORMAL_WORK, constants: { TRANSPOSED: shape.dual } },
      { ...this.#commands.address(pass.inputs), first_row: firstRow, rows, columns, stride: shape.stride },
    );
  }

  /** Back from the dual: X'a. */
  async #dualImages(pass: Pass, shape: PassShape, from: GPUBuffer, into: GPUBuffer): Promise<void> {
    const block = { rows: shape.depth, stride: shape.stride };
    for (const s of pass.sides.keys()) {
      const a = this.#vectors(from, s, shape.stride);
      await this.#commands.product(block, a, this.#vectors(into, s, this.#commands.features));
    }
  }

  #model(side: Side): Vectors {
    return this.#vectors(this.#buffers.models, side.labels, this.#commands.features);
  }

  /** Vectors number `index` of all trials. */
  #vectors(buffer: GPUBuffer, index: number, stride: number): Vectors {
    return { buffer, offset: index * this.#capacity * stride, stride };
  }
}
