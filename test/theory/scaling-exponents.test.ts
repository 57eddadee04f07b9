/**
 * Plan: arXiv:2402.07712v2, Thm 5.2, on the exponents of Fig 2 and three further pairs (beta, r), r > 1 among them. By theory at
 * d = 20 000 the clean error and the collapse term follow the theorem within 0.01 where the window is long enough: beyond
 * the T at which few directions are resolved, and for the collapse term far beyond d. Fast and slow regimes, and where the terms
 * of a cell add up to its prediction.
 */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';
import { scalingPredictor } from '../../src/regimes/predict.ts';
import { theoryFits } from '../../src/scaling/theory-fits.ts';
import { cleanBias, cleanVariance } from '../../src/theory/printed/clean-ridge.ts';
import { cleanRate } from '../../src/theory/printed/scaling-law.ts';
import { criticalExponent } from '../../src/theory/scaling-law.ts';
import { parametersOf } from '../support/parameters.ts';
import { powers } from './problems.ts';

/** What theory says of each fit of a file. */
function fitsOf(beta: number, r: number, change: JsonObject) {
  const file = {
    name: 'exponents',
    regime: 'replace',
    dimension: 20_000,
    covariance: { kind: 'power-law', exponent: beta },
    truth: { kind: 'source', smoothness: r },
    generator: { samples: 40_000, noise: 1 },
    ...change,
  };
  const panel = parseExperiment(file, regimes).panels[0]!;
  return theoryFits(panel, scalingPredictor(panel, regimes)).map((fit) => ('result' in fit ? fit.result : fit));
}

describe('at the critical ridge and d = 20 000', () => {
  it.each([
    { beta: 2, r: 0.375, clean: 2 },
    { beta: 1.5, r: 0.75, clean: 6 },
    { beta: 3, r: 0.5, clean: 5 },
    { beta: 2, r: 1.5, clean: 6 },
  ])('beta = $beta, r = $r: clean from T = 10^$clean, collapse from 10^7', ({ beta, r, clean }) => {
    const downstream = (first: number, last: number) => ({
      samples: { logspace: [first, last, 4] },
      noise: 1,
      ridge: { power: 'critical' },
    });
    const [error] = fitsOf(beta, r, { downstream: downstream(clean, clean + 2), fit: {} });
    const [collapse] = fitsOf(beta, r, {
      downstream: downstream(7, 9),
      generations: [0, 5],
      fit: { over: { generations: 0 } },
    });
    const law = { beta, r };
    expect(error!.theorem!.exponent).toBeCloseTo(-cleanRate(law), 8);
    expect(Math.abs(error!.theory!.slope + cleanRate(law))).toBeLessThan(0.01);
    expect(error!.refused).toBeNull();
    expect(collapse!.theorem).toMatchObject({ term: 'collapse' });
    expect(collapse!.theorem!.exponent).toBeCloseTo(criticalExponent(law) / beta, 8);
    expect(Math.abs(collapse!.theory!.slope - criticalExponent(law) / beta)).toBeLessThan(0.01);
    expect(collapse!.refused).toBeNull();
  });
});

describe('off the critical ridge', () => {
  // Fig 2's law with l = 1 > l_crit = 0.8: bias T^-0.75, then noise T^-0.5; with l = 0.4 bias T^-0.3 at last.
  it.each([
    { l: 1, noise: 0, term: 'bias', exponent: -0.75, from: 4 },
    { l: 1, noise: 1, term: 'variance', exponent: -0.5, from: 4 },
    { l: 0.4, noise: 1, term: 'bias', exponent: -0.3, from: 5 },
  ])('l = $l, sigma = $noise: the $term leads with T^$exponent', ({ l, noise, term, exponent, from }) => {
    const downstream = { samples: { logspace: [from, from + 1.5, 4] }, noise, ridge: { power: l } };
    const [fit] = fitsOf(2, 0.375, { downstream, fit: {} });
    expect(fit!.theorem).toMatchObject({ term });
    expect(fit!.theorem!.exponent).toBeCloseTo(exponent, 8);
    expect(Math.abs(fit!.theory!.slope - exponent)).toBeLessThan(0.02);
  });

  it('the fast regime ends where the noise has caught up, at any dimension', () => {
    const crossover = (dimension: number, sigma: number) =>
      fitsOf(2, 0.375, {
        dimension,
        downstream: { samples: { logspace: [2, 5, 7] }, noise: [0, sigma], ridge: { power: 1.2 } },
        fit: { at: { 'downstream.noise': sigma }, over: { 'downstream.noise': 0 } },
      })[0]!.crossover!.theory;
    const rows = Math.round(crossover(2048, 0.1));
    const fit = { spectrum: powers(2048, 2), rows, ridge: rows ** -1.2 };
    expect(Math.abs(cleanVariance(fit, 0.1) / cleanBias(fit, powers(2048, 0.5)) - 1)).toBeLessThan(0.01);
    expect(crossover(4096, 0.1) / crossover(2048, 0.1)).toBeCloseTo(1, 1);
  });
});

describe('terms', () => {
  const parameters = ({ regime = 'replace', ...change }: JsonObject) =>
    parametersOf(regimes.get(regime as string)!, {
      dimension: 40,
      covariance: { kind: 'power-law', exponent: 2 },
      truth: { kind: 'power-law', exponent: 0.5 },
      generator: { samples: 90, noise: 0.5 },
      downstream: { samples: 200, noise: 0.3, ridge: { power: 'optimal' } },
      generations: 3,
      ...change,
    });

  it.each(['replace', 'growing'])('of %s add up to the prediction', (name) => {
    const regime = regimes.get(name)!;
    const cell = parameters({ regime: name });
    const sum = regime.scaling!(cell)!.terms.reduce((total, { value }) => total + value, 0);
    const prediction = regime.theory(cell);
    expect(prediction?.kind === 'value' && prediction.value / sum).toBeCloseTo(1, 12);
  });

  it.each([
    [
      'an isotropic covariance',
      { covariance: { kind: 'isotropic' }, downstream: { samples: 9, noise: 1, ridge: 0.1 } },
    ],
    ['no ridge', { downstream: { samples: 200, noise: 1, ridge: 0 } }],
    ['a ridge below T^-beta', { downstream: { samples: 200, noise: 1, ridge: { power: 2.1 } } }],
    [
      'generators that lose directions',
      { generator: { samples: 30, noise: 1 }, downstream: { samples: 9, noise: 1, ridge: { power: 1 } } },
    ],
  ])('are not told for %s', (_, change) => {
    expect(regimes.get('replace')!.scaling!(parameters(change as JsonObject))).toBeNull();
  });
});
