/**
 * Plan
 * - A small table word for word: aligned, uncertainty in the last digits, dashes for what does not exist.
 * - With a check the verdict is the last column, and an inconsistency takes its place.
 */
import { expect, test } from 'vitest';
import type { PanelResult } from '../../src/experiment/results.ts';
import { checkResults } from '../../src/report/check.ts';
import { tableOf } from '../../src/report/table.ts';
import { withoutMean } from '../../src/statistics/summary.ts';
import { predict, results } from './synthetic.ts';

const [RIDGE, SAMPLES] = results().panels as [PanelResult, PanelResult];
const infinite = { ...SAMPLES.cells[0]!, ...withoutMean(SAMPLES.cells[0]!), theory: null, z: null };
const small: readonly PanelResult[] = [
  { name: 'ridge', cells: [{ ...RIDGE.cells[0]!, mean: 0.0123412, sem: 0.0002, median: 0.012, z: 1.25, failed: 3 }] },
  { name: 'samples', cells: [{ ...infinite, at: { ...infinite.at, 'downstream.samples': 1e6 }, median: 0.25 }] },
];

test('aligned text', () => {
  // Columns of further statistics stand between the median and the theory.
  const lines = [
    ['panel        λ  n    T  trials  failed    mean (SE)  median', '    theory    z'],
    ['ridge    0.001  0         1000       3  0.01234(20)   0.012', '  0.004271  1.3'],
    ['samples         0  1e6    1000       0            –    0.25', '         –    –'],
  ] as const;
  const found = tableOf(small).split('\n');
  expect(found.map((line) => line.length)).toEqual([...lines.map(() => found[0]!.length), 0]);
  lines.forEach(([left, right], i) => {
    expect(found[i]!.slice(0, left.length) + found[i]!.slice(-right.length)).toBe(left + right);
  });
});

test('verdicts', () => {
  const panels = [RIDGE, SAMPLES];
  const lines = tableOf(panels, checkResults({ panels }, predict)).trimEnd().split('\n');
  expect(lines[0]).toMatch(/ verdict$/);
  expect(lines.slice(1).every((line) => line.endsWith(' ✓'))).toBe(true);
  const forged = [{ ...RIDGE, cells: RIDGE.cells.with(1, { ...RIDGE.cells[1]!, sem: 1 }) }];
  expect(tableOf(forged, checkResults({ panels: forged }, predict)).split('\n')[2]).toMatch(/ ✗ sem is 1, but/);
});
