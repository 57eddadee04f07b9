/**
 * Plan
 * - The figure choice decides; without one the longest axis is x; axes beyond both join the name of the series.
 * - An axis of one value makes no series.
 * - Frames: none for six curves in all; beyond, all axes but x and the first of the series have frames; the one that is asked for has, and 'none'
 *   has none. Within its frame a curve is named by what is left.
 * - Colours and shapes: the first seven differ in both, no pair repeats over 49. Text has inks of 4.5 to 1 on white.
 */
import { expect, test } from 'vitest';
import type { Axis } from '../../src/experiment/experiment.ts';
import { curveOf, frameNames, frameOf, layoutOf, seriesNames, seriesOf, styleOf } from '../../src/report/series.ts';
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

test('frames for what one cannot hold', () => {
  const axis = (path: string, ...values: number[]) => ({ path, values, spacing: 'list' as const });
  const noise = axis('generator.noise', 0.1, 0.2);
  const samples = axis('generator.samples', 600, 1200);
  const facets = (axes: Axis[], facet?: string) =>
    layoutOf({
      ...RIDGE_PANEL,
      axes: [RIDGE_PANEL.axes[0]!, ...axes],
      figure: { ...RIDGE_PANEL.figure!, facet },
    }).facets.map(({ path }) => path);
  const few = axis('generations', 0, 1, 3);
  expect(facets([few, noise])).toEqual([]);
  expect(facets([GENERATIONS, noise])).toEqual(['generator.noise']);
  expect(facets([GENERATIONS, noise], 'none')).toEqual([]);
  expect(facets([GENERATIONS, noise, samples])).toEqual(['generator.noise', 'generator.samples']);
  expect(facets([few, noise], 'generator.noise')).toEqual(['generator.noise']);
  expect(facets([GENERATIONS, noise, samples], 'generations')).toEqual(['generations']);
  expect(facets([axis('generations', 0, 1, 2, 3, 4, 5, 6, 7)])).toEqual([]);
  const both = { ...layoutOf(RIDGE_PANEL), facets: [noise, samples] };
  expect(frameNames(both)).toEqual(
    [0.1, 0.2].flatMap((value) => [600, 1200].map((rows) => `σ₀ = ${value}, T₀ = ${rows}`)),
  );
  expect(frameNames(both, [samples, noise])[1]).toBe('σ₀ = 0.2, T₀ = 600');
  const layout = layoutOf({ ...RIDGE_PANEL, axes: [RIDGE_PANEL.axes[0]!, GENERATIONS, noise] });
  const at = { generations: 3, 'generator.noise': 0.2 };
  expect([seriesOf(layout, at), curveOf(layout, at), frameOf(layout, at)]).toEqual([
    'n = 3, σ₀ = 0.2',
    'n = 3',
    'σ₀ = 0.2',
  ]);
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
