import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer, moderate } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { acceptedLabel, truncatedPrediction } from '../theory/truncated-map.ts';
import type { Regime } from './regime.ts';
import type { VerifiedRecipe } from './verified-recipe.ts';

const samples = axis(integer(1, 2 ** 14));

const parameters = z.strictObject({
  dimension: axis(integer(1, 256)).prefault(1).describe('p, directions; every row is a unit vector along one of them'),
  truth: z
    .strictObject({ coefficient: axis(moderate()).describe('theta*, of the true model in every direction') })
    .describe('the model that makes the real labels'),
  downstream: z
    .strictObject({
      noise: axis(moderate(1e-6)).prefault(1).describe('sigma, of labels: those of the truth and of every model'),
    })
    .prefault({}),
  real: z.strictObject({ samples: samples.describe('n_0, real rows a direction, which the first model learns from') }),
  verifier: z.strictObject({
    centre: axis(moderate()).prefault(0).describe('theta_c, the coefficient that the verifier takes for the true one'),
    band: axis(moderate(1e-6)).describe('r + sigma_c: a label y is accepted where |y - theta_c| is at most this'),
  }),
  synthetic: z.strictObject({
    samples: samples.describe('n_k, accepted rows a direction, which each later model learns from'),
  }),
  generations: axis(integer(0, 200), { innermost: true })
    .prefault([0, 1, 2, 3, 4, 5])
    .describe('rounds of learning from accepted labels of the model before; 0 is the first one'),
  measure: z
    .enum(['truth', 'centre', 'mean'])
    .default('truth')
    .describe('squared distance to the truth, or to what the verifier takes for it; the coefficient'),
});

export type VerifiedRegressionParameters = Resolved<z.output<typeof parameters>>;

/** Least chance that a label of the truth is accepted: rows are drawn until they are. */
const LEAST_CHANCE = 0.002;

/** A regression learns from its own labels, those that a verifier accepts: better at first, then what the verifier believes. */
export const verifiedRegression: Regime<VerifiedRegressionParameters, VerifiedRecipe> = {
  name: 'verified-regression',
  title: 'A regression learns from its own labels that a verifier accepts',
  citation:
    'B. Yi, Q. Liu, Y. Cheng, H. Xu. Escaping Model Collapse via Synthetic Data Verification: Near-term Improvements and Long-term ' +
    'Convergence. ICLR 2026, arXiv:2510.16657',
  parameters,
  terms: false,
  errorName: ({ measure }) =>
    ({
      truth: 'squared distance to the truth',
      centre: "squared distance to the verifier's centre",
      mean: 'coefficient',
    })[measure],
  isError: ({ measure }) => measure !== 'mean',
  problems,
  recipe: ({ dimension, truth, downstream: { noise }, real, verifier, synthetic, generations, measure }) => {
    const draw = (rows: number, generation: number) => ({
      rows,
      draw: { unit: `verified-regression:${dimension}x${rows}`, generation },
    });
    const rounds = Array.from({ length: generations }, (_, k) => draw(synthetic.samples, k + 1));
    return {
      ...{ kind: 'verified', directions: dimension, truth: truth.coefficient, noise, ...verifier },
      estimate: { rounds: [draw(real.samples, 0), ...rounds], measure },
    };
  },
  theory: ({ dimension, truth, downstream: { noise }, real, verifier, synthetic, generations, measure }) => {
    const rows = [real.samples, ...Array.from({ length: generations }, () => synthetic.samples)];
    return truncatedPrediction({ truth: truth.coefficient, noise, ...verifier, rows }, measure, dimension);
  },
};

function problems({ truth, downstream: { noise }, verifier }: VerifiedRegressionParameters): readonly Problem[] {
  const { chance } = acceptedLabel(truth.coefficient, { noise, ...verifier });
  if (chance >= LEAST_CHANCE) return [];
  const share = chance.toPrecision(2);
  return [
    {
      path: 'verifier.band',
      message: `accepts a share of ${share} of the labels of the truth, need ${LEAST_CHANCE} or more`,
    },
  ];
}
