import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { ExperimentError } from '../../src/experiment/problem.ts';
import { planExperiment, REFERENCE_LIMITS } from '../../src/plan/plan.ts';
import { tokenLaw } from '../../src/regimes/discrete-law.ts';
import { isSample, type Sample, samplesOf } from '../../src/regimes/discrete-recipe.ts';
import { hutter } from '../../src/regimes/hutter.ts';
import { type HutterParameters, sizesOf } from '../../src/regimes/hutter-cell.ts';
import { hutterPooled } from '../../src/regimes/hutter-pooled.ts';
import { regimes } from '../../src/regimes/index.ts';
import { drawsOf } from '../../src/regimes/recipe.ts';
import { samplers } from '../../src/samplers/index.ts';
import { parametersOf } from '../support/parameters.ts';

/*
 * Plan: what is particular to Hutter's model; the contract of all regimes is tested elsewhere.
 * - sizes of a chain: T0 as downstream, a size of its own, later ones apart; one sample where the generator knows its law
 * - cells that differ in T alone share their draws; those of different T0 do not; generations share what is behind them
 * - laws: a cut is idempotent, temperatures multiply, a share 1 of real data is the truth
 * - a chain far longer than its samples are large ends with one token, with the chance of its mass
 * - mistakes have their place: no generator, later without samples, tails of samples, mixed histograms, Poisson histograms; no data
 * - terms of the error are refused by name, in a file and in a plan
 * - terms of the scaling law sum to the error, and more draws leave what they say
 */

const law = { exponent: 1.5, support: 500, rest: 'lumped' } as const;
const hutterLaw = { kind: 'zipf', exponent: law.exponent, support: law.support, tail: law.rest } as const;
const base = parametersOf(hutter, {
  law,
  generator: { samples: 40 },
  downstream: { samples: 90 },
  generations: 3,
});

function messages(parameters: JsonObject, regime = 'hutter'): readonly string[] {
  try {
    parseExperiment({ name: 'x', regime, ...parameters }, regimes);
    return [];
  } catch (error) {
    if (!(error instanceof ExperimentError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

const value = (p: HutterParameters) => {
  const prediction = hutter.theory(p);
  if (prediction?.kind !== 'value') throw new Error('no value');
  return prediction.value;
};

describe('sizes', () => {
  it.each([
    [{}, [40, 40, 40, 90]],
    [{ generator: { tail: { kind: 'whole' }, samples: 'as downstream' } }, [90, 90, 90, 90]],
    [{ generator: { tail: { kind: 'whole' }, samples: 40, later: 70 } }, [40, 70, 70, 90]],
    [{ generator: { tail: { kind: 'cut', last: 9 } } }, [90]],
    [{ generations: 0 }, [90]],
  ] as const)('%j', (change, sizes) => {
    const p: HutterParameters = { ...base, ...change };
    expect(sizesOf(p)).toEqual(sizes);
    expect(samplesOf(hutter.recipe(p)).map(({ size }) => size)).toEqual(sizes);
  });
});

describe('draws', () => {
  const draws = (change: Partial<HutterParameters>) => drawsOf(hutter.recipe({ ...base, ...change }));

  it('are common to cells that differ in T, and those behind to all generations', () => {
    expect(draws({ downstream: { samples: 7, real: 0 } })).toEqual(draws({}));
    expect(draws({}).slice(0, 3)).toEqual(draws({ generations: 2 }));
  });

  it('are apart where T0 differs', () => {
    const other = new Set(draws({ generator: { tail: { kind: 'whole' }, samples: 50 } }));
    expect(draws({}).filter((draw) => other.has(draw))).toEqual([]);
  });

  it('are from the histogram before, the first ones from the law', () => {
    const origins = samplesOf(hutter.recipe(base)).map(({ from }) => isSample(from) && (from as Sample).size);
    expect(origins).toEqual([false, 40, 40, 40]);
  });
});

describe('laws', () => {
  const tails = (tail: NonNullable<HutterParameters['generator']>['tail'], generations: number, real = 0) =>
    value({ ...base, generator: { tail }, generations, downstream: { samples: 90, real } });

  it('lose their tail once by a cut, again and again by temperature and top-p', () => {
    expect(tails({ kind: 'cut', last: 20 }, 5)).toBe(tails({ kind: 'cut', last: 20 }, 1));
    const [once, thrice] = [1, 3].map((n) => tails({ kind: 'temperature', temperature: 0.8 }, n));
    expect(thrice).toBeCloseTo(tails({ kind: 'temperature', temperature: 0.8 ** 3 }, 1), 12);
    expect(thrice).toBeGreaterThan(once!);
    expect(tails({ kind: 'top-p', share: 0.8 }, 2)).toBeGreaterThan(tails({ kind: 'top-p', share: 0.8 }, 1));
  });

  it('are the truth where all data are real', () => {
    const clean = value({ ...base, generations: 0 });
    expect(tails({ kind: 'cut', last: 20 }, 2, 1)).toBe(clean);
    expect(tails({ kind: 'whole' }, 2)).toBe(clean);
  });
});

describe('long chains', () => {
  it('end with one token, whatever it is', () => {
    const after = (generations: number) =>
      value({
        ...base,
        generator: { tail: { kind: 'whole' }, samples: 100 },
        downstream: { samples: 100, real: 0 },
        generations,
      });
    const values = [1, 10, 100, 1000].map(after);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    // The token that takes all is i with the chance p_i: sum_i p_i (1 - p_i), the lump being no token.
    const masses = Array.from({ length: law.support }, (_, i) => tokenLaw(hutterLaw).mass(i + 1));
    expect(values[3]).toBeCloseTo(1 - masses.reduce((sum, mass) => sum + mass * mass, 0), 3);
  });
});

describe('mistakes', () => {
  const chain = { downstream: { samples: 9 }, generations: 1 };

  it.each([
    [chain, /^generator: missing/],
    [{ ...chain, generator: { later: 5 } }, /^generator.later: needs generator.samples/],
    [
      { ...chain, generator: { samples: 5, tail: { kind: 'cut', last: 3 } } },
      /^generator.tail: found a tail and samples/,
    ],
    [
      { ...chain, generator: { samples: 5 }, downstream: { samples: 9, real: 0.5 } },
      /^downstream.real: is for generators without/,
    ],
    [{ ...chain, generator: { samples: 5 }, draws: 'poisson' }, /^draws: found "poisson"/],
    [
      { ...chain, generator: { samples: 'as upstream' } },
      /^generator.samples: found 'as upstream', need 'as downstream'/,
    ],
    [{ ...chain, law: { exponent: 1 } }, /^law.exponent: found 1, need a finite number above 1/],
    [
      { downstream: { samples: [5, 9] }, figure: { y: 'bias' } },
      /^figure.y: found "bias", but the test error of hutter has no such term/,
    ],
  ] as [JsonObject, RegExp][])('%j', (parameters, message) => {
    expect(messages(parameters).join('\n')).toMatch(message);
  });

  it('of sets of data', () => {
    expect(messages({}, 'hutter-pooled').join()).toMatch(/^real.samples: found no data at all/);
    expect(messages({ bought: { first: 3 } }, 'hutter-pooled').join()).toMatch(/no data at all/);
    expect(messages({ real: { samples: 3 } }, 'hutter-pooled')).toEqual([]);
  });

  it('are found in a plan too, where a regime does not say that it has no terms', () => {
    const { terms: _, ...silent } = hutter;
    const careless = new Map([['hutter', silent]]);
    const file = { name: 'x', regime: 'hutter', downstream: { samples: [5, 9] }, figure: { y: 'bias' } };
    const experiment = parseExperiment(file, careless);
    expect(() => planExperiment(experiment, careless, samplers, REFERENCE_LIMITS)).toThrow(/has no term "bias"/);
  });
});

describe('the scaling law', () => {
  it.each([
    [{ generations: 0 }, 0],
    [{ generator: { tail: { kind: 'whole' }, samples: 'as downstream' } }, 0],
    [{ generator: { tail: { kind: 'narrowed', exponent: 3 } } }, 0],
    [{}, null],
    [{ generator: { tail: { kind: 'cut', last: 30 } } }, null],
    [{ generator: { tail: { kind: 'top-p', share: 0.7 } } }, null],
  ] as const)('sums to the error, and leaves what more draws do not take: %j', (change, left) => {
    const p: HutterParameters = { ...base, ...change };
    const terms = hutter.scaling!(p)!.terms;
    expect(terms.reduce((sum, term) => sum + term.value, 0)).toBeCloseTo(value(p), 12);
    const kept = terms.find(({ exponent }) => exponent === 0)?.value ?? 0;
    if (left !== null) expect(kept).toBe(left);
    else expect(kept).toBeCloseTo(value({ ...p, downstream: { samples: 10 ** 7, real: 0 } }), 5);
  });

  it('says nothing of mixtures', () => {
    const mixed = { generator: { tail: { kind: 'cut', last: 9 } }, downstream: { samples: 90, real: 0.1 } } as const;
    expect(hutter.scaling!({ ...base, ...mixed })).toBeNull();
  });
});

describe('bought data', () => {
  it('are as many as the synthetic ones unless the file says otherwise', () => {
    const p = {
      law,
      real: { samples: 0 },
      synthetic: { samples: 30, tail: { kind: 'cut', last: 5 } },
      bought: { samples: 'as synthetic', first: 6 },
    } as const;
    const sizes = (change: object) => hutterPooled.recipe({ ...p, ...change }).training.map(({ size }) => size);
    expect(sizes({})).toEqual([30, 30]);
    expect(sizes({ bought: { samples: 7, first: 6 } })).toEqual([30, 7]);
  });
});
