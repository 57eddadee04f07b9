/**
 * Plan: ticks on a figure
 * - each stands at its place on the axes, upright, in the colour of its series, in the look of its kind
 * - it ends at the frame; one outside the axes or of no series is left out
 */

import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { Drawing, Tick } from '../../src/report/figure-layout.ts';
import { linearScale, logScale } from '../../src/report/scale.ts';
import { styleOf } from '../../src/report/series.ts';
import { tickLines } from '../../src/report/ticks.ts';

const x = logScale([1e-3, 1], 5);
const y = linearScale([0, 10], 5, false);
const series = ['a', 'b'].map((name, i) => ({
  key: name,
  name,
  frame: null,
  run: 0,
  style: styleOf(i),
  look: { dash: '5 3', dashOffset: 0, size: 1 },
  marks: [],
  theory: [],
  leading: [],
  printed: [],
}));
const drawing: Drawing = {
  width: 500,
  height: 400,
  fontSize: 10,
  margin: { top: 20, right: 50, bottom: 30, left: 40 },
  x,
  y,
  series,
  xLabel: '',
  yLabel: '',
  yOffset: 40,
  levels: [],
  numbered: { x: true, y: true },
  named: true,
  radius: 3,
  guides: [],
};

const document = parseHTML('<!doctype html><html></html>').document;
const drawn = (...ticks: readonly Tick[]) => tickLines(drawing, ticks, document);
const pathOf = (element: SVGElement) => {
  const [, left, top, bottom] = /^M([\d.]+),([\d.]+)V([\d.]+)$/.exec(element.getAttribute('d')!)!.map(Number);
  return { left: left!, top: top!, bottom: bottom! };
};

describe('ticks', () => {
  it('stand on the axes', () => {
    const [a, b] = drawn(
      { x: 0.1, y: 5, series: 'b', kind: 'rule' },
      { x: 10 ** -1.5, y: 5, series: 'a', kind: 'theory' },
    ).map((element) => ({ element, ...pathOf(element) }));
    // Ticks come series by series; the axes are padded alike at both ends.
    expect(a!.left).toBeCloseTo(40 + 410 / 2, 1);
    expect(b!.left).toBeGreaterThan(a!.left);
    expect((a!.top + a!.bottom) / 2).toBeCloseTo(20 + 350 / 2, 1);
    expect(a!.bottom - a!.top).toBeCloseTo(22, 1);
    expect(a!.element.getAttribute('stroke')).toBe(styleOf(0).color);
    expect(b!.element.getAttribute('stroke')).toBe(styleOf(1).color);
    expect(a!.element.getAttribute('stroke-dasharray')).toBeNull();
    expect(b!.element.getAttribute('stroke-dasharray')).not.toBeNull();
  });

  it('stay within the frame', () => {
    const [low] = drawn({ x: 0.1, y: y.domain[0], series: 'a', kind: 'simulation' });
    expect(pathOf(low!).bottom).toBe(370);
    expect(pathOf(low!).top).toBeCloseTo(359, 1);
    expect(drawn({ x: 10, y: 5, series: 'a', kind: 'theory' })).toEqual([]);
    expect(drawn({ x: 0.1, y: 50, series: 'a', kind: 'theory' })).toEqual([]);
    expect(drawn({ x: 0.1, y: 5, series: 'c', kind: 'theory' })).toEqual([]);
  });
});
