import type { Scaling, ScalingTerm } from '../theory/scaling.ts';
import { missingMassDeviation } from '../theory/tails/deviation.ts';
import { extinction, poissonExtinction } from '../theory/tails/generations.ts';
import { missingMass, narrowedExponent } from '../theory/tails/hutter.ts';
import { remaining } from '../theory/tails/laws.ts';
import { poissonMissingMass } from '../theory/tails/poisson.ts';
import { tokenLaw } from './discrete-law.ts';
import type { DiscreteRecipe, Sample } from './discrete-recipe.ts';
import { type HutterParameters, laterOf, lawOf, parameters, problems, sizesOf } from './hutter-cell.ts';
import * as hutterian from './hutter-parameters.ts';
import type { Regime } from './regime.ts';

/**
 * Hutter's model with infinite memory (arXiv:2402.07043, Sec. 2 and 3): tokens have labels that are learnt at first sight, the
 * test error is the mass of the tokens not seen. Training data come from the truth, from generators that lose the tail of the law,
 * or from a chain of histograms.
 */
export const hutter: Regime<HutterParameters, DiscreteRecipe> = {
  name: 'hutter',
  title: 'A memory of tokens trained on data whose tail was lost',
  citation: hutterian.CITATION,
  parameters,
  terms: false,
  // A sample takes twice as long to plan as a block of a regression.
  blocks: ({ generations }) => 3 * (generations + 1),
  problems,
  recipe: (p) => {
    const chain = sizesOf(p);
    const unit = chain.length > 1 ? `hutter/chain:${chain[0]}x${laterOf(p)}` : 'hutter/downstream';
    const [first, ...further] = chain.map((size, generation) => ({ draw: { unit, generation }, size }));
    const last = further.reduce<Sample>((from, sample) => ({ ...sample, from }), { ...first!, from: lawOf(p) });
    return {
      kind: 'discrete',
      measure: p.draws === 'poisson' ? 'poisson-missing-mass' : 'missing-mass',
      truth: hutterian.trueLaw(p.law),
      training: [last],
    };
  },
  theory: (p) => {
    const source = { law: tokenLaw(lawOf(p)), sizes: sizesOf(p) };
    const chance = p.draws === 'poisson' ? poissonExtinction : extinction;
    return {
      kind: 'value',
      value: errorOf(p),
      allowance: 0,
      deviation: missingMassDeviation(tokenLaw(hutterian.trueLaw(p.law)), [source], chance),
      source: `arXiv:2402.07043v2, ${theoremOf(p)}`,
    };
  },
  scaling: (p) => {
    const terms = termsOf(p);
    return (
      terms && ({ terms, allowance: 0, source: `arXiv:2402.07043v2, ${theoremOf(p).split(',')[0]}` } satisfies Scaling)
    );
  },
};

function theoremOf({ generator, downstream, generations }: HutterParameters): string {
  if (generations === 0) return 'Sec. 2, finite sum';
  if (generator?.samples !== undefined) return 'Thm 2.4, exact for chains of histograms';
  if (downstream.real > 0) return 'Thm 3.2, finite sum';
  return generator?.tail.kind === 'cut' ? 'Thm 2.1, finite sum' : 'Cor 2.3, finite sum';
}

/** The mean missing mass, after other numbers of draws where they are given. */
function errorOf(p: HutterParameters, sizes: readonly number[] = sizesOf(p)): number {
  const mean = p.draws === 'poisson' ? poissonMissingMass : missingMass;
  return mean(tokenLaw(hutterian.trueLaw(p.law)), [{ law: tokenLaw(lawOf(p)), sizes }]);
}

/**
 * What more draws take away, by the power of T of the theorem, and what they leave: the mass beyond a cut, or the error of the last
 * generator. null where two laws are mixed, or where a temperature leaves no law on infinitely many tokens, which have the powers.
 */
function termsOf(p: HutterParameters): readonly ScalingTerm[] | null {
  const { law, generator, downstream, generations } = p;
  const whole = errorOf(p);
  const clean = 1 / law.exponent - 1;
  const falling = (exponent: number, left: number): readonly ScalingTerm[] => [
    { name: 'bias', value: whole - left, exponent },
    ...(left > 0 ? [{ name: 'collapse', value: left, exponent: 0 } as const] : []),
  ];
  if (generations === 0 || generator === undefined) return falling(clean, 0);
  if (downstream.real > 0) return null;
  if (generator.samples === 'as downstream') return falling(clean, 0);
  if (generator.samples !== undefined) return falling(clean, errorOf(p, sizesOf(p).slice(0, -1)));
  switch (generator.tail.kind) {
    case 'whole':
      return falling(clean, 0);
    case 'narrowed':
      return falling(-narrowedExponent(law.exponent, generator.tail.exponent), 0);
    case 'temperature': {
      const tempered = law.exponent / generator.tail.temperature ** generations;
      return tempered > 1 ? falling(-narrowedExponent(law.exponent, tempered), 0) : null;
    }
    case 'cut':
    case 'top-p': {
      const [truth, kept] = [tokenLaw(hutterian.trueLaw(law)), tokenLaw(lawOf(p))];
      return falling(clean, remaining(truth, kept.support));
    }
  }
}
