import { beforeEach, describe, expect, it } from 'vitest';
import type { KernelDefinition } from '../../src/gpu/kernel.ts';
import type { Dispatch } from '../../src/gpu/launcher.ts';
import { readBuffer } from '../../src/gpu/read-back.ts';
import {
  choleskyLanes,
  choleskyPanel,
  choleskyShare,
  choleskySolveLanes,
  choleskySteps,
  choleskyUpdate,
  solveDispatch,
  wholeSides,
} from '../../src/kernels/cholesky.ts';
import { testError } from '../../src/kernels/measure.ts';
import { designAdjoint, designProduct, layersDispatch, productDispatch } from '../../src/kernels/products.ts';
import { runOnce } from '../../src/kernels/run-once.ts';
import { PANEL, padded, type RowSource } from '../../src/kernels/tiles.ts';
import { gramDispatch, TUNINGS, type Tuning } from '../../src/kernels/tuning.ts';
import type { Grid } from '../../src/program/program.ts';
import { addOuterProduct, cholesky, dot } from '../../src/reference/linalg.ts';
import { useGpu } from '../support/gpu.ts';
import { EPS, normals } from '../support/matrices.ts';

/*
 * Plan: every kernel of shaders/linalg, in every row of the tuning table the device can run, against f64 arithmetic on the
 * same f32 inputs.
 * - gram: orders 1, 2, 15, 16, 17, 61 at a depth just past a run of 128, depths 1, 127, 128, 129, 300 at an order just past a
 *   panel; two trials; entry by entry within the bound of its header; an upper triangular design; accumulated over blocks
 *   gives the same bits as in one go
 * - design product and adjoint: the same shapes; some rows and columns; 3 to 19 vectors at once have the bits of each alone
 * - Cholesky with penalty, and solve for 18 right-hand sides (one group of sixteen is full, the other is not): orders on both
 *   sides of every panel, workgroup and dispatch boundary of 16 and of 64 lanes; well and badly conditioned, graded, scaled to
 *   near overflow and near underflow, nearly singular; batches of 1, 2 and 5; ratios ||A - U'U|| / (n eps ||A||) and
 *   ||Ax - b|| / (n eps (||A|| ||x|| + ||b||)), both of the matrix scaled to unit diagonal, below 10
 *   the same where every lane has a matrix of its own; few right-hand sides, which are solved for four at a time, have the bits
 *   that they have among eighteen
 * - pivots: an indefinite matrix, a zero pivot, NaN and infinity report the right index, in the trial that has it only, also
 *   where small matrices share a workgroup
 * - test error: dimensions 1, 63, 64, 65, 300
 */

/** `GPUBufferUsage`: storage, copy source and destination. */
const STORAGE = 0x80 | 0x4 | 0x8;

const context = useGpu();
const shapes = [
  ...[1, 2, 15, 16, 17, 61].map((order) => [order, 129] as const),
  ...[1, 127, 128, 300].map((depth) => [17, depth] as const),
];

/** A block of designs, `design[trial][t][i]`, zero in the padding. */
function designs(trials: number, depth: number, order: number) {
  const stride = padded(order);
  const design = new Float32Array(trials * depth * stride);
  const z = normals(trials * depth * order, 1);
  for (let row = 0; row < trials * depth; row++)
    for (let i = 0; i < order; i++) design[row * stride + i] = z[row * order + i]!;
  return { design, stride };
}

/** The tests of a describe run where the device can do with that row of the tuning table. */
const tunings = Object.entries<Tuning>(TUNINGS);
const TALL: Tuning = { ...TUNINGS.software, products: { source: 'wide', lanes: 8 } };
const products: readonly (readonly [string, Tuning])[] = [
  ...tunings,
  ['tall tiles', TALL],
  ['four lanes', { ...TUNINGS.software, products: { source: 'broadcast', lanes: 4 } }],
];
const whereItRuns = ({ rows, products: { source } }: Tuning) =>
  beforeEach(({ skip }) => {
    const subgroups = context.gpu.device.features.has('subgroups');
    skip(!subgroups && rows === 'broadcast', 'this device has no subgroups');
    skip(source === 'wide' && !((context.gpu.adapter.subgroup ?? 0) >= 8), 'subgroups of this device are smaller');
  });

describe.each(products)('gram, %s', (_, tuning) => {
  whereItRuns(tuning);
  const run = async (
    design: Float32Array<ArrayBuffer>,
    gram: Float32Array<ArrayBuffer>,
    stride: number,
    rows: number,
    trials: number,
    accumulate: number,
    triangular = false,
  ) => {
    const buffers = { design, gram };
    const { kernel, groups, constants, launch } = gramDispatch(tuning, stride, triangular);
    const all = { ...launch, rows, accumulate } as Record<'rows' | 'stride4' | 'tiles' | 'accumulate', number>;
    return runOnce(context.gpu, context.launcher, kernel, { buffers, launch: all, groups, constants, trials });
  };

  it.each(shapes)('order %i, depth %i', async (order, depth) => {
    const { design, stride } = designs(2, depth, order);
    const { gram } = await run(design, new Float32Array(2 * stride * stride), stride, depth, 2, 0);
    expect(gramRatio(new Float32Array(gram), design, stride, depth, 2)).toBeLessThanOrEqual(1);
  });

  it.each([1, 16, 17, 61, 150])('upper triangular, order %i', async (order) => {
    const { design, stride } = designs(2, order, order);
    for (let row = 0; row < 2 * order; row++) design.fill(0, row * stride, row * stride + (row % order));
    const { gram } = await run(design, new Float32Array(2 * stride * stride), stride, order, 2, 0, true);
    expect(gramRatio(new Float32Array(gram), design, stride, order, 2)).toBeLessThanOrEqual(1);
  });

  it('does not depend on how rows are cut into blocks', async () => {
    const { design, stride } = designs(1, 300, 33);
    const whole = await run(design, new Float32Array(stride * stride), stride, 300, 1, 0);
    const first = await run(design.slice(0, 128 * stride), new Float32Array(stride * stride), stride, 128, 1, 0);
    const both = await run(design.slice(128 * stride), new Float32Array(first.gram), stride, 172, 1, 1);
    expect(new Float32Array(both.gram)).toEqual(new Float32Array(whole.gram));
  });
});

/** How the kernels come by what all lanes want, where the device can. */
const sources = ['memory', 'broadcast'] as const;
const whereItReads = (source: RowSource) => whereItRuns(source === 'broadcast' ? TUNINGS.software : TUNINGS.portable);

describe.each(sources)('some rows and columns of a design times vectors, %s', (source) => {
  whereItReads(source);
  const [depth, order] = [37, 21];
  const { design, stride } = designs(2, depth, order);

  it('takes its share of some rows, added to what stands there, and leaves the others', async () => {
    const v = normals(2 * stride, 2);
    const before = normals(2 * depth, 5);
    const { products } = await runOnce(context.gpu, context.launcher, designProduct[source], {
      buffers: { design, vectors: v, products: before.slice() },
      launch: {
        layers: 1,
        rows: 9,
        first: 5,
        held: depth,
        share: 0.25,
        accumulate: 1,
        stride4: stride / 4,
        vector_offset4: 0,
        vector_layer4: 0,
        product_offset: 5,
        product_layer: 0,
        product_stride: depth,
      },
      groups: 1,
      trials: 2,
    });
    new Float32Array(products).forEach((value, i) => {
      const [trial, row] = [Math.floor(i / depth), i % depth];
      let expected = before[i]!;
      if (row >= 5 && row < 14)
        for (let j = 0; j < order; j++) expected += 0.25 * design[i * stride + j]! * v[trial * stride + j]!;
      expect(Math.abs(value - expected)).toBeLessThan(1e-5);
    });
  });

  it.each([0, 1])('takes its share of some columns, accumulating %i, and leaves the others', async (accumulate) => {
    const u = normals(2 * depth, 3);
    const before = normals(2 * stride, 5);
    const { products } = await runOnce(context.gpu, context.launcher, designAdjoint[source], {
      buffers: { design, vectors: u, products: before.slice() },
      launch: {
        layers: 1,
        rows: depth,
        first: 6,
        end: 15,
        share: 0.25,
        accumulate,
        stride4: stride / 4,
        vector_offset: 0,
        vector_stride: depth,
        vector_layer: 0,
        product_offset4: 0,
        product_layer4: 0,
      },
      groups: 1,
      trials: 2,
    });
    new Float32Array(products).forEach((value, i) => {
      const [trial, column] = [Math.floor(i / stride), i % stride];
      let expected = before[i]!;
      if (column >= 6 && column < 15) {
        expected *= accumulate;
        for (let t = 0; t < depth; t++)
          expected += 0.25 * design[(trial * depth + t) * stride + column]! * u[trial * depth + t]!;
      }
      expect(Math.abs(value - expected)).toBeLessThan(1e-5);
    });
  });
});

describe.each(products)('product of two matrices over their rows, %s', (_, tuning) => {
  whereItRuns(tuning);

  it.each([
    [1, 16, 16],
    [130, 16, 48],
    [17, 48, 16],
    [300, 32, 80],
    [40, 16, 272],
    [129, 80, 32],
  ])('%i rows, %i x %i', async (rows, p, q) => {
    const [left, right] = [normals(2 * rows * p, 7), normals(2 * rows * q, 8)];
    const { kernel, grid, launch } = productDispatch(tuning.products, rows, p, q);
    const buffers = { left, right, product: new Float32Array(2 * p * q).fill(NaN) };
    const { product } = await runOnce(context.gpu, context.launcher, kernel, { buffers, launch, ...grid, trials: 2 });
    new Float32Array(product).forEach((value, i) => {
      const [trial, r, c] = [Math.floor(i / (p * q)), Math.floor(i / q) % p, i % q];
      let [sum, size] = [0, 0];
      for (let t = 0; t < rows; t++) {
        const term = left[(trial * rows + t) * p + r]! * right[(trial * rows + t) * q + c]!;
        sum += term;
        size += Math.abs(term);
      }
      expect(Math.abs(value - sum)).toBeLessThanOrEqual((128 + rows / 128 + 1) * EPS * size);
    });
  });
});

describe.each(products)('layers of a design times vectors, %s', (_, tuning) => {
  whereItRuns(tuning);
  const [depth, order, held] = [150, 141, 36];
  const { design, stride } = designs(2, depth, order);
  type Name = 'product' | 'adjoint';
  const widthOf = (name: Name) => 2 * (name === 'product' ? depth : stride);
  const standing = (name: Name) => normals(held * widthOf(name), 5);

  /** Rows or columns 5 to 139 of so many layers, by themselves or as a sampler has them. */
  const run = async (name: Name, count: number, together: boolean, accumulate: number) => {
    const { product, adjoint, rowsOfGroup, columnsOfGroup, layers, constants } = layersDispatch(
      tuning.products,
      together ? count : 1,
    );
    const buffers = {
      design,
      vectors: normals(2 * held * (name === 'product' ? stride : depth), 2),
      products: standing(name),
    };
    const common = { layers: count, first: 5, share: 0.5, accumulate, stride4: stride / 4 };
    const shared = { constants, layers: together ? layers : count, trials: 2 };
    const { products } =
      name === 'product'
        ? await runOnce(context.gpu, context.launcher, product, {
            buffers,
            launch: {
              ...common,
              rows: 135,
              held: depth,
              vector_offset4: 0,
              vector_layer4: (2 * stride) / 4,
              product_offset: 5,
              product_layer: 2 * depth,
              product_stride: depth,
            },
            groups: Math.ceil(135 / rowsOfGroup),
            ...shared,
          })
        : await runOnce(context.gpu, context.launcher, adjoint, {
            buffers,
            launch: {
              ...common,
              rows: depth,
              end: 140,
              vector_offset: 0,
              vector_stride: depth,
              vector_layer: 2 * depth,
              product_offset4: 0,
              product_layer4: (2 * stride) / 4,
            },
            groups: Math.ceil((135 + 1) / columnsOfGroup),
            ...shared,
          });
    return [...new Float32Array(products)];
  };

  it.each([
    ['product', 3, 0],
    ['product', 4, 1],
    ['product', 5, 1],
    ['product', 16, 0],
    ['product', 19, 1],
    ['product', 35, 0],
    ['adjoint', 4, 1],
    ['adjoint', 6, 0],
    ['adjoint', 19, 1],
    ['adjoint', 33, 0],
  ] as const)(
    'several at a time have the bits of each by itself: %s, %i layers, accumulating %i',
    async (name, count, add) => {
      const alone = await run(name, count, false, add);
      expect(await run(name, count, true, add)).toEqual(alone);
      // What was not asked for is left as it was, and the rest is not.
      const untouched = standing(name);
      const width = widthOf(name);
      alone.forEach((x, i) => {
        const place = (i % width) % (width / 2);
        const asked = i < count * width && place >= 5 && place < 140;
        if ((x === untouched[i]) === asked) expect.fail(`entry ${i} of ${count} layers`);
      });
    },
  );
});

describe.each(sources)('design times vector, %s', (source) => {
  whereItReads(source);

  it.each(shapes)('order %i, depth %i', async (order, depth) => {
    const { design, stride } = designs(2, depth, order);
    const v = normals(2 * stride, 2);
    const product = await runOnce(context.gpu, context.launcher, designProduct[source], {
      buffers: { design, vectors: v, products: new Float32Array(2 * depth) },
      launch: {
        layers: 1,
        rows: depth,
        first: 0,
        held: depth,
        share: 1,
        accumulate: 0,
        stride4: stride / 4,
        vector_offset4: 0,
        vector_layer4: 0,
        product_offset: 0,
        product_layer: 0,
        product_stride: depth,
      },
      groups: Math.ceil(depth / 64),
      trials: 2,
    });
    const u = normals(2 * depth, 3);
    const adjoint = await runOnce(context.gpu, context.launcher, designAdjoint[source], {
      buffers: { design, vectors: u, products: new Float32Array(2 * stride) },
      launch: {
        layers: 1,
        rows: depth,
        first: 0,
        end: stride,
        share: 1,
        accumulate: 0,
        stride4: stride / 4,
        vector_offset: 0,
        vector_stride: depth,
        vector_layer: 0,
        product_offset4: 0,
        product_layer4: 0,
      },
      groups: 1,
      trials: 2,
    });
    const [rows, columns] = [new Float32Array(product.products), new Float32Array(adjoint.products)];
    const entry = (trial: number, t: number, i: number) => design[(trial * depth + t) * stride + i]!;
    const check = (got: number, terms: number[], count: number) => {
      const sum = terms.reduce((a, b) => a + b, 0);
      const size = terms.reduce((a, b) => a + Math.abs(b), 0);
      expect(Math.abs(got - sum)).toBeLessThanOrEqual(count * EPS * size);
    };
    for (let trial = 0; trial < 2; trial++) {
      for (let t = 0; t < depth; t++)
        check(
          rows[trial * depth + t]!,
          Array.from({ length: stride }, (_, i) => entry(trial, t, i) * v[trial * stride + i]!),
          Math.min(stride, 128) + stride / 128 + 2,
        );
      for (let i = 0; i < stride; i++)
        check(
          columns[trial * stride + i]!,
          Array.from({ length: depth }, (_, t) => entry(trial, t, i) * u[trial * depth + t]!),
          Math.min(depth, 128) + depth / 128 + 2,
        );
    }
  });
});

/** Largest error of a Gram matrix in units of its bound. */
function gramRatio(got: Float32Array, design: Float32Array, stride: number, depth: number, trials: number): number {
  let worst = 0;
  for (let trial = 0; trial < trials; trial++)
    for (let i = 0; i < stride; i++)
      for (let j = i; j < stride; j++) {
        let [sum, size] = [0, 0];
        for (let t = 0; t < depth; t++) {
          const base = (trial * depth + t) * stride;
          const product = design[base + i]! * design[base + j]!;
          sum += product;
          size += Math.abs(product);
        }
        const bound = (Math.min(depth, 128) + depth / 128 + 2) * EPS * size;
        const error = Math.abs(got[(trial * stride + i) * stride + j]! - sum);
        if (error > 0) worst = Math.max(worst, error / bound);
      }
  return worst;
}

/** Factors and solves with `matrices[trial]` (order n, row-major lower triangle) as the samplers do. */
async function factorAndSolve(
  tuning: Tuning & { readonly wide?: number },
  matrices: readonly Float64Array[],
  n: number,
  penalty: number,
  b: Float32Array,
) {
  const { rows, lanes, wide, products: tiles } = tuning;
  const stride = padded(n);
  const SHARE = choleskyShare(stride, lanes, rows);
  const trials = matrices.length;
  const gram = new Float32Array(trials * stride * stride);
  matrices.forEach((a, trial) => {
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) gram[(trial * stride + j) * stride + i] = a[i * n + j]!;
  });
  const { gpu, launcher } = context;
  const count = b.length / (trials * n);
  const sides = new Float32Array(count * trials * stride);
  for (let row = 0; row < count * trials; row++) sides.set(b.subarray(row * n, (row + 1) * n), row * stride);
  const buffer = (data: Float32Array<ArrayBuffer> | number) => {
    const size = typeof data === 'number' ? 4 * data : data.byteLength;
    const made = gpu.device.createBuffer({ size, usage: STORAGE });
    if (typeof data !== 'number') gpu.device.queue.writeBuffer(made, 0, data);
    return made;
  };
  const buffers = {
    gram: buffer(gram),
    matrix: buffer(gram.length),
    inverses: buffer(trials * stride * PANEL),
    diagonals: buffer(trials * stride * PANEL),
    statuses: buffer(trials),
    sides: buffer(sides),
    unknowns: buffer(wholeSides(count) * trials * stride),
    solutions: buffer(sides.length),
  };
  const common = { stride4: stride / 4, order: n, penalty, status_offset: 0, trials, layers: trials, count };
  const dispatch = async (
    definition: KernelDefinition,
    { constants, ...grid }: Omit<Grid, 'flops' | 'normals'>,
    launch: Record<string, number> = common,
  ): Promise<Dispatch> => {
    const kernel = await launcher.kernels.get(definition, constants);
    const names = Object.keys(definition.buffers) as (keyof typeof buffers)[];
    const bindings = kernel.bind(Object.fromEntries(names.map((name) => [name, buffers[name]])));
    return { kind: 'dispatch', kernel, bindings, launch, layers: 1, work: 0, ...grid };
  };
  const own = { groups: 1, constants: { LANES: lanes }, trialsPerGroup: lanes };
  const packed = SHARE < lanes ? { trialsPerGroup: lanes / SHARE } : {};
  const panels = choleskySteps(stride, SHARE, { tiles, ...(wide ? { wide } : {}) }).map((step) =>
    'end' in step
      ? dispatch(
          choleskyUpdate[tiles.source] as unknown as KernelDefinition,
          { groups: step.groups, constants: { LANES: tiles.lanes } },
          { ...common, begun: step.begun, end: step.end, rows: stride },
        )
      : dispatch(
          choleskyPanel[rows] as unknown as KernelDefinition,
          { groups: step.groups, constants: { LANES: lanes, SHARE }, ...packed },
          { ...common, begun: step.begun, panel4: step.panel4, panels: step.panels },
        ),
  );
  const { kernel, grid } = solveDispatch(tuning, stride, count);
  const steps =
    n <= tuning.ownMatrix
      ? [
          dispatch(choleskyLanes as unknown as KernelDefinition, own),
          dispatch(choleskySolveLanes as unknown as KernelDefinition, { ...own, layers: count }),
        ]
      : [...panels, dispatch(kernel as unknown as KernelDefinition, grid)];
  await launcher.execute(await Promise.all(steps), 0, trials);
  const read = async (from: GPUBuffer) => readBuffer(gpu, from, from.size);
  const [matrix, statuses, solutions] = [
    new Float32Array(await read(buffers.matrix)),
    new Uint32Array(await read(buffers.statuses)),
    new Float32Array(await read(buffers.solutions)),
  ];
  for (const made of Object.values(buffers)) made.destroy();
  return { matrix, statuses, solutions, stride };
}

/** LAPACK's residual ratios of a factor and its solutions, for the matrix scaled to unit diagonal, in the 1-norm. */
function residualRatios(
  a: Float64Array,
  n: number,
  /** Row-major, rows `stride` apart; only its upper triangle counts. */
  { upper, stride }: { readonly upper: Float32Array; readonly stride: number },
  solutions: readonly { readonly x: Float32Array; readonly b: Float32Array }[],
) {
  const d = Float64Array.from({ length: n }, (_, i) => Math.sqrt(a[i * n + i]!));
  const scaled = new Float64Array(n * n);
  // Row i holds column i of U, scaled, so that products run along rows.
  const columns = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      scaled[i * n + j] = scaled[j * n + i] = a[i * n + j]! / d[i]! / d[j]!;
      columns[i * n + j] = upper[j * stride + i]! / d[i]!;
    }
  const sums = new Float64Array(n);
  const errors = new Float64Array(n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const error = Math.abs(dot(columns.subarray(i * n), columns.subarray(j * n), j + 1) - scaled[i * n + j]!);
      for (const k of j < i ? [i, j] : [i]) {
        errors[k]! += error;
        sums[k]! += Math.abs(scaled[i * n + j]!);
      }
    }
  const size = Math.max(...sums);
  const factor = Math.max(...errors) / (n * EPS * size);
  const solve = solutions.map(({ x, b }) => {
    let [residual, unknown, side] = [0, 0, 0];
    const y = Float64Array.from({ length: n }, (_, j) => d[j]! * x[j]!);
    for (let i = 0; i < n; i++) {
      const bi = b[i]! / d[i]!;
      residual += Math.abs(dot(scaled, y, n, i * n) - bi);
      unknown += Math.abs(y[i]!);
      side += Math.abs(bi);
    }
    return residual / (n * EPS * (size * unknown + side));
  });
  return { factor, solve: Math.max(...solve) };
}

/** X'X of so many rows, lower triangle, entries not rounded. */
function exactGram(n: number, rows: number, stream: number): Float64Array {
  const z = normals(rows * n, stream);
  const a = new Float64Array(n * n);
  for (let t = 0; t < rows; t++) addOuterProduct(a, Float64Array.from(z.subarray(t * n, t * n + n)));
  return a;
}

const gramMatrix = (n: number, rows: number, stream: number) => exactGram(n, rows, stream).map(Math.fround);

/** D A D with D diagonal, rounded. */
function rescaled(a: Float64Array, n: number, scale: (i: number) => number): Float64Array {
  const d = Float64Array.from({ length: n }, (_, i) => scale(i));
  return a.map((value, at) => Math.fround(value * d[Math.floor(at / n)]! * d[at % n]!));
}

/** Sums and residuals in f64 take longer than the device: what depends on the case alone is computed once for all rows. */
const once = <Value>(compute: (n: number, stream: number) => Value) => {
  const known = new Map<string, Value>();
  return (n: number, stream: number): Value => {
    const key = `${n} ${stream}`;
    if (!known.has(key)) known.set(key, compute(n, stream));
    return known.get(key)!;
  };
};

const tall = once((n, s) => exactGram(n, 3 * n + 8, s));
const kinds = {
  'well conditioned': once((n, s) => tall(n, s).map(Math.fround)),
  'badly conditioned': once((n, s) => gramMatrix(n, n + 1, s)),
  graded: once((n, s) => rescaled(tall(n, s), n, (i) => 10 ** (-6 + (12 * i) / Math.max(1, n - 1)))),
  'near overflow': once((n, s) => rescaled(tall(n, s), n, () => 2 ** 57)),
  'near underflow': once((n, s) => rescaled(tall(n, s), n, () => 2 ** -57)),
  // Fewer rows than columns leave a null space; what is added to the diagonal is 4 n eps of it.
  'nearly singular': once((n, s) => {
    const a = gramMatrix(n, Math.max(1, n >> 1), s);
    for (let i = 0; i < n; i++) a[i * n + i] = Math.fround(a[i * n + i]! * (1 + 4 * (n + 16) * EPS));
    return a;
  }),
};
const rightSides = once((n, s) => normals(18 * 5 * n, s));

describe.each([
  ...tunings,
  ['software in panels', { ...TUNINGS.software, ownMatrix: 0 }] as const,
  ['a matrix for a lane', { ...TUNINGS.portable, ownMatrix: 512 }] as const,
  ['blocks of 16 rows', { ...TUNINGS.gpu, lanes: 16, wide: 16 }] as const,
  ['software in blocks of 32 rows', { ...TUNINGS.software, ownMatrix: 0, wide: 32 }] as const,
  ['tall tiles in blocks of 32 rows', { ...TALL, ownMatrix: 0, wide: 32 }] as const,
])('cholesky and solve, %s', (_, tuning: Tuning & { readonly wide?: number }) => {
  whereItRuns(tuning);

  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const cases = [
    ...([1, 2, 15, 16, 48, 97, 240, 481] as const).map((n) => ['well conditioned', n] as const),
    ...[17, 49, 241].flatMap((n) => names.map((kind) => [kind, n] as const)),
  ];

  it.each(cases)('%s, order %i', async (kind, n) => {
    const trials = n <= 17 ? 5 : n < 481 ? 2 : 1;
    const matrices = Array.from({ length: trials }, (_, trial) => kinds[kind](n, 10 + trial));
    // As X'y has the scale of X: otherwise the solutions themselves would be denormal, which drivers may flush.
    const scale = kind === 'near overflow' ? 2 ** 57 : kind === 'near underflow' ? 2 ** -57 : 1;
    const b = rightSides(n, 20)
      .subarray(0, 18 * trials * n)
      .map((z) => scale * z);
    const { matrix, statuses, solutions, stride } = await factorAndSolve(tuning, matrices, n, 0, b);
    expect([...statuses]).toEqual(new Array(trials).fill(0));
    matrices.forEach((a, trial) => {
      const upper = matrix.subarray(trial * stride * stride);
      const checked = [0, 15, 16, 17].map((side) => {
        const row = side * trials + trial;
        return { x: solutions.subarray(row * stride, row * stride + n), b: b.subarray(row * n, (row + 1) * n) };
      });
      const ratios = residualRatios(a, n, { upper, stride }, checked);
      expect(ratios.factor).toBeLessThan(10);
      expect(ratios.solve).toBeLessThan(10);
    });
  });

  it('adds the penalty', async () => {
    const plain = gramMatrix(17, 40, 3);
    const shifted = plain.map((value, at) => (at % 18 === 0 ? Math.fround(value + 5) : value));
    const b = normals(17, 4);
    const added = await factorAndSolve(tuning, [plain], 17, 5, b);
    const given = await factorAndSolve(tuning, [shifted], 17, 0, b);
    expect(added.matrix).toEqual(given.matrix);
    expect(added.matrix[17 * added.stride + 17]).toBe(1);
  });

  it.each([
    ['a negative pivot', 5, -3],
    ['a zero pivot', 0, 0],
    ['NaN', 17, Number.NaN],
    ['infinity', 32, Number.POSITIVE_INFINITY],
  ])('reports %s at index %i in its own trial', async (_, index, value) => {
    const n = 33;
    const good = gramMatrix(n, 3 * n, 5);
    const bad = new Float64Array(n * n);
    for (let i = 0; i < n; i++) bad[i * n + i] = i === index ? value : 1;
    const { statuses, solutions, stride } = await factorAndSolve(tuning, [good, bad, good], n, 0, normals(3 * n, 6));
    expect([...statuses]).toEqual([0, index + 1, 0]);
    expect(solutions.subarray(2 * stride, 2 * stride + n).every(Number.isFinite)).toBe(true);
  });

  it.each([1, 3, 5, 8])('gives %i sides the solutions that they have among eighteen', async (count) => {
    const n = 97;
    const matrices = [1, 2, 3].map((trial) => gramMatrix(n, 3 * n, 40 + trial));
    const b = normals(18 * 3 * n, 7);
    const all = await factorAndSolve(tuning, matrices, n, 0.5, b);
    const few = await factorAndSolve(tuning, matrices, n, 0.5, b.slice(0, count * 3 * n));
    expect(few.solutions).toEqual(all.solutions.subarray(0, few.solutions.length));
  });

  it('reports where an indefinite matrix stops being positive', async () => {
    const n = 50;
    const a = gramMatrix(n, 3 * n, 5);
    a[40 * n + 40] = -a[40 * n + 40]!;
    const { statuses } = await factorAndSolve(tuning, [a], n, 0, normals(n, 6));
    expect(cholesky(a, n)).toEqual({ kind: 'non-positive-pivot', index: 40 });
    expect([...statuses]).toEqual([41]);
  });
});

describe('test error', () => {
  it.each([1, 63, 64, 65, 300])('dimension %i', async (columns) => {
    const stride = padded(columns);
    const scale = normals(columns, 7);
    const estimates = normals(2 * 2 * stride, 8);
    const truth = normals(2 * stride, 9);
    const { errors } = await runOnce(context.gpu, context.launcher, testError, {
      buffers: { scale, estimates, truth, errors: new Float32Array(4) },
      launch: { columns, stride, layers: 2, error_offset: 0 },
      groups: 1,
      trials: 2,
      layers: 2,
    });
    new Float32Array(errors).forEach((error, slot) => {
      let sum = 0;
      for (let j = 0; j < columns; j++)
        sum += (scale[j]! * (estimates[slot * stride + j]! - truth[(slot % 2) * stride + j]!)) ** 2;
      expect(Math.abs(error - sum)).toBeLessThanOrEqual((columns / 64 + 14) * EPS * sum);
    });
  });
});
