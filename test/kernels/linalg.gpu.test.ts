import { describe, expect, it } from 'vitest';
import type { Launcher } from '../../src/gpu/launcher.ts';
import * as linalg from '../../src/kernels/linalg.ts';
import { testError } from '../../src/kernels/measure.ts';
import { runOnce } from '../../src/kernels/run-once.ts';
import { cholesky } from '../../src/reference/linalg.ts';
import { useGpu } from '../support/gpu.ts';
import { EPS, normals } from '../support/matrices.ts';

/*
 * Plan: every kernel of shaders/linalg against f64 arithmetic on the same f32 inputs, entry by entry, within the bound
 * its header states; padding stays zero where the header says so.
 * - gram: orders 1, 2, 15, 16, 17, 61; depths 1, 127, 128, 129, 300; two trials; accumulated over blocks gives the same
 *   bits as in one go
 * - design product and adjoint: the same shapes
 * - Cholesky with shift and solve for six right-hand sides: orders 1, 2, 15, 16, 17, 33, 100, 257; well and badly conditioned, graded rows
 *   (scales 1e-6 .. 1e6); LAPACK's ratios ||A - LL'|| / (n eps ||A||) and ||Ax - b|| / (n eps ||A|| ||x||) below 10
 * - pivots: an indefinite matrix, a zero pivot, NaN and infinity report the right index, in the trial that has it only
 * - test error: dimensions 1, 63, 64, 65, 300
 */

const context = useGpu();
const orders = [1, 2, 15, 16, 17, 61];
const depths = [1, 127, 128, 129, 300];

/** A block of designs, `design[trial][t][i]`, zero in the padding. */
function designs(trials: number, depth: number, order: number) {
  const stride = linalg.padded(order);
  const design = new Float32Array(trials * depth * stride);
  const z = normals(trials * depth * order, 1);
  for (let row = 0; row < trials * depth; row++)
    for (let i = 0; i < order; i++) design[row * stride + i] = z[row * order + i]!;
  return { design, stride };
}

describe('gram', () => {
  const tiles = (stride: number) => ((stride / 4) * (stride / 4 + 1)) / 2;
  const run = (
    design: Float32Array<ArrayBuffer>,
    gram: Float32Array<ArrayBuffer>,
    stride: number,
    rows: number,
    trials: number,
    accumulate: number,
  ) =>
    runOnce(context.gpu, context.launcher, linalg.gram, {
      buffers: { design, gram },
      launch: { rows, stride4: stride / 4, tiles: tiles(stride), accumulate },
      groups: Math.ceil(tiles(stride) / 64),
      trials,
    });

  it.each(orders.flatMap((order) => depths.map((depth) => [order, depth] as const)))(
    'order %i, depth %i',
    async (order, depth) => {
      const { design, stride } = designs(2, depth, order);
      const { gram } = await run(design, new Float32Array(2 * stride * stride), stride, depth, 2, 0);
      const got = new Float32Array(gram);
      for (let trial = 0; trial < 2; trial++)
        for (let i = 0; i < stride; i++)
          for (let j = 0; j <= i; j++) {
            let [sum, size] = [0, 0];
            for (let t = 0; t < depth; t++) {
              const base = (trial * depth + t) * stride;
              const product = design[base + i]! * design[base + j]!;
              sum += product;
              size += Math.abs(product);
            }
            const bound = (Math.min(depth, 128) + depth / 128 + 2) * EPS * size;
            expect(Math.abs(got[(trial * stride + i) * stride + j]! - sum)).toBeLessThanOrEqual(bound);
          }
    },
  );

  it('does not depend on how rows are cut into blocks', async () => {
    const { design, stride } = designs(1, 300, 33);
    const whole = await run(design, new Float32Array(stride * stride), stride, 300, 1, 0);
    const first = await run(design.slice(0, 128 * stride), new Float32Array(stride * stride), stride, 128, 1, 0);
    const both = await run(design.slice(128 * stride), new Float32Array(first.gram), stride, 172, 1, 1);
    expect(new Float32Array(both.gram)).toEqual(new Float32Array(whole.gram));
  });
});

describe('design times vector', () => {
  it.each(orders.flatMap((order) => depths.map((depth) => [order, depth] as const)))(
    'order %i, depth %i',
    async (order, depth) => {
      const { design, stride } = designs(2, depth, order);
      const v = normals(2 * stride, 2);
      const product = await runOnce(context.gpu, context.launcher, linalg.designProduct, {
        buffers: { design, vectors: v, products: new Float32Array(2 * depth) },
        launch: { rows: depth, stride4: stride / 4, vector_offset4: 0, product_offset: 0, product_stride: depth },
        groups: Math.ceil(depth / 64),
        trials: 2,
      });
      const u = normals(2 * depth, 3);
      const adjoint = await runOnce(context.gpu, context.launcher, linalg.designAdjoint, {
        buffers: { design, vectors: u, products: new Float32Array(2 * stride) },
        launch: {
          rows: depth,
          stride4: stride / 4,
          vector_offset: 0,
          vector_stride: depth,
          product_offset4: 0,
          accumulate: 0,
        },
        groups: 1,
        trials: 2,
      });
      const [rows, columns] = [new Float32Array(product.products), new Float32Array(adjoint.products)];
      const entry = (trial: number, t: number, i: number) => design[(trial * depth + t) * stride + i]!;
      const check = (got: number, terms: number[], count: number) => {
        const sum = terms.reduce((a, b) => a + b, 0);
        const size = terms.reduce((a, b) => a + Math.abs(b), 0);
        expect(Math.abs(got - sum)).toBeLessThanOrEqual((count + 4) * EPS * size);
      };
      for (let trial = 0; trial < 2; trial++) {
        for (let t = 0; t < depth; t++)
          check(
            rows[trial * depth + t]!,
            Array.from({ length: stride }, (_, i) => entry(trial, t, i) * v[trial * stride + i]!),
            stride / 4,
          );
        for (let i = 0; i < stride; i++)
          check(
            columns[trial * stride + i]!,
            Array.from({ length: depth }, (_, t) => entry(trial, t, i) * u[trial * depth + t]!),
            Math.min(depth, 128) + depth / 128,
          );
      }
    },
  );
});

/** Runs shift, factorisation and solve of `matrices[trial]` (order n, row-major) as the direct sampler does. */
async function factorAndSolve(
  launcher: Launcher,
  matrices: readonly Float64Array[],
  n: number,
  penalty: number,
  b: Float32Array,
) {
  const stride = linalg.padded(n);
  const trials = matrices.length;
  const gram = new Float32Array(trials * stride * stride);
  matrices.forEach((a, trial) => {
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) gram[(trial * stride + i) * stride + j] = a[i * n + j]!;
  });
  const stride4 = stride / 4;
  const { gpu } = context;
  const once = async <T extends object>(promise: Promise<T>) => promise;
  const shifted = await once(
    runOnce(gpu, launcher, linalg.ridgeShift, {
      buffers: { gram, matrix: new Float32Array(gram.length) },
      launch: { stride4, order: n, penalty },
      groups: Math.ceil((stride * stride4) / 64),
      trials,
    }),
  );
  let matrix = new Float32Array(shifted.matrix);
  const start = matrix.slice();
  let inverses = new Float32Array(trials * stride * 16);
  let statuses = new Uint32Array(trials);
  for (let panel = 0; panel < stride; panel += 16) {
    const rows = stride - panel;
    if (panel > 0) {
      const updated = await runOnce(gpu, launcher, linalg.choleskyUpdate, {
        buffers: { matrix },
        launch: { stride4, panel4: panel / 4 },
        groups: Math.ceil(rows / 64),
        trials,
      });
      matrix = new Float32Array(updated.matrix);
    }
    const diagonal = await runOnce(gpu, launcher, linalg.choleskyDiagonal, {
      buffers: { matrix, inverses, statuses },
      launch: { stride, panel, status_offset: 0 },
      groups: 1,
      trials,
    });
    matrix = new Float32Array(diagonal.matrix);
    inverses = new Float32Array(diagonal.inverses);
    statuses = new Uint32Array(diagonal.statuses);
    if (rows > 16) {
      const below = await runOnce(gpu, launcher, linalg.choleskyPanel, {
        buffers: { matrix, inverses },
        launch: { stride4, panel4: panel / 4 },
        groups: Math.ceil((rows - 16) / 64),
        trials,
      });
      matrix = new Float32Array(below.matrix);
    }
  }
  // b[rhs][trial][i], any number of right-hand sides.
  const count = b.length / (trials * n);
  const sides = new Float32Array(count * trials * stride);
  for (let row = 0; row < count * trials; row++) sides.set(b.subarray(row * n, (row + 1) * n), row * stride);
  const { solutions } = await runOnce(gpu, launcher, linalg.choleskySolve, {
    buffers: { matrix, inverses, sides, solutions: new Float32Array(sides.length) },
    launch: { stride4, layers: trials, count },
    groups: 1,
    layers: Math.ceil(count / 4),
    trials,
  });
  return { start, matrix, statuses, solutions: new Float32Array(solutions), stride };
}

/** X'X of 3n + 8 rows with columns scaled by `scale(i)`, plus shift on the diagonal. */
function gramMatrix(n: number, rows: number, stream: number, scale: (i: number) => number): Float64Array {
  const z = normals(rows * n, stream);
  const a = new Float64Array(n * n);
  for (let t = 0; t < rows; t++)
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) a[i * n + j]! += z[t * n + i]! * z[t * n + j]! * scale(i) * scale(j);
  return a.map(Math.fround);
}

describe('cholesky and solve', () => {
  const kinds = {
    'well conditioned': (n: number, s: number) => gramMatrix(n, 3 * n + 8, s, () => 1),
    'badly conditioned': (n: number, s: number) => gramMatrix(n, n + 1, s, () => 1),
    graded: (n: number, s: number) => gramMatrix(n, 3 * n + 8, s, (i) => 10 ** (-6 + (12 * i) / Math.max(1, n - 1))),
  };
  const cases = Object.keys(kinds).flatMap((kind) =>
    [1, 2, 15, 16, 17, 33, 100, 257].map((n) => [kind as keyof typeof kinds, n] as const),
  );

  it.each(cases)('%s, order %i', async (kind, n) => {
    const trials = 2;
    // Four right-hand sides go together: one group is full, the other is not.
    const count = 6;
    const matrices = Array.from({ length: trials }, (_, s) => kinds[kind](n, 10 + s));
    const b = normals(count * trials * n, 20);
    const { start, matrix, statuses, solutions, stride } = await factorAndSolve(context.launcher, matrices, n, 0, b);
    expect([...statuses]).toEqual(new Array(trials).fill(0));
    for (let trial = 0; trial < trials; trial++) {
      const at = (m: Float32Array, i: number, j: number) => m[(trial * stride + i) * stride + j]!;
      // Scaled to unit diagonal: what Cholesky's backward error is bounded by, whatever the grading.
      const d = Array.from({ length: n }, (_, i) => Math.sqrt(at(start, i, i)));
      let worst = 0;
      for (let i = 0; i < n; i++)
        for (let j = 0; j <= i; j++) {
          let product = 0;
          for (let k = 0; k <= j; k++) product += at(matrix, i, k) * at(matrix, j, k);
          worst = Math.max(worst, Math.abs(product - at(start, i, j)) / (d[i]! * d[j]!));
        }
      expect(worst / ((n + 16) * EPS)).toBeLessThan(10);
      for (let row = trial; row < count * trials; row += trials) {
        const x = solutions.subarray(row * stride, row * stride + n);
        const size = Math.sqrt(x.reduce((sum, value, i) => sum + (d[i]! * value) ** 2, 0));
        for (let i = 0; i < n; i++) {
          let sum = 0;
          for (let j = 0; j < n; j++) sum += (j <= i ? at(start, i, j) : at(start, j, i)) * x[j]!;
          const scale = (Math.sqrt(n) * size + Math.abs(b[row * n + i]!) / d[i]!) * d[i]!;
          expect(Math.abs(sum - b[row * n + i]!) / (scale * (n + 16) * EPS)).toBeLessThan(10);
        }
      }
      expect(cholesky(matrices[trial]!, n).kind).toBe('ok');
    }
  });

  it('adds the penalty', async () => {
    const { start, stride } = await factorAndSolve(
      context.launcher,
      [gramMatrix(17, 40, 3, () => 1)],
      17,
      5,
      normals(17, 4),
    );
    const plain = gramMatrix(17, 40, 3, () => 1);
    for (let i = 0; i < 17; i++) expect(start[i * stride + i]).toBe(Math.fround(plain[i * 17 + i]! + 5));
    expect(start[20 * stride + 20]).toBe(1);
  });

  it.each([
    ['a negative pivot', 5, -3],
    ['a zero pivot', 0, 0],
    ['NaN', 17, Number.NaN],
    ['infinity', 32, Number.POSITIVE_INFINITY],
  ])('reports %s at index %i in its own trial', async (_, index, value) => {
    const n = 33;
    const good = gramMatrix(n, 3 * n, 5, () => 1);
    const bad = new Float64Array(n * n);
    for (let i = 0; i < n; i++) bad[i * n + i] = i === index ? value : 1;
    const { statuses, solutions, stride } = await factorAndSolve(
      context.launcher,
      [good, bad, good],
      n,
      0,
      normals(3 * n, 6),
    );
    expect([...statuses]).toEqual([0, index + 1, 0]);
    expect(solutions.subarray(2 * stride, 2 * stride + n).every(Number.isFinite)).toBe(true);
  });
});

describe('test error', () => {
  it.each([1, 63, 64, 65, 300])('dimension %i', async (columns) => {
    const stride = linalg.padded(columns);
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
