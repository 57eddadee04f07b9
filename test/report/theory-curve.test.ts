/**
 * Plan
 * - The fine curve holds every cell's x and many between, evenly in the logarithm for a log axis, integers for counts,
 *   each with the prediction at that place, series by series.
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
  expect(xs.length).toBeGreaterThan(150);
  expect(xs.filter((x) => x < 0.1).length / xs.length).toBeCloseTo(0.5, 1);
  for (const { x, y } of curve) expect(y).toBe(isotropicError(1000, x, 3));
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
  expect(curve.map(({ x }) => x)).toEqual([20, 40, 60, 80, 100]);
  expect(curve.every(({ y, leading }) => y === 2 && leading === 1)).toBe(true);
  expect(theoryCurve(RIDGE_PANEL, () => prediction)[0]).not.toHaveProperty('leading');
});

test('a line breaks where theory gives no value', () => {
  const curve = theoryCurve(RIDGE_PANEL, ({ 'downstream.ridge': ridge = 0 }) =>
    ridge < 0.1 ? null : { kind: 'no-mean', reason: '' },
  );
  expect(curve.every(({ y }) => Number.isNaN(y))).toBe(true);
});
