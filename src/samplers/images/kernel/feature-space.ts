import { padded } from '../../../kernels/tiles.ts';
import type { BufferName } from '../../../program/program.ts';
import type { Projection } from '../../../regimes/recipe.ts';
import type { GramSteps } from '../../gram.ts';
import { type Columns, type HeldSlab, type Products, RELU } from './products.ts';
import type { KernelSchedule } from './schedule.ts';
import { heldFeatures, type KernelBuffers } from './shape.ts';
import type { Evaluated, Functions, Space } from './space.ts';

/**
 * Random features, some at a time and drawn anew whenever they are wanted, so that memory knows nothing of their number m.
 *
 *     s_j    direction j, of entries N(0, 1 / (pixels m))
 *     phi_j  phi_j(x) = max(0, <s_j, x>);  the kernel is sum_j phi_j(x) phi_j(x')
 *     v_j    a function is sum_j v_j phi_j,  v = phi(points)' weights
 */
export class FeatureSpace implements Space {
  readonly #schedule: KernelSchedule;
  readonly #steps: GramSteps;
  readonly #products: Products;
  readonly #buffers: KernelBuffers;

  constructor(schedule: KernelSchedule, steps: GramSteps, products: Products, buffers: KernelBuffers) {
    this.#schedule = schedule;
    this.#steps = steps;
    this.#products = products;
    this.#buffers = buffers;
  }

  gram(points: Columns, rows: number, slabs: readonly HeldSlab[], projection: Projection): void {
    const { imageFeatures } = this.#buffers;
    const stride = padded(rows);
    for (const { directions, depth, accumulate } of this.#blocks(projection)) {
      this.#features(directions, points, { rows: depth, columns: rows, buffer: imageFeatures, stride });
      this.#products.triangle(this.#columns(imageFeatures, stride), rows, depth, slabs, { accumulate });
    }
  }

  evaluate({ projection, points, depth, weights, count }: Functions, at: Evaluated): void {
    const { imageFeatures, pointFeatures, coefficients } = this.#buffers;
    const { images, columns, into, offset, stride } = at;
    const held = heldFeatures(this.#schedule);
    const [width, imageStride] = [padded(count), padded(columns)];
    for (const { directions, depth: features, accumulate } of this.#blocks(projection!)) {
      this.#features(points, directions, { rows: depth, columns: features, buffer: pointFeatures, stride: held });
      this.#products.product(this.#columns(pointFeatures, held), this.#columns(weights, width), {
        depth,
        rows: features,
        columns: count,
        buffer: coefficients,
        offset: 0,
        stride: width,
      });
      const shape = { rows: features, columns, buffer: imageFeatures, stride: imageStride };
      this.#features(directions, images, shape);
      this.#products.product(
        this.#columns(coefficients, width),
        this.#columns(imageFeatures, imageStride),
        { depth: features, rows: count, columns, buffer: into, offset, stride },
        { accumulate },
      );
    }
  }

  /** Directions of all features, block by block; those of later blocks stand where those of earlier ones did. */
  *#blocks({ features, draw }: Projection) {
    const { directions: buffer } = this.#buffers;
    const pixels = this.#schedule.world.population.features;
    const held = heldFeatures(this.#schedule);
    for (let first = 0; first < features; first += held) {
      const depth = Math.min(held, features - first);
      this.#steps.draw(buffer, {
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
  #features(left: Columns, right: Columns, out: { rows: number; columns: number; buffer: BufferName; stride: number }) {
    const depth = this.#schedule.world.population.features;
    return this.#products.product(left, right, { ...out, depth, offset: 0 }, { mapping: RELU });
  }

  #columns(buffer: BufferName, stride: number): Columns {
    return { buffer, offset: 0, stride, norms: this.#buffers.norms, firstNorm: 0 };
  }
}
