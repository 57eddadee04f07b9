/**
 * Plan
 * - The fine curve holds every cell's x, and of places between, evenly in the logarithm for a log axis, as many as it takes to draw it to
 *   half a percent, integers for counts, each with the prediction at that place, series by series; a peak is not missed.
 * - No prediction, or no mean, breaks the line.
 */
import { expect, test } from 'vitest';
import { theoryCurve } from '../../src/report/theory-curve.ts';
import { isotropicError, panelOf, predict, RIDGE_PANEL, SAMPLES_PANEL } from './synthetic.ts';

test('finer than the cells', () => {
  const curve = theoryCurve(RIDGE_PANEL, (at) => predict('', at)).filter(({ series }) => series === 'n = 3');
  const xs = curve.map(({ x }) => x);
  for (const x of RIDGE_PANEL.axes[0]!.values) expect(xs).toContain(x);
  expect(xs).toEqual(xs.toSorted((a, b) => a - b));
  for (const { x, y } of curve) expect(y).toBe(isotropicError(1000, x, 3));
  expect(xs.length).toBeLessThan(120);
  for (let i = 1; i < curve.length; i++) {
    const [a, b] = [curve[i - 1]!, curve[i]!];
    for (const share of [0.25, 0.5, 0.75]) {
      const drawn = a.y ** (1 - share) * b.y ** share;
      const right = isotropicError(1000, a.x ** (1 - share) * b.x ** share, 3);
      expect(Math.abs(drawn / right - 1)).toBeLessThan(0.006);
    }
  }
});

test('a peak between the cells is drawn, and a straight line is cheap', () => {
  const asked: number[] = [];
  const peak = (x: number) => 1 + 0.01 / (0.0004 + Math.log10(x / 0.0345) ** 2);
  const curve = theoryCurve(RIDGE_PANEL, ({ 'downstream.ridge': ridge = 0, generations = 0 }) => {
    asked.push(ridge);
    const value = generations === 0 ? peak(ridge) : ridge ** 0.5;
    return { kind: 'value', value, source: '', allowance: 0 };
  });
  const of = (name: string) => curve.filter(({ series }) => series === name);
  expect(Math.max(...of('n = 0').map(({ y }) => y))).toBeGreaterThan(0.7 * peak(0.0345));
  expect(of('n = 1').length).toBeLessThan(115);
  expect(asked.length).toBeLessThan(160 * new Set(curve.map(({ series }) => series)).size);
});

test('counts stay integers', () => {
  const curve = theoryCurve(SAMPLES_PANEL, (at) => predict('', at));
  expect(curve.every(({ x }) => Number.isInteger(x))).toBe(true);
  expect(new Set(curve.map(({ series }) => series)).size).toBe(4);
});

test('over the dimension: multiples of what the cells have in common, with the leading order', () => {
  const panel = panelOf('d', { path: 'dimension', values: [20, 40, 100], spacing: 'list' }, null);
  const prediction = { kind: 'value', value: 2, leading: 1, source: '', allowance: 0 } as const;
  const curve = theoryCurve(panel, () => prediction);
  expect(curve.map(({ x }) => x)).toEqual([20, 40, 100]);
  expect(curve.every(({ y, leading }) => y === 2 && leading === 1)).toBe(true);
  const bent = theoryCurve(panel, ({ dimension = 0 }) => ({ ...prediction, value: dimension ** 3 }));
  expect(bent.map(({ x }) => x)).toEqual([20, 40, 60, 80, 100]);
  expect(theoryCurve(RIDGE_PANEL, () => prediction)[0]).not.toHaveProperty('leading');
});

test('a line breaks where theory gives no value', () => {
  const curve = theoryCurve(RIDGE_PANEL, ({ 'downstream.ridge': ridge = 0 }) =>
    ridge < 0.1 ? null : { kind: 'no-mean', reason: '' },
  );
  expect(curve.every(({ y }) => Number.isNaN(y))).toBe(true);
});
