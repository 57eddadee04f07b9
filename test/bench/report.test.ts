import { describe, expect, it } from 'vitest';
import { besideTable, type Day, dayParts, mergedRecord } from '../../bench/day/report.ts';
import type { BenchRecord, Row } from '../../bench/record.ts';
import { markdownOf, plainText } from '../../bench/tables.ts';
import { torchMarks } from '../../bench/torch-figure.ts';

/*
 * Plan: a day with a card as tables, by hand-made records.
 * - records of one adapter are one: all rows, the peaks of the one with kernels, goals judged over all of them; two adapters are refused
 * - stages, failed tests, the fastest row of every comparison of tuning, and rates in a browser over those in Node are told
 * - our rate over torch's is taken block by block from right rows
 */

const row = (changes: Partial<Row>): Row => ({
  group: 'kernels',
  block: 'gram 512',
  contestant: 'collapse',
  name: 'gram',
  shape: { order: 512 },
  unit: 'flop',
  flopsPerUnit: 1,
  bytesPerUnit: 1,
  units: 80e9,
  seconds: [1],
  check: null,
  verdict: 'ok',
  note: '',
  ...changes,
});
const reading = { kernel: 'k', before: 100e9, after: 100e9, peak: 100e9 };
const adapter = {
  vendor: '',
  architecture: '',
  device: '',
  description: 'Card: 1',
  software: false,
  features: [],
  limits: {},
};
const record = (rows: readonly Row[], changes: Partial<BenchRecord> = {}): BenchRecord => ({
  format: 1,
  command: 'collapse bench',
  date: '2026-01-01',
  seconds: 10,
  version: '0',
  commit: null,
  backend: 'node',
  driver: 'Dawn',
  rounds: 4,
  sampleSeconds: 0.1,
  peers: [],
  machine: { platform: 'linux', processor: 'cpu', cores: 2, loadBefore: 0 },
  rows,
  overlaps: [],
  roofline: { flops: reading, bytes: reading, drift: 0, allowedDrift: 0.05, variants: [] },
  adapter,
  goals: [],
  unfinished: [],
  ...changes,
});
const tuning = (contestant: string, seconds: number) =>
  row({
    group: 'tuning',
    block: 'tuning gram 64',
    contestant: `collapse, row ${contestant}`,
    units: 1e9,
    seconds: [seconds],
  });
const kernels = record([row({}), row({ contestant: 'torch', seconds: [2] })]);
const trials = record(
  [row({ group: 'trials', block: 'trial 64', contestant: 'collapse direct', name: 'trial', shape: { d: 64 } })],
  { roofline: { flops: reading, bytes: { ...reading, peak: 1 }, drift: null, allowedDrift: 0.05, variants: [] } },
);

describe('records of one card', () => {
  it('are one, with the peaks of the kernels and the goals of all rows', () => {
    const merged = mergedRecord([trials, kernels, record([tuning('gpu', 1)])])!;
    expect(merged.rows).toHaveLength(4);
    expect(merged.roofline).toBe(kernels.roofline);
    const goal = merged.goals.find(({ what }) => what.startsWith('Gram'));
    expect(goal).toMatchObject({ value: 0.8, verdict: 'met' });
    expect(mergedRecord([])).toBeNull();
  });

  it('are not mixed with those of another', () => {
    const other = record([], { adapter: { ...adapter, description: 'Other: 2' } });
    expect(() => mergedRecord([kernels, other])).toThrow('Card: 1 and Other: 2');
  });
});

describe('a day', () => {
  const chrome = record([row({ seconds: [4] })], { backend: 'chrome', driver: 'Chrome/143' });
  const day: Day = {
    minutes: 30,
    begun: '2026-01-01',
    stages: [
      { name: 'tests', state: 'done', seconds: 100, budget: 480, detail: '3 passed, 1 failed' },
      { name: 'kernels', state: 'running', seconds: 0, budget: 60, detail: '' },
    ],
    tests: { 'kernels-linalg.gpu.test.js': { passed: 3, failed: [{ name: 'gram', message: 'off\nby' }], seconds: 2 } },
    records: [kernels, record([tuning('gpu', 2), tuning('software', 1), tuning('portable', 3)]), chrome],
  };
  const parts = dayParts(day);
  const table = (title: string) => parts.flatMap(({ tables }) => tables).find((one) => one.title === title)!;

  it('tells how its stages ended; one that was killed while it ran was cut', () => {
    expect(table('Stages').rows.map((cells) => cells.slice(0, 2))).toEqual([
      ['tests', 'done'],
      ['kernels', 'cut'],
    ]);
  });

  it('names the tests that failed and why', () => {
    expect(table('Tests that failed').rows).toEqual([['kernels-linalg.gpu.test.js', 'gram', 'off']]);
    expect(table('Tests against the f64 reference').rows).toEqual([['kernels-linalg', '3', '1', '2 s']]);
  });

  it('finds the fastest row of the tuning table', () => {
    expect(table('Fastest row of the tuning table').rows).toEqual([
      ['gram 64', 'software', '1 GFLOP/s', 'gpu 2 x, portable 3 x'],
    ]);
  });

  it('holds a browser against Node', () => {
    const beside = table('The same kernels elsewhere');
    expect(beside.head.slice(2)).toEqual(['Node', 'Chrome/143']);
    expect(beside.rows).toEqual([['gram', 'order 512', '80 GFLOP/s', '20 GFLOP/s, 0.25 x']]);
    expect(besideTable([kernels, record([])]).rows[0]!.at(-1)).toBe('–');
  });

  it('is text in both forms', () => {
    for (const text of [plainText(parts), markdownOf(parts)])
      for (const part of ['30 minutes', 'Tests that failed', 'batched Cholesky', 'Chrome/143'])
        expect(text).toContain(part);
  });
});

describe('our rate over that of torch', () => {
  it('is taken from right rows of one block', () => {
    expect(torchMarks(kernels)).toEqual([{ what: 'gram', size: 512, ratio: 2 }]);
    expect(torchMarks(trials)).toEqual([]);
    expect(torchMarks(record([row({ verdict: 'wrong' }), row({ contestant: 'torch' })]))).toEqual([]);
  });
});
