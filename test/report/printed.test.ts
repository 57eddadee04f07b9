/**
 * Plan
 * - A printed value agrees at just under its reading accuracy and four standard errors, and disagrees at just over, above
 *   and below; declared a misprint it is one where it disagrees and none where it agrees. What it is said to be instead must hold, to
 *   1 % and four standard errors, or between two numbers; without that the theory stands for it, without either it is not tested.
 * - No mean and too few trials are not judged. Panels are found by name, cells by index.
 * - All together: a value that disagrees fails the report, a misprint does not; the worst verdict of a panel is its verdict;
 *   a panel without printed values has none; what theory says stays what it was.
 * - The table, word for word, and the line of a panel.
 */
import { describe, expect, it, test } from 'vitest';
import type { Expected, Panel } from '../../src/experiment/experiment.ts';
import type { CellResult } from '../../src/experiment/results.ts';
import { checkResults } from '../../src/report/check.ts';
import { checkPrinted } from '../../src/report/printed.ts';
import { printedTable } from '../../src/report/table.ts';
import { fullReport, verdictLines } from '../../src/report/verdicts.ts';
import { withoutMean } from '../../src/statistics/summary.ts';
import { predict, RIDGE_PANEL, SAMPLES_PANEL, simulate } from './synthetic.ts';

const ridge = simulate(RIDGE_PANEL);
const samples = simulate(SAMPLES_PANEL);
const CELL = 5;
const { mean, sem } = ridge.cells[CELL]!;

const printed = (...expected: Expected[]): Panel => ({ ...RIDGE_PANEL, expected });
const entry = (value: number, misprint?: string): Expected => ({
  cell: CELL,
  value,
  within: 0.05,
  ...(misprint === undefined ? {} : { misprint }),
});
const verdictOf = (expected: Expected, cell: CellResult = ridge.cells[CELL]!) =>
  checkPrinted([printed(expected)], [{ ...ridge, cells: ridge.cells.with(CELL, cell) }])[0]!.verdict;

describe('one value', () => {
  const [low, high] = [(mean - 4 * sem) / 1.05, (mean + 4 * sem) / 0.95];

  it('agrees to its accuracy and four standard errors', () => {
    for (const value of [mean, 1.0001 * low, 0.9999 * high]) expect(verdictOf(entry(value))).toBe('agrees');
    for (const value of [0, 0.9999 * low, 1.0001 * high]) expect(verdictOf(entry(value))).toBe('disagrees');
  });

  it('is a misprint only where it disagrees', () => {
    expect(verdictOf(entry(2 * mean, 'why'))).toBe('misprint');
    expect(verdictOf(entry(mean, 'why'))).toBe('agrees');
  });

  const [less, more] = [(mean - 4 * sem) / 1.01, (mean + 4 * sem) / 0.99];

  it.each(['misprint', 'unsettled'] as const)('is held against what the %s is instead', (reserve) => {
    const declared = (value: number, instead: Expected['instead']) =>
      verdictOf({ ...entry(value), [reserve]: 'why', instead });
    const verdict = reserve === 'misprint' ? 'misprint' : 'settings unknown';
    for (const instead of [mean, 1.0001 * less, 0.9999 * more]) expect(declared(2 * mean, instead)).toBe(verdict);
    for (const instead of [0.9999 * less, 1.0001 * more, 2 * mean])
      for (const value of [mean, 2 * mean]) expect(declared(value, instead)).toBe('disagrees');
    expect(declared(mean, mean)).toBe('agrees');
    expect(declared(2 * mean, [mean / 2, mean - 3.9 * sem])).toBe(verdict);
    expect(declared(2 * mean, [mean + 3.9 * sem, 2 * mean])).toBe(verdict);
    expect(declared(2 * mean, [mean / 2, mean - 4.1 * sem])).toBe('disagrees');
    expect(declared(2 * mean, [mean + 4.1 * sem, 2 * mean])).toBe('disagrees');
  });

  it('is not tested where neither the file nor a theory says what it is instead', () => {
    const cell = { ...ridge.cells[CELL]!, theory: null };
    expect(verdictOf(entry(2 * mean, 'why'), cell)).toBe('not tested');
    expect(verdictOf({ ...entry(2 * mean, 'why'), instead: mean }, cell)).toBe('misprint');
  });

  it('is of unknown settings only where it disagrees', () => {
    const unsettled = { ...entry(2 * mean), unsettled: 'the number of rows' };
    expect(verdictOf(unsettled)).toBe('settings unknown');
    expect(verdictOf({ ...unsettled, value: mean })).toBe('agrees');
  });

  it('is not judged without a mean or with few trials', () => {
    const cell = ridge.cells[CELL]!;
    expect(verdictOf(entry(mean), { ...cell, ...withoutMean(cell) })).toBe('no mean');
    expect(verdictOf(entry(2 * mean), { ...cell, trials: 7 })).toBe('too few trials');
  });
});

describe('all values', () => {
  const report = (...expected: Expected[]) => {
    const panels = [samples, ridge];
    return fullReport(checkResults({ panels }, predict), checkPrinted([SAMPLES_PANEL, printed(...expected)], panels));
  };

  it('fail the report where one disagrees', () => {
    expect(report(entry(mean), entry(2 * mean)).ok).toBe(false);
    expect(report(entry(mean), entry(2 * mean, 'why')).ok).toBe(true);
    const unsettled = report({ ...entry(2 * mean), unsettled: 'the number of rows' });
    expect(unsettled).toMatchObject({ ok: true, panels: [{}, { printed: { verdict: 'settings unknown' } }] });
    expect(report().ok).toBe(true);
  });

  it('do not cover what theory finds', () => {
    const wrong = { ok: false, cells: [] };
    expect(fullReport(wrong, checkPrinted([printed(entry(mean))], [ridge])).ok).toBe(false);
  });

  it('are summed up panel by panel', () => {
    const { panels } = report(entry(mean), entry(2 * mean, 'why'), entry(mean));
    expect(panels).toMatchObject([
      { panel: 'samples', theory: { verdict: 'agrees', counts: { agrees: 48 }, of: 48 }, printed: null },
      {
        panel: 'ridge',
        theory: { verdict: 'agrees', of: 40 },
        printed: { verdict: 'misprint', counts: { agrees: 2, misprint: 1 }, of: 3 },
      },
    ]);
    expect(report(entry(mean), entry(2 * mean)).panels[1]!.printed!.verdict).toBe('disagrees');
    expect(verdictLines(report(entry(mean), entry(2 * mean, 'why')))).toEqual([
      'samples: theory: 48 agrees of 48',
      'ridge: theory: 40 agrees of 40; printed: 1 agrees, 1 misprint of 2',
    ]);
  });

  it('count a cell that contradicts itself', () => {
    const forged = { ...ridge, cells: ridge.cells.with(0, { ...ridge.cells[0]!, sem: 1 }) };
    const { panels, ok } = fullReport(checkResults({ panels: [forged] }, predict), []);
    expect(panels[0]!.theory).toMatchObject({ verdict: 'contradicts itself', counts: { 'contradicts itself': 1 } });
    expect(ok).toBe(false);
  });
});

test('the table', () => {
  const cell = { ...ridge.cells[0]!, mean: 0.0123412, sem: 0.0002 };
  const panel = printed(
    { ...entry(0.012), cell: 0 },
    { ...entry(0.02, 'of another figure'), cell: 0 },
    { ...entry(0.02, 'of another figure'), instead: 0.03, cell: 0 },
  );
  const table = printedTable(checkPrinted([panel], [{ ...ridge, cells: ridge.cells.with(0, cell) }]));
  expect(table.split('\n')).toEqual([
    'panel      λ  n  printed  read to    mean (SE)    theory  verdict',
    'ridge  0.001  0    0.012      5 %  0.01234(20)  0.004271  ✓',
    'ridge  0.001  0     0.02      5 %  0.01234(20)  0.004271  misprint: of another figure',
    'ridge  0.001  0     0.02      5 %  0.01234(20)  0.004271  ✗ disagrees: declared to be 0.03',
    '',
  ]);
});
