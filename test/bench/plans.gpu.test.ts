import { readFileSync } from 'node:fs';
import JSON5 from 'json5';
import { describe, expect, it } from 'vitest';
import { planRow, plansText } from '../../bench/plans.ts';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';
import { useGpu } from '../support/gpu.ts';

/*
 * Plan: what a plan says beside what a few trials take.
 * - work is counted alike by plan and device: 1, for several samplers and panels that are drawn at once; and not 1 where it is not
 * - times are those of all trials, in proportion to their number; the table says who is within the factor
 */

const context = useGpu();
const experimentOf = (name: string, trials: number) =>
  parseExperiment(
    { ...(JSON5.parse(readFileSync(`experiments/${name}.json5`, 'utf8')) as JsonObject), trials },
    regimes,
  );

describe('plans beside what trials take', () => {
  it.each([
    ['smoke', ['bidiagonal']],
    ['terms', ['krylov', 'direct']],
    ['strong-fig3', ['jacobi']],
  ])('counts the work of %s as the device does', async (name, samplers) => {
    const row = await planRow(
      experimentOf(name, 50),
      context.gpu,
      ({ workPerTrial }) => workPerTrial / 1e9,
      () => 0,
    );
    expect(row).toMatchObject({ experiment: name, samplers });
    expect(row.work).toBeCloseTo(1, 9);
    expect(row.taken).toBeGreaterThan(0);
  });

  it('hands on how many trials are priced', async () => {
    const planned = async (trials: number) =>
      (
        await planRow(
          experimentOf('smoke', trials),
          context.gpu,
          ({ workPerTrial }, all) => workPerTrial * all,
          () => 0,
        )
      ).planned;
    expect((await planned(300)) / (await planned(100))).toBeCloseTo(3, 9);
  });

  it('says which are near', () => {
    const row = { experiment: 'a', samplers: ['direct'], work: 1, planned: 2, taken: 1.5, processor: 3 };
    const text = plansText([row, { ...row, experiment: 'b', taken: 1 }, { ...row, experiment: 'c', taken: 3.5 }]);
    expect(text).toContain('| `a` | direct | 1.00 | 2.0 | 1.5 | 1.33 | 3.0 |');
    expect(text).toContain('1 of 3 within a factor of 1.5.');
  });
});
