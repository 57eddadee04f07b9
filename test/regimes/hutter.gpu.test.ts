import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { planExperiment } from '../../src/plan/plan.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';
import { meanOf, momentsOf, standardError } from '../../src/statistics/moments.ts';
import { useGpu } from '../support/gpu.ts';
import { logLogSlope } from '../support/log-log-slope.ts';
import { openOn } from '../support/programs.ts';
import { allErrors } from '../support/two-samples.ts';

/*
 * Plan: two laws of arXiv:2402.07043 that no single cell shows, fitted to simulations, seed 1.
 * - generations, Thm 2.4: E_n over E_0 - the error of n + 1 models that each learn from the histogram of the last - grows as n^c,
 *   c = 1 - 1/beta, to (n/2)^c: the fitted exponent is that of the exact recursion within 4 standard errors, a little below c, and
 *   more than 10 of them from 1, the linear law
 * - grokking, Thm 3.2: where the error has fallen to half its plateau is k^beta/pi times a constant, over three decades and two k:
 *   exponent 1 within 4 %, and the constant the same within 15 % everywhere
 */

const context = useGpu();
const limits = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65535,
};

/** Mean and standard error in every cell, with its place in the sweep. */
async function simulate(parameters: JsonObject, trials: number) {
  const experiment = parseExperiment({ name: 'x', regime: 'hutter', seed: 1, trials, ...parameters }, regimes);
  const { jobs } = planExperiment(experiment, regimes, samplers, limits);
  const { cells } = experiment.panels[0]!;
  const points: { at: Readonly<Record<string, number>>; mean: number; sem: number; theory: number }[] = [];
  for (const { job, sampler, cells: places } of jobs) {
    const source = await openOn(sampler, job, context.launcher, trials);
    const errors = await allErrors(source, job, trials);
    source.close();
    for (const [i, sample] of errors.entries()) {
      const moments = momentsOf(sample);
      const { at, parameters } = cells[places[i]!]!;
      const theory = regimes.get('hutter')!.theory(parameters);
      points.push({
        at,
        mean: meanOf(moments),
        sem: standardError(moments),
        theory: theory?.kind === 'value' ? theory.value : Number.NaN,
      });
    }
  }
  return points;
}

describe('generations', () => {
  it.each([
    [1.5, 1 / 3],
    [2, 1 / 2],
  ])('cost (n/2)^c and not n, beta = %d', async (beta, c) => {
    const points = await simulate(
      {
        law: { exponent: beta, support: 2000 },
        generator: { samples: 'as downstream' },
        downstream: { samples: 1000 },
        generations: [0, 4, 8, 16, 32],
      },
      150,
    );
    const clean = points.find(({ at }) => at.generations === 0)!;
    const later = points.filter(({ at }) => at.generations! > 0);
    const fit = logLogSlope(later.map(({ at, mean, sem }) => ({ x: at.generations!, y: mean, sem })));
    // Cells share draws, so that the fit's own error is no guide: that of the two ends is.
    const [first, last] = [later[0]!, later.at(-1)!];
    const error = Math.hypot(first.sem / first.mean, last.sem / last.mean) / Math.log(8);
    const exact = logLogSlope(
      later.map(({ at, theory, mean, sem }) => ({ x: at.generations!, y: theory, sem: (sem * theory) / mean })),
    );
    expect(Math.abs(fit.slope - exact.slope)).toBeLessThan(4 * error);
    expect(exact.slope).toBeGreaterThan(c - 0.1);
    expect(exact.slope).toBeLessThan(c);
    expect(fit.slope + 10 * error).toBeLessThan(1);
    for (const { at, mean } of later) {
      const law = (at.generations! / 2) ** c;
      expect(mean / clean.mean / law).toBeGreaterThan(1);
      expect(mean / clean.mean / law).toBeLessThan(1.3);
      expect(mean / clean.mean).toBeLessThan(0.6 * at.generations!);
    }
  });
});

describe('grokking', () => {
  it('begins at a multiple of k^beta/pi', async () => {
    const beta = 2;
    const ends: { x: number; y: number }[] = [];
    for (const k of [10, 30]) {
      const points = await simulate(
        {
          draws: 'poisson',
          law: { exponent: beta, support: 5000 },
          generator: { tail: { kind: 'cut', last: k } },
          downstream: { samples: { logspace: [3, 7, 17] }, real: [0, 0.001, 0.01, 0.1] },
          generations: 1,
        },
        60,
      );
      const curve = (share: number) => points.filter(({ at }) => at['downstream.real'] === share);
      const plateau = curve(0).at(-1)!.mean;
      for (const share of [0.001, 0.01, 0.1]) {
        const below = curve(share).findIndex(({ mean }) => mean < plateau / 2);
        const [a, b] = [curve(share)[below - 1]!, curve(share)[below]!];
        const part = Math.log((2 * a.mean) / plateau) / Math.log(a.mean / b.mean);
        const [ta, tb] = [a, b].map(({ at }) => Math.log(at['downstream.samples']!));
        ends.push({ x: k ** beta / share, y: Math.exp(ta! + part * (tb! - ta!)) });
      }
    }
    const xs = ends.map(({ x }) => x);
    expect(Math.log10(Math.max(...xs) / Math.min(...xs))).toBeGreaterThan(2.9);
    const fit = logLogSlope(ends.map((end) => ({ ...end, sem: null })));
    expect(Math.abs(fit.slope - 1)).toBeLessThan(0.04);
    const constants = ends.map(({ x, y }) => y / x);
    expect(Math.max(...constants) / Math.min(...constants)).toBeLessThan(1.15);
  });
});
