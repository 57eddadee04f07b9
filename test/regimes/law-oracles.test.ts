/**
 * Plan. Every law that `hutter` and `hutter-pooled` draw from, against the definition in f64 and logarithms (test/support/hutter-oracle.ts):
 * whole, cut below, at and beyond the support, narrowed, cooled and heated up to where powers leave f64, top-p where a share is a sum of
 * masses, below the first mass, beyond the support, and again and again; lumped and renormalised, one token and many, mixed with real data;
 * tails bought alone, of as little mass as they like.
 * - theory is the finite sum, to the error of its integral, 3e-7 of the value; it is a number for every law;
 * - the integers that samplers draw by are the law, to their unit;
 * - cells that have no law are refused by name; powers of T are stated where there is a law on infinitely many tokens.
 */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { tokenLaw } from '../../src/regimes/discrete-law.ts';
import type { DiscreteRecipe, Law, Sample } from '../../src/regimes/discrete-recipe.ts';
import { regimes } from '../../src/regimes/index.ts';
import { integerMasses, WHOLE } from '../../src/samplers/tokens/masses.ts';
import { meanError, synthetic, type Tail, type Truth, tailFrom } from '../support/hutter-oracle.ts';

function cellOf(name: string, parameters: JsonObject) {
  const [panel] = parseExperiment({ name: 'a', regime: name, ...parameters }, regimes).panels;
  const regime = regimes.get(name)!;
  const p = panel!.cells[0]!.parameters;
  const theory = regime.theory(p);
  if (theory?.kind !== 'value') throw new Error('no value');
  return { theory, recipe: regime.recipe(p) as DiscreteRecipe, scaling: () => regime.scaling?.(p) };
}

/** The integers that a sample is drawn by are the chances, to two units and a share of themselves. */
function expectMasses({ from }: Sample, chances: readonly number[], share: number): void {
  const masses = integerMasses(tokenLaw(from as Law), chances.length, WHOLE);
  const off = chances.map((chance, i) => Math.abs(masses[i]! / WHOLE - chance) - share * chance);
  expect(off.reduce((a, b) => Math.max(a, b))).toBeLessThan(2 ** -47);
}

const hutter = (law: Truth, tail: Tail, generations: number, samples: number, real = 0) =>
  cellOf('hutter', {
    law: { ...law },
    generator: { tail: { ...tail } },
    downstream: { samples, real },
    generations: [generations],
  });

const zipf = (support: number, rest: Truth['rest'] = 'lumped', exponent = 1.5): Truth => ({ exponent, support, rest });
const cooled = (temperature: number): Tail => ({ kind: 'temperature', temperature });
const cut = (last: number): Tail => ({ kind: 'cut', last });
const topP = (share: number): Tail => ({ kind: 'top-p', share });

const cases: readonly (readonly [Truth, Tail, number])[] = [
  [zipf(20_000), cooled(0.5), 10],
  [zipf(20_000), cooled(0.1), 100],
  [zipf(300, 'renormalised'), cooled(0.1), 400],
  [zipf(300), cooled(0.9), 3],
  [zipf(300), cooled(2), 1],
  [zipf(300, 'renormalised'), cooled(5), 2],
  [zipf(300, 'renormalised'), cooled(100), 300],
  [zipf(300), cooled(1e-6), 1],
  [zipf(300, 'renormalised', 10), cooled(1e-300), 1],
  [zipf(1, 'renormalised'), cooled(0.5), 4],
  [zipf(300), cut(20), 1],
  [zipf(300), cut(300), 2],
  [zipf(300), cut(301), 1],
  [zipf(300), cut(5000), 3],
  [zipf(10, 'lumped', 1.1), cut(50_000), 1],
  [zipf(1), cut(2), 1],
  [zipf(300, 'renormalised'), cut(5000), 1],
  [zipf(300), { kind: 'narrowed', exponent: 1.2 }, 1],
  [zipf(300, 'renormalised'), { kind: 'narrowed', exponent: 1000 }, 1],
  [zipf(300, 'renormalised', 1 + 1e-12), { kind: 'whole' }, 1],
  [zipf(2, 'renormalised', 1e200), { kind: 'whole' }, 1],
  [zipf(2, 'renormalised', 2), topP(0.8), 1],
  [zipf(300), topP(0.8), 1],
  [zipf(300), topP(0.97), 1],
  [zipf(300, 'lumped', 2), topP(0.999), 3],
  [zipf(300), topP(1e-7), 1],
  [zipf(300, 'renormalised', 2), topP(1 - 1e-9), 1],
  [zipf(300, 'renormalised'), topP(0.999), 100],
];

describe('laws of Hutter', () => {
  it.each(cases)('%j %j, %i generations', (law, tail, generations) => {
    const chances = synthetic(law, tail, generations);
    const truth = synthetic(law, { kind: 'whole' }, 0);
    for (const real of [0, 0.3]) {
      const q = chances.map((chance, i) => real * truth[i]! + (1 - real) * chance);
      const drawn = Array.from({ length: truth.length }, (_, i) => (i < q.length ? q[i]! : real * truth[i]!));
      for (const samples of [3, 1000]) {
        const { theory, recipe } = hutter(law, tail, generations, samples, real);
        const exact = meanError(law, [[drawn, samples]]);
        expect(Math.abs(theory.value - exact), `T = ${samples}, ${theory.value} for ${exact}`).toBeLessThan(
          3e-7 * exact + 1e-14,
        );
        expect(theory.deviation).toBeGreaterThanOrEqual(0);
        if (samples === 3) expectMasses(recipe.training[0]!, drawn, 1e-9);
      }
    }
  });

  it.each<[Truth, number]>([
    [zipf(300), 30],
    [zipf(300), 300],
    [zipf(300), 301],
    [zipf(300), 5000],
    [zipf(300, 'renormalised'), 300],
    [zipf(300, 'lumped', 10), 250],
    [zipf(300, 'lumped', 200), 290],
    [zipf(300, 'renormalised', 400), 290],
  ])('%j from %i on', (law, first) => {
    const { theory, recipe } = cellOf('hutter-pooled', {
      law: { ...law },
      real: { samples: 2 },
      bought: { samples: 40, first },
    });
    const [truth, tail] = [synthetic(law, { kind: 'whole' }, 0), tailFrom(law, first)];
    const exact = meanError(law, [
      [truth, 2],
      [tail, 40],
    ]);
    expect(Math.abs(theory.value - exact)).toBeLessThan(3e-7 * exact + 1e-14);
    expectMasses(recipe.training[1]!, tail, 1e-8);
  });
});

it('refuses a tail of which there is nothing', () => {
  const bought = { samples: 4, first: 301 };
  expect(() => cellOf('hutter-pooled', { law: { support: 300, rest: 'renormalised' }, bought })).toThrow(
    /nothing beyond/,
  );
});

it('states powers of T where there is a law on infinitely many tokens', () => {
  expect(hutter(zipf(300), cooled(0.9), 1, 10).scaling()!.terms[0]!.exponent).toBeCloseTo(-0.3, 12);
  expect(hutter(zipf(300), cooled(1.5), 1, 10).scaling()).toBeNull();
  const left = hutter(zipf(300, 'lumped', 10), cut(100), 1, 10)
    .scaling()!
    .terms.at(-1)!.value;
  expect(left / (100.5 ** -9 / 9 / 1.000994)).toBeCloseTo(1, 3);
});
