/**
 * Plan
 * - Honest results pass, every cell agrees.
 * - Moving any one mean by 8 standard errors, up or down, fails; so it does when the forger also moves z, and when sem is
 *   tight against the allowance.
 * - A wrong theory passed in fails even though the stored theory and z look fine: the stored ones are not trusted.
 * - Each verdict: disagrees at just over 4 standard errors and agrees at just under, allowance included; no theory; no
 *   mean; too few trials; a mean that went missing.
 * - Each inconsistency: counts, sem against sd, order of quantiles, theory, z.
 * - What was written to results.json and read back passes too.
 */
import { expect, test } from 'vitest';
import type { CellResult } from '../../src/experiment/results.ts';
import { checkResults } from '../../src/report/check.ts';
import { parseResults, resultsJson } from '../../src/report/results-json.ts';
import { withoutMean } from '../../src/statistics/summary.ts';
import { PLAIN } from '../../src/theory/outlook.ts';
import type { Prediction } from '../../src/theory/prediction.ts';
import { cellOf } from '../support/summaries.ts';
import { predict, results } from './synthetic.ts';

const honest = results();

/** Results of a single cell. */
const only = (cell: CellResult) => ({ panels: [{ name: 'p', cells: [cell] }] });

const VALUE: Prediction = { kind: 'value', value: 1, source: 's', allowance: 0.05 };
const CELL = cellOf({
  at: { generations: 0 },
  mean: 1.01,
  sem: 0.01,
  sd: 0.1,
  median: 1,
  q05: 0.8,
  q95: 1.2,
  theory: { value: 1, source: 's' },
  z: (1.01 - 1) / 0.01,
});
const withMean = (mean: number): CellResult => ({ ...CELL, mean, z: (mean - 1) / CELL.sem });
const verdict = (cell: CellResult, prediction: Prediction | null) =>
  checkResults(only(cell), () => prediction).cells[0]!.verdict;
const flaws = (cell: CellResult) => checkResults(only(cell), () => VALUE).cells[0]!.inconsistencies;

test('honest results pass, also after a round trip through the file', () => {
  for (const given of [honest, parseResults(resultsJson(honest))]) {
    const report = checkResults(given, predict);
    expect(report.cells.flatMap(({ inconsistencies }) => inconsistencies)).toEqual([]);
    expect(report.cells.every((cell) => cell.verdict === 'agrees')).toBe(true);
    expect(report.cells).toHaveLength(88);
    expect(report.ok).toBe(true);
  }
});

test('one altered mean always fails', () => {
  honest.panels.forEach((panel, p) => {
    panel.cells.forEach((cell, c) => {
      for (const shift of [-8, 8]) {
        const altered = { ...cell, mean: cell.mean + shift * cell.sem };
        const cells = panel.cells.with(c, altered);
        expect(checkResults({ panels: honest.panels.with(p, { ...panel, cells }) }, predict).ok).toBe(false);
      }
    });
  });
});

test('events too rare for the sample to show are judged by the deviation that theory knows', () => {
  const rare: Prediction = { kind: 'value', value: 1, source: 's', allowance: 0, deviation: 0.01 };
  const quiet = (mean: number): CellResult => ({ ...CELL, mean, sem: 0, sd: 0, z: null });
  expect(verdict(quiet(1.0039), rare)).toBe('agrees');
  expect(verdict(quiet(1.0041), rare)).toBe('disagrees');
  expect(verdict(quiet(1.0039), { ...rare, deviation: 0 })).toBe('disagrees');
  // The larger of the two counts.
  expect(verdict(withMean(1.039), rare)).toBe('agrees');
});

test('a mean and its z altered together fail against an exact theory', () => {
  const exact = { ...VALUE, allowance: 0 };
  expect(checkResults(only(withMean(1.01)), () => exact).ok).toBe(true);
  expect(checkResults(only(withMean(1.09)), () => exact).ok).toBe(false);
  expect(checkResults(only(withMean(0.93)), () => exact).ok).toBe(false);
});

test('stored theory is not trusted', () => {
  const doubled = (panel: string, at: Readonly<Record<string, number>>): Prediction => {
    const { value } = predict(panel, at) as Extract<Prediction, { kind: 'value' }>;
    return { kind: 'value', value: 2 * value, source: 's', allowance: 0 };
  };
  const report = checkResults(honest, doubled);
  expect(report.cells.every((cell) => cell.verdict === 'disagrees')).toBe(true);
  expect(report.cells[0]!.inconsistencies[0]).toMatch(/worked out afresh/);
});

test('four standard errors and the allowance', () => {
  expect(verdict(withMean(1 + 0.04 + 0.0499), VALUE)).toBe('agrees');
  expect(verdict(withMean(1 + 0.04 + 0.0501), VALUE)).toBe('disagrees');
  const bare = checkResults(
    only(withMean(1.041)),
    () => ({ ...VALUE, allowance: 0 }),
    () => PLAIN,
    { relative: 2e-3, absolute: 0 },
  );
  expect(bare.cells[0]).toMatchObject({ verdict: 'agrees', tolerance: 0.042 });
});

test('cells that cannot be judged', () => {
  const unknown = { ...CELL, theory: null, z: null };
  expect(verdict(unknown, null)).toBe('no theory');
  const vague = { ...VALUE, allowance: Number.POSITIVE_INFINITY };
  expect(verdict(unknown, vague)).toBe('no theory');
  expect(verdict(unknown, { ...VALUE, allowance: 1 })).toBe('no theory');
  const infinite = { ...withoutMean(CELL), at: CELL.at, sampler: 'direct', theory: null, z: null };
  const report = checkResults(only(infinite), () => ({ kind: 'no-mean', reason: 'T = d' }));
  expect(report.cells[0]).toMatchObject({ verdict: 'no mean', z: null, tolerance: null, inconsistencies: [] });
  expect(report.ok).toBe(true);
  const few = { ...CELL, trials: 7, sd: 0.01 * Math.sqrt(7) };
  expect(checkResults(only(few), () => VALUE)).toMatchObject({ ok: true, cells: [{ verdict: 'too few trials' }] });
});

test('a missing mean disagrees', () => {
  const missing = { ...withoutMean(CELL), at: CELL.at, sampler: 'direct', theory: CELL.theory, z: null };
  expect(checkResults(only(missing), () => VALUE)).toMatchObject({ ok: false, cells: [{ verdict: 'disagrees' }] });
});

test.each<[string, Partial<CellResult>, RegExp]>([
  ['trials', { trials: 100.5, sd: 0.01 * Math.sqrt(100.5) }, /^trials is 100.5, not a count$/],
  ['failed', { failed: -1 }, /^failed is -1/],
  ['sem', { sem: 0.02, z: 0.5 }, /^sem is 0.02, but sd/],
  ['sd', { sd: Number.NaN }, /^one of sem and sd is missing$/],
  ['quantiles', { q05: 1.1 }, /are not in order$/],
  ['a quantile', { q95: Number.NaN }, /are not in order$/],
  ['theory', { theory: { value: 1.001, source: 's' }, z: (1.01 - 1.001) / 0.01 }, /worked out afresh it is 1$/],
  ['no theory', { theory: null, z: null }, /^theory is missing; it is 1$/],
  ['z', { z: 0.9 }, /^z is 0.9, but/],
  ['no z', { z: null }, /^z is null, but/],
])('inconsistent %s', (_, change, words) => {
  expect(flaws(CELL)).toEqual([]);
  const found = flaws({ ...CELL, ...change });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(words);
  expect(checkResults(only({ ...CELL, ...change }), () => VALUE).ok).toBe(false);
});

test('theory where there is none', () => {
  const report = checkResults(only(CELL), () => null);
  expect(report.cells[0]!.inconsistencies).toEqual(['theory is 1, but the theory gives no value here']);
  expect(report.ok).toBe(false);
});
