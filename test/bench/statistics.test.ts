import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, NotPossible, runBlock } from '../../bench/block.ts';
import { Budget } from '../../bench/budget.ts';
import { hostShare, idleShare, verdictsOf } from '../../bench/goals.ts';
import { parseRecord } from '../../bench/parse-record.ts';
import type { BenchRecord, Row, RowHead } from '../../bench/record.ts';
import { driftOf, rateOf, shareOf, timingOf } from '../../bench/statistics.ts';
import { markdownText, terminalText } from '../../bench/tables.ts';
import { recordPath } from '../../src/cli/bench.ts';
import { unionOf } from '../../src/gpu/pass-clock.ts';

/*
 * Plan: what is done with times once they are measured, by hand-made rows.
 * - median and quartiles of known numbers; rate and share of the peak from them; drift of two readings
 * - contestants take turns round by round; slow ones drop out after two repeats; impossible ones are missing, wrong ones wrong
 * - goals: met, missed and not measured; the best of the others counts, wrong rows never do; software adapters judge no GPU goal
 * - a record survives JSON and is refused where a field is off; tables name adapter, software, drift and every verdict
 * - the union of passes on the device's clock counts overlaps once
 */

const head: RowHead = {
  group: 'samplers',
  block: 'reference job',
  contestant: 'collapse command',
  name: 'trial',
  shape: { d: 300 },
  unit: 'trial',
  flopsPerUnit: 0,
  bytesPerUnit: 0,
} as const;
const row = (changes: Partial<Row> = {}): Row => ({
  ...head,
  units: 100,
  seconds: [2, 1, 4, 3],
  check: null,
  verdict: 'ok',
  note: '',
  ...changes,
});
const reading = { kernel: 'k', before: 90, after: 100, peak: 100 };
const roofline = { flops: reading, bytes: reading, drift: 0.1, allowedDrift: 0.25, variants: [] };
const adapter = {
  vendor: '',
  architecture: '',
  device: '',
  description: 'Some GPU: 1',
  software: false,
  features: [],
  limits: {},
};
const software = { ...adapter, description: 'llvmpipe: Mesa', software: true };
const record = (changes: Partial<BenchRecord> = {}): BenchRecord => {
  const measured = { rows: [row()], overlaps: [], roofline, adapter, ...changes };
  return {
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
    peers: [{ name: 'torch', missing: 'no torch' }],
    machine: { platform: 'linux', processor: 'cpu', cores: 2, loadBefore: 0 },
    ...measured,
    goals: verdictsOf(measured),
  };
};
const goal = (run: BenchRecord, what: RegExp) => run.goals.find((one) => what.test(one.what))!;

describe('statistics of rows', () => {
  it('takes median and quartiles, and the rate at the median', () => {
    expect(timingOf(row())).toEqual({ median: 2.5, low: 1.75, high: 3.25 });
    expect(rateOf(row())).toBe(40);
    expect(timingOf(row({ seconds: [] }))).toBeNull();
    expect(rateOf(row({ seconds: [] }))).toBeNull();
  });

  it('holds arithmetic against the arithmetic peak, bytes against bandwidth, and nobody else against either', () => {
    expect(shareOf(row({ unit: 'flop', flopsPerUnit: 1 }), roofline)).toBe(0.4);
    expect(shareOf(row({ unit: 'byte', flopsPerUnit: 0.5 }), roofline)).toBe(0.4);
    expect(shareOf(row(), roofline)).toBeNull();
    expect(shareOf(row({ unit: 'flop', flopsPerUnit: 1, contestant: 'numpy' }), roofline)).toBeNull();
    expect(shareOf(row({ unit: 'flop', flopsPerUnit: 1 }), null)).toBeNull();
  });

  it('measures drift relative to the mean', () => {
    expect(
      driftOf([
        { before: 95, after: 105 },
        { before: 1, after: 1 },
      ]),
    ).toBeCloseTo(0.1);
  });

  it('counts overlapping passes once', () => {
    expect(unionOf(BigUint64Array.from([10n, 20n, 15n, 30n, 16n, 18n, 40n, 41n]))).toBe(21n);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(100), fc.nat(20)), { maxLength: 20 }), (pairs) => {
        const sorted = pairs.toSorted((a, b) => a[0] - b[0]);
        const covered = new Set(sorted.flatMap(([begin, length]) => Array.from({ length }, (_, i) => begin + i)));
        const times = sorted.flatMap(([begin, length]) => [BigInt(begin), BigInt(begin + length)]);
        expect(unionOf(BigUint64Array.from(times))).toBe(BigInt(covered.size));
      }),
    );
  });
});

describe('blocks', () => {
  const entry = (contestant: string, log: string[], seconds: number, check = 0): Entry => ({
    head: { ...head, contestant },
    open: async () => ({
      units: 1,
      check: { what: 'x', value: check, bound: 1 },
      close: () => log.push(`${contestant} closed`),
      sample: async () => {
        log.push(contestant);
        return seconds;
      },
    }),
  });
  const options = { rounds: 3, mostSeconds: 10, budget: new Budget(null), say: () => {}, keep: () => {} };

  it('lets contestants take turns and closes all of them', async () => {
    const log: string[] = [];
    await runBlock({ name: 'b', entries: [entry('a', log, 1), entry('b', log, 1)] }, options);
    expect(log.join()).toBe('a,b,a,b,a,b,a closed,b closed');
  });

  it('drops slow ones after two repeats, marks wrong ones, and says who is missing', async () => {
    const impossible = (contestant: string, error: Error): Entry => ({
      ...entry(contestant, [], 1),
      open: () => Promise.reject(error),
    });
    const entries = [
      ...[entry('slow', [], 6), entry('wrong', [], 1, 2)],
      ...[impossible('collapse x', new NotPossible('too large')), impossible('peer', new Error('crashed'))],
    ];
    const { rows } = await runBlock({ name: 'b', entries }, options);
    expect(rows.map(({ seconds, verdict, note }) => [seconds.length, verdict, note])).toEqual([
      [2, 'ok', ''],
      [3, 'wrong', ''],
      [0, 'missing', 'too large'],
      [0, 'failed', 'crashed'],
    ]);
  });

  it('breaks off where one of our own fails for no known reason', async () => {
    const broken: Entry = { ...entry('collapse y', [], 1), open: () => Promise.reject(new Error('a mistake')) };
    await expect(runBlock({ name: 'b', entries: [broken] }, options)).rejects.toThrow('a mistake');
  });
});

describe('goals', () => {
  const numpy = (method: string, seconds: number) => row({ contestant: `numpy ${method}`, seconds: [seconds] });
  const what = /^reference job/;

  it('takes the best NumPy method, its versions of our samplers aside', () => {
    const rows = [
      row({ seconds: [1] }),
      numpy('solve', 500),
      numpy('eigh', 150),
      numpy('bidiagonal-vectorised', 2),
      numpy('wishart-tridiagonal', 3),
    ];
    expect(goal(record({ rows }), what)).toMatchObject({ value: 150, verdict: 'met' });
    expect(goal(record({ rows: [...rows, numpy('cho_solve', 99)] }), what)).toMatchObject({
      value: 99,
      verdict: 'missed',
    });
  });

  it('does not measure with wrong rows or without rows', () => {
    expect(goal(record({ rows: [row({ verdict: 'wrong' }), numpy('eigh', 200)] }), what).verdict).toBe('not measured');
    expect(goal(record({ rows: [] }), what)).toMatchObject({ value: null, verdict: 'not measured' });
  });

  it('takes the worst size, and wants at most so many seconds where time is the goal', () => {
    const at = (d: number, seconds: number) => [
      row({ block: `trial ${d}`, contestant: 'collapse direct', seconds: [1] }),
      row({ block: `trial ${d}`, contestant: 'jax-js', seconds: [seconds] }),
    ];
    expect(goal(record({ rows: [...at(16, 30), ...at(64, 9)] }), /jax-js/)).toMatchObject({
      value: 9,
      verdict: 'missed',
    });
    const figure = (seconds: number) => record({ rows: [row({ block: 'figure 1', seconds: [seconds] })] });
    expect(goal(figure(59), /Figure 1/).verdict).toBe('met');
    expect(goal(figure(61), /Figure 1/).verdict).toBe('missed');
  });

  it('judges shares of a GPU on a GPU only', () => {
    const rows = [row({ block: 'gram 512', unit: 'flop', flopsPerUnit: 1 })];
    expect(goal(record({ rows }), /^Gram/)).toMatchObject({ value: 0.4, verdict: 'met' });
    expect(goal(record({ rows, adapter: software }), /^Gram/)).toMatchObject({ value: null, verdict: 'not measured' });
  });

  it('finds the idle and the host share of a run', () => {
    const overlap = {
      sampler: 'direct',
      d: 1,
      trials: 1,
      batches: 1,
      wallSeconds: 10,
      executeSeconds: 9,
      busySeconds: 8,
    };
    expect(idleShare(overlap)).toBeCloseTo(0.2);
    expect(hostShare(overlap)).toBeCloseTo(0.1);
    expect(idleShare({ ...overlap, busySeconds: null })).toBeNull();
    expect(goal(record({ overlaps: [overlap] }), /idle/)).toMatchObject({ verdict: 'missed' });
  });
});

describe('records', () => {
  it('come back from JSON as they were', () => {
    expect(parseRecord(JSON.stringify(record()))).toEqual(record());
  });

  it.each([
    ['format', 2],
    ['rows', [{ ...row(), seconds: ['1'] }]],
    ['adapter', null],
  ])('are refused where %s is off', (key, value) => {
    expect(parseRecord(JSON.stringify({ ...record(), [key]: value }))).toContain(key);
  });

  it('are refused where they are no JSON', () => {
    expect(parseRecord('{')).toMatch(/JSON/);
  });

  it('name their file after the adapter', () => {
    expect(recordPath('x.json', { adapter })).toBe('x.json');
    expect(recordPath('out/', { adapter: software })).toBe('out/bench.llvmpipe.json');
    expect(recordPath('out/', { adapter: { ...adapter, description: 'NVIDIA H200 (535)' } })).toBe(
      'out/bench.nvidia-h200.json',
    );
  });

  it('become tables that say what to think of them', () => {
    const rows = [
      row({ verdict: 'wrong' }),
      row({ contestant: 'numpy', seconds: [], verdict: 'missing', note: 'not there' }),
    ];
    const shaky = record({ rows, adapter: software, roofline: { ...roofline, drift: 0.3 } });
    for (const text of [terminalText(shaky), markdownText(shaky)])
      for (const part of [
        'SOFTWARE',
        'UNSTEADY',
        '40 trials/s',
        '2.5 s (1.75 s .. 3.25 s)',
        'wrong',
        'not there',
        'no torch',
      ])
        expect(text).toContain(part);
    expect(terminalText(record())).not.toMatch(/SOFTWARE|UNSTEADY/);
    const lines = markdownText(record())
      .split('\n')
      .filter((line) => line.startsWith('|'));
    for (const line of lines) expect(line.endsWith('|')).toBe(true);
  });
});
