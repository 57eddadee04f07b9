import { padded } from '../../../kernels/tiles.ts';
import type { BufferName, Write } from '../../../program/program.ts';
import { streamKey } from '../../address.ts';
import { choose } from '../choose.ts';
import { featuresOf, type Images, labelsOf, outputsOf, type Scaling, scalingOf } from '../images.ts';
import type { KernelSchedule } from './schedule.ts';
import { type KernelBuffers, valueStride } from './shape.ts';

/** Writes images and their labels into buffers, feature by feature, as the device wants them. */
export class Feeder {
  readonly #schedule: KernelSchedule;
  readonly #seed: number;
  readonly #images: Images;
  readonly #scaling: Scaling;
  readonly #write: Write;
  readonly #buffers: KernelBuffers;

  constructor(schedule: KernelSchedule, seed: number, images: Images, write: Write, buffers: KernelBuffers) {
    const { preprocessing, population } = schedule.world;
    this.#schedule = schedule;
    this.#seed = seed;
    this.#images = images;
    this.#scaling = scalingOf(preprocessing, images.training, population.features);
    this.#write = write;
    this.#buffers = buffers;
  }

  /** The test images, and what the mean of squares over them takes. */
  tests(): void {
    const { tests, coding, population } = this.#schedule.world;
    const { features } = population;
    const rows = Array.from({ length: tests }, (_, i) => i);
    const { tests: buffer, testNorms, testLabels, testScale } = this.#buffers;
    this.#features(featuresOf(this.#images.test, rows, this.#scaling, features), buffer, 0, testNorms, 0);
    const outputs = outputsOf(coding);
    for (let output = 0; output < outputs; output++) {
      this.#write(testLabels, output * padded(tests), labelsOf(this.#images.test, rows, coding, output));
      this.#write(testScale, output * padded(tests), new Float32Array(tests).fill(1 / Math.sqrt(outputs * tests)));
    }
  }

  /** The images of all samples in one trial, and what they show. */
  trial(trial: number): void {
    const { world, samples } = this.#schedule;
    const { training } = this.#images;
    const { features, training: size } = world.population;
    const { digits, norms, values } = this.#buffers;
    const outputs = outputsOf(world.coding);
    for (const [s, { inputs, rows, offset }] of samples.entries()) {
      const chosen = choose(streamKey(this.#seed, inputs), trial, size, rows);
      this.#features(featuresOf(training, chosen, this.#scaling, features), digits, offset * features, norms, offset);
      for (let output = 0; output < outputs; output++) {
        const labels = labelsOf(training, chosen, world.coding, output);
        this.#write(values, (s * outputs + output) * valueStride(this.#schedule), labels);
      }
    }
  }

  #features(rows: Float32Array, into: BufferName, offset: number, normsInto: BufferName, normsOffset: number): void {
    const { features } = this.#schedule.world.population;
    const count = rows.length / features;
    const stride = padded(count);
    const turned = new Float32Array(features * stride);
    const norms = new Float32Array(stride);
    for (let i = 0; i < count; i++) {
      let squares = 0;
      for (let j = 0; j < features; j++) {
        const x = rows[i * features + j]!;
        turned[j * stride + i] = x;
        squares += x * x;
      }
      norms[i] = squares;
    }
    this.#write(into, offset, turned);
    this.#write(normsInto, normsOffset, norms);
  }
}
