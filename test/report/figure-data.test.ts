/**
 * Plan
 * - Cells become marks of their series along x, with the t interval of their mean; a cell without a mean becomes a
 *   hollow mark at its median with its 5 and 95 % quantiles; a cell without trials is not drawn.
 * - A log axis drops what is not positive and ends bars at its floor.
 * - A line that leaves the axis ends where it crosses the edge, on a log axis at the logarithmic place.
 */
import { expect, test } from 'vitest';
import { clipLine, drawnSeries, type MarkPoint, positiveOnly } from '../../src/report/figure-data.ts';
import { layoutOf } from '../../src/report/series.ts';
import { interval95 } from '../../src/statistics/interval.ts';
import { withoutMean } from '../../src/statistics/summary.ts';
import { RIDGE_PANEL, simulate } from './synthetic.ts';

const layout = layoutOf(RIDGE_PANEL);
const cells = simulate(RIDGE_PANEL).cells;

test('marks of a series', () => {
  const [first, , , last] = drawnSeries(RIDGE_PANEL, layout, cells.toReversed(), []);
  expect(first!.name).toBe('n = 0');
  expect(last!.marks.map(({ x }) => x)).toEqual(RIDGE_PANEL.axes[0]!.values);
  expect(first!.marks[0]).toEqual({ x: 0.001, y: cells[0]!.mean, hollow: false, ...interval95(cells[0]!) });
});

test('no mean, no trials', () => {
  const nothing = { trials: 0, mean: Number.NaN, median: Number.NaN };
  const changed = cells.with(0, { ...cells[0]!, ...withoutMean(cells[0]!) }).with(4, { ...cells[4]!, ...nothing });
  const { marks } = drawnSeries(RIDGE_PANEL, layout, changed, [])[0]!;
  const { median, q05, q95 } = cells[0]!;
  expect(marks[0]).toEqual({ x: 0.001, y: median, low: q05, high: q95, hollow: true });
  expect(marks).toHaveLength(9);
});

test('what a log axis cannot show', () => {
  const mark = (y: number, low: number): MarkPoint => ({ x: 1, y, low, high: 2 * y, hollow: false });
  expect(positiveOnly([mark(1, -0.5), mark(0, -1), mark(2, 1.5)], 0.01)).toEqual([mark(1, 0.01), mark(2, 1.5)]);
});

test('a line cut at the edges', () => {
  const point = (x: number, y: number) => ({ x, y, series: null });
  const cut = clipLine([point(0, 1), point(1, 100), point(2, 1)], [0.1, 10], Math.log10);
  expect(cut.map(({ x }) => x)).toEqual([0, 0.5, 1, 1.5, 2]);
  expect(cut.map(({ y }) => y)).toEqual([1, 10, Number.NaN, 10, 1]);
  const linear = clipLine([point(0, 0), point(1, 20)], [0, 10], (y) => y);
  expect(linear.map(({ x }) => x)).toEqual([0, 0.5, 1]);
  const inside = [point(0, 1), point(1, Number.NaN), point(2, 2)];
  expect(clipLine(inside, [0.1, 10], Math.log10)).toEqual(inside);
});
