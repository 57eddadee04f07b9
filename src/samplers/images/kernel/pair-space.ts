import { PRODUCT_MAP } from '../../../kernels/kernel-ridge.ts';
import { padded } from '../../../kernels/tiles.ts';
import type { KernelFunction } from '../../../regimes/recipe.ts';
import { columnsFrom, type Mapping, PLAIN, type Products } from './products.ts';
import type { KernelSchedule } from './schedule.ts';
import { crossColumns, type KernelBuffers } from './shape.ts';
import type { Space } from './space.ts';

/** Kernels that are a function of an inner product: entry by entry, the matrix between points and images block by block. */
export function pairSpace(schedule: KernelSchedule, products: Products, buffers: KernelBuffers): Space {
  const { population, kernel } = schedule.world;
  const mapping = mappingOf(kernel);
  const block = crossColumns(schedule);
  return {
    gram: (points, rows, slabs) => products.triangle(points, rows, population.features, slabs, { mapping }),
    evaluate({ points, depth, weights, count }, { images, columns, into, offset, stride }) {
      const { cross, norms } = buffers;
      const unmeasured = { norms, firstNorm: 0 };
      for (let first = 0; first < columns; first += block) {
        const live = Math.min(block, columns - first);
        const out = { depth: population.features, rows: depth, columns: live, buffer: cross, offset: 0, stride: block };
        products.product(points, columnsFrom(images, first), out, { mapping });
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
