import type { Gpu } from '../../gpu/gpu.ts';
import type { BufferType, Kernel, KernelDefinition } from '../../gpu/kernel.ts';
import { type Command, type Launcher, readBuffer } from '../../gpu/launcher.ts';
import { gaussianDesign, labelNoise, truth as truthKernel } from '../../kernels/design.ts';
import * as linalg from '../../kernels/linalg.ts';
import { testError } from '../../kernels/measure.ts';
import type { Draw } from '../../regimes/recipe.ts';
import { streamKey, truthDraw } from '../address.ts';
import { type TrialBatch, type TrialSource, TrialStatus } from '../sampler.ts';
import type { Pass, Schedule } from './schedule.ts';
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

/** Turns a schedule into the list of commands of one batch. Vectors are laid out [slot or side][trial][entry]. */
class Recorder {
  readonly #commands: Command[] = [];
  readonly #schedule: Schedule;
  readonly #seed: number;
  readonly #launcher: Launcher;
  readonly #buffers: Buffers;
  readonly #capacity: number;
  /** Row length of a vector of features. */
  readonly #features: number;

  constructor(schedule: Schedule, seed: number, launcher: Launcher, buffers: Buffers, capacity: number) {
    this.#schedule = schedule;
    this.#seed = seed;
    this.#launcher = launcher;
    this.#buffers = buffers;
    this.#capacity = capacity;
    this.#features = linalg.padded(schedule.dimension);
  }

  async record(): Promise<readonly Command[]> {
    this.#commands.push({ kind: 'clear', buffer: this.#buffers.statuses });
    await this.#truth();
    for (const pass of this.#schedule.passes) await this.#pass(pass);
    return this.#commands;
  }

  async #truth(): Promise<void> {
    const { truth, dimension } = this.#schedule;
    if (truth.kind === 'coefficients') {
      const row = new Float32Array(this.#features);
      row.set(truth.values);
      const queue = this.#launcher.gpu.device.queue;
      for (let trial = 0; trial < this.#capacity; trial++)
        queue.writeBuffer(this.#buffers.models, 4 * trial * this.#features, row);
      return;
    }
    const kernel = await this.#launcher.kernels.get(truthKernel, { SPHERE: truth.kind === 'sphere' });
    const size = truth.kind === 'sphere' ? truth.norm : Math.sqrt(truth.variance);
    this.#dispatch(kernel, { models: this.#buffers.models }, 1, dimension * NORMAL_WORK, {
      ...this.#address(truthDraw(dimension)),
      columns: dimension,
      stride: this.#features,
      size,
    });
  }

  async #pass(pass: Pass): Promise<void> {
    const shape = shapeOf(pass, this.#schedule.dimension);
    if (shape.dual) await this.#dualData(pass, shape);
    else await this.#primalData(pass, shape);
    for (const [r, ridge] of pass.ridges.entries()) {
      if (!pass.factorReady) await this.#factor(shape, ridge * pass.rows, pass.firstFactor + r);
      const sides = shape.dual ? this.#buffers.labels : this.#buffers.sides;
      await this.#solve(pass, shape, sides);
      if (shape.dual) await this.#dualEstimates(pass, shape);
      const estimates = shape.dual ? this.#buffers.estimates : this.#buffers.solutions;
      if (pass.measured) await this.#measure(pass, estimates, pass.firstError + r * pass.sides.length);
      for (const output of pass.outputs)
        if (output.ridge === r && output.slot !== null) this.#keep(estimates, output.side, output.slot);
    }
  }

  /** Blocks of rows in turn: draw, add to the Gram matrix, label, add to the moments X'y. */
  async #primalData(pass: Pass, shape: PassShape): Promise<void> {
    const { design, labels, sides, models } = this.#buffers;
    const block = blockRows(shape);
    const stride4 = shape.stride / 4;
    for (let firstRow = 0; firstRow < pass.rows; firstRow += block) {
      const rows = Math.min(block, pass.rows - firstRow);
      await this.#drawDesign(pass, shape, firstRow, rows);
      const accumulate = firstRow > 0 ? 1 : 0;
      if (!pass.factorReady) await this.#gram(shape, rows, accumulate);
      for (const [s, side] of pass.sides.entries()) {
        const offset = s * this.#capacity * labelStride(shape);
        await this.#run(
          linalg.designProduct,
          { design, vectors: models, products: labels },
          Math.ceil(rows / 64),
          2 * rows * shape.stride,
          {
            rows,
            stride4,
            vector_offset4: (side.labels * this.#capacity * this.#features) / 4,
            product_offset: offset,
            product_stride: labelStride(shape),
          },
        );
        await this.#noise(side.noise, side.errors, firstRow, rows, offset, labelStride(shape));
        await this.#run(
          linalg.designAdjoint,
          { design, vectors: labels, products: sides },
          Math.ceil(stride4 / 64),
          2 * rows * shape.stride,
          {
            rows,
            stride4,
            vector_offset: offset,
            vector_stride: labelStride(shape),
            product_offset4: s * this.#capacity * stride4,
            accumulate,
          },
        );
      }
    }
  }

  /** Fewer rows than features: the design is held transposed, its Gram matrix is XX' and the labels are the right-hand side. */
  async #dualData(pass: Pass, shape: PassShape): Promise<void> {
    const { design, labels, models } = this.#buffers;
    const stride4 = shape.stride / 4;
    await this.#drawDesign(pass, shape, 0, pass.rows);
    if (!pass.factorReady) await this.#gram(shape, shape.depth, 0);
    for (const [s, side] of pass.sides.entries()) {
      await this.#run(
        linalg.designAdjoint,
        { design, vectors: models, products: labels },
        Math.ceil(stride4 / 64),
        2 * shape.depth * shape.stride,
        {
          rows: shape.depth,
          stride4,
          vector_offset: side.labels * this.#capacity * this.#features,
          vector_stride: this.#features,
          product_offset4: s * this.#capacity * stride4,
          accumulate: 0,
        },
      );
      await this.#noise(side.noise, side.errors, 0, pass.rows, s * this.#capacity * shape.stride, shape.stride);
    }
  }

  async #drawDesign(pass: Pass, shape: PassShape, firstRow: number, rows: number): Promise<void> {
    const { scale, design } = this.#buffers;
    const kernel = await this.#launcher.kernels.get(gaussianDesign, { TRANSPOSED: shape.dual });
    const columns = this.#schedule.dimension;
    const items = shape.dual ? shape.stride * Math.ceil(columns / 4) : (rows * shape.stride) / 4;
    this.#dispatch(kernel, { scale, design }, Math.ceil(items / 64), 4 * items * NORMAL_WORK, {
      ...this.#address(pass.inputs),
      first_row: firstRow,
      rows,
      columns,
      stride: shape.stride,
    });
  }

  async #noise(noise: number, errors: Draw, firstRow: number, rows: number, offset: number, stride: number) {
    if (noise === 0) return;
    const work = rows * NORMAL_WORK;
    await this.#run(labelNoise, { labels: this.#buffers.labels }, Math.ceil(rows / 256), work, {
      ...this.#address(errors),
      first_row: firstRow,
      rows,
      stride,
      offset,
      noise,
    });
  }

  async #gram(shape: PassShape, rows: number, accumulate: number): Promise<void> {
    const { design, gram } = this.#buffers;
    const side = shape.stride / 4;
    const tiles = (side * (side + 1)) / 2;
    const work = rows * shape.stride ** 2;
    await this.#run(linalg.gram, { design, gram }, Math.ceil(tiles / 64), work, {
      rows,
      stride4: side,
      tiles,
      accumulate,
    });
  }

  async #factor(shape: PassShape, penalty: number, factor: number): Promise<void> {
    const { gram, matrix, inverses, statuses } = this.#buffers;
    const { stride, order } = shape;
    const stride4 = stride / 4;
    await this.#run(linalg.ridgeShift, { gram, matrix }, Math.ceil((stride * stride4) / 64), 2 * stride * stride, {
      stride4,
      order,
      penalty,
    });
    for (let panel = 0; panel < stride; panel += linalg.PANEL) {
      const rows = stride - panel;
      if (panel > 0)
        await this.#run(linalg.choleskyUpdate, { matrix }, Math.ceil(rows / 64), 2 * rows * linalg.PANEL * panel, {
          stride4,
          panel4: panel / 4,
        });
      await this.#run(linalg.choleskyDiagonal, { matrix, inverses, statuses }, 1, 2 * linalg.PANEL ** 3, {
        stride,
        panel,
        status_offset: factor * this.#capacity,
      });
      const below = rows - linalg.PANEL;
      if (below > 0)
        await this.#run(
          linalg.choleskyPanel,
          { matrix, inverses },
          Math.ceil(below / 64),
          2 * below * linalg.PANEL ** 2,
          {
            stride4,
            panel4: panel / 4,
          },
        );
    }
  }

  async #solve(pass: Pass, shape: PassShape, sides: GPUBuffer): Promise<void> {
    const { matrix, inverses, solutions } = this.#buffers;
    const kernel = await this.#launcher.kernels.get(linalg.choleskySolve);
    const launch = { stride: shape.stride, layers: this.#capacity };
    const work = 4 * shape.stride ** 2 * pass.sides.length;
    this.#dispatch(kernel, { matrix, inverses, sides, solutions }, 1, work, launch, pass.sides.length);
  }

  /** Back from the dual: w = X' a. */
  async #dualEstimates(pass: Pass, shape: PassShape): Promise<void> {
    const { design, solutions, estimates } = this.#buffers;
    const stride4 = shape.stride / 4;
    for (let s = 0; s < pass.sides.length; s++) {
      await this.#run(
        linalg.designProduct,
        { design, vectors: solutions, products: estimates },
        Math.ceil(shape.depth / 64),
        2 * shape.depth * shape.stride,
        {
          rows: shape.depth,
          stride4,
          vector_offset4: s * this.#capacity * stride4,
          product_offset: s * this.#capacity * this.#features,
          product_stride: this.#features,
        },
      );
    }
  }

  async #measure(pass: Pass, estimates: GPUBuffer, firstError: number): Promise<void> {
    const { scale, models, errors } = this.#buffers;
    const kernel = await this.#launcher.kernels.get(testError);
    this.#dispatch(
      kernel,
      { scale, estimates, truth: models, errors },
      1,
      4 * this.#schedule.dimension * pass.sides.length,
      {
        columns: this.#schedule.dimension,
        stride: this.#features,
        layers: this.#capacity,
        error_offset: firstError * this.#capacity,
      },
      pass.sides.length,
    );
  }

  #keep(estimates: GPUBuffer, side: number, slot: number): void {
    const bytes = 4 * this.#capacity * this.#features;
    this.#commands.push({
      kind: 'copy',
      from: estimates,
      fromByte: side * bytes,
      to: this.#buffers.models,
      toByte: slot * bytes,
      bytes,
    });
  }

  #address(draw: Draw) {
    const [seed_low, seed_high, unit, generation] = streamKey(this.#seed, draw);
    return { seed_low, seed_high, unit, generation };
  }

  async #run<B extends Record<string, BufferType>, L extends Record<string, 'u32' | 'f32'>>(
    definition: KernelDefinition<B, L>,
    buffers: Record<keyof B, GPUBuffer>,
    groups: number,
    work: number,
    launch: Record<keyof L, number>,
  ): Promise<void> {
    this.#dispatch(await this.#launcher.kernels.get(definition), buffers, groups, work, launch);
  }

  #dispatch<B extends Record<string, BufferType>, L extends Record<string, 'u32' | 'f32'>>(
    kernel: Kernel<B, L>,
    buffers: Record<keyof B, GPUBuffer>,
    groups: number,
    work: number,
    launch: Record<keyof L, number>,
    layers = 1,
  ): void {
    this.#commands.push({
      kind: 'dispatch',
      kernel: kernel as unknown as Kernel,
      bindings: kernel.bind(buffers),
      launch,
      groups,
      layers,
      work,
    });
  }
}
