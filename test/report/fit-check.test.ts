/**
 * Plan. A fit agrees inside its interval or within the theory's allowance, is outside of it by chance up to four standard errors,
 * disagrees beyond, and contradicts itself where theory worked out afresh is another. Only the last two fail a check. The
 * same for crossovers. The table, the caption and the guides of a figure say and draw what was fitted.
 */
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse.ts';
import type { FitResult, Resampled } from '../../src/experiment/results.ts';
import { regimes } from '../../src/regimes/index.ts';
import { scalingPredictor } from '../../src/regimes/predict.ts';
import { checkFits, predictedFits } from '../../src/report/fit-check.ts';
import { crossoverLines, fitCaption, fitTable } from '../../src/report/fit-words.ts';
import { guidesOf } from '../../src/report/guides.ts';
import { layoutOf, styleOf } from '../../src/report/series.ts';
import { fullReport } from '../../src/report/verdicts.ts';

const panel = parseExperiment(
  {
    name: 'checked',
    regime: 'replace',
    dimension: 60,
    covariance: { kind: 'power-law', exponent: 2 },
    truth: { kind: 'source', smoothness: 0.375 },
    generator: { samples: 120, noise: 0.2 },
    downstream: { samples: { logspace: [2, 4, 9] }, noise: 1, ridge: { power: 'critical' } },
    generations: [0, 5],
    fit: [{ at: { generations: 5 }, over: { generations: 0 }, tolerance: 1 }],
  },
  regimes,
).panels[0]!;
const scalingOf = () => scalingPredictor(panel, regimes);
const predicted = predictedFits([panel], scalingOf)[0]!.fit;
const { slope, allowance } = predicted.theory!;
const interpolated = predicted.crossover!.interpolated!;

const around = (value: number, error: number): Resampled => ({
  value,
  low: value - 2 * error,
  high: value + 2 * error,
  error,
});
const fitted = (change: Partial<FitResult>): FitResult => ({ ...predicted, trials: 500, ...change });
const checked = (change: Partial<FitResult>) =>
  checkFits([panel], [{ name: 'main', cells: [], fits: [fitted(change)] }], scalingOf)[0]!;
const passes = (change: Partial<FitResult>) => fullReport({ ok: true, cells: [] }, [], [checked(change)]).ok;

describe('a verdict', () => {
  it.each([
    [1.9, 'agrees', true],
    [-1.9, 'agrees', true],
    [3.9, 'outside', true],
    [4.1, 'disagrees', false],
    [-4.1, 'disagrees', false],
  ])('%f standard errors off: %s', (off, verdict, ok) => {
    const change = { slope: around(slope + off * 0.01 + Math.sign(off) * allowance, 0.01) };
    expect(checked(change).slope).toBe(verdict);
    expect(passes(change)).toBe(ok);
    const crossover = {
      ...predicted.crossover!,
      simulated: around(interpolated * (1 + 0.01 * off), 0.01 * interpolated),
    };
    expect(checked({ crossover }).crossover).toBe(verdict);
    expect(passes({ crossover })).toBe(ok);
  });

  it('is a contradiction where the stored theory, curve or window is not that of the file', () => {
    const good = { slope: around(slope, 0.01) };
    const forged: Partial<FitResult>[] = [
      { theory: { slope: slope + 1e-6, allowance } },
      { theory: null },
      { at: { generations: 4 } },
      { window: [100, 9000] },
    ];
    expect(passes(good)).toBe(true);
    for (const change of forged) {
      expect(checked({ ...good, ...change }).slope).toBe('contradicts itself');
      expect(passes({ ...good, ...change })).toBe(false);
    }
  });

  it('of a refused fit is that, and passes', () => {
    expect(checked({ slope: null, refused: 'why' }).slope).toBe('refused');
    expect(passes({ slope: null, refused: 'why' })).toBe(true);
  });
});

describe('in words', () => {
  it('a table has slope, interval, theory, theorem and verdict or reason', () => {
    const table = fitTable([checked({ slope: around(slope, 0.01) }), checked({ slope: null, refused: 'too short' })]);
    expect(table).toContain('main n = 5 over n = 0');
    expect(table).toContain(`[${(slope - 0.02).toFixed(3)}, ${(slope + 0.02).toFixed(3)}]`);
    expect(table).toContain('0.400 collapse');
    expect(table).toContain('refused: too short');
  });

  it('a line says where the crossover is', () => {
    const simulated = around(interpolated, 10);
    const [line] = crossoverLines([checked({ crossover: { ...predicted.crossover!, simulated } })]);
    expect(line).toMatch(/^main n = 5 over n = 0: crossover at T = \d+(\.\d)? in theory, \d+.* simulated, ✓$/);
    expect(crossoverLines([checked({})])[0]).toContain('not simulated');
  });

  it('a caption names window, slope, theory and theorem; none without fits', () => {
    const caption = fitCaption([fitted({ slope: around(slope, 0.01) })]);
    expect(caption).toContain('n = 5 over n = 0, T from 100 to 10000');
    expect(caption).toContain('theorem 0.400');
    expect(caption).toContain('Thm 5.2');
    expect(fitCaption([fitted({ slope: null })])).toBeNull();
  });
});

describe('a guide', () => {
  it('has the exponent of the theorem, spans the window and lies above a curve, below the lowest', () => {
    const layout = layoutOf(panel);
    const marks = panel.axes[0]!.values.map((x) => ({ x, y: 3 * x ** 0.35, low: 0, high: 0, hollow: false }));
    const lines = { theory: [], leading: [], printed: [] };
    const look = { dash: '5 3', dashOffset: 0, size: 1 };
    const series = [{ key: 'n = 5', name: 'n = 5', frame: null, run: 0, style: styleOf(1), look, marks, ...lines }];
    const low = {
      ...series[0]!,
      key: 'n = 0',
      name: 'n = 0',
      marks: marks.map((mark) => ({ ...mark, y: mark.y / 9 })),
    };
    const [guide] = guidesOf([fitted({ slope: around(slope, 0.01) })], layout, [...series, low]);
    const [first, last] = guide!.ends;
    expect([first!.x, last!.x]).toEqual([100, 10_000]);
    expect(Math.log(last!.y / first!.y) / Math.log(100)).toBeCloseTo(0.4, 8);
    expect(guide!.label).toBe('T^{0.4}');
    expect(guide!.middle.y).toBeGreaterThan(3 * guide!.middle.x ** 0.35);
    const [alone] = guidesOf([fitted({ slope: around(slope, 0.01) })], layout, series);
    expect(alone!.middle.y).toBeLessThan(3 * alone!.middle.x ** 0.35);
    expect(guidesOf([fitted({ slope: null })], layout, series)).toEqual([]);
    const top = 0.99 * last!.y;
    const [cut] = guidesOf([fitted({ slope: around(slope, 0.01) })], layout, [...series, low], [first!.y / 2, top]);
    expect(cut!.ends[0]).toEqual(first);
    expect(cut!.ends[1]!.y).toBeCloseTo(top, 12);
    expect(Math.log(top / first!.y) / Math.log(cut!.ends[1]!.x / 100)).toBeCloseTo(0.4, 8);
  });
});
