/**
 * Plan. The recipe is the setup of the paper: n generators chained from the truth, least squares each, then one ridge fit
 * on fresh inputs. Draws: fresh designs differ, reused ones are equal, label errors always differ; units depend on shapes
 * only, so cells that differ in anything else share them. Spectrum, truth and signal follow their formulas. The regime asks
 * its theory for the same problem.
 */
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';
import { type Downstream, lawOf, rowsOf, signalOf, spectrumOf, truthOf } from '../../src/regimes/linear-parameters.ts';
import { drawsOf, type Fit, isFit, isFitted, type LinearRecipe, type Model } from '../../src/regimes/recipe.ts';
import { type ReplaceParameters, replace } from '../../src/regimes/replace.ts';
import { type Labeller, ridgeOf } from '../../src/regimes/ridge.ts';
import { parametersOf } from '../support/parameters.ts';

const base = parametersOf(replace, {
  dimension: 4,
  truth: { kind: 'sphere', norm: 2 },
  generator: { samples: 6, noise: 0.2 },
  downstream: { samples: 9, noise: 0.1, ridge: 0.5 },
  generations: 3,
});

/** Fits from the last one back to the truth. */
function chain(recipe: LinearRecipe): Fit[] {
  const fits: Fit[] = [];
  for (let model: Model = recipe.estimate; isFit(model); model = model.data[0]!.labels) fits.push(model);
  return fits;
}

describe('recipe', () => {
  const fits = chain(replace.recipe(base));

  it('is one ridge fit behind n generators of least squares', () => {
    expect(fits.map(({ data: [data], ridge }) => [data!.rows, data!.noise, ridge])).toEqual([
      [9, 0.1, 0.5],
      [6, 0.2, 0],
      [6, 0.2, 0],
      [6, 0.2, 0],
    ]);
  });

  it('of generation 0 has labels from the truth, generator or not', () => {
    for (const generator of [base.generator, undefined]) {
      const fits = chain(replace.recipe({ ...base, generator, generations: 0 }));
      expect(fits.map(({ data: [data] }) => data!.rows)).toEqual([9]);
    }
  });

  it('draws fresh inputs and errors in every generation', () => {
    expect(fits.slice(1).map(({ data: [data] }) => [data!.inputs.generation, data!.errors.generation])).toEqual([
      [2, 2],
      [1, 1],
      [0, 0],
    ]);
  });

  it('reuses the inputs of the first generator but never errors', () => {
    const generator = { samples: 6, noise: 0.2, design: 'reused' } as const;
    const reused = chain(replace.recipe({ ...base, generator })).slice(1);
    expect(reused.map(({ data: [data] }) => [data!.inputs.generation, data!.errors.generation])).toEqual([
      [0, 2],
      [0, 1],
      [0, 0],
    ]);
    expect(reused[2]!.data[0]!.inputs).toEqual(fits[3]!.data[0]!.inputs);
  });

  it('draws the last fit apart from all generators, the same behind any number of them', () => {
    expect(fits[0]!.data[0]!.inputs.unit).not.toBe(fits[1]!.data[0]!.inputs.unit);
    expect(chain(replace.recipe({ ...base, generations: 1 }))[0]!.data[0]!.inputs).toEqual(fits[0]!.data[0]!.inputs);
    expect(
      chain(replace.recipe({ ...base, generator: { ...base.generator!, samples: 9 } }))[1]!.data[0]!.inputs.unit,
    ).not.toBe(fits[0]!.data[0]!.inputs.unit);
  });
});

describe('draws', () => {
  const draws = (change: Partial<ReplaceParameters>) => drawsOf(replace.recipe({ ...base, ...change }));
  const [last, ...generators] = draws({});

  it.each<[string, Partial<ReplaceParameters>]>([
    ['ridge', { downstream: { ...base.downstream, ridge: 3 } }],
    ['noise', { downstream: { ...base.downstream, noise: 3 }, generator: { ...base.generator!, noise: 3 } }],
    ['truth', { truth: { kind: 'gaussian', variance: 1 } }],
    ['covariance', { covariance: { kind: 'power-law', exponent: 1 } }],
  ])('are shared by cells that differ in %s', (_what, change) => {
    expect(draws(change)).toEqual([last, ...generators]);
  });

  it('of the generators do not depend on the last fit, nor the other way round', () => {
    const [otherLast, ...same] = draws({ downstream: { ...base.downstream, samples: 10 } });
    expect(same).toEqual(generators);
    expect(otherLast).not.toBe(last);
    const [sameLast, ...other] = draws({ generator: { ...base.generator!, samples: 7 } });
    expect(sameLast).toBe(last);
    expect(other.some((draw) => generators.includes(draw))).toBe(false);
  });

  it('depend on the dimension', () => {
    expect(draws({ dimension: 5 }).some((draw) => [last, ...generators].includes(draw))).toBe(false);
  });
});

describe('spectrum', () => {
  it('of each kind', () => {
    expect(spectrumOf({ kind: 'isotropic' }, 3)).toEqual([1, 1, 1]);
    expect(spectrumOf({ kind: 'power-law', exponent: 2 }, 3)).toEqual([1, 1 / 4, 3 ** -2]);
    expect(spectrumOf({ kind: 'eigenvalues', values: [3, 1] }, 2)).toEqual([3, 1]);
  });

  it('sums to the trace', () => {
    expect(spectrumOf({ kind: 'isotropic', trace: 1 }, 4)).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(spectrumOf({ kind: 'eigenvalues', values: [3, 1], trace: 8 }, 2)).toEqual([6, 2]);
  });
});

describe('truth', () => {
  it('a power law is j^(-delta/2)', () => {
    const truth = { kind: 'power-law', exponent: 4 } as const;
    expect(truthOf({ truth, covariance: { kind: 'isotropic' }, dimension: 3 })).toEqual({
      kind: 'coefficients',
      values: [1, 1 / 4, 3 ** -2],
    });
  });

  it('a source condition is the power law of the same r', () => {
    const covariance = { kind: 'power-law', exponent: 2 } as const;
    const cell = { truth: { kind: 'source', smoothness: 0.375 }, covariance, dimension: 5 } as const;
    expect(truthOf(cell)).toEqual(truthOf({ ...cell, truth: { kind: 'power-law', exponent: 0.5 } }));
    expect(lawOf(cell)).toEqual({ beta: 2, r: 0.375 });
    expect(lawOf({ ...cell, covariance: { kind: 'isotropic' }, truth: { kind: 'sphere', norm: 1 } })).toBeNull();
  });

  it('has the mean square of its coordinates as signal', () => {
    expect(signalOf({ kind: 'sphere', norm: 2 }, 4)).toEqual([1, 1, 1, 1]);
    expect(signalOf({ kind: 'gaussian', variance: 3 }, 2)).toEqual([3, 3]);
    expect(signalOf({ kind: 'coefficients', values: [2, -3] }, 2)).toEqual([4, 9]);
  });
});

describe('ridge', () => {
  const at = (downstream: object, dimension = 10, labellers: readonly Labeller[] = []) => {
    const covariance = { kind: 'power-law', exponent: 2 } as const;
    const truth = { kind: 'source', smoothness: 0.375 } as const;
    const samples = 100;
    return ridgeOf(
      { dimension, covariance, truth, downstream: { samples, noise: 0, ...downstream } as Downstream },
      labellers,
    );
  };

  it('is a number or a power of T', () => {
    expect(at({ ridge: 0.3 })).toBe(0.3);
    expect(at({ ridge: { power: 0.5 } })).toBeCloseTo(0.1, 15);
    expect(at({ ridge: { power: 0 } })).toBe(1);
    expect(at({ samples: { perDimension: 4 }, ridge: { power: 0.5 } }, 25)).toBeCloseTo(0.1, 15);
  });

  it('is critical whatever labels the data', () => {
    expect(at({ ridge: { power: 'critical' } })).toBeCloseTo(100 ** -0.8, 15);
    expect(at({ ridge: { power: 'critical' } }, 10, [{ rows: 50, noise: 2 }])).toBeCloseTo(100 ** -0.8, 15);
  });

  it('is optimal for the labels: (T0/(n sigma0^2))^-l_crit, whatever T is, unless noise asks for more', () => {
    const optimal = { ridge: { power: 'optimal' } };
    const two = [
      { rows: 50, noise: 2 },
      { rows: 50, noise: 2 },
    ];
    expect(at(optimal, 10, two)).toBeCloseTo((50 / 8) ** -0.8, 12);
    expect(at({ ...optimal, samples: 10_000, noise: 1 }, 10, two)).toBeCloseTo((50 / 8) ** -0.8, 12);
    expect(at({ ...optimal, samples: 4, noise: 1 }, 10, two)).toBeCloseTo(4 ** -0.8, 12);
    expect(at({ ...optimal, noise: 1 })).toBeCloseTo(100 ** -0.8, 12);
    expect(at(optimal)).toBeCloseTo(100 ** -2, 12);
    // Generators of 50 and 100 rows add sigma0^2 (1/50 + 1/100).
    expect(at(optimal, 10, [two[0]!, { rows: 100, noise: 2 }])).toBeCloseTo((4 / 50 + 4 / 100) ** 0.8, 12);
  });

  it.each([
    ['no power law', { covariance: { kind: 'isotropic' } }, 'needs a covariance of kind power-law'],
    ['small generators', { generator: { samples: 5, noise: 1 } }, 'at least d rows'],
    ['too much noise', { generator: { samples: 50, noise: 9 } }, 'noisier than the rule allows'],
  ])('has no rule: %s', (_, change, message) => {
    const file = {
      name: 'p',
      regime: 'replace',
      dimension: 10,
      covariance: { kind: 'power-law', exponent: 2 },
      truth: { kind: 'power-law', exponent: 0.5 },
      generator: { samples: 50, noise: 1 },
      downstream: { samples: 100, noise: 1, ridge: { power: 'optimal' } },
      generations: [1],
    };
    expect(() => parseExperiment({ ...file, ...change }, regimes)).toThrow(message);
    expect(() => parseExperiment(file, regimes)).not.toThrow();
  });
});

describe('rows', () => {
  it('are a count or in proportion to the dimension, rounded and never none', () => {
    expect(
      [7, { perDimension: 2 }, { perDimension: 0.75 }, { perDimension: 0.01 }].map((one) => rowsOf(one, 30)),
    ).toEqual([7, 60, 23, 1]);
  });

  it('in proportion make the cells of the count', () => {
    const base = { generator: { samples: 20, noise: 0.2 }, generations: [0, 2] };
    const cells = (generator: object, downstream: object, dimension: number) => {
      const noisy = { ...base, dimension, generator: { ...base.generator, ...generator } };
      const file = {
        name: 'p',
        regime: 'replace',
        ...noisy,
        downstream: { noise: 0.1, ridge: { power: 0.5 }, ...downstream },
      };
      return parseExperiment(file, regimes).panels[0]!.cells.map(({ parameters }) => {
        const cell = parameters as ReplaceParameters;
        return { recipe: replace.recipe(cell), theory: replace.theory(cell) };
      });
    };
    const proportional = cells({ samples: { perDimension: 1.5 } }, { samples: { perDimension: 2 } }, 10);
    expect(proportional).toEqual(cells({ samples: 15 }, { samples: 20 }, 10));
  });
});

describe('theory', () => {
  const value = (change: Partial<ReplaceParameters>) => {
    const prediction = replace.theory({ ...base, ...change });
    return prediction?.kind === 'value' ? prediction.value : Number.NaN;
  };
  const d = 30;
  const ridgeless: Partial<ReplaceParameters> = {
    dimension: d,
    generator: { samples: 60, noise: 0.2, design: 'fresh' },
    downstream: { samples: 80, noise: 0.1, ridge: 0 },
  };

  it('is Theorem 4.1 without ridge', () => {
    for (const generations of [0, 1, 5])
      expect(value({ ...ridgeless, generations })).toBeCloseTo((0.01 * d) / 49 + (generations * 0.04 * d) / 29, 12);
  });

  it('sees the norm of the truth and the ridge', () => {
    const huge = { samples: 80, noise: 0.1, ridge: 1e9 };
    expect(value({ ...ridgeless, downstream: huge })).toBeCloseTo(4, 6);
    expect(value({ ...ridgeless, downstream: huge, truth: { kind: 'gaussian', variance: 2 } })).toBeCloseTo(2 * d, 6);
  });
});

describe('numbers that do not fit together', () => {
  const problems = (change: Partial<ReplaceParameters>) =>
    replace.problems({ ...base, ...change }).map(({ path }) => path);
  it.each<[string, Partial<ReplaceParameters>, string[]]>([
    ['none', {}, []],
    ['no generator needed', { generator: undefined, generations: 0 }, []],
    ['generator needed', { generator: undefined, generations: 1 }, ['generator']],
    ['too many eigenvalues', { covariance: { kind: 'eigenvalues', values: [1, 1, 1, 1, 1] } }, ['covariance.values']],
    ['too many coefficients', { truth: { kind: 'coefficients', values: [1, 1, 1, 1, 1] } }, ['truth.values']],
    ['eigenvalues that overflow', { covariance: { kind: 'power-law', exponent: -300 } }, ['covariance']],
    ['coefficients that overflow', { truth: { kind: 'power-law', exponent: -1000 } }, ['truth']],
    ['ridge that vanishes', { downstream: { samples: 9, noise: 0, ridge: { power: 100 } } }, ['downstream.ridge']],
  ])('%s', (_what, change, paths) => {
    expect(problems(change)).toEqual(paths);
  });
});

describe('regimes', () => {
  it('are listed under their own names, with a citation', () => {
    for (const [name, regime] of regimes) {
      expect(regime.name).toBe(name);
      expect(regime.citation).toMatch(/arXiv:\d{4}\.\d{5}/);
    }
  });

  it('take the parameters that parsing gives', () => {
    const downstream = { samples: 9, noise: 0.1, ridge: { power: 0.5 } };
    const { panels } = parseExperiment({ name: 'x', regime: 'replace', dimension: 4, downstream }, regimes);
    const recipe = regimes.get('replace')!.recipe(panels[0]!.cells[0]!.parameters);
    expect(isFitted(recipe) && recipe.estimate.ridge).toBeCloseTo(1 / 3, 15);
  });
});
