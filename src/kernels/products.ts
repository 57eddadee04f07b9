import designAdjointSource from '../../shaders/linalg/design-adjoint.wgsl?raw';
import designAdjointPanelSource from '../../shaders/linalg/design-adjoint-panel.wgsl?raw';
import designProductSource from '../../shaders/linalg/design-product.wgsl?raw';
import designProductPanelSource from '../../shaders/linalg/design-product-panel.wgsl?raw';
import gramSource from '../../shaders/linalg/gram.wgsl?raw';
import gramPanelSource from '../../shaders/linalg/gram-panel.wgsl?raw';
import leadingBlockSource from '../../shaders/linalg/leading-block.wgsl?raw';
import productSource from '../../shaders/linalg/product.wgsl?raw';
import { type BufferType, defineKernel, type KernelDefinition } from '../gpu/kernel.ts';
import { byQuads, byTile, PANEL, type ProductTiles, TILE_ROWS, tilesFor } from './tiles.ts';

export const gram = defineKernel({
  name: 'linalg/gram',
  rate: 6,
  source: gramSource,
  buffers: { design: ['vec4f', 'read'], gram: ['vec4f', 'read_write'] },
  launch: { rows: 'u32', stride4: 'u32', tiles: 'u32', accumulate: 'u32' },
});

export const gramPanel = byTile(({ name, enables, includes }) =>
  defineKernel({
    name: `linalg/gram-panel (${name})`,
    rate: 7,
    enables,
    includes,
    source: gramPanelSource,
    buffers: { design: ['vec4f', 'read'], gram: ['vec4f', 'read_write'] },
    launch: { rows: 'u32', stride4: 'u32', tiles: 'u32', accumulate: 'u32' },
  }),
);

export const leadingBlock = defineKernel({
  name: 'linalg/leading-block',
  source: leadingBlockSource,
  buffers: { whole: ['vec4f', 'read'], gram: ['vec4f', 'read_write'] },
  launch: { rows: 'u32', stride4: 'u32', whole4: 'u32' },
});

const PRODUCT_LAUNCH = {
  rows: 'u32',
  first: 'u32',
  held: 'u32',
  stride4: 'u32',
  vector_offset4: 'u32',
  vector_layer4: 'u32',
  product_offset: 'u32',
  product_layer: 'u32',
  product_stride: 'u32',
  layers: 'u32',
  accumulate: 'u32',
  share: 'f32',
} as const;

export const designProduct = byQuads(({ name, enables, includes }) =>
  defineKernel({
    name: `linalg/design-product (${name})`,
    rate: 1.8,
    enables,
    includes,
    source: designProductSource,
    buffers: { design: ['vec4f', 'read'], vectors: ['vec4f', 'read'], products: ['f32', 'read_write'] },
    launch: PRODUCT_LAUNCH,
  }),
);

export const designProductPanel = byTile(({ name, enables, includes }) =>
  defineKernel({
    name: `linalg/design-product-panel (${name})`,
    rate: 4.2,
    enables,
    includes,
    source: designProductPanelSource,
    buffers: { design: ['f32', 'read'], vectors: ['f32', 'read'], products: ['f32', 'read_write'] },
    launch: PRODUCT_LAUNCH,
  }),
);

const ADJOINT_LAUNCH = {
  rows: 'u32',
  stride4: 'u32',
  vector_offset: 'u32',
  vector_stride: 'u32',
  vector_layer: 'u32',
  product_offset4: 'u32',
  product_layer4: 'u32',
  first: 'u32',
  end: 'u32',
  layers: 'u32',
  accumulate: 'u32',
  share: 'f32',
} as const;

export const designAdjoint = byQuads(({ name, enables, includes }) =>
  defineKernel({
    name: `linalg/design-adjoint (${name})`,
    rate: 1,
    enables,
    includes,
    source: designAdjointSource,
    buffers: { design: ['vec4f', 'read'], vectors: ['f32', 'read'], products: ['vec4f', 'read_write'] },
    launch: ADJOINT_LAUNCH,
  }),
);

export const designAdjointPanel = byTile(({ name, enables, includes }) =>
  defineKernel({
    name: `linalg/design-adjoint-panel (${name})`,
    rate: 3.8,
    enables,
    includes,
    source: designAdjointPanelSource,
    buffers: { design: ['vec4f', 'read'], vectors: ['f32', 'read'], products: ['vec4f', 'read_write'] },
    launch: ADJOINT_LAUNCH,
  }),
);

/** Layers from which on design-product.wgsl and design-adjoint.wgsl take four at a time, and sixteen. */
const LEAST_LAYERS = 3;
const LEAST_PANEL = 5;

/** Layers that take as long together as one by itself, for which a design is read as well. */
const LONE_LAYER = 2.5;

type DesignKernel<Launch extends Record<string, 'u32' | 'f32'>> = KernelDefinition<
  Record<'design' | 'vectors' | 'products', BufferType>,
  Launch
>;

/** How a design is multiplied by several vectors at once. */
interface LayersDispatch {
  readonly product: DesignKernel<typeof PRODUCT_LAUNCH>;
  readonly adjoint: DesignKernel<typeof ADJOINT_LAUNCH>;
  /** Rows of a product, and columns of an adjoint, that a workgroup has. */
  readonly rowsOfGroup: number;
  readonly columnsOfGroup: number;
  /** Workgroups along z, and layers that they work on, those for nothing included. */
  readonly layers: number;
  readonly worked: number;
  readonly constants: Record<string, number>;
}

export function layersDispatch(tiles: ProductTiles, count: number): LayersDispatch {
  const { source, lanes: LANES } = tilesFor(tiles, count);
  if (count < LEAST_PANEL) {
    const LAYERS = count < LEAST_LAYERS ? 1 : 4;
    const layers = Math.ceil(count / LAYERS);
    // Few layers have no tall tiles.
    const quads = source === 'memory' ? 'memory' : 'broadcast';
    return {
      product: designProduct[quads],
      adjoint: designAdjoint[quads],
      rowsOfGroup: LANES,
      columnsOfGroup: 4 * LANES,
      layers,
      worked: LAYERS === 1 ? LONE_LAYER * count : count,
      constants: { LANES, LAYERS },
    };
  }
  const layers = Math.ceil(count / TILE_ROWS[source]);
  return {
    product: designProductPanel[source],
    adjoint: designAdjointPanel[source],
    rowsOfGroup: 4 * LANES,
    columnsOfGroup: 4 * LANES,
    layers,
    worked: TILE_ROWS[source] * layers,
    constants: { LANES },
  };
}

export const product = byTile(({ name, enables, includes }) =>
  defineKernel({
    name: `linalg/product (${name})`,
    rate: 6,
    enables,
    includes,
    source: productSource,
    buffers: { left: ['vec4f', 'read'], right: ['vec4f', 'read'], product: ['vec4f', 'read_write'] },
    launch: { rows: 'u32', left4: 'u32', stride4: 'u32' },
  }),
);

/** Product of two matrices of so many rows, of row lengths `left` and `right`, multiples of PANEL. */
export function productDispatch(tiles: ProductTiles, rows: number, left: number, right: number) {
  const { source, lanes: LANES } = tilesFor(tiles, left);
  return {
    kernel: product[source],
    grid: {
      groups: Math.ceil(left / TILE_ROWS[source]) * Math.ceil(right / 4 / LANES),
      flops: 2 * rows * left * right,
      constants: { LANES },
    },
    launch: { rows, left4: left / 4, stride4: right / 4 },
  };
}

/** Workgroups of gram-panel.wgsl and cholesky-update.wgsl: quads of columns from the diagonal on, for every block of rows between two rows. */
export function triangleGroups(
  stride4: number,
  lanes: number,
  {
    from = 0,
    to = 4 * stride4,
    block = PANEL,
  }: { readonly from?: number; readonly to?: number; readonly block?: number } = {},
): number {
  let groups = 0;
  for (let first = from / 4; first < to / 4; first += block / 4) groups += Math.ceil((stride4 - first) / lanes);
  return groups;
}
