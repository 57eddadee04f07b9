/**
 * Plan. Values are read as JSON5, lists and bare words; an override wins over base and panels alike, or changes one panel
 * only; nothing given is altered; later ones win; a panel can be picked; mistakes are told with the nearest name.
 */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { applyOverrides, override, selectPanel } from '../../src/experiment/overrides.ts';
import { parse, problemsOf, small } from './files.ts';

const panelled: JsonObject = {
  ...small,
  generator: { samples: 20, noise: 0.2 },
  panels: [
    { name: 'ridge', downstream: { ridge: { logspace: [-3, 1, 4] } }, figure: { x: 'downstream.ridge' } },
    { name: 'samples', downstream: { samples: [10, 20] }, covariance: { kind: 'power-law', exponent: 2 }, trials: 7 },
  ],
};
const valuesOf = (file: JsonObject, panel: number, path: string) =>
  parse(file).panels[panel]!.cells.map(({ parameters }) =>
    path.split('.').reduce((node: unknown, key) => (node as Record<string, unknown>)[key], parameters),
  );

describe('values', () => {
  it.each([
    ['x=500', 500],
    ['x=1e-3', 0.001],
    ['x=[0,1]', [0, 1]],
    ['x=100,200', [100, 200]],
    ['x={logspace:[-3,1,5]}', { logspace: [-3, 1, 5] }],
    ['x=direct', 'direct'],
    ['x=power-law', 'power-law'],
    ["x='a, b'", 'a, b'],
    ['x=a,b', ['a', 'b']],
    ['x=a=b', 'a=b'],
    ['x=null', null],
    ['x = 3 ', 3],
  ])('%s', (text, value) => {
    expect(applyOverrides({}, [text])).toEqual({ x: value });
  });
});

describe('an override', () => {
  it('sets the base, making objects on the way, and alters nothing given', () => {
    const before = JSON.stringify(small);
    const after = applyOverrides(small, ['downstream.samples=500', 'truth.kind=gaussian', 'truth.variance=2']);
    expect(after).toEqual({
      ...small,
      downstream: { samples: 500, noise: 0.1, ridge: 0.01 },
      truth: { kind: 'gaussian', variance: 2 },
    });
    expect(JSON.stringify(small)).toBe(before);
  });

  it('wins over panels', () => {
    const file = applyOverrides(panelled, ['downstream.samples=500', 'trials=3']);
    expect(valuesOf(file, 0, 'downstream.samples')).toEqual([500, 500, 500, 500]);
    expect(valuesOf(file, 1, 'downstream.samples')).toEqual([500]);
    expect(parse(file).panels.map(({ trials }) => trials)).toEqual([3, 3]);
  });

  it('wins inside a union that a panel replaces', () => {
    const file = applyOverrides(panelled, ['covariance={kind:"power-law",exponent:1}', 'covariance.exponent=3']);
    expect(valuesOf(file, 0, 'covariance.exponent')[0]).toBe(3);
    expect(valuesOf(file, 1, 'covariance.exponent')[0]).toBe(3);
  });

  it('leaves other keys of the panel alone', () => {
    const file = applyOverrides(panelled, ['downstream.noise=0']);
    expect(valuesOf(file, 0, 'downstream.ridge')).toEqual([0.001, 10 ** (-3 + 4 / 3), 10 ** (-3 + 8 / 3), 10]);
  });

  it('of a drawn axis leaves a figure along another', () => {
    const file = applyOverrides(panelled, ['downstream.ridge=0.5', 'generations=0,1']);
    expect(parse(file).panels[0]!.figure).toEqual({ x: 'generations' });
  });

  it('of one panel leaves the others', () => {
    const file = applyOverrides(panelled, ['panels.ridge.trials=2', 'panels.ridge.downstream.samples=9']);
    expect(parse(file).panels.map(({ trials }) => trials)).toEqual([2, 7]);
    expect(valuesOf(file, 0, 'downstream.samples')[0]).toBe(9);
    expect(valuesOf(file, 1, 'downstream.samples')).toEqual([10, 20]);
  });

  it('gives way to a later one', () => {
    expect(applyOverrides(small, ['seed=1', 'seed=2'])).toMatchObject({ seed: 2 });
  });

  it('takes a value at hand as well', () => {
    expect(parse(override(panelled, 'trials', 11)).panels.map(({ trials }) => trials)).toEqual([11, 11]);
  });

  it('of an unknown path is found out by the parser', () => {
    expect(problemsOf(() => parse(applyOverrides(small, ['downstream.sampels=3'])))[0]).toEqual({
      path: 'downstream.sampels',
      message: expect.stringContaining('did you mean "samples"?'),
    });
  });
});

describe('printed values', () => {
  const at = { 'downstream.ridge': 0.001 };
  const printed: JsonObject = {
    ...panelled,
    panels: [
      { name: 'ridge', downstream: { ridge: { logspace: [-3, 1, 4] } }, expected: [{ at, value: 1 }] },
      {
        name: 'samples',
        downstream: { samples: [10, 20] },
        expected: [{ at: { 'downstream.samples': 10 }, value: 1 }],
      },
      { name: 'plain', expected: [{ at: {}, value: 1 }] },
    ],
  };
  const counts = (...overrides: string[]) =>
    parse(applyOverrides(printed, overrides)).panels.map(({ expected = [] }) => expected.length);

  it('stay while only trials, seed, sampler, titles or the figure change, or nothing does', () => {
    for (const change of ['trials=9', 'seed=2', 'sampler=direct', 'title=other', 'figure.x=downstream.ridge'])
      expect(counts(change)).toEqual([1, 1, 1]);
    expect(counts('generator.samples=20', 'panels.samples.downstream.samples=10,20')).toEqual([1, 1, 1]);
  });

  it('go with the problem they were printed for', () => {
    expect(counts('dimension=6')).toEqual([0, 0, 0]);
    expect(counts('panels.samples.downstream.samples=10,30')).toEqual([1, 0, 1]);
  });

  it('of the base do not pass to a panel that became another problem', () => {
    const file = { ...small, expected: [{ at: {}, value: 1 }], panels: [{ name: 'a' }, { name: 'b' }] };
    const panels = parse(applyOverrides(file, ['panels.b.dimension=6'])).panels;
    expect(panels.map(({ expected = [] }) => expected.length)).toEqual([1, 0]);
  });
});

describe('mistakes', () => {
  it.each(['samples', '=3', 'a..b=3', 'a=', '.a=1'])('%s', (text) => {
    expect(problemsOf(() => applyOverrides({}, [text]))).toEqual([
      { path: '', message: `found override "${text}", need path=value` },
    ]);
  });

  it('a broken list', () => {
    expect(problemsOf(() => applyOverrides({}, ['x=[1,']))).toEqual([
      { path: 'x', message: 'found [1,, which is not JSON5' },
    ]);
  });

  it('an unknown panel', () => {
    expect(problemsOf(() => applyOverrides(panelled, ['panels.rigde.trials=3']))[0]!.message).toContain(
      'did you mean "ridge"?',
    );
  });

  it('a panel without a path', () => {
    expect(problemsOf(() => applyOverrides(panelled, ['panels.ridge=3']))[0]!.path).toBe('panels.ridge');
  });
});

describe('selectPanel', () => {
  it('keeps one', () => {
    expect(parse(selectPanel(panelled, 'samples')).panels.map(({ name }) => name)).toEqual(['samples']);
  });

  it('knows the one panel of a plain file', () => {
    expect(selectPanel(small, 'main')).toEqual(small);
  });

  it('names the nearest', () => {
    expect(problemsOf(() => selectPanel(panelled, 'sample'))[0]!.message).toBe(
      'unknown panel "sample", did you mean "samples"? allowed: ridge, samples',
    );
    expect(problemsOf(() => selectPanel(small, 'mian'))[0]!.message).toContain('did you mean "main"?');
  });
});
