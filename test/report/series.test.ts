/**
 * Plan
 * - The figure choice decides; without one the longest axis is x; axes beyond both join the name of the series.
 * - An axis of one value makes no series.
 * - Colours and shapes: the first seven differ in both, no pair repeats over 49. Text has inks of 4.5 to 1 on white.
 */
import { expect, test } from 'vitest';
import { layoutOf, seriesNames, seriesOf, styleOf } from '../../src/report/series.ts';
import { GENERATIONS, logAxis, panelOf, RIDGE_PANEL } from './synthetic.ts';

test('the figure choice', () => {
  const layout = layoutOf({ ...RIDGE_PANEL, figure: { x: 'generations', series: 'downstream.ridge' } });
  expect(layout.x.path).toBe('generations');
  expect(seriesOf(layout, { generations: 3, 'downstream.ridge': 1 })).toBe('λ = 1');
  expect(layoutOf({ ...RIDGE_PANEL, figure: null }).x.path).toBe('downstream.ridge');
  expect(seriesNames(RIDGE_PANEL, layoutOf(RIDGE_PANEL))).toEqual(['n = 0', 'n = 1', 'n = 3', 'n = 10']);
});

test('a third axis joins the series', () => {
  const third = { path: 'generator.samples', values: [600, 1200], spacing: 'list' } as const;
  const layout = layoutOf({ ...RIDGE_PANEL, axes: [third, ...RIDGE_PANEL.axes] });
  expect(seriesOf(layout, { 'generator.samples': 600, generations: 3, 'downstream.ridge': 1 })).toBe('n = 3, T₀ = 600');
});

test('a single curve', () => {
  const panel = panelOf('one', logAxis('downstream.ridge', -2, 0, 3), { ...GENERATIONS, values: [4] });
  expect(seriesNames(panel, layoutOf(panel))).toEqual([null]);
});

test('styles', () => {
  const pairs = Array.from({ length: 49 }, (_, i) => styleOf(i));
  expect(new Set(pairs.map(({ color, symbol }) => color + symbol)).size).toBe(49);
  expect(new Set(pairs.slice(0, 7).map(({ color }) => color)).size).toBe(7);
  expect(new Set(pairs.slice(0, 7).map(({ symbol }) => symbol)).size).toBe(7);
});

test('names series in inks that are read on white', () => {
  const luminance = (hex: string) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  for (let i = 0; i < 14; i++) expect(1.05 / (luminance(styleOf(i).ink) + 0.05)).toBeGreaterThan(4.5);
});
