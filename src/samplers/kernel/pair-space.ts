import { PRODUCT_MAP } from '../../kernels/kernel-ridge.ts';
import { padded } from '../../kernels/linalg.ts';
import type { Buffers } from './feeder.ts';
import { type Columns, type Mapping, PLAIN, type Products } from './products.ts';
import type { KernelSchedule } from './schedule.ts';
import { crossColumns } from './shape.ts';
import type { Evaluated, Functions, Space } from './space.ts';

/** Kernels that are a function of an inner product: entry by entry, the matrix between points and images block by block. */
export class PairSpace implements Space {
  readonly #schedule: KernelSchedule;
  readonly #products: Products;
  readonly #buffers: Buffers;

  constructor(schedule: KernelSchedule, products: Products, buffers: Buffers) {
    this.#schedule = schedule;
    this.#products = products;
    this.#buffers = buffers;
  }

  async gram(points: Columns, rows: number, stride: number): Promise<void> {
    await this.#kernel(points, points, rows, rows, this.#buffers.gram, stride, true);
  }

  async evaluate({ points, depth, weights, count }: Functions, at: Evaluated): Promise<void> {
    const { cross, norms } = this.#buffers;
    const { images, columns, into, offset, stride } = at;
    const block = crossColumns(this.#schedule);
    for (let first = 0; first < columns; first += block) {
      const live = Math.min(block, columns - first);
      const some = { ...images, offset: images.offset + first, firstNorm: images.firstNorm + first };
      await this.#kernel(points, some, depth, live, cross, block, false);
      const unmeasured = { norms, firstNorm: 0 };
      await this.#products.product(
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
    const { population } = this.#schedule.world;
    const out = { depth: population.features, rows, columns, buffer, offset: 0, stride };
    return this.#products.product(left, right, out, { mapping: this.#mapping(), upper });
  }

  #mapping(): Mapping {
    const { kernel } = this.#schedule.world;
    if (kernel.kind === 'random-features') throw new Error('Random features have no kernel of an inner product.');
    const map = PRODUCT_MAP[kernel.kind];
    if (kernel.kind === 'rbf') return { ...PLAIN, map, scale: kernel.scale };
    return { map, scale: kernel.scale, shift: kernel.offset, degree: kernel.degree };
  }
}
