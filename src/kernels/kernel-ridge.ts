import kernelMatrixSource from '../../shaders/samplers/kernel-matrix.wgsl?raw';
import kernelWeightsSource from '../../shaders/samplers/kernel-weights.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';
import { byTile, type ProductTiles, padded, TILE_ROWS } from './tiles.ts';

/** Values of MAP: what becomes of an inner product. */
export const PRODUCT_MAP = { product: 0, rbf: 1, polynomial: 2, relu: 3 } as const;

export const kernelMatrix = byTile(({ name, enables, includes }) =>
  defineKernel({
    name: `samplers/kernel-matrix (${name})`,
    rate: name === 'wide' ? 2.2 : 1.7,
    enables,
    includes,
    source: kernelMatrixSource,
    buffers: {
      left: ['vec4f', 'read'],
      right: ['vec4f', 'read'],
      left_norms: ['f32', 'read'],
      right_norms: ['vec4f', 'read'],
      matrix: ['vec4f', 'read_write'],
    },
    launch: {
      depth: 'u32',
      rows: 'u32',
      columns: 'u32',
      left_offset4: 'u32',
      left_stride4: 'u32',
      left_first: 'u32',
      right_offset4: 'u32',
      right_stride4: 'u32',
      right_first4: 'u32',
      offset4: 'u32',
      stride4: 'u32',
      scale: 'f32',
      shift: 'f32',
      degree: 'u32',
      accumulate: 'u32',
    },
  }),
);

/** Workgroups of kernel-matrix.wgsl. */
export const kernelMatrixGroups = (rows: number, columns: number, { source, lanes }: ProductTiles) =>
  Math.ceil(padded(columns) / 4 / lanes) * Math.ceil(rows / TILE_ROWS[source]);

export const kernelWeights = defineKernel({
  name: 'samplers/kernel-weights',
  source: kernelWeightsSource,
  buffers: { solutions: ['f32', 'read'], weights: ['f32', 'read_write'] },
  launch: {
    first: 'u32',
    count: 'u32',
    rows: 'u32',
    stride: 'u32',
    items: 'u32',
    offset: 'u32',
    width: 'u32',
  },
});
