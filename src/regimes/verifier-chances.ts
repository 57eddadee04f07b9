import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { positive } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { passedShare, printedPassedShare } from '../theory/passed-share.ts';
import type { ClassFit, ClassRecipe } from './class-recipe.ts';
import * as judged from './judged.ts';
import type { Regime } from './regime.ts';

const parameters = z.strictObject({
  dimension: judged.dimension,
  separation: axis(positive()).describe(
    '|mu| in deviations of a coordinate: rows of class 1 and -1 are N(mu, I) and N(-mu, I)',
  ),
  generator: z.strictObject({
    cosine: judged.cosine.describe("of the model that labels the rows, sign(x'w'), with the truth mu"),
  }),
  judge: z.strictObject({
    cosine: judged.cosine.describe('of the linear verifier with the truth'),
    withGenerator: judged.cosine.describe('of the verifier with the model that labels'),
  }),
  samples: judged.samples.describe('rows that are drawn'),
  labels: z.enum(['right', 'wrong']).describe('rows of which labels are counted: those of their class, or the others'),
  theory: z
    .enum(['corrected', 'printed'])
    .default('corrected')
    .describe('printed: psi as in arXiv:2406.07515, App. E.6, where it is at least 1'),
});

export type VerifierChancesParameters = Resolved<z.output<typeof parameters>>;

/** What a linear verifier lets pass of right and of wrong labels: phi and psi of the breakdown point. */
export const verifierChances: Regime<VerifierChancesParameters, ClassRecipe> = {
  name: 'verifier-chances',
  title: 'Which labels a linear verifier lets pass',
  citation:
    'Y. Feng, E. Dohmatob, P. Yang, F. Charton, J. Kempe. Beyond Model Collapse: Scaling Up with Synthesized Data Requires Verification. ' +
    'ICLR 2025, arXiv:2406.07515',
  parameters,
  terms: false,
  errorName: ({ labels }) => (labels === 'right' ? 'share of right labels kept φ' : 'share of wrong labels kept ψ'),
  isError: () => false,
  problems: (p): readonly Problem[] => [
    ...(directionsOf(p)
      ? []
      : [{ path: 'judge.withGenerator', message: `found ${p.judge.withGenerator}: no vectors have these cosines` }]),
    ...(p.theory === 'printed' && p.labels === 'right'
      ? [{ path: 'theory', message: 'found "printed", which is for wrong labels' }]
      : []),
  ],
  recipe: (p) => {
    const { dimension, separation } = p;
    return { kind: 'classes', dimension, separation, norm: 1, estimate: { fit: fitOf(p), measure: 'kept' } };
  },
  theory: (p) => {
    const { generator, judge } = directionsOf(p)!;
    const problem = { separation: p.separation, generator, verifier: judge, right: p.labels === 'right' };
    return p.theory === 'printed' ? printedPassedShare(problem) : passedShare(problem);
  },
};

const directionsOf = ({ generator, judge }: VerifierChancesParameters) =>
  judged.directionsOf(generator.cosine, judge.cosine, judge.withGenerator);

function fitOf(p: VerifierChancesParameters): ClassFit {
  const { generator, judge } = directionsOf(p)!;
  const draw = (what: string) => ({ unit: `verifier-chances/${what}:${p.dimension}x${p.samples}`, generation: 0 });
  const right = p.labels === 'right' ? 1 : 0;
  const keep = { ...judged.KEEP_ALL, judge, agree: true, right, wrong: 1 - right };
  const block = { ...judged.PLAIN, rows: p.samples, draw: draw('rows'), labels: generator, keep };
  return { blocks: [block], loss: 'squares', ridge: 1, draw: draw('rest') };
}
