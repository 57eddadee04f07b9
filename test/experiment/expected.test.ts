/**
 * Plan. Printed values find the cell they mean: by the swept numbers, to 2 %, nearest on the axis; fixed numbers may be
 * named or left out. One that matches no cell, several cells, or an unknown axis is told at its place, in the base and in a
 * panel. Defaults are written out and the canonical form means the same. Nothing that names a run's batches depends on them.
 */
import { describe, expect, it } from 'vitest';
import { jobKey } from '../../src/engine/journal.ts';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { planExperiment, REFERENCE_LIMITS } from '../../src/plan/plan.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';
import { parse, problemsOf, small } from './files.ts';

const swept: JsonObject = {
  ...small,
  generator: { samples: 20, noise: 0.2 },
  downstream: { samples: 10, noise: 0.1, ridge: { logspace: [-3, 1, 10] } },
  generations: [0, 1, 3, 10],
};
const at = { 'downstream.ridge': 0.06, generations: 3 };
const withExpected = (...expected: JsonObject[]): JsonObject => ({ ...swept, expected });
const placeOf = (where: JsonObject) => {
  const panel = parse(withExpected({ at: where, value: 1 })).panels[0]!;
  return panel.cells[panel.expected![0]!.cell]!.at;
};

describe('place', () => {
  it('is the nearest cell, fixed numbers named or not', () => {
    const cell = { 'downstream.ridge': 10 ** (-3 + 16 / 9), generations: 3 };
    expect(placeOf(at)).toEqual(cell);
    expect(placeOf({ ...at, 'downstream.samples': 10, dimension: 5 })).toEqual(cell);
    expect(placeOf({ 'downstream.ridge': 10, generations: 0 })).toEqual({ 'downstream.ridge': 10, generations: 0 });
  });

  it.each<[string, JsonObject, RegExp]>([
    ['between cells', { ...at, 'downstream.ridge': 0.05 }, /matches no cell: downstream.ridge is nearest at 0.0599/],
    ['beyond the axis', { ...at, generations: 11 }, /matches no cell: generations is nearest at 10$/],
    ['at another fixed number', { ...at, dimension: 6 }, /matches no cell: dimension is nearest at 5$/],
    ['at several cells', { 'downstream.ridge': 10 }, /matches several cells, need 'generations' too$/],
    [
      'on no axis',
      { ...at, 'downstream.rigde': 1 },
      /unknown axis "downstream.rigde", did you mean "downstream.ridge"/,
    ],
  ])('%s is an error', (_, where, message) => {
    const problems = problemsOf(() => parse(withExpected({ at, value: 1 }, { at: where, value: 1 })));
    expect(problems).toEqual([{ path: 'expected[1].at', message: expect.stringMatching(message) }]);
  });

  it('is told in the panel that gives it', () => {
    const panels: JsonObject[] = [{ name: 'a' }, { name: 'b', expected: [{ at: {}, value: 1 }] }];
    expect(problemsOf(() => parse({ ...swept, panels }))[0]!.path).toBe('panels.b.expected[0].at');
  });
});

describe('entries', () => {
  it('have defaults, and a canonical form that means the same', () => {
    const declared = { at, value: 0.3, within: 0.05, unsettled: 'what', instead: [0.1, 0.2] };
    const experiment = parse(
      withExpected({ at, value: 0.114 }, { at, value: 0.2, within: 0.3, misprint: 'why', unsettled: 'what' }, declared),
    );
    expect(experiment.panels[0]!.expected).toMatchObject([
      { value: 0.114, within: 0.05 },
      { value: 0.2, within: 0.3, misprint: 'why', unsettled: 'what' },
      { value: 0.3, unsettled: 'what', instead: [0.1, 0.2] },
    ]);
    expect(experiment.file.expected).toEqual([
      { at, value: 0.114, within: 0.05 },
      { at, value: 0.2, within: 0.3, misprint: 'why', unsettled: 'what' },
      declared,
    ]);
    expect(parse(experiment.file)).toEqual(experiment);
  });

  it('of panels keep to their panels', () => {
    const panels: JsonObject[] = [
      { name: 'a', expected: [{ at, value: 1 }] },
      { name: 'b' },
      { name: 'c', expected: [] },
    ];
    const experiment = parse({ ...swept, panels });
    expect(experiment.panels.map(({ expected }) => expected?.length)).toEqual([1, undefined, undefined]);
    expect(parse(experiment.file)).toEqual(experiment);
  });

  it.each<[JsonObject, string]>([
    [{ at, value: -1 }, 'expected[0].value'],
    [{ at, value: 1, within: 0 }, 'expected[0].within'],
    [{ value: 1 }, 'expected[0].at'],
    [{ at, value: 1, instead: 2 }, 'expected[0].instead'],
    [{ at, value: 1, misprint: 'why', instead: 0 }, 'expected[0].instead'],
    [{ at, value: 1, misprint: 'why', instead: [2, 1] }, 'expected[0].instead'],
    [{ at, value: 1, misprint: 'why', instead: [1, 2, 3] }, 'expected[0].instead'],
    [{ at, value: 1, missprint: 'x' }, 'expected[0].missprint'],
  ])('%j is wrong at %s', (entry, path) => {
    expect(problemsOf(() => parse(withExpected(entry))).map((problem) => problem.path)).toEqual([path]);
  });
});

it('does not name the batches of a run', () => {
  const keys = [swept, withExpected({ at, value: 1 })].map((file) =>
    planExperiment(parse(file), regimes, samplers, REFERENCE_LIMITS).jobs.map((job) => jobKey(job, 'f64')),
  );
  expect(keys[0]).toEqual(keys[1]);
});
