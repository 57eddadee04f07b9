/**
 * Plan: names of guides in a frame of 200 by 200 pixels whose axes are decades.
 * - by itself a name stands in the middle, on the side that it prefers
 * - marks where it would stand push it along its line, or to the other side; it never leaves the frame, and is left out where marks are everywhere
 */
import { expect, test } from 'vitest';
import type { DrawnSeries } from '../../src/report/figure-data.ts';
import { withClearNames } from '../../src/report/guide-names.ts';
import type { Guide } from '../../src/report/guides.ts';
import { styleOf } from '../../src/report/series.ts';

/** Two decades each way. */
const pixels = ({ x, y }: { readonly x: number; readonly y: number }) => ({
  x: 100 * Math.log10(x),
  y: 200 - 100 * Math.log10(y),
});
const frame = { pixels, width: 200, height: 200, fontSize: 10 };

const guide = (low: number, high: number, below = false): Guide => ({
  ends: [
    { x: 1, y: low },
    { x: 100, y: high },
  ],
  middle: { x: 10, y: Math.sqrt(low * high) },
  label: 'T^{0.5}',
  below,
  color: 'red',
  ink: 'red',
});

const marksAt = (...at: readonly (readonly [x: number, y: number])[]): DrawnSeries => ({
  ...{ key: 'a', name: 'a', frame: null, run: 0, style: styleOf(0), look: { dash: '5 3', dashOffset: 0, size: 1 } },
  marks: at.map(([x, y]) => ({ x, y, low: y, high: y, hollow: false })),
  ...{ theory: [], leading: [], printed: [] },
});

test('alone', () => {
  const [one] = withClearNames([guide(3, 30)], [], frame);
  expect(one!.below).toBe(false);
  expect(one!.middle.x).toBeCloseTo(10, 9);
  expect(one!.middle.y).toBeCloseTo(Math.sqrt(90), 9);
});

test('away from marks', () => {
  const above = marksAt([12, 11], [14, 12], [18, 13]);
  const [other] = withClearNames([guide(3, 30)], [above], frame);
  expect(other).toMatchObject({ below: true, middle: { x: expect.closeTo(10, 6) } });
  const below = marksAt([8, 7], [7, 7], [6, 7]);
  const [moved] = withClearNames([guide(3, 30)], [above, below], frame);
  expect(moved!.middle.x).not.toBeCloseTo(10, 1);
});

test('left out', () => {
  const places = Array.from({ length: 41 }, (_, i) => 10 ** (i / 20));
  const everywhere = places.flatMap((x) => places.map((y) => [x, y] as const));
  expect(withClearNames([guide(3, 30)], [marksAt(...everywhere)], frame)[0]!.label).toBe('');
});

test('within the frame', () => {
  const [top] = withClearNames([guide(99, 99.9)], [], frame);
  expect(top!.below).toBe(true);
});
