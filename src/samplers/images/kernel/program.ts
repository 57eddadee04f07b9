import { LEAST_BINDING } from '../../../kernels/cholesky.ts';
import { kernelWeights } from '../../../kernels/kernel-ridge.ts';
import { testError } from '../../../kernels/measure.ts';
import { PANEL, padded } from '../../../kernels/tiles.ts';
import { type Target, tuningOf } from '../../../kernels/tuning.ts';
import { type BufferName, Program } from '../../../program/program.ts';
import { GramSteps } from '../../gram.ts';
import { factoredForm } from '../../results.ts';
import { assertSizes, errorsOf, type ImageSource } from '../images.ts';
import { FeatureSpace } from './feature-space.ts';
import { Feeder } from './feeder.ts';
import { KernelMatrix } from './matrix.ts';
import { pairSpace } from './pair-space.ts';
import { type Columns, Products } from './products.ts';
import type { KernelPass, KernelSchedule, Sample, Tested } from './schedule.ts';
import { buffersOf, type KernelBuffers, most, valueStride } from './shape.ts';
import type { Space } from './space.ts';

/**
 * One trial at a time: the host chooses images, the device does all the rest. Matrices are cut where a binding of so many words ends, by
 * default the least that a device may have, so that rounding is the same on all of them.
 */
export function kernelProgram(
  schedule: KernelSchedule,
  seed: number,
  source: ImageSource,
  target: Target,
  binding = LEAST_BINDING,
): Program {
  const program = new Program({
    ...factoredForm(schedule.fits.cells),
    changesFor: (buffer, words) => [changeFor(schedule, binding, buffer, words)],
    host: async (write) => {
      const images = await source(schedule.world.population);
      assertSizes(images, schedule.world.population);
      const feeder = new Feeder(schedule, seed, images, write, buffers);
      feeder.tests();
      return (trial) => feeder.trial(trial);
    },
  });
  const buffers = buffersOf(program, schedule);
  new KernelSteps(program, schedule, buffers, { seed, target, binding }).all();
  return program;
}

/** What would make a buffer fit into so many words. */
function changeFor({ world, samples }: KernelSchedule, binding: number, buffer: string, words: number): string {
  const { features } = world.population;
  const whole = (rows: number) => Math.floor(rows / PANEL) * PANEL;
  if (buffer === 'tests') return `at most ${whole(words / features)} tests`;
  if (buffer === 'predictions') return 'fewer cells, or fewer tests';
  const others = samples.reduce((sum, { stride }) => sum + stride, 0) - most(samples.map(({ stride }) => stride));
  // Where slabs are larger than the binding, a matrix that is one of them; else a slab of one panel.
  const order = words < binding ? Math.sqrt(words) : words / PANEL;
  return `at most ${whole(Math.min(order, words / features - others))} samples in every fit`;
}

class KernelSteps {
  readonly #program: Program;
  readonly #schedule: KernelSchedule;
  readonly #steps: GramSteps;
  readonly #matrix: KernelMatrix;
  readonly #space: Space;
  readonly #buffers: KernelBuffers;

  constructor(
    program: Program,
    schedule: KernelSchedule,
    buffers: KernelBuffers,
    { seed, target, binding }: { readonly seed: number; readonly target: Target; readonly binding: number },
  ) {
    this.#program = program;
    this.#schedule = schedule;
    this.#buffers = buffers;
    this.#steps = new GramSteps(program, { layout: schedule.fits, seed, target, scale: buffers.testScale });
    const tuning = tuningOf(target);
    const products = new Products(program, tuning.products);
    const held = { tuning, norms: buffers.norms, words: binding };
    this.#matrix = new KernelMatrix(program, this.#steps, products, held);
    this.#space =
      schedule.world.kernel.kind === 'random-features'
        ? new FeatureSpace(schedule, this.#steps, products, buffers)
        : pairSpace(schedule, products, buffers);
  }

  all(): void {
    this.#program.clear(this.#buffers.statuses);
    for (const [number, pass] of this.#schedule.passes.entries()) {
      this.#fit(pass);
      this.#label(pass);
      for (const tested of this.#schedule.tested) if (tested.lastPass === number) this.#test(tested);
    }
  }

  /** Labels, kernel matrix, and for every ridge factor and weights. */
  #fit(kernelPass: KernelPass): void {
    const { pass, sample, stride, labeller } = kernelPass;
    const { outputs, samples } = this.#schedule;
    const { sides, weights, testWeights } = this.#buffers;
    const { rows, ridges, factorReady, firstFactor } = pass;
    for (const side of pass.sides.keys()) this.#labels(kernelPass, side);
    if (!factorReady) this.#gram(kernelPass);
    const tested = this.#schedule.tested.find(
      ({ first, count }) => pass.measured && first <= pass.firstError && pass.firstError < first + count,
    );
    for (const [r, ridge] of ridges.entries()) {
      if (!factorReady) this.#matrix.factor(stride, rows, ridge * rows, firstFactor + r);
      this.#matrix.solve(stride, rows, pass.sides.length * outputs, sides);
      for (const [i, fit] of labeller.fits.entries())
        if (fit.ridge === r) this.#place(kernelPass, fit.side, 1, weights, i, labeller.fits.length, stride);
      if (!tested) continue;
      const place = pass.firstError - tested.first + r * pass.sides.length;
      this.#place(kernelPass, 0, pass.sides.length, testWeights, place, tested.count, samples[sample]!.stride);
    }
  }

  /** The kernel matrix of a pass: a block of one that is made once for all passes that it serves, if a binding holds that. */
  #gram({ pass, sample, stride, most, opens }: KernelPass): void {
    const points = this.#points(sample);
    const { rows, design } = pass;
    const whole = most && this.#matrix.whole(padded(most));
    if (!whole) {
      this.#space.gram(points, rows, this.#matrix.slabs(stride), design.projection);
      return;
    }
    if (opens) this.#space.gram(points, most, [whole], design.projection);
    this.#matrix.block(whole, rows);
  }

  /** The labels of one side: values of its labellers, and their errors. */
  #labels({ pass, stride, values: rows }: KernelPass, side: number): void {
    const { outputs, world } = this.#schedule;
    const { sides, values } = this.#buffers;
    for (const [l, label] of pass.sides[side]!.labels.entries()) {
      const whole = label.row + label.rows === pass.rows;
      const words = whole ? stride - label.row : label.rows;
      for (let output = 0; output < outputs; output++) {
        const offset = (side * outputs + output) * stride + label.row;
        const from = (rows[side]![l]! + output) * valueStride(this.#schedule) + label.row;
        this.#program.copy({ buffer: values, offset: from }, { buffer: sides, offset }, words);
        const errors = errorsOf(label.errors, world.coding, output);
        const noise = { noise: label.noise, errors };
        this.#steps.noise(noise, label.first, label.rows, { buffer: sides, offset, stride });
      }
    }
  }

  /** What the fits of a pass say of the samples that they label. */
  #label({ pass, sample, labeller }: KernelPass): void {
    const { weights, values } = this.#buffers;
    const stride = valueStride(this.#schedule);
    const count = labeller.fits.length * this.#schedule.outputs;
    for (const { sample: target, row } of labeller.targets)
      this.#space.evaluate(
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
  #test({ sample, projection, first, count }: Tested): void {
    const { tests, testNorms, testWeights, testScale, testLabels, predictions, errors } = this.#buffers;
    const { world, outputs, samples } = this.#schedule;
    const stride = padded(world.tests);
    const depth = samples[sample]!.rows;
    this.#space.evaluate(
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
    this.#program.dispatch(
      testError,
      { scale: testScale, estimates: predictions, truth: testLabels, errors },
      { groups: 1, layers: count, flops: 4 * length * count },
      { columns: length, stride: length, layers: 1, error_offset: first },
    );
  }

  /** Solutions of `count` sides from `first` on as columns of weights, from fit `place` of `width` fits on. */
  #place(
    { pass, stride }: KernelPass,
    first: number,
    count: number,
    weights: BufferName,
    place: number,
    width: number,
    items: number,
  ): void {
    const { outputs } = this.#schedule;
    const { solutions } = this.#buffers;
    this.#program.dispatch(
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
