import type { Gpu } from '../../gpu/gpu.ts';
import { type Command, type Launcher, readBuffer } from '../../gpu/launcher.ts';
import { gaussianDesign } from '../../kernels/design.ts';
import { GramCommands, type Vectors } from '../gram-commands.ts';
import { type TrialBatch, type TrialSource, TrialStatus } from '../sampler.ts';
import type { Pass, Schedule, Side } from './schedule.ts';
import { blockRows, labelStride, NORMAL_WORK, type PassShape, shapeOf, type Workspace, workspaceOf } from './shape.ts';

/** `GPUBufferUsage`: storage, copy source and destination. */
const STORAGE = 0x80 | 0x4 | 0x8;

type Buffers = Record<keyof Workspace | 'scale', GPUBuffer>;

/** The direct sampler on the device: everything from the random numbers to the test error stays there. */
export async function openDirectGpu(
  schedule: Schedule,
  seed: number,
  gpu: Gpu,
  launcher: Launcher,
  capacity: number,
): Promise<TrialSource> {
  const buffers = createBuffers(schedule, gpu.device, capacity);
  const close = () => {
    for (const buffer of Object.values(buffers)) buffer.destroy();
  };
  try {
    const commands = await new Recorder(schedule, seed, launcher, buffers, capacity).record();
    gpu.assertHealthy();
    return {
      capacity,
      run: async (first, count) => {
        await launcher.execute(commands, first, count);
        const errors = new Float32Array(await readBuffer(gpu, buffers.errors, buffers.errors.size));
        const statuses = new Uint32Array(await readBuffer(gpu, buffers.statuses, buffers.statuses.size));
        return collect(schedule, first, count, capacity, errors, statuses);
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function createBuffers(schedule: Schedule, device: GPUDevice, capacity: number): Buffers {
  const create = (label: string, floats: number) =>
    device.createBuffer({ label, size: Math.max(16, 4 * floats), usage: STORAGE });
  const scale = create('scale', schedule.dimension);
  device.queue.writeBuffer(scale, 0, Float32Array.from(schedule.spectrum, Math.sqrt));
  const workspace = Object.entries(workspaceOf(schedule)).map(([label, floats]) => [
    label,
    create(label, floats * capacity),
  ]);
  return { scale, ...Object.fromEntries(workspace) } as Buffers;
}

function collect(
  schedule: Schedule,
  first: number,
  count: number,
  capacity: number,
  errors: Float32Array,
  statuses: Uint32Array,
): TrialBatch {
  const batch = {
    first,
    count,
    errors: new Float64Array(schedule.cells.length * count),
    statuses: new Uint8Array(schedule.cells.length * count),
  };
  schedule.cells.forEach((place, cell) => {
    for (let trial = 0; trial < count; trial++) {
      const error = errors[place.error * capacity + trial]!;
      const broken = place.factors.some((factor) => statuses[factor * capacity + trial] !== 0);
      batch.errors[cell * count + trial] = error;
      batch.statuses[cell * count + trial] = broken
        ? TrialStatus.nonPositivePivot
        : Number.isFinite(error)
          ? TrialStatus.ok
          : TrialStatus.nonFinite;
    }
  });
  return batch;
}

/** Turns a schedule into the list of commands of one batch. */
class Recorder {
  readonly #schedule: Schedule;
  readonly #commands: GramCommands;
  readonly #buffers: Buffers;
  readonly #capacity: number;

  constructor(schedule: Schedule, seed: number, launcher: Launcher, buffers: Buffers, capacity: number) {
    this.#schedule = schedule;
    this.#commands = new GramCommands(schedule, seed, launcher, buffers, capacity);
    this.#buffers = buffers;
    this.#capacity = capacity;
  }

  async record(): Promise<readonly Command[]> {
    this.#commands.list.push({ kind: 'clear', buffer: this.#buffers.statuses });
    await this.#commands.truth();
    for (const pass of this.#schedule.passes) await this.#pass(pass);
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
