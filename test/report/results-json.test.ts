/**
 * Plan
 * - Written and read back is the same, NaN and infinities included as null, keys in the order of the contract.
 * - A file of before a statistic was written is read without it; one with a statistic that this version does not know is refused.
 * - What is not JSON, has a wrong type, lacks a key or has one too many is refused with its place and what was found.
 */
import { expect, test, vi } from 'vitest';
import type { CellResult } from '../../src/experiment/results.ts';
import { parseResults, ResultsError, resultsJson } from '../../src/report/results-json.ts';
import { STATISTIC_KEYS, withoutMean } from '../../src/statistics/summary.ts';
import { results } from './synthetic.ts';

const given = results();

test('round trip', () => {
  expect(parseResults(resultsJson(given))).toEqual(given);
  expect(resultsJson(parseResults(resultsJson(given)))).toBe(resultsJson(given));
  expect(resultsJson(given).endsWith('}\n')).toBe(true);
});

test('what does not exist is null', () => {
  const cell: CellResult = { ...given.panels[0]!.cells[0]!, ...withoutMean(given.panels[0]!.cells[0]!), z: null };
  const cells = [{ ...cell, q95: Number.POSITIVE_INFINITY }];
  const text = resultsJson({ ...given, panels: [{ name: 'a', cells }] });
  expect(text).toContain('"mean": null');
  expect(text).toContain('"q95": null');
  expect(parseResults(text).panels[0]!.cells[0]!.mean).toBeNaN();
});

test('order of keys', () => {
  const raw = JSON.parse(resultsJson(given));
  expect(Object.keys(raw)).toEqual(['format', 'experiment', 'manifest', 'panels']);
  const order = ['at', 'trials', 'failed', 'sampler', ...STATISTIC_KEYS, 'theory', 'z'];
  expect(Object.keys(raw.panels[0].cells[0])).toEqual(order);
});

test('a statistic that an older version did not write is read as absent', async () => {
  vi.resetModules();
  vi.doMock('../../src/statistics/summary.ts', async (original) => {
    const { forEachStatistic, ...actual } = await original<typeof import('../../src/statistics/summary.ts')>();
    const later = 'later' as (typeof STATISTIC_KEYS)[number];
    const withLater = (value: (key: typeof later, statistic: never) => unknown) => ({
      ...forEachStatistic((key, statistic) => value(key, statistic as never)),
      later: value(later, {} as never),
    });
    return { ...actual, forEachStatistic: withLater };
  });
  const newer = await import('../../src/report/results-json.ts');
  const cell = newer.parseResults(resultsJson(given)).panels[0]!.cells[0]!;
  expect(cell).toEqual({ ...given.panels[0]!.cells[0]!, later: Number.NaN });
  const written = newer.resultsJson({ ...given, panels: [{ name: 'a', cells: [{ ...cell, later: 7 } as never] }] });
  expect(newer.parseResults(written).panels[0]!.cells[0]).toMatchObject({ later: 7 });
  expect(() => parseResults(written)).toThrow('"later"');
  vi.doUnmock('../../src/statistics/summary.ts');
});

/** The message about a file in which `change` has been made. */
function refusal(change: (raw: Record<string, unknown> & { panels: { cells: Record<string, unknown>[] }[] }) => void) {
  const raw = JSON.parse(resultsJson(given));
  change(raw);
  try {
    parseResults(JSON.stringify(raw), 'out/results.json');
  } catch (error) {
    if (error instanceof ResultsError) return error.message;
  }
  throw new Error('It was accepted.');
}

test('refusals', () => {
  expect(() => parseResults('{', 'a.json')).toThrow(/^a\.json is not JSON: /);
  const twice = refusal(({ panels }) => {
    panels[0]!.cells[3]!.mean = 'abc';
    panels[1]!.cells[0]!.at = { 'downstream.samples': null };
  });
  expect(twice).toMatch(
    /^out\/results\.json is not the results of a run:\n {2}panels\[0\]\.cells\[3\]\.mean: .*found "abc"/,
  );
  expect(twice).toContain("panels[1].cells[0].at['downstream.samples']: ");
  expect(refusal((raw) => delete raw.manifest)).toContain('  manifest: ');
  expect(refusal(({ panels }) => delete panels[0]!.cells[0]!.sem)).toContain('panels[0].cells[0].sem: ');
  expect(refusal(({ panels }) => Object.assign(panels[0]!.cells[0]!, { extra: 1 }))).toContain('"extra"');
  expect(refusal(({ panels }) => Object.assign(panels[0]!.cells[0]!, { trials: -1 }))).toContain('found -1');
  expect(() => parseResults('[]')).toThrow('the whole file: ');
});
