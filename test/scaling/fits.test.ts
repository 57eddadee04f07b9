/**
 * Plan. Synthetic trials whose means follow a known power, with an error that all cells of a curve share.
 * - The interval contains the true slope in 95 % of many repetitions, within binomial bounds.
 * - Trials are resampled together: what cells share moves no slope, so that shuffling the trials of each cell by itself
 *   widens the interval several times.
 * - The same seed gives the same interval; failed trials are left out of all cells; too few trials, and an excess that is not
 *   positive in all resamples, are refused.
 * - Crossovers: value and interval about the true place.
 * - A run of the engine carries fits to results.json and back, and they agree with theory.
 */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../src/engine/backend.ts';
import { runPlan } from '../../src/engine/run.ts';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { planExperiment, REFERENCE_LIMITS } from '../../src/plan/plan.ts';
import { atOnce } from '../../src/plan/turns.ts';
import { regimes } from '../../src/regimes/index.ts';
import { scalingPredictor } from '../../src/regimes/predict.ts';
import { checkFits } from '../../src/report/fit-check.ts';
import { parseResults, resultsJson } from '../../src/report/results-json.ts';
import { samplers } from '../../src/samplers/index.ts';
import { panelFits } from '../../src/scaling/fits.ts';
import { leverages, slopeOf } from '../../src/scaling/slope.ts';
import { resampledMeans } from '../../src/statistics/bootstrap.ts';
import { quantile } from '../../src/statistics/quantiles.ts';
import { numbersFrom } from '../statistics/numbers.ts';

const file = {
  name: 'fits',
  regime: 'replace',
  dimension: 120,
  covariance: { kind: 'power-law', exponent: 2 },
  truth: { kind: 'source', smoothness: 0.375 },
  generator: { samples: 240, noise: 0.2 },
  downstream: { samples: { logspace: [2, 4, 9] }, noise: 1, ridge: { power: 'critical' } },
  generations: [0],
};
const panelOf = (change: JsonObject) => parseExperiment({ ...file, ...change }, regimes).panels[0]!;
const panel = panelOf({ fit: {} });
const curved = panelOf({ generations: [0, 5], fit: { window: [1e3, 1e4], over: { generations: 0 }, tolerance: 1 } });
const xs = panel.axes[0]!.values;

/** Trials about x^-0.6: a factor common to all cells of a trial, and one for each cell. */
function trials(count: number, seed: number, common: number, own: number): Float64Array[] {
  const { uniform: next } = numbersFrom(seed);
  const shared = Float64Array.from({ length: count }, () => 1 + common * (2 * next() - 1));
  return xs.map((x) => shared.map((factor) => x ** -0.6 * factor * (1 + own * (2 * next() - 1))));
}
const fitOf = (columns: readonly Float64Array[], asked = panel) =>
  atOnce(panelFits(asked, scalingPredictor(asked, regimes), (cell) => columns[cell]!))[0]!;

describe('a fit of synthetic trials', () => {
  // By hand and with few resamples, for the sake of time: the same columns, weights and quantiles.
  it('covers the true slope in 95 % of repetitions', () => {
    const repetitions = 200;
    const weights = leverages(xs);
    let covered = 0;
    for (let seed = 1; seed <= repetitions; seed++) {
      const slopes = Array.from(resampledMeans(trials(120, seed, 0.5, 0.8), 300, seed), (means) =>
        slopeOf(weights, means),
      );
      if (quantile(slopes, 0.025) <= -0.6 && -0.6 <= quantile(slopes, 0.975)) covered++;
    }
    // Three standard deviations of a binomial number about 190, and a little for intervals of few resamples.
    expect(covered).toBeGreaterThan(178);
    expect(covered).toBeLessThan(200);
  });

  it('knows that what cells share moves no slope', () => {
    const columns = trials(500, 7, 0.9, 0.02);
    const together = fitOf(columns).slope!;
    const apart = fitOf(columns.map((column, i) => rotated(column, 37 * i))).slope!;
    expect(apart.value).toBeCloseTo(together.value, 12);
    expect(apart.error / together.error).toBeGreaterThan(10);
    expect(together.high - together.low).toBeGreaterThan(3 * together.error);
    expect(together.high - together.low).toBeLessThan(5 * together.error);
  });

  it('gives the same interval again, another one for another seed', () => {
    const columns = trials(200, 3, 0.5, 0.5);
    expect(fitOf(columns)).toEqual(fitOf(columns));
    expect(fitOf(columns, { ...panel, seed: 2 }).slope).not.toEqual(fitOf(columns).slope);
  });

  it('leaves a trial that failed in one cell out of all', () => {
    const columns = trials(200, 5, 0.5, 0.5);
    const without = columns.map((column) => column.filter((_, t) => t !== 11));
    const failed = columns.map((column, i) => column.map((error, t) => (i === 4 && t === 11 ? Number.NaN : error)));
    expect(fitOf(failed)).toEqual(fitOf(without));
    expect(fitOf(failed).trials).toBe(199);
  });

  it('is refused for few trials', () => {
    expect(fitOf(trials(99, 1, 0.5, 0.5))).toMatchObject({ slope: null, refused: 'found 99 trials, need 100' });
  });
});

describe('an excess', () => {
  /** What the second of two neighbouring cells adds is share(x) times the first, but for the noise of both. */
  const pairs = (share: (x: number) => number, noise: number) => {
    const [base, other] = [trials(400, 1, 0.5, noise), trials(400, 2, 0.5, noise)];
    return base.flatMap((column, i) => [column, column.map((error, t) => error + share(xs[i]!) * other[i]![t]!)]);
  };

  it('has the slope of what is added, and crosses where it should', () => {
    const fit = fitOf(
      pairs((x) => x / 1000, 0.3),
      curved,
    );
    expect(fit.at).toEqual({ generations: 5 });
    expect(Math.abs(fit.slope!.value - 0.4)).toBeLessThan(4 * fit.slope!.error);
    const { simulated } = fit.crossover!;
    expect(Math.abs(simulated!.value - 1000)).toBeLessThan(4 * simulated!.error);
    expect(simulated!.low).toBeLessThan(simulated!.value);
    expect(simulated!.high).toBeGreaterThan(simulated!.value);
  });

  it('that is not positive in all resamples has no slope', () => {
    const fit = fitOf(
      pairs(() => 0, 0.3),
      curved,
    );
    expect(fit).toMatchObject({ slope: null, crossover: { simulated: null } });
    expect(fit.refused).toContain('not positive');
  });
});

function rotated(column: Float64Array, by: number): Float64Array {
  return column.map((_, t) => column[(t + by) % column.length]!);
}

describe('a run', () => {
  const experiment = parseExperiment(
    {
      ...file,
      dimension: 24,
      generator: { samples: 60, noise: 0.5 },
      downstream: { samples: { logspace: [2, 3.5, 5] }, noise: 1, ridge: { power: 'critical' } },
      generations: [0, 3],
      trials: 400,
      fit: [
        { at: { generations: 0 }, tolerance: 0.5 },
        { over: { generations: 0 }, tolerance: 0.5 },
        { window: [100, 200] },
      ],
    },
    regimes,
  );

  it('carries its fits to the file and back, within reach of theory', async () => {
    const plan = planExperiment(experiment, regimes, samplers, REFERENCE_LIMITS);
    const provenance = { version: '0', commit: null, backend: 'reference', driver: '' } as const;
    const { results } = await runPlan({ plan, regimes, backend: referenceBackend, provenance });
    const read = parseResults(resultsJson(results));
    expect(read.panels[0]!.fits).toEqual(results.panels[0]!.fits);
    const checks = checkFits(experiment.panels, read.panels, (one) => scalingPredictor(one, regimes));
    expect(checks.map(({ fit }) => fit.at.generations)).toEqual([0, 3, 0, 3]);
    const [clean, collapse, ...short] = checks;
    for (const { slope } of [clean!, collapse!]) expect(['agrees', 'outside']).toContain(slope);
    for (const { slope } of short) expect(slope).toBe('refused');
    expect(collapse!.fit.theorem!.term).toBe('collapse');
  });
});
