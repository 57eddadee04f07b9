import { PRODUCT_MAP } from '../../../kernels/kernel-ridge.ts';
import { padded } from '../../../kernels/linalg.ts';
import type { BufferName } from '../../../program/program.ts';
import { type Columns, type Mapping, PLAIN, type Products } from './products.ts';
import type { KernelSchedule } from './schedule.ts';
import { crossColumns, type KernelBuffers } from './shape.ts';
import type { Evaluated, Functions, Space } from './space.ts';

/** Kernels that are a function of an inner product: entry by entry, the matrix between points and images block by block. */
export class PairSpace implements Space {
  readonly #schedule: KernelSchedule;
  readonly #products: Products;
  readonly #buffers: KernelBuffers;

  constructor(schedule: KernelSchedule, products: Products, buffers: KernelBuffers) {
    this.#schedule = schedule;
    this.#products = products;
    this.#buffers = buffers;
  }

  gram(points: Columns, rows: number, stride: number): void {
    this.#kernel(points, points, rows, rows, this.#buffers.gram, stride, true);
  }

  evaluate({ points, depth, weights, count }: Functions, at: Evaluated): void {
    const { cross, norms } = this.#buffers;
    const { images, columns, into, offset, stride } = at;
    const block = crossColumns(this.#schedule);
    for (let first = 0; first < columns; first += block) {
      const live = Math.min(block, columns - first);
      const some = { ...images, offset: images.offset + first, firstNorm: images.firstNorm + first };
      this.#kernel(points, some, depth, live, cross, block, false);
      const unmeasured = { norms, firstNorm: 0 };
      this.#products.product(
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
    buffer: BufferName,
    stride: number,
    upper: boolean,
  ): void {
    const { population } = this.#schedule.world;
    const out = { depth: population.features, rows, columns, buffer, offset: 0, stride };
    this.#products.product(left, right, out, { mapping: this.#mapping(), upper });
  }

  #mapping(): Mapping {
    const { kernel } = this.#schedule.world;
    if (kernel.kind === 'random-features') throw new Error('Random features have no kernel of an inner product.');
    const map = PRODUCT_MAP[kernel.kind];
    if (kernel.kind === 'rbf') return { ...PLAIN, map, scale: kernel.scale };
    return { map, scale: kernel.scale, shift: kernel.offset, degree: kernel.degree };
  }
}
