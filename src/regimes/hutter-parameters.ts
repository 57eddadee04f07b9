import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { finite, integer, positive } from '../experiment/numbers.ts';
import type { Law } from './discrete-recipe.ts';

/** What the regimes of arXiv:2402.07043 that draw from a Zipf law have in common. */

export const CITATION =
  'E. Dohmatob, Y. Feng, P. Yang, F. Charton, J. Kempe. A Tale of Tails: Model Collapse as a Change of Scaling Laws. ICML 2024, arXiv:2402.07043v2';

/** Tokens that have a name: those of an alias table of 2^20 columns, less the lump. */
const MOST_TOKENS = 2 ** 20 - 1;

const aboveOne = 'a finite number above 1';
const zipfExponent = () => axis(finite().gt(1, { error: aboveOne }));

const share = 'a number above 0 and below 1';

export const law = z
  .strictObject({
    exponent: zipfExponent().prefault(1.5).describe('beta of p_i ~ i^-beta'),
    support: axis(integer(1, MOST_TOKENS)).prefault(100_000).describe('N, tokens that are told apart'),
    rest: z
      .enum(['lumped', 'renormalised'])
      .default('lumped')
      .describe('lumped: tokens beyond the support are drawn but never learnt; renormalised: there are none'),
  })
  .prefault({})
  .describe('the true law of tokens, a Zipf law');

export const tail = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('whole') }),
    z.strictObject({ kind: z.literal('cut'), last: axis(integer(1)).describe('k, the last token that is ever drawn') }),
    z.strictObject({
      kind: z.literal('narrowed'),
      exponent: zipfExponent().describe("beta' of q_i ~ i^-beta'"),
    }),
    z.strictObject({
      kind: z.literal('temperature'),
      temperature: axis(positive()).describe(
        'q_i ~ p_i^(1/temperature) of the tokens up to the support, once for each generation',
      ),
    }),
    z.strictObject({
      kind: z.literal('top-p'),
      share: axis(finite().gt(0, { error: share }).lt(1, { error: share })).describe(
        'mass of the first tokens that are kept, anew in each generation',
      ),
    }),
  ])
  .default({ kind: 'whole' })
  .describe('what becomes of the tail of a law in synthetic data');

type TrueLaw = Resolved<z.output<typeof law>>;
export type Tail = Resolved<z.output<typeof tail>>;

export const trueLaw = ({ exponent, support, rest }: TrueLaw): Law => ({ kind: 'zipf', exponent, support, tail: rest });

/** The law of data by so many generators that each know the law before them exactly but for its tail. */
export function syntheticLaw(truth: TrueLaw, tail: Tail, generations: number): Law {
  const own = trueLaw(truth);
  if (generations === 0) return own;
  switch (tail.kind) {
    case 'whole':
      return own;
    case 'cut':
      return { kind: 'cut', law: own, last: tail.last };
    case 'narrowed':
      return trueLaw({ ...truth, exponent: tail.exponent });
    case 'temperature':
      return { kind: 'tempered', law: own, temperature: tail.temperature ** generations };
    case 'top-p':
      return { kind: 'top-p', law: own, share: tail.share, times: generations };
  }
}
