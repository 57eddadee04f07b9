import choleskyDiagonalSource from '../../shaders/linalg/cholesky-diagonal.wgsl?raw';
import choleskyPanelSource from '../../shaders/linalg/cholesky-panel.wgsl?raw';
import choleskySolveSource from '../../shaders/linalg/cholesky-solve.wgsl?raw';
import choleskyUpdateSource from '../../shaders/linalg/cholesky-update.wgsl?raw';
import designAdjointSource from '../../shaders/linalg/design-adjoint.wgsl?raw';
import designProductSource from '../../shaders/linalg/design-product.wgsl?raw';
import gramSource from '../../shaders/linalg/gram.wgsl?raw';
import ridgeShiftSource from '../../shaders/linalg/ridge-shift.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';

/** Columns a Cholesky panel holds; every matrix order is padded to a multiple of it. */
export const PANEL = 16;

/** Rows that are summed before they are added to a Gram matrix; blocks of rows are multiples of it. */
export const RUN = 128;

export const padded = (n: number): number => Math.ceil(n / PANEL) * PANEL;

export const gram = defineKernel({
  name: 'linalg/gram',
  source: gramSource,
  buffers: { design: ['vec4f', 'read'], gram: ['vec4f', 'read_write'] },
  launch: { rows: 'u32', stride4: 'u32', tiles: 'u32', accumulate: 'u32' },
});

export const designProduct = defineKernel({
  name: 'linalg/design-product',
  source: designProductSource,
  buffers: { design: ['vec4f', 'read'], vectors: ['vec4f', 'read'], products: ['f32', 'read_write'] },
  launch: { rows: 'u32', stride4: 'u32', vector_offset4: 'u32', product_offset: 'u32', product_stride: 'u32' },
});

export const designAdjoint = defineKernel({
  name: 'linalg/design-adjoint',
  source: designAdjointSource,
  buffers: { design: ['vec4f', 'read'], vectors: ['f32', 'read'], products: ['vec4f', 'read_write'] },
  launch: {
    rows: 'u32',
    stride4: 'u32',
    vector_offset: 'u32',
    vector_stride: 'u32',
    product_offset4: 'u32',
    accumulate: 'u32',
  },
});

export const ridgeShift = defineKernel({
  name: 'linalg/ridge-shift',
  source: ridgeShiftSource,
  buffers: { gram: ['vec4f', 'read'], matrix: ['vec4f', 'read_write'] },
  launch: { stride4: 'u32', order: 'u32', penalty: 'f32' },
});

export const choleskyUpdate = defineKernel({
  name: 'linalg/cholesky-update',
  source: choleskyUpdateSource,
  buffers: { matrix: ['vec4f', 'read_write'] },
  launch: { stride4: 'u32', panel4: 'u32' },
});

export const choleskyDiagonal = defineKernel({
  name: 'linalg/cholesky-diagonal',
  source: choleskyDiagonalSource,
  buffers: { matrix: ['f32', 'read_write'], inverses: ['f32', 'read_write'], statuses: ['u32', 'read_write'] },
  launch: { stride: 'u32', panel: 'u32', status_offset: 'u32' },
});

export const choleskyPanel = defineKernel({
  name: 'linalg/cholesky-panel',
  source: choleskyPanelSource,
  buffers: { matrix: ['vec4f', 'read_write'], inverses: ['vec4f', 'read'] },
  launch: { stride4: 'u32', panel4: 'u32' },
});

export const choleskySolve = defineKernel({
  name: 'linalg/cholesky-solve',
  source: choleskySolveSource,
  buffers: {
    matrix: ['vec4f', 'read'],
    inverses: ['f32', 'read'],
    sides: ['f32', 'read'],
    solutions: ['f32', 'read_write'],
  },
  launch: { stride4: 'u32', layers: 'u32', count: 'u32' },
});
