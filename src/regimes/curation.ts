import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { positive } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { classPrediction } from '../theory/classes.ts';
import type { ClassFit, ClassRecipe } from './class-recipe.ts';
import * as judged from './judged.ts';
import type { Regime } from './regime.ts';

const parameters = z.strictObject({
  dimension: judged.dimension,
  generator: z
    .strictObject({
      cosine: judged.cosine
        .prefault(1)
        .describe("rho of the model that labels the rows, sign(x'w_g): its cosine with the truth"),
      flips: judged.chance.prefault(0).describe('chance that a label is turned round'),
      response: judged.response,
      norm: axis(positive()).prefault(1).describe('|w_g|, which counts for the response sigmoid'),
    })
    .prefault({}),
  judge: z
    .strictObject({
      cosine: judged.cosine.prefault(1).describe('rho* of the judge, its cosine with the truth'),
      withGenerator: z
        .union([judged.cosine, z.literal('independent')], { error: 'a number from -1 to 1, or "independent"' })
        .default('independent')
        .describe(
          'rho_g, its cosine with the generator; independent: rho times rho*, errors that have nothing in common',
        ),
    })
    .prefault({}),
  keep: judged.keep.describe('which rows the judge keeps'),
  downstream: z.strictObject({
    samples: judged.samples.describe('n, rows that are drawn, kept or not'),
    loss: judged.loss,
    ridge: judged.ridge,
  }),
});

export type CurationParameters = Resolved<z.output<typeof parameters>>;

/** A linear classifier learns from rows that a generator has labelled and a judge has kept. */
export const curation: Regime<CurationParameters, ClassRecipe> = {
  name: 'curation',
  title: 'A classifier learns from the rows that a judge keeps',
  citation:
    'E. Dohmatob, M. Pezeshki, R. Askari-Hemmat. Why Less is More (Sometimes): A Theory of Data Curation. ICLR 2026, arXiv:2511.03492',
  parameters,
  terms: false,
  blocks: ({ downstream }) => judged.plannedAs(downstream.loss),
  errorName: () => 'share misclassified',
  problems,
  recipe: recipeOf,
  theory: (p) =>
    classPrediction(
      { dimension: p.dimension, separation: 0, rounds: judged.roundsOf(recipeOf(p)) },
      'arXiv:2511.03492v1, Thms 1 and 3, by the moments of kept rows',
    ),
};

function problems({ generator, judge, keep, downstream }: CurationParameters): Problem[] {
  if (!directionsOf(generator.cosine, judge)) {
    const path = 'judge.withGenerator';
    const why = `no vectors have the cosines ${generator.cosine}, ${judge.cosine} and ${judge.withGenerator}`;
    return [{ path, message: `found ${judge.withGenerator}: ${why}` }];
  }
  return [...judged.keepProblems(keep, downstream.samples)];
}

const directionsOf = (rho: number, { cosine, withGenerator }: CurationParameters['judge']) =>
  judged.directionsOf(rho, cosine, withGenerator === 'independent' ? rho * cosine : withGenerator);

function recipeOf(p: CurationParameters): ClassRecipe {
  const { dimension, generator } = p;
  const estimate = { fit: fitOf(p), measure: 'misclassified' } as const;
  return { kind: 'classes', dimension, separation: 0, norm: generator.norm, estimate };
}

function fitOf({ dimension, generator, judge, keep, downstream }: CurationParameters): ClassFit {
  const { samples, ridge, loss } = downstream;
  const directions = directionsOf(generator.cosine, judge)!;
  const draw = (what: string) => ({ unit: `curation/${what}:${dimension}x${samples}`, generation: 0 });
  const labels = directions.generator;
  const block = {
    rows: samples,
    draw: draw('rows'),
    labels,
    estimated: null,
    response: generator.response,
    flips: generator.flips,
    keep: judged.keepOf(keep, directions.judge),
  };
  return { blocks: [block], loss, ridge, draw: draw('rest') };
}
