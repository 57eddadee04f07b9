import { PRODUCT_MAP } from '../../../kernels/kernel-ridge.ts';
import { padded } from '../../../kernels/linalg.ts';
import type { KernelFunction } from '../../../regimes/recipe.ts';
import { type Columns, type Mapping, PLAIN, type Place, type Products } from './products.ts';
import type { KernelSchedule } from './schedule.ts';
import { crossColumns, type KernelBuffers } from './shape.ts';
import type { Space } from './space.ts';

/** Kernels that are a function of an inner product: entry by entry, the matrix between points and images block by block. */
export function pairSpace(schedule: KernelSchedule, products: Products, buffers: KernelBuffers): Space {
  const { population, kernel } = schedule.world;
  const mapping = mappingOf(kernel);
  const block = crossColumns(schedule);
  const matrix = (left: Columns, right: Columns, out: Omit<Place, 'depth' | 'offset'>, upper: boolean) =>
    products.product(left, right, { ...out, depth: population.features, offset: 0 }, { mapping, upper });
  return {
    gram: (points, rows, stride) => matrix(points, points, { rows, columns: rows, buffer: buffers.gram, stride }, true),
    evaluate({ points, depth, weights, count }, { images, columns, into, offset, stride }) {
      const { cross, norms } = buffers;
      const unmeasured = { norms, firstNorm: 0 };
      for (let first = 0; first < columns; first += block) {
        const live = Math.min(block, columns - first);
        const some = { ...images, offset: images.offset + first, firstNorm: images.firstNorm + first };
        matrix(points, some, { rows: depth, columns: live, buffer: cross, stride: block }, false);
        products.product(
          { buffer: weights, offset: 0, stride: padded(count), ...unmeasured },
          { buffer: cross, offset: 0, stride: block, ...unmeasured },
          { depth, rows: count, columns: live, buffer: into, offset: offset + first, stride },
        );
      }
    },
  };
}

function mappingOf(kernel: KernelFunction): Mapping {
  if (kernel.kind === 'random-features') throw new Error('Random features have no kernel of an inner product.');
  const map = PRODUCT_MAP[kernel.kind];
  if (kernel.kind === 'rbf') return { ...PLAIN, map, scale: kernel.scale };
  return { map, scale: kernel.scale, shift: kernel.offset, degree: kernel.degree };
}
