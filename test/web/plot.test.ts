import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse.ts';
import type { CellResult } from '../../src/experiment/results.ts';
import { regimes } from '../../src/regimes/index.ts';
import { panelFigure } from '../../src/report/figure.ts';
import type { FigureInput } from '../../src/report/figure-layout.ts';
import { ghostLayer, nearestSpot, sheetOf, spotsOf } from '../../src/web/plot.ts';

/*
 * Plan: what the page lays over a figure lies where the figure has it.
 * - a spot for every mark, where the mark is drawn, with its values; before there are marks the theory is pointed at
 * - the nearest within reach, or none
 * - the run before: marks at their places, those outside the frame left out; nothing where the axes differ
 */

const document = parseHTML('<!doctype html><html></html>').document;

const { panels } = parseExperiment(
  {
    ...{ name: 'plot', regime: 'replace', dimension: 20, generations: [0, 2] },
    generator: { samples: 40, noise: 0.2 },
    downstream: { samples: 60, noise: 0.1, ridge: [0.01, 1] },
  },
  regimes,
);
const panel = panels[0]!;

const cellsOf = (factor: number): readonly CellResult[] =>
  panel.cells.map(
    ({ at }, i) =>
      ({
        ...{ at, trials: 10, failed: 0, mean: factor * (i + 1), median: factor * (i + 1), sem: 0.01 },
        ...{ variance: 0.001, q05: 0, q95: 9, theory: null, z: null, sampler: 'direct' },
      }) as unknown as CellResult,
  );

const input = (cells: readonly CellResult[]): FigureInput => ({
  ...{ title: '', panel, cells, bare: true, width: 'default' },
  theory: [
    { x: 0.01, y: 1.5, series: 'n = 0' },
    { x: 1, y: 2, series: 'n = 0' },
  ],
  provenance: { version: '1', commit: null, backend: 'node', adapter: null },
});

describe('spots', () => {
  it('lie on the marks and say their values', () => {
    const given = input(cellsOf(1));
    const drawing = sheetOf(given);
    const spots = spotsOf(drawing, panel);
    expect(spots).toHaveLength(4);
    const svg = panelFigure(given, document);
    const places = [...svg.querySelectorAll('.mean > *')].map((mark) => {
      const shift = /translate\(([-\d.e]+),([-\d.e]+)\)/.exec(mark.getAttribute('transform') ?? '');
      return shift ? shift.slice(1).map(Number) : ['cx', 'cy'].map((name) => Number(mark.getAttribute(name)));
    });
    for (const { x, y } of spots)
      expect(Math.min(...places.map(([px, py]) => Math.hypot(px! - x, py! - y)))).toBeLessThan(0.6);
    expect(spots[0]!.lines.slice(0, 3)).toEqual(['n = 0', 'λ = 0.01', 'E = 1']);
    expect(spots[0]!.lines.at(-1)).toBe('theory 1.5');
  });

  it('are the theory where there are no marks', () => {
    const spots = spotsOf(sheetOf(input([])), panel);
    expect(spots.map(({ lines }) => lines.join(' '))).toEqual(['n = 0 λ = 0.01 theory 1.5', 'n = 0 λ = 1 theory 2']);
  });

  it('are found within reach', () => {
    const spots = [0, 10].map((x) => ({ x, y: 0, lines: [] }));
    expect([nearestSpot(spots, 7, 1, 5), nearestSpot(spots, 5, 30, 5), nearestSpot([], 0, 0, 9)]).toEqual([
      1,
      null,
      null,
    ]);
  });
});

describe('the run before', () => {
  it('is drawn on the axes of this one, as far as it is inside', () => {
    const drawing = sheetOf(input(cellsOf(1)));
    const layer = (cells: readonly CellResult[]) => ghostLayer(drawing, panel, { panel, cells, theory: [] }, document);
    const circles = [...layer(cellsOf(1))!.querySelectorAll('circle')];
    const spots = spotsOf(drawing, panel);
    expect(circles.map((circle) => Number(circle.getAttribute('cx')))).toEqual(spots.map(({ x }) => x));
    expect(layer(cellsOf(100))!.querySelectorAll('circle')).toHaveLength(0);
  });

  it('is not where the axes have nothing in common', () => {
    const drawing = sheetOf(input([]));
    const other = { ...panel, figure: { x: 'generations' } };
    expect(ghostLayer(drawing, panel, { panel: other, cells: [], theory: [] }, document)).toBeNull();
  });
});
