import type { Command, Launcher } from '../../gpu/launcher.ts';
import { readBuffer } from '../../gpu/read-back.ts';
import { kernelMatrix, kernelMatrixGroups, kernelWeights, PRODUCT_MAP } from '../../kernels/kernel-ridge.ts';
import { padded } from '../../kernels/linalg.ts';
import { testError } from '../../kernels/measure.ts';
import { TUNINGS, tuningName } from '../../kernels/tuning.ts';
import { batchOf } from '../batch.ts';
import { GramCommands } from '../gram-commands.ts';
import type { TrialSource } from '../sampler.ts';
import { type Buffers, Feeder } from './feeder.ts';
import { assertSizes, type ImageSource } from './images.ts';
import type { KernelPass, KernelSchedule, Sample, Tested } from './schedule.ts';
import { crossColumns, type KernelBuffer, valueStride, workspaceOf } from './shape.ts';

/** `GPUBufferUsage`: storage, copy source and destination. */
const STORAGE = 0x80 | 0x4 | 0x8;

/** The kernel sampler on the device, one trial at a time: the host chooses images, the device does all the rest. */
export async function openKernelGpu(
  schedule: KernelSchedule,
  seed: number,
  source: ImageSource,
  launcher: Launcher,
  capacity: number,
): Promise<TrialSource> {
  const images = await source(schedule.world.population);
  assertSizes(images, schedule.world.population);
  const { device } = launcher.gpu;
  const buffers = Object.fromEntries(
    Object.entries(workspaceOf(schedule)).map(([label, floats]) => [
      label,
      device.createBuffer({ label, size: Math.max(16, 4 * floats), usage: STORAGE }),
    ]),
  ) as Record<KernelBuffer, GPUBuffer>;
  const close = () => {
    for (const buffer of Object.values(buffers)) buffer.destroy();
  };
  try {
    const feeder = new Feeder(schedule, seed, images, device.queue, buffers);
    feeder.tests();
    const commands = await new Recorder(schedule, seed, launcher, buffers).record();
    const trial = async (number: number) => {
      feeder.trial(number);
      await launcher.execute(commands, number, 1);
      return {
        errors: new Float32Array(await readBuffer(launcher.gpu, buffers.errors, buffers.errors.size)),
        statuses: new Uint32Array(await readBuffer(launcher.gpu, buffers.statuses, buffers.statuses.size)),
      };
    };
    const run = async (first: number, count: number) => {
      const { errors, factors, cells } = schedule.fits;
      const rows = {
        stride: count,
        errors: new Float32Array(errors * count),
        statuses: new Uint32Array(factors * count),
      };
      for (let t = 0; t < count; t++) {
        const drawn = await trial(first + t);
        for (let e = 0; e < errors; e++) rows.errors[e * count + t] = drawn.errors[e]!;
        for (let f = 0; f < factors; f++) rows.statuses[f * count + t] = drawn.statuses[f]!;
      }
      return batchOf(cells, first, count, rows);
    };
    return { capacity, run, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Columns that kernel-matrix.wgsl multiplies: vectors of `rows` entries or images, row length `stride`. */
interface Columns {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly stride: number;
  readonly norms: GPUBuffer;
  /** Of the first column among the norms. */
  readonly firstNorm: number;
}

/** Turns a schedule into the commands of one trial. */
class Recorder {
  readonly #schedule: KernelSchedule;
  readonly #commands: GramCommands;
  readonly #launcher: Launcher;
  readonly #buffers: Buffers;

  constructor(schedule: KernelSchedule, seed: number, launcher: Launcher, buffers: Buffers) {
    const { digits: design, values: labels, testScale: scale, predictions: models } = buffers;
    this.#schedule = schedule;
    this.#launcher = launcher;
    this.#buffers = buffers;
    this.#commands = new GramCommands(schedule.fits, seed, launcher, { ...buffers, design, labels, scale, models }, 1);
  }

  async record(): Promise<readonly Command[]> {
    this.#commands.list.push({ kind: 'clear', buffer: this.#buffers.statuses });
    for (const [number, pass] of this.#schedule.passes.entries()) {
      await this.#fit(pass);
      await this.#label(pass);
      for (const tested of this.#schedule.tested) if (tested.lastPass === number) await this.#test(tested);
    }
    return this.#commands.list;
  }

  /** Labels, kernel matrix, and for every ridge factor and weights. */
  async #fit(kernelPass: KernelPass): Promise<void> {
    const { pass, sample, stride, labels, labeller } = kernelPass;
    const { digits, gram, sides, values, weights, testWeights } = this.#buffers;
    for (const [s, side] of pass.sides.entries()) {
      const fromByte = 4 * labels[s]! * valueStride(this.#schedule);
      const bytes = 4 * stride;
      this.#commands.list.push({ kind: 'copy', from: values, fromByte, to: sides, toByte: s * bytes, bytes });
      await this.#commands.noise(side, 0, pass.rows, { buffer: sides, offset: s * stride, stride });
    }
    const points = this.#points(sample, digits);
    if (!pass.factorReady) await this.#kernel(points, points, pass.rows, pass.rows, gram, stride, true);
    const tested = this.#schedule.tested.find(
      ({ first, count }) => pass.measured && first <= pass.firstError && pass.firstError < first + count,
    );
    for (const [r, ridge] of pass.ridges.entries()) {
      if (!pass.factorReady) await this.#commands.factor(stride, pass.rows, ridge * pass.rows, pass.firstFactor + r);
      await this.#commands.solve(stride, pass.sides.length, sides);
      for (const [column, fit] of labeller.fits.entries())
        if (fit.ridge === r) await this.#place(kernelPass, fit.side, 1, weights, column, labeller.fits.length, stride);
      if (!tested) continue;
      const column = pass.firstError - tested.first + r * pass.sides.length;
      const items = this.#schedule.samples[sample]!.stride;
      await this.#place(kernelPass, 0, pass.sides.length, testWeights, column, tested.count, items);
    }
  }

  /** What the fits of a pass say of the samples that they label. */
  async #label({ pass, sample, labeller }: KernelPass): Promise<void> {
    const { digits, weights, values } = this.#buffers;
    const stride = valueStride(this.#schedule);
    for (const target of labeller.targets) {
      const { rows } = this.#schedule.samples[target.sample]!;
      const images = this.#points(target.sample, digits);
      const count = labeller.fits.length;
      await this.#predict(sample, pass.rows, weights, count, images, rows, values, target.row * stride, stride);
    }
  }

  /** Test errors of all fits to a sample. */
  async #test({ sample, first, count }: Tested): Promise<void> {
    const { tests, testNorms, testWeights, testScale, testLabels, predictions, errors } = this.#buffers;
    const { tests: columns } = this.#schedule.world;
    const stride = padded(columns);
    const { rows } = this.#schedule.samples[sample]!;
    const images = { buffer: tests, offset: 0, stride, norms: testNorms, firstNorm: 0 };
    await this.#predict(sample, rows, testWeights, count, images, columns, predictions, 0, stride);
    await this.#commands.run(
      testError,
      { scale: testScale, estimates: predictions, truth: testLabels, errors },
      { groups: 1, layers: count, work: 4 * columns * count },
      { columns, stride, layers: 1, error_offset: first },
    );
  }

  /** W'k(points, images) for so many columns W of weights, images block by block. */
  async #predict(
    sample: number,
    depth: number,
    weights: GPUBuffer,
    count: number,
    images: Columns,
    columns: number,
    into: GPUBuffer,
    offset: number,
    stride: number,
  ): Promise<void> {
    const { digits, cross, norms } = this.#buffers;
    const block = crossColumns(this.#schedule);
    const points = this.#points(sample, digits);
    for (let first = 0; first < columns; first += block) {
      const live = Math.min(block, columns - first);
      const some = { ...images, offset: images.offset + first, firstNorm: images.firstNorm + first };
      await this.#kernel(points, some, depth, live, cross, block, false);
      const unmeasured = { norms, firstNorm: 0 };
      await this.#product(
        { buffer: weights, offset: 0, stride: padded(count), ...unmeasured },
        { buffer: cross, offset: 0, stride: block, ...unmeasured },
        { depth, rows: count, columns: live, buffer: into, offset: offset + first, stride },
      );
    }
  }

  /** k(left, right) of images. */
  #kernel(
    left: Columns,
    right: Columns,
    rows: number,
    columns: number,
    buffer: GPUBuffer,
    stride: number,
    upper: boolean,
  ): Promise<void> {
    const { kernel, population } = this.#schedule.world;
    const map = {
      map: PRODUCT_MAP[kernel.kind],
      scale: kernel.scale,
      shift: kernel.kind === 'polynomial' ? kernel.offset : 0,
      degree: kernel.kind === 'polynomial' ? kernel.degree : 1,
    };
    return this.#product(
      left,
      right,
      { depth: population.features, rows, columns, buffer, offset: 0, stride },
      map,
      upper,
    );
  }

  async #product(
    left: Columns,
    right: Columns,
    out: { depth: number; rows: number; columns: number; buffer: GPUBuffer; offset: number; stride: number },
    { map, ...shape }: { map: number; scale: number; shift: number; degree: number } = NO_MAP,
    UPPER = false,
  ): Promise<void> {
    const { rows: source, lanes: LANES } = TUNINGS[tuningName(this.#launcher.gpu)];
    const { depth, rows, columns } = out;
    const { groups, total } = kernelMatrixGroups(rows, columns, LANES);
    const work = 2 * depth * padded(rows) * padded(columns) * (UPPER ? 0.5 : 1);
    await this.#commands.run(
      kernelMatrix[source],
      {
        left: left.buffer,
        right: right.buffer,
        left_norms: left.norms,
        right_norms: right.norms,
        matrix: out.buffer,
      },
      { groups: total, work, constants: { LANES, MAP: map, UPPER } },
      {
        groups,
        depth,
        rows,
        columns,
        left_offset4: left.offset / 4,
        left_stride4: left.stride / 4,
        left_first: left.firstNorm,
        right_offset4: right.offset / 4,
        right_stride4: right.stride / 4,
        right_first4: right.firstNorm / 4,
        offset4: out.offset / 4,
        stride4: out.stride / 4,
        ...shape,
      },
    );
  }

  /** Solutions from side `first` on as columns of weights from `column` on, of `width` that there are. */
  async #place(
    { pass, stride }: KernelPass,
    first: number,
    count: number,
    weights: GPUBuffer,
    column: number,
    width: number,
    items: number,
  ): Promise<void> {
    const { solutions } = this.#buffers;
    await this.#commands.run(
      kernelWeights,
      { solutions, weights },
      { groups: Math.ceil(items / 64), work: 2 * items * count },
      { first, count, rows: pass.rows, stride, items, offset: column, width: padded(width) },
    );
  }

  #points(sample: number, buffer: GPUBuffer): Columns {
    const { offset, stride }: Sample = this.#schedule.samples[sample]!;
    const { features } = this.#schedule.world.population;
    return { buffer, offset: offset * features, stride, norms: this.#buffers.norms, firstNorm: offset };
  }
}

const NO_MAP = { map: PRODUCT_MAP.product, scale: 1, shift: 0, degree: 1 } as const;
