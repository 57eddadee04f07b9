import { describe, expect, it } from 'vitest';
import { conjugateDirection, correctionStatus, squaredLength, stepLength } from '../../src/kernels/correction.ts';
import { runOnce } from '../../src/kernels/run-once.ts';
import { useGpu } from '../support/gpu.ts';
import { EPS, normals } from '../support/matrices.ts';

/*
 * Plan: the kernels of a corrected fit, two sides of three trials, against f64 sums of the same f32 numbers, within the bounds of their headers.
 * - squared lengths of vectors of 1, 63, 64, 65 and 300 entries in longer rows, alone and added to what stands there
 * - directions: their inner products, u itself at first and u + beta p after; beta 0 where nothing was before
 * - lengths of steps, with and without a penalty; 0 where the direction has no length
 * - status: a step of 0.9 and 1.1 thousandths of the distance to the truth, one side's alone too; one of 16 and 64 eps of the estimate where that is the
 *   truth itself; a failed pivot is taken back at rest, but not what is inherited; columns beyond the last are not looked at
 */

const context = useGpu();
const [SIDES, TRIALS] = [2, 3];
const VECTORS = SIDES * TRIALS;
const all = Array.from({ length: VECTORS }, (_, vector) => vector);
const grid = { groups: 1, trials: TRIALS, layers: SIDES };

describe('squared length', () => {
  const [rows, before] = [[1, 63, 64, 65, 300], normals(VECTORS, 3).map(Math.abs)];
  it.each(rows.flatMap((count) => [0, 1].map((accumulate) => [count, accumulate] as const)))(
    '%i entries, accumulating %i',
    async (rows, accumulate) => {
      const stride = rows + 4;
      const vectors = normals(VECTORS * stride, 1);
      const { lengths } = await runOnce(context.gpu, context.launcher, squaredLength, {
        ...grid,
        buffers: { vectors, lengths: before.slice() },
        launch: { rows, stride, layers: TRIALS, accumulate },
      });
      new Float32Array(lengths).forEach((length, v) => {
        let sum = accumulate * before[v]!;
        for (let t = 0; t < rows; t++) sum += vectors[v * stride + t]! ** 2;
        expect(Math.abs(length - sum)).toBeLessThanOrEqual((rows / 64 + 9) * EPS * sum);
      });
    },
  );
});

/** r'u and |r|'|u| of vector v. */
function products(r: Float32Array, u: Float32Array, v: number, stride: number) {
  let [sum, size] = [0, 0];
  for (let i = v * stride; i < (v + 1) * stride; i++) {
    sum += r[i]! * u[i]!;
    size += Math.abs(r[i]! * u[i]!);
  }
  return { sum, size };
}

describe.each([16, 256, 272])('vectors of %i entries', (stride) => {
  const residuals = normals(VECTORS * stride, 4);
  const wide = { ...grid, launch: { stride4: stride / 4, layers: TRIALS } };

  it.each([0, 1])('conjugate directions, first %i', async (first) => {
    const preconditioned = normals(VECTORS * stride, 5);
    const directions = normals(VECTORS * stride, 6);
    const energies = Float32Array.from(all, (v) => v);
    const after = await runOnce(context.gpu, context.launcher, conjugateDirection, {
      ...wide,
      buffers: { residuals, preconditioned, directions: directions.slice(), energies: energies.slice() },
      launch: { ...wide.launch, first },
    });
    const [found, p] = [new Float32Array(after.energies), new Float32Array(after.directions)];
    for (const v of all) {
      const { sum, size } = products(residuals, preconditioned, v, stride);
      expect(Math.abs(found[v]! - sum)).toBeLessThanOrEqual((stride / 256 + 10) * EPS * size);
      const beta = first || energies[v] === 0 ? 0 : found[v]! / energies[v]!;
      for (let i = v * stride; i < (v + 1) * stride; i++) {
        const carried = beta * directions[i]!;
        const size = Math.abs(preconditioned[i]!) + Math.abs(carried);
        // WGSL's quotients may be off by 2.5 units in the last place.
        const bound = 2 * EPS * size + 5 * EPS * Math.abs(carried);
        expect(Math.abs(p[i]! - preconditioned[i]! - carried)).toBeLessThanOrEqual(bound);
      }
    }
  });

  it.each([0, 0.5])('lengths of steps, penalty %f', async (penalty) => {
    // As a direction that a positive matrix makes of its residual: r'u > 0.
    const directions = residuals.map((r, i) => (i < stride ? 0 : r * (1 + (i % 7))));
    const curvatures = Float32Array.from(all, (v) => 3 * v);
    const { lengths } = await runOnce(context.gpu, context.launcher, stepLength, {
      ...wide,
      buffers: { directions, residuals, lengths: curvatures.slice() },
      launch: { ...wide.launch, penalty },
    });
    new Float32Array(lengths).forEach((length, v) => {
      if (v === 0) {
        expect(length).toBe(0);
        return;
      }
      const { sum, size } = products(residuals, directions, v, stride);
      const exact = sum / (curvatures[v]! + penalty * products(directions, directions, v, stride).sum);
      expect(Math.abs(length / exact - 1)).toBeLessThanOrEqual((stride / 256 + 12) * EPS * (size / sum + 1));
    });
  });
});

describe('whether a trial came to rest', () => {
  const [columns, stride] = [70, 80];
  const scale = normals(columns, 7);
  const truth = normals(TRIALS * stride, 8);

  /** Steps of `steps[v]` times what stands in the way, where vector v is `apart` from the truth; of trial 1 alone, on side 1. */
  async function statuses(step: number, apart: number, inherited: number): Promise<number[]> {
    const estimates = Float32Array.from({ length: VECTORS * stride }, (_, i) => {
      const w = truth[i % (TRIALS * stride)]!;
      return i % stride < columns ? w + apart * w : 1e6;
    });
    const steps = Float32Array.from({ length: VECTORS * stride }, (_, i) =>
      i % stride < columns ? truth[i % (TRIALS * stride)]! : 1e6,
    );
    const lengths = Float32Array.from(all, (v) => (v === TRIALS + 1 ? step : 0));
    const after = await runOnce(context.gpu, context.launcher, correctionStatus, {
      groups: 1,
      trials: TRIALS,
      buffers: { scale, steps, lengths, estimates, truth, statuses: Uint32Array.of(9, 0, 0, 5) },
      launch: { columns, stride, layers: TRIALS, sides: SIDES, inherited, status_offset: 1 },
    });
    return [...new Uint32Array(after.statuses)];
  }

  it.each([
    ['0.9 thousandths of the distance', 0.9e-3, 1, true],
    ['1.1 thousandths of the distance', 1.1e-3, 1, false],
    ['16 eps of the estimate', 16 * EPS, 0, true],
    ['64 eps of the estimate', 64 * EPS, 0, false],
  ])('%s', async (_, step, apart, atRest) => {
    expect(await statuses(step, apart, 0)).toEqual([9, 0, atRest ? 0 : 1, 0]);
    expect(await statuses(step, apart, 1)).toEqual([9, 0, atRest ? 0 : 1, 5]);
  });
});
