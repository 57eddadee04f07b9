import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { finite, integer } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import type { Law } from './discrete-recipe.ts';
import { generations } from './generator-chain.ts';
import * as hutterian from './hutter-parameters.ts';

const samples = integer(1, 10 ** 8);

const SHARE = 'a number from 0 to 1';

/** The keys of `hutter`. */
export const parameters = z.strictObject({
  law: hutterian.law,
  draws: z
    .enum(['fixed', 'poisson'])
    .default('fixed')
    .describe(
      'poisson: T is the mean of a Poisson number of draws, another model with nearly the same error, drawn faster',
    ),
  generator: z
    .strictObject({
      tail: hutterian.tail,
      samples: z
        .union([axis(samples), z.literal('as downstream')], { error: 'an integer of at least 1, or "as downstream"' })
        .optional()
        .describe('T0, draws that the first generator learns from; absent: it knows the law but for its tail'),
      later: axis(samples).optional().describe('draws that each further generator learns from; absent: T0'),
    })
    .describe('the models that the data come from: each draws from the histogram of what it has learnt')
    .optional(),
  downstream: z
    .strictObject({
      samples: axis(samples).describe('T, draws that the last model learns from'),
      real: axis(finite().min(0, { error: SHARE }).max(1, { error: SHARE }))
        .prefault(0)
        .describe('pi, chance that a draw is from the true law and not from the last generator'),
    })
    .describe('the model whose error is measured: the mass of the tokens it has not seen'),
  generations,
});

export type HutterParameters = Resolved<z.output<typeof parameters>>;

/** Draws of the first generator, of those after it and of the last model: a chain of histograms; of the last model alone without one. */
export function sizesOf(p: HutterParameters): readonly number[] {
  const { generator, downstream, generations } = p;
  if (generations === 0 || generator?.samples === undefined) return [downstream.samples];
  const first = firstOf(p);
  return [first, ...new Array<number>(generations - 1).fill(laterOf(p)), downstream.samples];
}

function firstOf({ generator, downstream }: HutterParameters): number {
  const first = generator?.samples;
  return typeof first === 'number' ? first : downstream.samples;
}

export const laterOf = (p: HutterParameters): number => p.generator?.later ?? firstOf(p);

/** What the first draws of all are from. */
export function lawOf({ law, generator, downstream, generations }: HutterParameters): Law {
  const truth = hutterian.trueLaw(law);
  const synthetic = hutterian.syntheticLaw(law, generator?.tail ?? { kind: 'whole' }, generations);
  const { real } = downstream;
  if (generations === 0 || real === 1) return truth;
  return real === 0 ? synthetic : { kind: 'mixture', share: real, law: truth, other: synthetic };
}

export function problems(p: HutterParameters): Problem[] {
  const { generator, downstream, draws, generations } = p;
  if (generations === 0) return [];
  if (generator === undefined)
    return [{ path: 'generator', message: 'missing, need one because a generation above 0 is asked for' }];
  if (generator.samples === undefined)
    return generator.later === undefined
      ? []
      : [{ path: 'generator.later', message: 'needs generator.samples, which the first generator learns from' }];
  const found: Problem[] = [];
  if (generator.tail.kind !== 'whole')
    found.push({
      path: 'generator.tail',
      message: 'found a tail and samples: a generator that learns from samples has theirs',
    });
  if (downstream.real > 0)
    found.push({ path: 'downstream.real', message: 'is for generators without samples, which know their law' });
  if (draws === 'poisson')
    found.push({
      path: 'draws',
      message: 'found "poisson", but histograms are of fixed numbers of draws, need "fixed"',
    });
  return found;
}
