import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer, nonNegative } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { type ClassRound, classPrediction } from '../theory/classes.ts';
import { estimatedPrediction } from '../theory/estimated-mean.ts';
import type { ClassBlock, ClassFit, ClassRecipe, Estimated } from './class-recipe.ts';
import * as judged from './judged.ts';
import type { Regime } from './regime.ts';

const parameters = z.strictObject({
  dimension: judged.dimension,
  separation: axis(nonNegative()).describe(
    "|mu|: rows of class 1 and -1 are N(mu, I) and N(-mu, I); 0: classes by sign(x'w*), x ~ N(0, I)",
  ),
  real: z
    .strictObject({
      samples: axis(integer(0, 2 ** 24))
        .prefault(0)
        .describe('n, rows with the right label'),
    })
    .prefault({}),
  synthetic: z.strictObject({
    samples: judged.samples.describe('m, generated rows, kept or not'),
    flips: judged.chance.describe('epsilon, chance that their label is wrong'),
    estimate: z
      .enum(['none', 'mean', 'covariance'])
      .default('none')
      .describe('what the generator takes from real rows of its own: nothing, since it knows mu and I; mu; mu and I'),
    behind: axis(integer(20, 2 ** 16))
      .prefault(1000)
      .describe('n-hat, real rows of its own that the generator estimates from'),
  }),
  verifier: z
    .strictObject({
      right: judged.chance.prefault(1).describe('phi, chance that a row with the right label is kept'),
      wrong: judged.chance
        .prefault(1)
        .describe('rho of 2410.08942, psi of 2406.07515: chance that one with a wrong label is'),
      cosine: judged.cosine
        .optional()
        .describe('of a linear verifier with the truth, which keeps rows that it gives the label they have'),
    })
    .prefault({})
    .describe('what keeps generated rows: chance, a linear verifier, or both'),
  downstream: z.strictObject({ loss: judged.loss, ridge: judged.ridge }),
  theory: z
    .enum(['corrected', 'printed'])
    .default('corrected')
    .describe('printed: as in arXiv:2410.08942, Thm 4.2, where an estimated mean is taken for mu'),
});

export type VerificationParameters = Resolved<z.output<typeof parameters>>;

/** A classifier learns from real rows, and from generated ones with wrong labels among them that a verifier has let pass. */
export const verification: Regime<VerificationParameters, ClassRecipe> = {
  name: 'verification',
  title: 'A classifier learns from generated rows that a verifier lets pass',
  citation:
    'Y. Feng, E. Dohmatob, P. Yang, F. Charton, J. Kempe. Beyond Model Collapse: Scaling Up with Synthesized Data Requires Verification. ' +
    'ICLR 2025, arXiv:2406.07515; A. El Firdoussi et al. Maximizing the Potential of Synthetic Data: Insights from Random Matrix ' +
    'Theory. ICLR 2025, arXiv:2410.08942',
  parameters,
  terms: false,
  blocks: ({ downstream }) => judged.plannedAs(downstream.loss),
  errorName: () => 'share misclassified',
  problems,
  recipe: recipeOf,
  theory: (p) => {
    const { dimension, separation, synthetic } = p;
    const rounds = judged.roundsOf(recipeOf(p));
    const problem = { dimension, separation, rounds };
    if (p.theory === 'printed')
      return classPrediction(
        { ...problem, rounds: rounds.map(known) },
        'arXiv:2410.08942v1, Thm 4.2, an estimated mean taken for mu',
      );
    return synthetic.estimate === 'none' ? classPrediction(problem, SOURCE) : estimatedPrediction(problem, SOURCE);
  },
};

const SOURCE = 'arXiv:2410.08942v1, Thm 4.2 and Cor 4.3 corrected, by the moments of kept rows';

/** The rows of a round as if the mean were known. */
const known = (round: ClassRound): ClassRound => ({
  ...round,
  blocks: round.blocks.map((block) => ({ ...block, mean: [block.mean[0], 0, 0, 0] })),
});

function problems({
  separation,
  synthetic: { samples, flips, estimate },
  real,
  verifier: { right, wrong },
  theory,
}: VerificationParameters): Problem[] {
  if (estimate !== 'none' && separation === 0)
    return [
      {
        path: 'synthetic.estimate',
        message: `found "${estimate}", which is for classes with means: separation above 0`,
      },
    ];
  if (theory === 'printed' && estimate === 'none')
    return [{ path: 'theory', message: 'found "printed", which is for an estimated mean' }];
  if (real.samples > 0 && real.samples < 20)
    return [{ path: 'real.samples', message: `found ${real.samples}, need 0 or at least 20` }];
  const kept = right * (1 - flips) + wrong * flips;
  return [...(real.samples > 0 ? [] : judged.fewProblems('verifier.right', samples, kept))];
}

function recipeOf(p: VerificationParameters): ClassRecipe {
  const { dimension, separation } = p;
  const estimate = { fit: fitOf(p), measure: 'misclassified' } as const;
  return { kind: 'classes', dimension, separation, norm: 1, estimate };
}

function fitOf({ dimension, real, synthetic, verifier, downstream }: VerificationParameters): ClassFit {
  const { right, wrong, cosine } = verifier;
  const draw = (what: string, rows: number) => ({ unit: `verification/${what}:${dimension}x${rows}`, generation: 0 });
  const generated: ClassBlock = {
    rows: synthetic.samples,
    draw: draw('synthetic', synthetic.samples),
    labels: 'truth',
    estimated: estimatedFrom(dimension, synthetic),
    response: 'sign',
    flips: synthetic.flips,
    keep: { ...judged.KEEP_ALL, judge: judged.directionAt(cosine ?? 1), agree: cosine !== undefined, right, wrong },
  };
  const own: ClassBlock = {
    ...judged.PLAIN,
    labels: 'truth',
    rows: real.samples,
    draw: draw('real', real.samples),
  };
  const rest = draw('rest', real.samples + synthetic.samples);
  return { blocks: real.samples > 0 ? [own, generated] : [generated], ...downstream, draw: rest };
}

function estimatedFrom(dimension: number, { estimate, behind }: VerificationParameters['synthetic']): Estimated | null {
  if (estimate === 'none') return null;
  const draw = { unit: `verification/behind:${dimension}x${behind}`, generation: 0 };
  return { rows: behind, draw, covariance: estimate === 'covariance' };
}
