/**
 * Plan: where frames stand.
 * - of one axis: two and three in a row, four as a square, as many as there is room for
 * - of two axes one along the columns: the last, or the first where the last has no room; then it is the one that runs
 * - frames are of one size, do not overlap, and stay within their room; what is below or to the left of none has numbers
 */
import { expect, test } from 'vitest';
import { framesIn, gridFor } from '../../src/report/figure-grid.ts';

const axis = (path: string, count: number) => ({
  path,
  values: Array.from({ length: count }, (_, i) => i),
  spacing: 'list' as const,
});
const columns = (ems: number, ...counts: number[]) =>
  gridFor(
    counts.map((count, i) => axis(String(i), count)),
    ems,
  ).columns;

test('columns', () => {
  expect([1, 2, 3, 4, 5, 6, 9, 16, 30].map((count) => columns(53, count))).toEqual([1, 2, 3, 2, 3, 3, 3, 4, 4]);
  expect([2, 3, 4, 6].map((count) => columns(31, count))).toEqual([2, 2, 2, 2]);
  expect(columns(53, 2, 4)).toBe(4);
  expect(columns(53, 3, 5)).toBe(3);
  expect(gridFor([axis('a', 3), axis('b', 5)], 53).order.map(({ path }) => path)).toEqual(['b', 'a']);
  expect(columns(53, 6, 7)).toBe(4);
  expect(columns(10, 8)).toBe(1);
});

test('frames', () => {
  const room = { left: 50, right: 600, top: 20, headed: true, least: 0, fontSize: 12 };
  const boxes = framesIn(5, 3, room);
  expect(boxes.map(({ lowest, first }) => [lowest, first])).toEqual([
    [false, true],
    [false, false],
    [true, false],
    [true, true],
    [true, false],
  ]);
  for (const box of boxes) {
    expect(box.right - box.left).toBeCloseTo(boxes[0]!.right - boxes[0]!.left, 9);
    expect(box.bottom - box.top).toBe(boxes[0]!.bottom - boxes[0]!.top);
    expect(box.left >= 50 && box.right <= 600 + 1e-9 && box.top >= 20).toBe(true);
    const others = boxes.filter((other) => other !== box);
    for (const other of others)
      expect(
        other.left >= box.right || other.right <= box.left || other.top >= box.bottom || other.bottom <= box.top,
      ).toBe(true);
  }
});
