import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer, nonNegative } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { ecosystemTestError } from '../theory/ecosystem.ts';
import * as linear from './linear-parameters.ts';
import type { Block, Fit, LinearRecipe } from './recipe.ts';
import type { Regime } from './regime.ts';

const share = () => axis(nonNegative().max(1, { error: 'a number from 0 to 1' }));

const parameters = z.strictObject({
  dimension: linear.dimension,
  covariance: linear.covariance,
  truth: linear.truth,
  entities: axis(integer(1, 32)).describe('K, models that learn from each other'),
  private: z
    .strictObject({
      samples: linear.samples.describe('rows that one model alone has'),
      share: share().describe('beta, weight of the private rows among the real ones; the public ones have 1 - beta'),
      rank: axis(integer(1))
        .optional()
        .describe('coordinates that private rows have: of model k those from k rank on, in a circle; else all'),
    })
    .describe('real rows of each model, labelled by the truth, the same in every round'),
  public: z
    .strictObject({ samples: linear.samples.describe('rows that all models have') })
    .describe('real rows of all models, labelled by the truth, the same in every round'),
  synthetic: z
    .strictObject({
      samples: linear.samples.describe('fresh rows that each model labels in a round'),
      share: share().describe('alpha, weight of the rows that models label, in a fit of any round after the first'),
    })
    .describe('rows labelled by the models of the round before, which all models learn from'),
  downstream: z
    .strictObject({ noise: axis(nonNegative()).describe('standard deviation of the noise of all labels') })
    .describe('every fit: least squares, of minimum norm; the last one of the first model is measured'),
  generations: axis(integer(0, 100), { innermost: true })
    .prefault([0])
    .describe('rounds in which models learn from each other; 0 is the fit to real rows alone'),
});

export type EcosystemParameters = Resolved<z.output<typeof parameters>>;

/** Models with private and public rows label fresh ones for each other, round after round. */
export const ecosystem: Regime<EcosystemParameters, LinearRecipe> = {
  name: 'ecosystem',
  title: 'Models learn from each other beside data of their own',
  citation:
    'T. Vu, G. Reeves, E. Wenger. What happens when generative AI models train recursively on each others’ outputs? ' +
    'arXiv:2505.21677',
  parameters,
  // Models have rows in common, and with them their noise.
  terms: false,
  problems: (p) => [...linear.linearProblems(p), ...rankProblems(p)],
  blocks: ({ entities: k, generations: n }) => (n + 1) * k * (k + 2),
  recipe: (p) => {
    const { entities, generations } = p;
    const numbers = Array.from({ length: entities }, (_, k) => k);
    let models: readonly Fit[] = [];
    for (let round = 0; round <= generations; round++) {
      const shared = round === 0 ? [] : models.map((model, k) => synthetic(p, round, k, model));
      const exchanged = round === 0 ? 0 : p.synthetic.share;
      models = numbers.map((k) => ({
        data: [...real(p, k, 1 - exchanged), ...shared].filter(({ weight = 1 }) => weight > 0),
        ridge: 0,
      }));
    }
    return linear.recipeOf(p, models[0]!);
  },
  theory: (p) => {
    const { dimension, covariance, entities, generations } = p;
    return ecosystemTestError({
      spectrum: linear.spectrumOf(covariance, dimension),
      signal: linear.signalOf(linear.truthOf(p), dimension),
      entities,
      privateRows: linear.rowsOf(p.private.samples, dimension),
      publicRows: linear.rowsOf(p.public.samples, dimension),
      syntheticRows: linear.rowsOf(p.synthetic.samples, dimension),
      noise: p.downstream.noise,
      privateShare: p.private.share,
      exchange: p.synthetic.share,
      rank: p.private.rank ?? dimension,
      rounds: generations,
    });
  },
};

/** Rows of one draw, whose label errors are of it too; `weight` is that of all rows together. */
function rowsOf(p: EcosystemParameters, role: string, samples: linear.Samples, generation: number, weight: number) {
  const rows = linear.rowsOf(samples, p.dimension);
  const draw = { unit: `ecosystem/${role}:${p.dimension}x${rows}`, generation };
  return { rows, inputs: draw, errors: draw, noise: p.downstream.noise, weight: weight / rows };
}

/** Public and private rows of model k, which have this weight together. */
function real(p: EcosystemParameters, k: number, weight: number): readonly Block[] {
  const { dimension, covariance } = p;
  const { samples, share, rank = dimension } = p.private;
  const own = rowsOf(p, `private-${k}`, samples, 0, weight * share);
  const spectrum = linear.spectrumOf(covariance, dimension);
  const seen = (j: number) => (((j - k * rank) % dimension) + dimension) % dimension < rank;
  return [
    { ...rowsOf(p, 'public', p.public.samples, 0, weight * (1 - share)), labels: 'truth' },
    {
      ...own,
      labels: 'truth',
      ...(rank < dimension && { spectrum: spectrum.map((s, j) => (seen(j) ? s : 0)) }),
    },
  ];
}

/** Fresh rows that model k labels. */
function synthetic(p: EcosystemParameters, round: number, k: number, labels: Fit): Block {
  const { samples, share } = p.synthetic;
  return { ...rowsOf(p, `synthetic-${k}`, samples, round, share / p.entities), labels };
}

function rankProblems({ dimension, private: { rank = dimension } }: EcosystemParameters): Problem[] {
  return rank <= dimension ? [] : [{ path: 'private.rank', message: `found ${rank}, need at most d = ${dimension}` }];
}
