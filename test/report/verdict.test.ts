/**
 * Plan
 * - Failed trials: all, most, more than a factorisation may lose, and as few as that.
 * - The absolute allowance goes with the scale of the problem: what is forged tenfold disagrees at any scale, and what is below rounding is
 *   called that, not more.
 * - A standard error as large as the mean judges nothing; beyond four of them a mean still disagrees.
 * - Heavy tails: by the median where the law is known, else not; terms other than the bias not.
 * - Theory that is a fault is one, with its reason. Only print that agrees passes as that.
 * - Every status of a trial has a sentence.
 */
import { expect, test } from 'vitest';
import type { CellResult } from '../../src/experiment/results.ts';
import { TrialStatus } from '../../src/program/trials.ts';
import { checkResults } from '../../src/report/check.ts';
import { failureLines, sentenceOf } from '../../src/report/failure-words.ts';
import { fullReport, reasonLines, verdictLine } from '../../src/report/verdicts.ts';
import { type Outlook, PLAIN, type TrialLaw } from '../../src/theory/outlook.ts';
import type { Prediction } from '../../src/theory/prediction.ts';
import { cellOf } from '../support/summaries.ts';
import { MANIFEST } from './synthetic.ts';

const theory = (value: number): Prediction => ({ kind: 'value', value, source: 's', allowance: 0 });
const measured = (mean: number, sem: number, change: Partial<CellResult> = {}): CellResult => {
  const { trials = 100 } = change;
  return cellOf({ mean, sem, sd: sem * Math.sqrt(trials), median: mean, q05: mean, q95: mean, ...change });
};
const check = (cell: CellResult, prediction: Prediction | null, outlook: Partial<Outlook> = {}) =>
  checkResults(
    { panels: [{ name: 'p', cells: [cell] }] },
    () => prediction,
    () => ({ ...PLAIN, ...outlook }),
  );
const verdict = (...given: Parameters<typeof check>) => check(...given).cells[0]!.verdict;

test.each<[string, Partial<CellResult>, number, string]>([
  ['none', { failed: 0 }, 0, 'agrees'],
  ['one, where none is to be expected', { failed: 1 }, 0, 'censored'],
  ['one, where a hundredth may', { failed: 1 }, 0.01, 'agrees'],
  ['a tenth, where a hundredth may', { failed: 11 }, 0.01, 'censored'],
  ['more than not', { failed: 101 }, 0.01, 'most failed'],
  ['all', { trials: 0, failed: 100 }, 1, 'all failed'],
])('failed trials: %s', (_, change, failures, expected) => {
  expect(verdict(measured(1, 0.01, change), theory(1), { failures })).toBe(expected);
});

test('a cell that lost most of its trials fails the check, with theory or without', () => {
  for (const prediction of [theory(1), null, { kind: 'no-mean', reason: 'r' } as const])
    expect(check(measured(1, 0.01, { failed: 300 }), prediction).ok).toBe(false);
});

test.each([1e-16, 1, 1e16])('at the scale %d rounding is in proportion', (scale) => {
  const outlook = { scale };
  expect(verdict(measured(0.3 * scale, 0.01 * scale), theory(0.03 * scale), outlook)).toBe('disagrees');
  expect(verdict(measured(0.03 * scale, 0.001 * scale), theory(0.03 * scale), outlook)).toBe('agrees');
  expect(verdict(measured(1e-13 * scale, 1e-15 * scale), theory(0), outlook)).toBe('below rounding');
  expect(verdict(measured(1e-9 * scale, 1e-15 * scale), theory(0), outlook)).toBe('disagrees');
  expect(verdict(measured(1e-9 * scale, 1e-15 * scale), theory(0), { scale, rounding: 1e-8 })).toBe('below rounding');
  expect(verdict(measured(0, 0), theory(0), outlook)).toBe('agrees');
});

test('a standard error as large as the mean judges nothing', () => {
  expect(verdict(measured(1e15, 1e15), theory(0.16))).toBe('too noisy');
  expect(verdict(measured(1e15, 1e14), theory(0.16))).toBe('disagrees');
});

test('a heavy tail is judged by the median, where its law is known', () => {
  // chi^2_2/chi^2_2 has the median 1 and no mean.
  const law: TrialLaw = { directions: 2, shares: [{ variance: 1, freedom: 2 }], missed: null };
  const at = (median: number, known: TrialLaw | null = law, trials = 100) =>
    check(measured(1, 0.01, { median, q05: 0, q95: 99, trials }), theory(7), { tail: { reason: 'why', law: known } });
  expect(at(1.1).cells[0]).toMatchObject({ verdict: 'agrees', by: 'median', reason: 'why', tolerance: null });
  expect(at(3).cells[0]).toMatchObject({ verdict: 'disagrees', by: 'median' });
  expect(at(Number.NaN).cells[0]).toMatchObject({ verdict: 'disagrees', by: 'median' });
  expect(at(1.1, null).cells[0]).toMatchObject({ verdict: 'heavy tail', reason: 'why' });
  expect(at(1.1, law, 20).cells[0]!.verdict).toBe('too few trials');
  expect(reasonLines(at(1.1))).toEqual(['1 cell judged by the median: why.']);
});

test('of the terms of such a cell the bias alone is judged', () => {
  const part = measured(1, 0.01);
  const one = { value: 1, allowance: 0 };
  const cell = { ...part, terms: { bias: part, variance: part, collapse: part } };
  const report = checkResults(
    { panels: [{ name: 'p', cells: [cell] }] },
    () => ({ ...theory(3), terms: { bias: one, variance: one, collapse: one } }) as Prediction,
    () => ({ ...PLAIN, tail: { reason: 'why', law: null } }),
  );
  expect(report.cells.map((found) => found.verdict)).toEqual(['heavy tail', 'agrees', 'heavy tail', 'heavy tail']);
});

test('a fault of the theory is one, with its reason', () => {
  const report = check(measured(1, 0.01), { kind: 'fault', reason: 'the theory gives the value -0.12' });
  expect(report.cells[0]!.verdict).toBe('theory fault');
  expect(reasonLines(report)).toEqual(['1 cell not judged, theory fault: the theory gives the value -0.12.']);
});

test('what passes by print alone is said to', () => {
  const unjudged = check(measured(1, 0.01), null);
  const printed = {
    panel: 'p',
    at: {},
    value: 1,
    within: 0.05,
    trials: 100,
    mean: 1,
    sem: 0.01,
    theory: null,
  } as const;
  expect(verdictLine(fullReport(unjudged, []))).toBe('NOT JUDGED: 1 no theory of 1 cells.');
  expect(verdictLine(fullReport(unjudged, [{ ...printed, verdict: 'agrees' }]))).toBe(
    'PASS by print alone: 1 agrees of 1 printed values. By theory nothing is judged: 1 no theory of 1 cells.',
  );
  const unsettled = { ...printed, value: 2, unsettled: 'why', verdict: 'settings unknown' } as const;
  expect(verdictLine(fullReport(unjudged, [unsettled]))).toMatch(/^NOT JUDGED/);
  expect(verdictLine(fullReport(unjudged, [{ ...unsettled, instead: 1 }]))).toBe(
    'PASS by declared values alone: 1 settings unknown of 1 printed values. ' +
      'By theory nothing is judged: 1 no theory of 1 cells.',
  );
  expect(verdictLine(fullReport(unjudged, [{ ...unsettled, instead: 1, verdict: 'disagrees' }]))).toMatch(/^FAIL/);
});

test('every status has its sentence, printed where trials ended with it', () => {
  for (const status of Object.keys(TrialStatus)) {
    if (status === 'ok') continue;
    expect(sentenceOf(status)).not.toMatch(/does not know/);
    const manifest = { ...MANIFEST, statuses: { ok: 97, [status]: 3 } };
    const lines = failureLines({
      manifest,
      panels: [{ name: 'p', cells: [measured(1, 1, { trials: 97, failed: 3 })] }],
    });
    expect(lines[0]).toMatch(`3 of 100 trials: ${status}: `);
    expect(lines[1]).toMatch('in 1 of 1 cells');
  }
  expect(failureLines({ manifest: MANIFEST, panels: [] })).toEqual([]);
});
