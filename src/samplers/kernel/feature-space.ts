import { padded } from '../../kernels/linalg.ts';
import type { Projection } from '../../regimes/recipe.ts';
import type { GramCommands } from '../gram-commands.ts';
import type { Buffers } from './feeder.ts';
import { type Columns, type Products, RELU } from './products.ts';
import type { KernelSchedule } from './schedule.ts';
import { heldFeatures } from './shape.ts';
import type { Evaluated, Functions, Space } from './space.ts';

/**
 * Random features, some at a time and drawn anew whenever they are wanted, so that memory knows nothing of their number. With
 * directions s_j of entries N(0, 1 / (pixels m)) the kernel is the sum over j of phi_j(x) phi_j(x'), phi_j(x) = max(0, <s_j, x>),
 * and functions are sum_j v_j phi_j, v = phi(points)' weights.
 */
export class FeatureSpace implements Space {
  readonly #schedule: KernelSchedule;
  readonly #commands: GramCommands;
  readonly #products: Products;
  readonly #buffers: Buffers;

  constructor(schedule: KernelSchedule, commands: GramCommands, products: Products, buffers: Buffers) {
    this.#schedule = schedule;
    this.#commands = commands;
    this.#products = products;
    this.#buffers = buffers;
  }

  async gram(points: Columns, rows: number, stride: number, projection: Projection): Promise<void> {
    const { imageFeatures, gram } = this.#buffers;
    for await (const { directions, depth, accumulate } of this.#blocks(projection)) {
      await this.#features(directions, points, { rows: depth, columns: rows, buffer: imageFeatures, stride });
      const features = this.#columns(imageFeatures, stride);
      const out = { depth, rows, columns: rows, buffer: gram, offset: 0, stride };
      await this.#products.product(features, features, out, { upper: true, accumulate });
    }
  }

  async evaluate({ projection, points, depth, weights, count }: Functions, at: Evaluated): Promise<void> {
    const { imageFeatures, pointFeatures, coefficients } = this.#buffers;
    const { images, columns, into, offset, stride } = at;
    const held = heldFeatures(this.#schedule);
    const [width, imageStride] = [padded(count), padded(columns)];
    for await (const { directions, depth: features, accumulate } of this.#blocks(projection!)) {
      await this.#features(points, directions, { rows: depth, columns: features, buffer: pointFeatures, stride: held });
      await this.#products.product(this.#columns(pointFeatures, held), this.#columns(weights, width), {
        ...{ depth, rows: features, columns: count, buffer: coefficients, offset: 0, stride: width },
      });
      const shape = { rows: features, columns, buffer: imageFeatures, stride: imageStride };
      await this.#features(directions, images, shape);
      await this.#products.product(
        this.#columns(coefficients, width),
        this.#columns(imageFeatures, imageStride),
        { depth: features, rows: count, columns, buffer: into, offset, stride },
        { accumulate },
      );
    }
  }

  /** Directions of all features, block by block; those of later blocks stand where those of earlier ones did. */
  async *#blocks({ features, draw }: Projection) {
    const { directions: buffer } = this.#buffers;
    const pixels = this.#schedule.world.population.features;
    const held = heldFeatures(this.#schedule);
    for (let first = 0; first < features; first += held) {
      const depth = Math.min(held, features - first);
      await this.#commands.draw(buffer, {
        draw,
        firstRow: first,
        rows: depth,
        columns: pixels,
        into: 0,
        held,
        stride: held,
        factor: 1 / Math.sqrt(pixels * features),
        scaleOffset: null,
        transposed: { covered: held },
      });
      yield { directions: this.#columns(buffer, held), depth, accumulate: first > 0 };
    }
  }

  /** max(0, left'right). */
  #features(left: Columns, right: Columns, out: { rows: number; columns: number; buffer: GPUBuffer; stride: number }) {
    const depth = this.#schedule.world.population.features;
    return this.#products.product(left, right, { ...out, depth, offset: 0 }, { mapping: RELU });
  }

  #columns(buffer: GPUBuffer, stride: number): Columns {
    return { buffer, offset: 0, stride, norms: this.#buffers.norms, firstNorm: 0 };
  }
}
