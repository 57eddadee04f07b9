/**
 * Plan. A right file becomes the experiment its author meant: documented defaults; each form of sweep; counts rounded and
 * merged; cells in schema order with generations fastest; `at` with what varies; panels laid over the base key by key,
 * tagged unions whole; figures asked for, inferred, or impossible.
 */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parse, small } from './files.ts';

const only = (file: Parameters<typeof parse>[0]) => parse(file).panels[0]!;
const generator = { samples: 20, noise: 0.2 };

describe('defaults', () => {
  it('are the documented ones', () => {
    const { file, ...experiment } = parse(small);
    expect(file).toEqual({
      name: 'small',
      title: 'small',
      regime: 'replace',
      dimension: 5,
      covariance: { kind: 'isotropic' },
      truth: { kind: 'sphere', norm: 1 },
      downstream: { samples: 10, noise: 0.1, ridge: 0.01 },
      generations: [0],
      trials: 1000,
      seed: 1,
      sampler: 'auto',
    });
    expect(experiment).toMatchObject({ name: 'small', title: 'small', source: null });
    expect(experiment.panels).toHaveLength(1);
    expect(experiment.panels[0]).toMatchObject({ name: 'main', trials: 1000, seed: 1, sampler: 'auto', figure: null });
  });

  it('fill the generator, the title and the source', () => {
    const { title, source, file } = parse({ ...small, generator, title: 'T', source: { figure: '1', arxiv: '1.2' } });
    expect(title).toBe('T');
    expect(source).toEqual({ arxiv: '1.2', figure: '1' });
    expect(file.generator).toEqual({ samples: 20, noise: 0.2, design: 'fresh' });
  });

  it('one cell with plain numbers', () => {
    expect(only(small).cells).toEqual([
      {
        at: { generations: 0 },
        parameters: {
          dimension: 5,
          covariance: { kind: 'isotropic' },
          truth: { kind: 'sphere', norm: 1 },
          downstream: { samples: 10, noise: 0.1, ridge: 0.01 },
          generations: 0,
        },
      },
    ]);
  });

  it('comments, trailing commas and $schema are allowed', () => {
    const text = `// a comment\n{ $schema: 's.json', name: 'x', regime: 'replace', dimension: 2,
      downstream: { samples: 3, noise: 0, ridge: 0, }, }`;
    expect(parse(text).file).not.toHaveProperty('$schema');
  });
});

describe('axes', () => {
  const ridge = (value: unknown) =>
    only({ ...small, downstream: { samples: 10, noise: 0, ridge: value as never } }).axes;
  const samples = (value: unknown) =>
    only({ ...small, downstream: { samples: value as never, noise: 0, ridge: 0 } }).axes;

  it('list, logspace, linspace', () => {
    expect(ridge([0, 1])[0]).toEqual({ path: 'downstream.ridge', values: [0, 1], spacing: 'list' });
    expect(ridge({ logspace: [-1, 1, 3] })[0]).toEqual({
      path: 'downstream.ridge',
      values: [0.1, 1, 10],
      spacing: 'log',
    });
    expect(ridge({ linspace: [0, 1, 3] })[0]).toEqual({
      path: 'downstream.ridge',
      values: [0, 0.5, 1],
      spacing: 'linear',
    });
  });

  it('ridge as a power of T is its own axis', () => {
    expect(ridge({ power: [0.5, 1] })[0]).toEqual({
      path: 'downstream.ridge.power',
      values: [0.5, 1],
      spacing: 'list',
    });
    const { cells } = only({ ...small, downstream: { samples: 10, noise: 0, ridge: { power: 0.5 } } });
    expect(cells[0]!.parameters).toMatchObject({ downstream: { ridge: { power: 0.5 } } });
  });

  it('counts of a range are rounded and equal ones merged, in order', () => {
    expect(samples({ logspace: [0, 1, 5] })[0]!.values).toEqual([1, 2, 3, 6, 10]);
    expect(samples({ linspace: [1, 2, 5] })[0]!.values).toEqual([1, 2]);
    expect(samples([30, 10, 30])[0]!.values).toEqual([30, 10]);
  });

  it('only what varies, and always generations, last', () => {
    expect(ridge([3]).map(({ path }) => path)).toEqual(['generations']);
    const both = only({
      ...small,
      generator,
      generations: [0, 1],
      dimension: [2, 3],
      truth: { kind: 'sphere', norm: [1, 2] },
    });
    expect(both.axes.map(({ path }) => path)).toEqual(['dimension', 'truth.norm', 'generations']);
  });

  it('lists of values are no axes', () => {
    const eigen = { ...small, dimension: 2, covariance: { kind: 'eigenvalues', values: [1, 2] } };
    const { axes, cells } = only({ ...eigen, truth: { kind: 'coefficients', values: [3, -4] } });
    expect(axes.map(({ path }) => path)).toEqual(['generations']);
    expect(cells).toHaveLength(1);
    expect(cells[0]!.parameters).toMatchObject({ covariance: { values: [1, 2] }, truth: { values: [3, -4] } });
  });

  it('zero has no sign, which JSON could not keep', () => {
    const { file } = parse({ ...small, downstream: { samples: 10, noise: -0, ridge: [-0, 1] } });
    expect(file.downstream).toEqual({ samples: 10, noise: 0, ridge: [0, 1] });
  });
});

describe('cells', () => {
  const panel = only({
    ...small,
    generator,
    generations: [0, 3],
    downstream: { samples: [10, 20], noise: 0, ridge: [0, 1] },
  });

  it('are the product in the order of the axes, generations fastest', () => {
    const rows = panel.cells.map(({ at }) => [at['downstream.samples'], at['downstream.ridge'], at.generations]);
    const expected = [10, 20].flatMap((s) => [0, 1].flatMap((r) => [0, 3].map((n) => [s, r, n])));
    expect(rows).toEqual(expected);
  });

  it('have parameters that match `at`', () => {
    for (const { at, parameters } of panel.cells)
      expect(parameters).toMatchObject({
        downstream: { samples: at['downstream.samples'], ridge: at['downstream.ridge'] },
        generations: at.generations,
      });
  });

  it('of one cell still say the generation', () => {
    expect(only({ ...small, generator, generations: 2 }).cells[0]!.at).toEqual({ generations: 2 });
  });
});

describe('panels', () => {
  const file: JsonObject = {
    ...small,
    generator,
    covariance: { kind: 'power-law', exponent: 2 },
    downstream: { samples: 10, noise: 0.1, ridge: { logspace: [-1, 1, 3] } },
    panels: [
      { name: 'a' },
      {
        name: 'b',
        downstream: { ridge: 0.5 },
        covariance: { kind: 'isotropic' },
        trials: 7,
        seed: 3,
        sampler: 'direct',
      },
      { name: 'c', downstream: { ridge: { power: 1 } }, generator: { design: 'reused' }, generations: [1] },
    ],
  };
  const [a, b, c] = parse(file).panels;

  it('inherit the base', () => {
    expect(a!.cells).toHaveLength(3);
    expect(a).toMatchObject({ name: 'a', trials: 1000, regime: 'replace' });
  });

  it('override plain objects key by key and the rest whole', () => {
    expect(b!.cells[0]!.parameters).toMatchObject({
      downstream: { samples: 10, noise: 0.1, ridge: 0.5 },
      covariance: { kind: 'isotropic' },
    });
    expect(c!.cells[0]!.parameters).toMatchObject({
      downstream: { samples: 10, ridge: { power: 1 } },
      generator: { samples: 20, noise: 0.2, design: 'reused' },
    });
  });

  it('override the settings', () => {
    expect(b).toMatchObject({ trials: 7, seed: 3, sampler: 'direct' });
  });

  it('may give what the base lacks', () => {
    const { downstream, ...rest } = small;
    expect(parse({ ...rest, panels: [{ name: 'x', downstream: downstream! }] }).panels[0]!.cells).toHaveLength(1);
  });
});

describe('figure', () => {
  const swept = {
    ...small,
    generator,
    generations: [0, 1],
    downstream: { samples: [10, 20], noise: 0, ridge: [0, 1] },
  };

  it('runs along the first axis with the generations as series', () => {
    expect(only(swept).figure).toEqual({ x: 'downstream.samples', series: 'generations' });
  });

  it('is what the file asks for', () => {
    const figure = { x: 'downstream.ridge', series: 'downstream.samples' };
    expect(only({ ...swept, figure }).figure).toEqual(figure);
    expect(only({ ...swept, figure: { x: 'generations' } }).figure).toEqual({
      x: 'generations',
      series: 'downstream.ridge',
    });
  });

  it('runs along the generations if nothing else varies', () => {
    expect(only({ ...small, generator, generations: [0, 1] }).figure).toEqual({ x: 'generations' });
  });

  it('falls back where its axis takes one value', () => {
    const figure = { x: 'downstream.noise', series: 'downstream.noise' };
    expect(only({ ...swept, figure }).figure).toEqual({ x: 'downstream.samples', series: 'generations' });
  });

  it('is null where nothing varies', () => {
    expect(only({ ...small, figure: { x: 'downstream.ridge' } }).figure).toBeNull();
  });
});
