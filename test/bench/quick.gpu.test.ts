import { describe, expect, it } from 'vitest';
import { overlapOf } from '../../bench/overlap.ts';
import { measure } from '../../bench/run.ts';
import { useGpu } from '../support/gpu.ts';

/*
 * Plan: the measuring core on the machine's adapter, as small as it goes.
 * - every kernel row and every small trial is right and has as many repeats as rounds
 * - peaks are positive; where the time of a run goes adds up
 */

describe('a quick benchmark', () => {
  const context = useGpu();

  it('measures kernels and whole trials, and every result is right', async () => {
    const options = {
      only: ['kernels', 'trials', 'samplers', 'networks', 'tuning'],
      quick: true,
      rounds: 2,
      seconds: null,
      say: () => {},
    } as const;
    const { rows, roofline, unfinished } = await measure(context.gpu, options);
    context.gpu.assertHealthy();
    expect(rows.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    expect(unfinished).toEqual([]);
    expect(rows.filter(({ seconds, check }) => seconds.length !== 2 || check === null)).toEqual([]);
    const names = new Set(rows.map(({ name }) => name));
    for (const name of [
      'random words',
      'normals',
      'tokens',
      'gram',
      'cholesky',
      'solve',
      'design adjoint',
      'ridge response',
      'trial',
    ])
      expect(names).toContain(name);
    for (const { before, after, peak } of [roofline!.flops, roofline!.bytes]) {
      expect(Math.min(before, after!)).toBeGreaterThan(0);
      expect(peak).toBe(Math.max(before, after!));
    }
  });

  it('finds out where the time of a run goes', async () => {
    const { gpu, launcher } = context;
    const stage = { gpu, kernels: launcher.kernels, sampleSeconds: 0.01, small: true, quick: true };
    const shape = { d: 8, samples: 16, generatorSamples: 16, generations: [0], ridges: [0.1], exponent: null };
    const { trials, executeSeconds, wallSeconds, busySeconds } = await overlapOf(stage, shape, 'direct', 0.1);
    expect(trials).toBeGreaterThan(0);
    expect(executeSeconds).toBeLessThanOrEqual(wallSeconds);
    if (gpu.device.features.has('timestamp-query')) {
      expect(busySeconds).toBeGreaterThan(0);
      expect(busySeconds).toBeLessThanOrEqual(wallSeconds);
    } else expect(busySeconds).toBeNull();
  });
});
