import type { Command, Launcher } from '../../gpu/launcher.ts';
import { gaussianDesign } from '../../kernels/design.ts';
import { type GramBuffers, GramCommands, type Vectors } from '../gram-commands.ts';
import { openGramSource } from '../gram-source.ts';
import type { TrialSource } from '../sampler.ts';
import { FusedPasses } from './fused.ts';
import { type Fusion, fusionOf, LARGEST_FUSED } from './fusion.ts';
import type { Pass, Schedule, Side } from './schedule.ts';
import { blockRows, labelStride, NORMAL_WORK, type PassShape, shapeOf, workspaceOf } from './shape.ts';

type Buffers = GramBuffers & { readonly estimates: GPUBuffer };

/** The direct sampler on the device: everything from the random numbers to the test error stays there. */
export async function openDirectGpu(
  schedule: Schedule,
  seed: number,
  launcher: Launcher,
  capacity: number,
  fusion: Fusion = fusionOf(schedule, LARGEST_FUSED[launcher.gpu.adapter.software ? 'software' : 'gpu']),
): Promise<TrialSource> {
  const fused = new FusedPasses(schedule, fusion, seed, launcher);
  try {
    const workspace = workspaceOf(schedule, fusion);
    const source = await openGramSource<'estimates'>(schedule, workspace, launcher, capacity, (buffers) =>
      new Recorder(schedule, seed, launcher, buffers, capacity, fused).record(),
    );
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
  readonly #buffers: Buffers;
  readonly #capacity: number;
  readonly #fused: FusedPasses;

  constructor(
    schedule: Schedule,
    seed: number,
    launcher: Launcher,
    buffers: Buffers,
    capacity: number,
    fused: FusedPasses,
  ) {
    this.#schedule = schedule;
    this.#commands = new GramCommands(schedule, seed, launcher, buffers, capacity);
    this.#buffers = buffers;
    this.#capacity = capacity;
    this.#fused = fused;
  }

  async record(): Promise<readonly Command[]> {
    this.#commands.list.push({ kind: 'clear', buffer: this.#buffers.statuses });
    await this.#commands.truth();
    for (const [index, pass] of this.#schedule.passes.entries()) {
      const fused = await this.#fused.command(index, this.#buffers, this.#capacity);
      if (fused) this.#commands.list.push(fused);
      else await this.#pass(pass);
    }
    return this.#commands.list;
  }

  async #pass(pass: Pass): Promise<void> {
    const shape = shapeOf(pass, this.#schedule.dimension);
    if (shape.dual) await this.#dualData(pass, shape);
    else await this.#primalData(pass, shape);
    const sides = shape.dual ? this.#buffers.labels : this.#buffers.sides;
    const estimates = shape.dual ? this.#buffers.estimates : this.#buffers.solutions;
    for (const [r, ridge] of pass.ridges.entries()) {
      if (!pass.factorReady)
        await this.#commands.factor(shape.stride, shape.order, ridge * pass.rows, pass.firstFactor + r);
      await this.#commands.solve(shape.stride, pass.sides.length, sides);
      if (shape.dual) await this.#dualEstimates(pass, shape);
      if (pass.measured) await this.#commands.measure(pass, estimates, r);
      this.#commands.keep(pass, estimates, r);
    }
  }

  /** Blocks of rows in turn: draw, add to the Gram matrix, label, add to the moments X'y. */
  async #primalData(pass: Pass, shape: PassShape): Promise<void> {
    const { labels, sides } = this.#buffers;
    const { stride } = shape;
    const size = blockRows(shape);
    for (let firstRow = 0; firstRow < pass.rows; firstRow += size) {
      const block = { rows: Math.min(size, pass.rows - firstRow), stride };
      const accumulate = firstRow > 0 ? 1 : 0;
      await this.#drawDesign(pass, shape, firstRow, block.rows);
      if (!pass.factorReady) await this.#commands.gram(block, accumulate);
      for (const [s, side] of pass.sides.entries()) {
        const y = this.#vectors(labels, s, labelStride(shape));
        await this.#commands.product(block, this.#model(side), y);
        await this.#commands.noise(side, firstRow, block.rows, y);
        await this.#commands.adjoint(block, y, this.#vectors(sides, s, stride), accumulate);
      }
    }
  }

  /** Fewer rows than features: the design is held transposed, its Gram matrix is XX' and the labels are the right-hand side. */
  async #dualData(pass: Pass, shape: PassShape): Promise<void> {
    const block = { rows: shape.depth, stride: shape.stride };
    await this.#drawDesign(pass, shape, 0, pass.rows);
    if (!pass.factorReady) await this.#commands.gram(block, 0);
    for (const [s, side] of pass.sides.entries()) {
      const y = this.#vectors(this.#buffers.labels, s, shape.stride);
      await this.#commands.adjoint(block, this.#model(side), y, 0);
      await this.#commands.noise(side, 0, pass.rows, y);
    }
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

  /** Back from the dual: w = X' a. */
  async #dualEstimates(pass: Pass, shape: PassShape): Promise<void> {
    const { solutions, estimates } = this.#buffers;
    const block = { rows: shape.depth, stride: shape.stride };
    for (const s of pass.sides.keys()) {
      const w = this.#vectors(estimates, s, this.#commands.features);
      await this.#commands.product(block, this.#vectors(solutions, s, shape.stride), w);
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
