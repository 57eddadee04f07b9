import { describe, expect, it } from 'vitest';
import { defineKernel } from '../../src/gpu/kernel.ts';
import { ADDRESS_LAUNCH, CHI_INCLUDES } from '../../src/kernels/random.ts';
import { runOnce } from '../../src/kernels/run-once.ts';
import { chiPairAt } from '../../src/reference/chi.ts';
import type { StreamKey } from '../../src/reference/normal.ts';
import { chiCdf } from '../reference/chi-cdf.ts';
import { useGpu } from '../support/gpu.ts';

/*
 * Plan: the chi draws of the device are those of the f64 twin, decision by decision, and have the chi distribution.
 * - k = 0, 1, 2, 3, 8, 9, 50, 1000, 10^6, 10^7: each draw within the bound of shaders/random/chi.wgsl; no decision differs
 * - Kolmogorov-Smirnov of the device's own numbers against the exact distribution for k > 0, together at level 1 %
 */

const context = useGpu();
const draws = 1 << 15;
const degrees = [0, 1, 2, 3, 8, 9, 50, 1000, 1_000_000, 10_000_000];

const probe = defineKernel({
  name: 'test/chi',
  includes: CHI_INCLUDES,
  source: `
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let index = launch.first_group * 64u + id.x;
  numbers[index] = chi_pair_at(id.y, index, vec2u(launch.freedom, launch.freedom)).x;
}`,
  buffers: { numbers: ['f32', 'read_write'] },
  launch: { ...ADDRESS_LAUNCH, freedom: 'u32' },
});

describe('chi draws on the device', () => {
  it.each(degrees)('k = %i', async (freedom) => {
    const key: StreamKey = [5, 6, 7, freedom];
    const { numbers } = await runOnce(context.gpu, context.launcher, probe, {
      buffers: { numbers: new Float32Array(draws) },
      launch: { seed_low: key[0], seed_high: key[1], unit: key[2], generation: key[3], freedom },
      groups: draws / 64,
      firstTrial: 9,
    });
    const got = new Float32Array(numbers);
    let worst = 0;
    got.forEach((value, index) => {
      const [exact] = chiPairAt(key, 9, index, [freedom, freedom]);
      worst = Math.max(worst, Math.abs(value - exact) / (3e-7 * exact + 2e-6));
    });
    expect(worst).toBeLessThan(1);
    if (freedom === 0) return;
    const sorted = [...got].sort((a, b) => a - b);
    const distance = Math.max(...sorted.map((x, i) => Math.abs(chiCdf(freedom, x) - (i + 0.5) / draws)));
    expect(distance).toBeLessThan(Math.sqrt(Math.log((2 * 9) / 0.01) / 2 / draws) + 0.5 / draws);
  });
});
