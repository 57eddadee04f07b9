/**
 * Plan: curves that lie on each other, in pixels.
 * - two of three equal lines: their dashes alternate without overlap, those of the third stay; their marks lie one inside the other
 * - curves that meet at one end alone stay as they are; so do those that have too few places in common
 */
import { expect, test } from 'vitest';
import { toldApart } from '../../src/report/coincidence.ts';
import type { DrawnSeries } from '../../src/report/figure-data.ts';
import { styleOf } from '../../src/report/series.ts';

const XS = [1, 2, 3, 4, 5];

function curve(key: string, y: (x: number) => number, xs = XS): DrawnSeries {
  const points = xs.map((x) => ({ x, y: y(x) }));
  return {
    ...{ key, name: key, frame: null, run: 0, style: styleOf(0), look: { dash: '5 3', dashOffset: 0, size: 1 } },
    marks: points.map((point) => ({ ...point, low: point.y, high: point.y, hollow: false })),
    theory: points.map((point) => ({ ...point, series: key })),
    ...{ leading: [], printed: [] },
  };
}

const looks = (...series: DrawnSeries[]) => toldApart(series, (y) => 10 * y).map(({ look }) => look);
const PLAIN = { dash: '5 3', dashOffset: 0, size: 1 };

/** Places along a line that a pattern inks, one period. */
function inked({ dash, dashOffset }: { readonly dash: string; readonly dashOffset: number }): readonly number[] {
  const [mark, gap] = dash.split(' ').map(Number) as [number, number];
  return Array.from({ length: mark + gap }, (_, i) => i).filter(
    (i) => (((i + dashOffset) % (mark + gap)) + mark + gap) % (mark + gap) < mark,
  );
}

test('equal curves are told apart', () => {
  const [a, other, b] = looks(
    curve('a', (x) => x),
    curve('other', (x) => x + 1),
    curve('b', (x) => x + 0.05),
  );
  expect(other).toEqual(PLAIN);
  const [first, second] = [inked(a!), inked(b!)];
  expect([first.length, second.length]).toEqual([5, 5]);
  expect(first.filter((i) => second.includes(i))).toEqual([]);
  // The first is drawn first, behind the other.
  expect(a!.size).toBeGreaterThan(b!.size + 0.5);
  const many = looks(...'abcdef'.split('').map((key) => curve(key, (x) => x))).map(({ size }) => size);
  expect(many.every((size, i) => i === 0 || size < many[i - 1]! - 0.2)).toBe(true);
  expect(many[0]).toBeLessThan(2.5);
});

test('others stay as they are', () => {
  expect(
    looks(
      curve('a', (x) => x),
      curve('b', (x) => (x < 5 ? 2 * x : x)),
    ),
  ).toEqual([PLAIN, PLAIN]);
  expect(
    looks(
      curve('a', (x) => x, [1, 2]),
      curve('b', (x) => x, [1, 2]),
    ),
  ).toEqual([PLAIN, PLAIN]);
});
