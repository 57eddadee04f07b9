import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { finite, integer, positive } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { bigramError } from '../theory/tails/bigram.ts';
import { tokenLaw } from './discrete-law.ts';
import type { Law } from './discrete-recipe.ts';
import { generations } from './generator-chain.ts';
import { CITATION } from './hutter-parameters.ts';
import type { PairRecipe, PairSample } from './pair-recipe.ts';
import type { Regime } from './regime.ts';

const SHARE = 'a number from 0 to 1';

const samples = () => axis(integer(1, 2 ** 24));

const zipf = (most: number) => ({
  exponent: axis(finite().gt(1, { error: 'a finite number above 1' })).prefault(1.5),
  support: axis(integer(2, most)),
});

const asDownstream = () =>
  z.union([samples(), z.literal('as downstream')], { error: 'an integer of at least 1, or "as downstream"' });

const parameters = z.strictObject({
  contexts: z
    .strictObject(zipf(2 ** 16))
    .describe('the law of the first token of a sequence: p_i ~ i^-exponent, i up to the support'),
  next: z
    .strictObject(zipf(2 ** 16))
    .describe('the law of the rank of the next token; every context has an order of its own'),
  length: axis(integer(1, 1000))
    .prefault(1)
    .describe('tokens drawn after the first, each a context of the next; 1: pairs'),
  measure: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('variation') }),
      z.strictObject({
        kind: z.literal('perplexity'),
        clip: axis(positive()).prefault(10).describe('largest -ln q of a token'),
      }),
    ])
    .default({ kind: 'variation' })
    .describe(
      'variation: mean over contexts of sum_j |q(j|i) - p(j|i)|, 2 where unseen; perplexity: on true sequences',
    ),
  generator: z
    .strictObject({
      last: axis(integer(1)).describe('k: without samples, it knows the truth but for ranks beyond k').optional(),
      samples: asDownstream().describe('T0, sequences that the first generator learns from').optional(),
      later: asDownstream()
        .describe('sequences that each further generator learns from, mixed as those of the last model; absent: T0')
        .optional(),
      temperature: axis(positive()).prefault(1).describe('c^(1/temperature) in place of counts c'),
      topP: axis(finite().gt(0, { error: SHARE }).max(1, { error: SHARE }))
        .prefault(1)
        .describe('share of the counts of a context, the most frequent tokens first, that others are dropped beyond'),
      crossing: z
        .enum(['kept', 'dropped'])
        .default('kept')
        .describe('what becomes of the token that crosses the share: kept, they hold at least topP; dropped, at most'),
    })
    .describe('the models that the data come from')
    .optional(),
  downstream: z
    .strictObject({
      samples: samples().describe('T, sequences that the last model learns from'),
      real: axis(finite().min(0, { error: SHARE }).max(1, { error: SHARE }))
        .prefault(0)
        .describe('share of them that is true'),
      realMost: samples()
        .describe(
          'true sequences there are: those that the first generator has learnt from; absent: as many as wanted, fresh',
        )
        .optional(),
    })
    .describe('the model whose error is measured'),
  generations,
});

export type BigramParameters = Resolved<z.output<typeof parameters>>;

/**
 * Hutter++ (arXiv:2402.07043, Sec. 4, App. D): a model counts which token followed which and predicts with the frequencies; data come
 * from a law with Zipf conditionals, from one that lost their tails, or from earlier models, decoded by top-p and temperature.
 */
export const bigram: Regime<BigramParameters, PairRecipe> = {
  name: 'bigram',
  title: 'A memory of which token followed which, trained on data of earlier ones',
  citation: CITATION,
  parameters,
  terms: false,
  // A sample, its counts and the model that is made of them.
  blocks: ({ generations }) => 3 * (generations + 1),
  errorName: ({ measure }) => (measure.kind === 'perplexity' ? 'perplexity' : 'total variation E'),
  problems,
  recipe: (p) => ({
    kind: 'pairs',
    measure: p.measure,
    contexts: lawOf(p.contexts),
    next: lawOf(p.next),
    length: p.length,
    training: trainingOf(p, p.generations, p.downstream.samples),
  }),
  theory: (p) => {
    const drawn = drawnLaw(p);
    if (p.length > 1 || p.measure.kind !== 'variation' || drawn === null) return null;
    const [contexts, next] = [tokenLaw(lawOf(p.contexts)), tokenLaw(lawOf(p.next))];
    const whole = drawn.kind === 'zipf';
    const value = bigramError(contexts, next, whole ? next : tokenLaw(drawn), p.downstream.samples);
    const source = `arXiv:2402.07043v2, Thm ${whole ? '4.1' : '4.2'}, exact sum of mean absolute deviations`;
    // Interpolation and integral of bigramError.
    return { kind: 'value', value, allowance: 7e-4 * value, source };
  },
};

function lawOf({ exponent, support }: BigramParameters['next']): Law {
  return { kind: 'zipf', exponent, support, tail: 'renormalised' };
}

/** What pairs are drawn from where no model comes between; else null. */
function drawnLaw({ next, generator, downstream, generations }: BigramParameters): Law | null {
  if (generations === 0 || downstream.real === 1) return lawOf(next);
  if (generator?.last === undefined || downstream.real > 0) return null;
  return { kind: 'cut', law: lawOf(next), last: Math.min(generator.last, next.support) };
}

/** `size` sequences for the model of a generation: true ones, then those of the generator before it, which was trained in the same way. */
function trainingOf(p: BigramParameters, generation: number, size: number): readonly PairSample[] {
  const sizeAt = (g: number) => (g === generation ? size : g === 0 ? firstOf(p) : laterOf(p));
  let training: readonly PairSample[] = [{ draw: CLEAN, size: sizeAt(0), from: lawOf(p.next) }];
  for (let g = 1; g <= generation; g++) training = mixedTraining(p, g, sizeAt(g), training);
  return training;
}

const CLEAN = { unit: 'bigram/clean', generation: 0 };

/** Of the model of a generation above 0; `before` is what the generator is trained on. */
function mixedTraining(
  p: BigramParameters,
  generation: number,
  size: number,
  before: readonly PairSample[],
): readonly PairSample[] {
  const { real, realMost } = p.downstream;
  const share = Math.round(real * size);
  const trueSize = realMost === undefined ? share : Math.min(share, realMost);
  const trueDraw = realMost === undefined ? { unit: 'bigram/real', generation } : CLEAN;
  const own: readonly PairSample[] = trueSize === 0 ? [] : [{ draw: trueDraw, size: trueSize, from: lawOf(p.next) }];
  if (trueSize === size) return own;
  const draw = { unit: 'bigram/synthetic', generation };
  return [...own, { draw, size: size - trueSize, from: generatorOf(p, before) }];
}

/** The generator that draws for a generation above 0. */
function generatorOf(p: BigramParameters, training: readonly PairSample[]): PairSample['from'] {
  const { last, temperature, topP, crossing } = p.generator!;
  if (last !== undefined) return { kind: 'cut', law: lawOf(p.next), last: Math.min(last, p.next.support) };
  return { training, decoding: { temperature, topP, crossing } };
}

const sizeOf = ({ downstream }: BigramParameters, asked: number | 'as downstream' | undefined): number =>
  typeof asked === 'number' ? asked : downstream.samples;

const firstOf = (p: BigramParameters): number => sizeOf(p, p.generator?.samples);
const laterOf = (p: BigramParameters): number => sizeOf(p, p.generator?.later ?? p.generator?.samples);

function problems(p: BigramParameters): Problem[] {
  const { contexts, next, length, generator, downstream, generations } = p;
  const found: Problem[] = [];
  if (length > 1 && contexts.support !== next.support)
    found.push({
      path: 'contexts.support',
      message: `must be that of next, ${next.support}, where tokens are contexts too`,
    });
  if (generations === 0) return found;
  if (generator === undefined)
    return [...found, { path: 'generator', message: 'missing, need one because a generation above 0 is asked for' }];
  const { last, samples: learnt, later, temperature, topP } = generator;
  if ((last === undefined) === (learnt === undefined))
    found.push({ path: 'generator', message: 'need either last, what it knows, or samples, what it learns from' });
  if (last !== undefined && (later !== undefined || temperature !== 1 || topP !== 1))
    found.push({ path: 'generator.last', message: 'goes with no later, temperature or topP: it knows its law' });
  if (learnt !== undefined && downstream.realMost !== undefined && downstream.realMost > firstOf(p))
    found.push({
      path: 'downstream.realMost',
      message: `found more than the ${firstOf(p)} that the first generator has learnt from`,
    });
  return found;
}
