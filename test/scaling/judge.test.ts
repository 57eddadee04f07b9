/**
 * Plan. Which cells make a curve, what it is compared with, and each reason why there is none. Windows that are too short, hold
 * too few points, two regimes, or too much curvature are refused in words, those that are long enough and straight are
 * not. Crossings of points and of functions, rising and falling, none, and more than one.
 */
import { describe, expect, it } from 'vitest';
import type { FitRequest, JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';
import { scalingPredictor } from '../../src/regimes/predict.ts';
import { crossingOf, crossingWithin } from '../../src/scaling/crossover.ts';
import { curvesOf, within } from '../../src/scaling/curves.ts';
import { leverages, slopeOf } from '../../src/scaling/slope.ts';
import { theoryFits } from '../../src/scaling/theory-fits.ts';

const file = {
  name: 'curves',
  regime: 'replace',
  dimension: 200,
  covariance: { kind: 'power-law', exponent: 2 },
  truth: { kind: 'source', smoothness: 0.375 },
  generator: { samples: 400, noise: 0.1 },
  downstream: { samples: { logspace: [2, 5, 13] }, noise: 1, ridge: { power: 'critical' } },
  generations: [0, 5],
};
const panelOf = (change: JsonObject) => parseExperiment({ ...file, ...change }, regimes).panels[0]!;
const fitsOf = (change: JsonObject) => {
  const panel = panelOf(change);
  return theoryFits(panel, scalingPredictor(panel, regimes)).map((fit) => ('result' in fit ? fit.result : fit));
};
const request = (change: Partial<FitRequest>): FitRequest => ({
  window: null,
  at: {},
  over: null,
  tolerance: 0.05,
  ...change,
});

describe('curves', () => {
  const panel = panelOf({});

  it('are one for each series, along T', () => {
    const curves = curvesOf(panel, request({}));
    expect(curves).toMatchObject([{ at: { generations: 0 } }, { at: { generations: 5 } }]);
    for (const { points } of curves as Exclude<typeof curves, string>) {
      expect(points.map(({ x }) => x)).toEqual(panel.axes[0]!.values);
      expect(points.map(({ base }) => base)).toEqual(Array(13).fill(null));
    }
  });

  it('are compared with the cell that differs in what is named, never with themselves', () => {
    const curves = curvesOf(panel, request({ over: { generations: 0 } }));
    expect(curves).toMatchObject([{ at: { generations: 5 } }]);
    const { points } = (curves as Exclude<typeof curves, string>)[0]!;
    for (const { cell, base, x } of points) {
      expect(panel.cells[cell]!.at).toEqual({ 'downstream.samples': x, generations: 5 });
      expect(panel.cells[base!]!.at).toEqual({ 'downstream.samples': x, generations: 0 });
    }
  });

  it('end with the window, its ends included', () => {
    const [curve] = curvesOf(panel, request({})) as Exclude<ReturnType<typeof curvesOf>, string>;
    expect(within(curve!, [1000, 10_000]).points.map(({ x }) => x)).toEqual([1000, 1778, 3162, 5623, 10_000]);
  });

  it.each([
    ['no T', { downstream: { samples: 9, noise: 1, ridge: 1 } }, {}, 'no curve along T'],
    ['no such series', {}, { at: { generations: 3 } }, 'no curve at generations = 3'],
    [
      'nothing to compare with',
      { generations: [1, 5] },
      { over: { generations: 0 } },
      'generations = 0 is not in the panel',
    ],
  ])('have a reason to be missing: %s', (_, change, asked, reason) => {
    expect(curvesOf(panelOf(change as JsonObject), request(asked))).toContain(reason);
  });
});

describe('a fit', () => {
  it.each([
    ['too few points', { window: [1e3, 3000] }, 'holds 2 points, need 4'],
    ['less than a decade', { window: [1e3, 6000] }, 'spans 0.75 decades, need 1'],
    ['no points', { window: [2e5, 3e6] }, 'holds 0 points'],
    ['curvature', { window: [1e3, 1e5], at: { generations: 5 }, over: { generations: 0 } }, 'varies by'],
    [
      'two regimes',
      { window: [100, 1e3], at: { generations: 5 }, over: { generations: 0 } },
      'collapse term turns at T = d',
    ],
    ['a crossover', { window: [1e3, 1e5], at: { generations: 5 }, tolerance: 9 }, 'variance gives way to collapse'],
  ])('is refused for %s', (_, fit, reason) => {
    for (const result of fitsOf({ fit: { at: { generations: 0 }, ...fit } as JsonObject }))
      expect(result).toMatchObject({ refused: expect.stringContaining(reason), slope: null });
  });

  it('is refused where no scaling law holds', () => {
    const [result] = fitsOf({
      covariance: { kind: 'isotropic' },
      truth: { kind: 'sphere' },
      generations: [0],
      downstream: { ...file.downstream, ridge: 0.1 },
      fit: {},
    });
    expect(result!.refused).toContain('no scaling law');
  });

  it('is accepted where theory is straight, and says how straight', () => {
    const [result] = fitsOf({ fit: { window: [1e2, 1e4], at: { generations: 0 } } });
    expect(result).toMatchObject({ refused: null, points: 9, window: [100, 10_000], over: null });
    expect(result!.theorem!.exponent).toBeCloseTo(-0.6, 8);
    expect(Math.abs(result!.theory!.slope + 0.6)).toBeLessThan(0.02);
    const [strict] = fitsOf({ fit: { window: [1e2, 1e4], at: { generations: 0 }, tolerance: 0.01 } });
    expect(strict!.refused).toContain('more than 0.01');
  });

  it('names an axis that is not swept', () => {
    expect(() => panelOf({ fit: { at: { generation: 0 } } })).toThrow(
      'fit[0].at: unknown axis "generation", did you mean "generations"',
    );
    expect(() => panelOf({ fit: [{ window: [10, 1] }] })).toThrow('the smaller one first');
  });

  it('has a canonical form that means the same', () => {
    const experiment = parseExperiment({ ...file, fit: { window: [1e3, 1e4], over: { generations: 0 } } }, regimes);
    expect(experiment.file.fit).toEqual([{ window: [1e3, 1e4], at: {}, over: { generations: 0 }, tolerance: 0.05 }]);
    expect(parseExperiment(experiment.file, regimes)).toEqual(experiment);
  });
});

describe('slope', () => {
  it('of a power is its exponent, with or without even spacing', () => {
    const xs = [1, 2, 5, 40, 41];
    const weights = leverages(xs);
    expect(
      slopeOf(
        weights,
        xs.map((x) => 3 * x ** -0.7),
      ),
    ).toBeCloseTo(-0.7, 12);
  });
});

describe('crossing', () => {
  const xs = [1, 10, 100, 1000];

  it('is where powers meet, rising or falling', () => {
    expect(
      crossingOf(
        xs,
        xs.map((x) => 0.02 * x),
      ),
    ).toBeCloseTo(50, 9);
    expect(
      crossingOf(
        xs,
        xs.map((x) => 50 / x),
      ),
    ).toBeCloseTo(50, 9);
    expect(crossingWithin(xs, (x) => 0.02 * x)).toBeCloseTo(50, 1);
    expect(crossingWithin(xs, (x) => 50 / x)).toBeCloseTo(50, 1);
  });

  it('is at the nearer point where one of the ratios has no logarithm', () => {
    expect(crossingOf(xs, [-1, 2, 3, 4])).toBe(10);
    expect(crossingOf(xs, [4, 2, 0, -1])).toBe(10);
  });

  it('is none without one, or with two', () => {
    for (const ratios of [
      [2, 3, 4, 5],
      [0.1, 0.2, 0.3, 0.4],
      [0.1, 2, 0.1, 0.1],
    ]) {
      expect(crossingOf(xs, ratios)).toBeNull();
      expect(crossingWithin(xs, (x) => ratios[xs.indexOf(x)]!)).toBeNull();
    }
  });
});
