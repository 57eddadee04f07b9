import type { Command, Launcher } from '../../gpu/launcher.ts';
import { kernelWeights } from '../../kernels/kernel-ridge.ts';
import { padded } from '../../kernels/linalg.ts';
import { testError } from '../../kernels/measure.ts';
import { GramCommands } from '../gram-commands.ts';
import { FeatureSpace } from './feature-space.ts';
import type { Buffers } from './feeder.ts';
import { errorsOf } from './images.ts';
import { PairSpace } from './pair-space.ts';
import { type Columns, Products } from './products.ts';
import type { KernelPass, KernelSchedule, Sample, Tested } from './schedule.ts';
import { valueStride } from './shape.ts';
import type { Space } from './space.ts';

/** Turns a schedule into the commands of one trial. */
export class Recorder {
  readonly #schedule: KernelSchedule;
  readonly #commands: GramCommands;
  readonly #space: Space;
  readonly #buffers: Buffers;

  constructor(schedule: KernelSchedule, seed: number, launcher: Launcher, buffers: Buffers) {
    const { digits: design, values: labels, testScale: scale, predictions: models } = buffers;
    const vectors = { ...buffers, design, labels, scale, models, deviations: scale };
    this.#schedule = schedule;
    this.#buffers = buffers;
    this.#commands = new GramCommands(schedule.fits, seed, launcher, vectors, 1);
    const products = new Products(this.#commands, launcher);
    this.#space =
      schedule.world.kernel.kind === 'random-features'
        ? new FeatureSpace(schedule, this.#commands, products, buffers)
        : new PairSpace(schedule, products, buffers);
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
    const { pass, sample, stride, labeller } = kernelPass;
    const { outputs, samples } = this.#schedule;
    const { sides, weights, testWeights } = this.#buffers;
    const { rows, ridges, factorReady, firstFactor } = pass;
    for (const side of pass.sides.keys()) await this.#labels(kernelPass, side);
    if (!factorReady) await this.#space.gram(this.#points(sample), rows, stride, pass.design.projection);
    const tested = this.#schedule.tested.find(
      ({ first, count }) => pass.measured && first <= pass.firstError && pass.firstError < first + count,
    );
    for (const [r, ridge] of ridges.entries()) {
      if (!factorReady) await this.#commands.factor(stride, rows, ridge * rows, firstFactor + r);
      await this.#commands.solve(stride, pass.sides.length * outputs, sides);
      for (const [i, fit] of labeller.fits.entries())
        if (fit.ridge === r) await this.#place(kernelPass, fit.side, 1, weights, i, labeller.fits.length, stride);
      if (!tested) continue;
      const place = pass.firstError - tested.first + r * pass.sides.length;
      await this.#place(kernelPass, 0, pass.sides.length, testWeights, place, tested.count, samples[sample]!.stride);
    }
  }

  /** The labels of one side: values of its labellers, and their errors. */
  async #labels({ pass, stride, values: rows }: KernelPass, side: number): Promise<void> {
    const { outputs, world } = this.#schedule;
    const { sides, values } = this.#buffers;
    for (const [l, label] of pass.sides[side]!.labels.entries()) {
      const whole = label.row + label.rows === pass.rows;
      const bytes = 4 * (whole ? stride - label.row : label.rows);
      for (let output = 0; output < outputs; output++) {
        const offset = (side * outputs + output) * stride + label.row;
        const fromByte = 4 * ((rows[side]![l]! + output) * valueStride(this.#schedule) + label.row);
        this.#commands.list.push({ kind: 'copy', from: values, fromByte, to: sides, toByte: 4 * offset, bytes });
        const errors = errorsOf(label.errors, world.coding, output);
        const noise = { noise: label.noise, errors };
        await this.#commands.noise(noise, label.first, label.rows, { buffer: sides, offset, stride });
      }
    }
  }

  /** What the fits of a pass say of the samples that they label. */
  async #label({ pass, sample, labeller }: KernelPass): Promise<void> {
    const { weights, values } = this.#buffers;
    const stride = valueStride(this.#schedule);
    const count = labeller.fits.length * this.#schedule.outputs;
    for (const { sample: target, row } of labeller.targets)
      await this.#space.evaluate(
        { projection: pass.design.projection, points: this.#points(sample), depth: pass.rows, weights, count },
        {
          images: this.#points(target),
          columns: this.#schedule.samples[target]!.rows,
          into: values,
          offset: row * stride,
          stride,
        },
      );
  }

  /** Test errors of all fits to a sample. */
  async #test({ sample, projection, first, count }: Tested): Promise<void> {
    const { tests, testNorms, testWeights, testScale, testLabels, predictions, errors } = this.#buffers;
    const { world, outputs, samples } = this.#schedule;
    const stride = padded(world.tests);
    const depth = samples[sample]!.rows;
    await this.#space.evaluate(
      { projection, points: this.#points(sample), depth, weights: testWeights, count: count * outputs },
      {
        images: { buffer: tests, offset: 0, stride, norms: testNorms, firstNorm: 0 },
        columns: world.tests,
        into: predictions,
        offset: 0,
        stride,
      },
    );
    // Rows of one fit stand one after the other, zero beyond the tests, where the scale is zero too.
    const length = outputs * stride;
    await this.#commands.run(
      testError,
      { scale: testScale, estimates: predictions, truth: testLabels, errors },
      { groups: 1, layers: count, work: 4 * length * count },
      { columns: length, stride: length, layers: 1, error_offset: first },
    );
  }

  /** Solutions of `count` sides from `first` on as columns of weights, from fit `place` of `width` fits on. */
  async #place(
    { pass, stride }: KernelPass,
    first: number,
    count: number,
    weights: GPUBuffer,
    place: number,
    width: number,
    items: number,
  ): Promise<void> {
    const { outputs } = this.#schedule;
    const { solutions } = this.#buffers;
    await this.#commands.run(
      kernelWeights,
      { solutions, weights },
      { groups: Math.ceil(items / 64), work: 2 * items * count * outputs },
      {
        first: first * outputs,
        count: count * outputs,
        rows: pass.rows,
        stride,
        items,
        offset: place * outputs,
        width: padded(width * outputs),
      },
    );
  }

  #points(sample: number): Columns {
    const { offset, stride }: Sample = this.#schedule.samples[sample]!;
    const { features } = this.#schedule.world.population;
    const { digits: buffer, norms } = this.#buffers;
    return { buffer, offset: offset * features, stride, norms, firstNorm: offset };
  }
}
