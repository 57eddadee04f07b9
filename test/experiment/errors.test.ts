/**
 * Plan. Every kind of mistake, one row each: where it is reported and in which words. All mistakes of a file come at once,
 * each once, at the place where the author made it: the base or a panel. Anything at all given as a file either parses or
 * raises an `ExperimentError`, never another error.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parse, problemsOf, small } from './files.ts';

const downstream = small.downstream as JsonObject;
const generator = { samples: 20, noise: 0.2 };
const many = Array.from({ length: 400 }, (_, i) => i + 1);

const rows: readonly [what: string, change: JsonObject, path: string, message: string | RegExp][] = [
  [
    'T of 0',
    { downstream: { ...downstream, samples: 0 } },
    'downstream.samples',
    'found 0, need an integer of at least 1',
  ],
  ['d of 0', { dimension: 0 }, 'dimension', /^found 0, need an integer from 1/],
  [
    'fractional count',
    { downstream: { ...downstream, samples: 2.5 } },
    'downstream.samples',
    'found 2.5, need an integer of at least 1',
  ],
  ['fractional trials', { trials: 0.5 }, 'trials', 'found 0.5, need an integer of at least 1'],
  ['no trials', { trials: 0 }, 'trials', 'found 0, need an integer of at least 1'],
  ['fraction in a list', { generations: [0, 1.5] }, 'generations[1]', /^found 1.5, need an integer from 0/],
  ['negative generation', { generations: -1 }, 'generations', /^found -1, need an integer from 0/],
  [
    'huge count',
    { downstream: { ...downstream, samples: 2 ** 31 } },
    'downstream.samples',
    /need an integer of at most 2147483647/,
  ],
  [
    'negative noise',
    { downstream: { ...downstream, noise: -0.1 } },
    'downstream.noise',
    'found -0.1, need a finite number of at least 0',
  ],
  [
    'negative ridge',
    { downstream: { ...downstream, ridge: [1, -1] } },
    'downstream.ridge[1]',
    /^found -1, need a finite number/,
  ],
  [
    'infinite noise',
    { downstream: { ...downstream, noise: Number.POSITIVE_INFINITY } },
    'downstream.noise',
    /^found Infinity, need a finite/,
  ],
  ['NaN noise', { downstream: { ...downstream, noise: Number.NaN } }, 'downstream.noise', /^found NaN, need a finite/],
  ['empty list', { generations: [] }, 'generations', 'found [], need at least one value'],
  ['wrong type', { dimension: 'ten' }, 'dimension', /^found 'ten', need an integer .*logspace/],
  ['null', { dimension: null }, 'dimension', /^found null, need an integer/],
  ['wrong type of object', { downstream: 3 }, 'downstream', 'found 3, need an object'],
  [
    'missing number',
    { downstream: { noise: 0, ridge: 0 } },
    'downstream.samples',
    'missing, need an integer of at least 1',
  ],
  ['name with a space', { name: 'a b' }, 'name', /^found 'a b', need a name of letters/],
  ['name of a parent folder', { name: '../x' }, 'name', /^found '\.\.\/x', need a name/],
  [
    'unknown regime',
    { regime: 'replac' },
    'regime',
    /^unknown regime "replac", did you mean "replace"\? allowed: .*\breplace\b/,
  ],
  ['regime of another type', { regime: 3 }, 'regime', /^found 3, need "replace"/],
  [
    'unknown sampler',
    { sampler: 'wisart' },
    'sampler',
    'unknown sampler "wisart", did you mean "wishart"? allowed: auto, direct, wishart',
  ],
  [
    'unknown covariance',
    { covariance: { kind: 'isotopic' } },
    'covariance.kind',
    /^unknown kind "isotopic", did you mean "isotropic"\?/,
  ],
  ['covariance without kind', { covariance: {} }, 'covariance.kind', /^missing, need 'isotropic', 'power-law'/],
  ['truth of another type', { truth: 1 }, 'truth', 'found 1, need an object'],
  [
    'unknown design',
    { generator: { ...generator, design: 'fres' } },
    'generator.design',
    /^found 'fres', need 'fresh' or 'reused'/,
  ],
  ['unknown key of the file', { titel: 'x' }, 'titel', /^unknown key "titel", did you mean "title"\?/],
  [
    'unknown nested key',
    { downstream: { ...downstream, sample: 3 } },
    'downstream.sample',
    'unknown key "sample", did you mean "samples"? allowed: samples, noise, ridge',
  ],
  [
    'a symbol of the papers',
    { sigma: 1 },
    'sigma',
    /^unknown key "sigma", did you mean "downstream.noise" or "generator.noise"\? allowed: /,
  ],
  ['a Greek one, where it belongs', { downstream: { ...downstream, λ: 1 } }, 'downstream.λ', /did you mean "ridge"\?/],
  ['one with an index', { T_0: 5 }, 'T_0', /did you mean "generator.samples"\?/],
  ['unknown key of a kind', { truth: { kind: 'sphere', nrm: 2 } }, 'truth.nrm', /did you mean "norm"/],
  ['unknown key far from all', { xyzzyplugh: 1 }, 'xyzzyplugh', /^unknown key "xyzzyplugh", allowed: /],
  ['key called __proto__', JSON.parse('{"__proto__": {"dimension": 1}}'), '__proto__', /^unknown key/],
  ['negative seed', { seed: -1 }, 'seed', /^found -1, need an integer from 0/],
  ['seed of 2^53', { seed: 2 ** 53 }, 'seed', 'found 9007199254740992, need an integer of at most 9007199254740991'],
  ['fractional seed', { seed: 1.5 }, 'seed', /^found 1.5, need an integer/],
  [
    'logspace overflow',
    { downstream: { ...downstream, ridge: { logspace: [0, 400, 3] } } },
    'downstream.ridge',
    'found {logspace:[0,400,3]}, which gives Infinity, need a finite number of at least 0',
  ],
  [
    'range down to 0',
    { downstream: { ...downstream, samples: { logspace: [-3, 1, 3] } } },
    'downstream.samples',
    'found {logspace:[-3,1,3]}, which gives 0, need an integer of at least 1',
  ],
  [
    'range without count',
    { downstream: { ...downstream, ridge: { logspace: [0, 1] } } },
    'downstream.ridge.logspace',
    'found [0,1], need a list [first, last, count]',
  ],
  [
    'range of fractional count',
    { dimension: { linspace: [1, 2, 1.5] } },
    'dimension.linspace[2]',
    /^found 1.5, need an integer/,
  ],
  [
    'range of too many',
    { dimension: { linspace: [1, 2, 1e9] } },
    'dimension.linspace[2]',
    /need an integer of at most 20000/,
  ],
  [
    'unknown range',
    { dimension: { logspce: [1, 2, 3] } },
    'dimension',
    /^found \{logspce:\[1,2,3\]\}, need an integer .*logspace/,
  ],
  ['two ranges', { dimension: { logspace: [1, 2, 3], linspace: [1, 2, 3] } }, 'dimension', /need an integer/],
  ['mistyped power', { downstream: { ...downstream, ridge: { powr: 1 } } }, 'downstream.ridge', /\{ power: l \}/],
  [
    'infinite power',
    { downstream: { ...downstream, ridge: { power: Number.NaN } } },
    'downstream.ridge.power',
    /^found NaN, need a finite/,
  ],
  [
    'too many cells',
    { dimension: many, downstream: { ...downstream, samples: many } },
    '',
    /160000 cells, need at most 20000/,
  ],
  ['no generator', { generations: [0, 2] }, 'generator', /^missing, need \{ samples, noise \} because/],
  [
    'eigenvalue of 0',
    { covariance: { kind: 'eigenvalues', values: [1, 1, 0, 1, 1] } },
    'covariance.values[2]',
    'found 0, need a finite number above 0',
  ],
  [
    'no eigenvalues',
    { covariance: { kind: 'eigenvalues', values: [] } },
    'covariance.values',
    /need at least one value/,
  ],
  [
    'too few eigenvalues',
    { covariance: { kind: 'eigenvalues', values: [1, 2] } },
    'covariance.values',
    'found 2 values, need 5, one for each dimension',
  ],
  [
    'too few coefficients',
    { truth: { kind: 'coefficients', values: [1] } },
    'truth.values',
    'found 1 values, need 5, one for each dimension',
  ],
  [
    'eigenvalues as an axis',
    { covariance: { kind: 'eigenvalues', values: { logspace: [0, 1, 5] } } },
    'covariance.values',
    /need a list/,
  ],
  [
    'vanishing eigenvalues',
    { covariance: { kind: 'power-law', exponent: 500 } },
    'covariance',
    /gives the eigenvalue .* f32/,
  ],
  [
    'trace of 0',
    { covariance: { kind: 'isotropic', trace: 0 } },
    'covariance.trace',
    'found 0, need a finite number above 0',
  ],
  [
    'unknown axis of the figure',
    { figure: { x: 'downstream.rige' } },
    'figure.x',
    /^unknown axis "downstream.rige", did you mean "downstream.ridge"/,
  ],
  ['unknown key of the figure', { figure: { X: 'generations' } }, 'figure.X', /did you mean "x"/],
  ['panels not a list', { panels: {} }, 'panels', 'found {}, need a list'],
  ['no panels', { panels: [] }, 'panels', 'found [], need at least one panel'],
  ['panel not an object', { panels: [3] }, 'panels[0]', 'found 3, need an object'],
  ['panel without a name', { panels: [{}] }, 'panels[0].name', /^missing, need a name/],
  [
    'two panels of one name',
    { panels: [{ name: 'a' }, { name: 'a' }] },
    'panels',
    'found "a" twice, need distinct names',
  ],
  ['source without arXiv number', { source: {} }, 'source.arxiv', 'missing, need a text in quotes'],
];

describe('one mistake', () => {
  it.each(rows)('%s', (_what, change, path, message) => {
    const problems = problemsOf(() => parse({ ...small, ...change }));
    expect(problems).toEqual([
      { path, message: typeof message === 'string' ? message : expect.stringMatching(message) },
    ]);
  });
});

describe('syntax', () => {
  it('says line and column', () => {
    const [problem] = problemsOf(() => parse("{\n  name: 'x',\n  regime:: 'replace' }"));
    expect(problem).toEqual({ path: '', message: "not JSON5 at 3:10: invalid character ':'" });
  });

  it('says where a file ends too early', () => {
    expect(problemsOf(() => parse('{ name: '))[0]!.message).toMatch(/^not JSON5 at 1:9: invalid end of input/);
  });

  it('needs an object', () => {
    expect(problemsOf(() => parse('[1]'))[0]!.message).toMatch(/^found \[1\], need an object/);
  });
});

describe('many mistakes', () => {
  it('are told at once, those of the base once, those of a panel at the panel', () => {
    const problems = problemsOf(() =>
      parse({
        ...small,
        seed: -1,
        downstream: { ...downstream, noise: -1 },
        panels: [
          { name: 'a', downstream: { samples: 0 } },
          { name: 'b', trials: 0, title: 'no', covariance: { kind: 'power-law' } },
          { name: 'c', generations: [{}] as never },
        ],
      }),
    );
    expect(problems.map(({ path }) => path).sort()).toEqual([
      'downstream.noise',
      'panels.a.downstream.samples',
      'panels.b.covariance.exponent',
      'panels.b.title',
      'panels.b.trials',
      'panels.c.generations[0]',
      'seed',
    ]);
  });

  it('of the regime and of the figure come with those of the settings', () => {
    const file = { ...small, trials: 0, generations: 1, truth: { kind: 'coefficients', values: [1] } };
    const paths = (change: JsonObject) => problemsOf(() => parse({ ...file, ...change })).map(({ path }) => path);
    expect(paths({})).toEqual(['trials', 'truth.values', 'generator']);
    expect(paths({ trials: 1, figure: { x: 'T' } })).toEqual(['figure.x', 'truth.values', 'generator']);
  });

  it('of cells are told once', () => {
    expect(problemsOf(() => parse({ ...small, generations: { linspace: [0, 50, 51] } }))).toHaveLength(1);
  });

  it('of one panel with too many cells name the panel', () => {
    const big = { name: 'big', dimension: many, downstream: { samples: many } };
    expect(problemsOf(() => parse({ ...small, panels: [big] }))[0]!.path).toBe('panels.big');
  });

  it('stand one to a line in the message', () => {
    expect(() => parse({ ...small, seed: -1, trials: 0 })).toThrow(/^trials: .*\nseed: [^\n]*$/);
  });
});

describe('anything', () => {
  const noise = fc.anything({ maxDepth: 3, withNullPrototype: false }).filter((x) => x !== undefined);
  const keys = fc.constantFrom(
    ...Object.keys(small),
    'covariance',
    'truth',
    'generator',
    'generations',
    'panels',
    'figure',
    'seed',
  );

  it('parses or raises an ExperimentError', () => {
    fc.assert(
      fc.property(keys, noise, (key, value) => {
        try {
          parse({ ...small, [key]: value } as JsonObject);
        } catch (error) {
          expect((error as Error).name).toBe('ExperimentError');
        }
      }),
      { numRuns: 500 },
    );
  });
});
