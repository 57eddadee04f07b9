/**
 * Plan
 * - The summary against numbers worked out by hand, failures counted by status and kept out.
 * - The same trials in any cut, any order, or merged from parts give the same summary, bit for bit (property).
 * - A batch or a part without an ok trial is in the summary that follows; nothing is taken in once all is summed up.
 * - More trials than are sorted at once, in batches that fill a run or not.
 * - Many batches, f32 and f64 in turn; 0 and 1 ok trials; the summary follows later batches.
 * - A batch of unequal lengths, and an ok trial that is not finite, are programming errors and are refused.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CellSample } from '../../src/statistics/cell-sample.ts';
import { summaryOf } from '../support/summaries.ts';

const nan = Number.NaN;

function sampleOf(errors: readonly number[], statuses: readonly number[], cut = errors.length): CellSample {
  const sample = new CellSample();
  sample.add(Float64Array.from(errors.slice(0, cut)), Uint8Array.from(statuses.slice(0, cut)));
  sample.add(Float64Array.from(errors.slice(cut)), Uint8Array.from(statuses.slice(cut)));
  return sample;
}

test('summary by hand', () => {
  const sample = sampleOf([4, nan, 1, 99, 2, 8], [0, 2, 0, 1, 0, 0]);
  const { trials, failed, mean, sd, sem, median, q05, q95 } = sample.summary();
  expect([trials, failed, mean, median]).toEqual([4, 2, 3.75, 3]);
  expect(sd).toBeCloseTo(Math.sqrt(28.75 / 3), 14);
  expect(sem).toBeCloseTo(Math.sqrt(28.75 / 12), 14);
  expect(q05).toBeCloseTo(1.15, 14);
  expect(q95).toBeCloseTo(7.4, 14);
  expect(sample.statusCounts()).toEqual([4, 1, 1]);
  expect([...sample.values()]).toEqual([1, 2, 4, 8]);
});

test('cuts, order and merging change nothing', () => {
  const trial = fc.tuple(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), fc.constantFrom(0, 0, 0, 1, 2));
  fc.assert(
    fc.property(fc.array(trial, { maxLength: 300 }), fc.nat(300), (trials, cut) => {
      const errors = trials.map(([error]) => error);
      const statuses = trials.map(([, status]) => status);
      const whole = sampleOf(errors, statuses).summary();
      expect(sampleOf(errors, statuses, cut).summary()).toEqual(whole);
      expect(sampleOf(errors.toReversed(), statuses.toReversed(), cut).summary()).toEqual(whole);
      const merged = sampleOf(errors.slice(cut), statuses.slice(cut));
      merged.merge(sampleOf(errors.slice(0, cut), statuses.slice(0, cut)));
      expect(merged.summary()).toEqual(whole);
    }),
  );
});

test('batches pile up and the summary follows', () => {
  const sample = new CellSample();
  for (let batch = 0; batch < 50; batch++) {
    const shift = batch % 2 === 0 ? 0 : 2 ** -20;
    sample.add(
      Float64Array.from({ length: 100 }, (_, i) => batch + 50 * i + shift),
      new Uint8Array(100),
    );
    expect(sample.summary().trials).toBe(100 * (batch + 1));
  }
  expect(sample.summary().mean).toBe(2499.5 + 2 ** -21);
  expect([...sample.values()]).toEqual(Array.from({ length: 5000 }, (_, i) => i + (i % 2 === 0 ? 0 : 2 ** -20)));
});

test('none or one ok trial', () => {
  const none = sampleOf([1, 2], [1, 2]).summary();
  expect(none).toEqual(summaryOf({ trials: 0, failed: 2 }));
  const one = sampleOf([5], [0]).summary();
  expect(one).toMatchObject({ trials: 1, failed: 0, mean: 5, sem: nan, sd: nan, median: 5, q05: 5, q95: 5 });
});

test('broken batches', () => {
  expect(() => new CellSample().add(Float32Array.of(1, 2), Uint8Array.of(0))).toThrow('2 errors but 1 statuses');
  for (const error of [nan, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect(() => new CellSample().add(Float64Array.of(3, error, 5), new Uint8Array(3))).toThrow(
      `status ok but error ${error}`,
    );
});

test.each([7, 999, 20_000, 32_768, 70_001, 150_000])('150 000 trials, %i at a time', (size) => {
  const errors = Float32Array.from({ length: 150_000 }, (_, i) => Math.abs(Math.sin(i) * 10 ** (i % 9)));
  const statuses = Uint8Array.from({ length: errors.length }, (_, i) => (i % 1000 === 7 ? 2 : 0));
  const sample = new CellSample();
  const merged = new CellSample();
  for (let at = 0; at < errors.length; at += size) {
    const [some, fates] = [errors.slice(at, at + size), statuses.slice(at, at + size)];
    sample.add(some, fates);
    // Looked at in between.
    if (at === 0) sample.summary();
    const part = new CellSample();
    part.add(some, fates);
    merged.merge(part);
  }
  const ordered = errors.filter((_, i) => statuses[i] === 0).sort();
  for (const one of [sample, merged]) {
    expect(one.values()).toEqual(ordered);
    expect(one.statusCounts()).toEqual([149_850, 0, 150]);
  }
});

test('failures alone are counted too, after a summary as before', () => {
  const sample = sampleOf([1, 2], [0, 0]);
  expect(sample.summary()).toMatchObject({ trials: 2, failed: 0 });
  sample.add(Float64Array.of(nan), Uint8Array.of(2));
  expect(sample.summary()).toMatchObject({ trials: 2, failed: 1 });
  sample.merge(sampleOf([nan], [1]));
  expect(sample.summary()).toMatchObject({ trials: 2, failed: 2 });
  sample.settle();
  for (const [error, status] of [
    [1, 0],
    [nan, 2],
  ] as const)
    expect(() => sample.add(Float64Array.of(error), Uint8Array.of(status))).toThrow('summed up');
  expect(() => sample.merge(sampleOf([nan], [1]))).toThrow('summed up');
  expect(sample.summary()).toMatchObject({ trials: 2, failed: 2, mean: 1.5 });
});
