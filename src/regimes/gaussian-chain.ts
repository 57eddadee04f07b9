import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { integer, moderate } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import {
  type GaussianChain,
  gaussianPrediction,
  isReplaced,
  narrowest,
  secondMoments,
} from '../theory/gaussian-chain.ts';
import type { GaussianRecipe, GaussianSample } from './gaussian-recipe.ts';
import type { Regime } from './regime.ts';

/** Rows of a sample: chi numbers have so many degrees of freedom at most. */
const MOST_ROWS = 2 ** 24;

const parameters = z.strictObject({
  dimension: axis(integer(1, 64)).prefault(1).describe('d, of the Gaussian'),
  real: z.strictObject({
    samples: axis(integer(2, MOST_ROWS)).describe('rows of the truth, which the first model is fitted to'),
    later: axis(integer(0, MOST_ROWS)).prefault(0).describe('fresh rows of the truth in every later round'),
    kept: z.boolean().default(false).describe('the first real rows are there in every round'),
  }),
  synthetic: z.strictObject({
    samples: axis(integer(1, MOST_ROWS)).describe('n, rows of every later round, made by the model before'),
    growth: axis(moderate(0)).prefault(0).describe('s: round t has n t^s of them'),
    sharpen: axis(moderate(1e-3))
      .prefault(1)
      .describe('standard deviations of what is drawn, over those of the model: below 1, the likely is preferred'),
  }),
  past: z
    .enum(['kept', 'replaced'])
    .default('replaced')
    .describe('kept: a round sees the rows of all rounds before as well'),
  estimator: z
    .enum(['unbiased', 'likelihood'])
    .default('unbiased')
    .describe('covariance: the scatter of N rows over N - 1, or over N, the maximum of the likelihood'),
  generations: axis(integer(0, 500), { innermost: true })
    .prefault([0, 1, 2, 5, 10, 20])
    .describe('rounds of learning from rows of the model before; 0 is the model of real rows'),
  measure: z
    .enum(['mean', 'variance', 'log-volume', 'divergence'])
    .default('variance')
    .describe(
      'mean: squared distance of the mean; variance: that of a direction, on average; log-volume: log det of the covariance, by directions; ' +
        'divergence: of the model from the truth (Kullback and Leibler); all in units of the truth',
    ),
});

export type GaussianChainParameters = Resolved<z.output<typeof parameters>>;

/** The picture that everybody knows: a Gaussian is fitted to rows of the Gaussian before. */
export const gaussianChain: Regime<GaussianChainParameters, GaussianRecipe> = {
  name: 'gaussian-chain',
  title: 'A Gaussian learns from rows of the Gaussian before',
  citation:
    'I. Shumailov et al. AI models collapse when trained on recursively generated data. Nature 631 (2024), arXiv:2305.17493; J. Kazdan et al. Collapse or ' +
    'Thrive? arXiv:2410.16713; S. Alemohammad et al. Self-Consuming Generative Models Go MAD. arXiv:2307.01850',
  parameters,
  terms: false,
  errorName: ({ measure }) =>
    ({
      mean: 'squared distance of the mean',
      variance: 'variance of a direction',
      'log-volume': 'log det of the covariance / d',
      divergence: 'Kullback-Leibler divergence',
    })[measure],
  isError: ({ measure }) => measure !== 'log-volume',
  blocks: ({ past, generations = 0 }) => (past === 'kept' ? generations + 1 : 3 * generations + 1),
  problems,
  recipe: (parameters) => {
    const { dimension, synthetic, estimator, past, generations, measure } = parameters;
    const rounds = Array.from({ length: generations + 1 }, (_, round) => ({
      kept: round > 0 && past === 'kept',
      samples: samplesOf(parameters, round),
    }));
    return {
      ...{ kind: 'gaussian', dimension, sharpen: synthetic.sharpen, estimator },
      estimate: { rounds, measure },
    };
  },
  theory: (parameters) => gaussianPrediction(chainOf(parameters), parameters.measure),
};

const chainOf = ({
  dimension,
  real,
  synthetic,
  estimator,
  past,
  generations,
}: GaussianChainParameters): GaussianChain => ({
  ...{ dimension, estimator, sharpen: synthetic.sharpen, past },
  ...{ first: real.samples, later: real.later, again: real.kept },
  rows: Array.from({ length: generations }, (_, t) => rowsOf(synthetic, t + 1)),
});

const rowsOf = ({ samples, growth }: GaussianChainParameters['synthetic'], round: number): number =>
  Math.round(samples * round ** growth);

function samplesOf({ dimension, real, synthetic }: GaussianChainParameters, round: number): readonly GaussianSample[] {
  const sample = (rows: number, isReal: boolean, generation: number): GaussianSample => ({
    rows,
    draw: { unit: `gaussian-chain/${isReal ? 'real' : 'synthetic'}:${dimension}x${rows}`, generation },
    real: isReal,
  });
  const first = sample(real.samples, true, 0);
  if (round === 0) return [first];
  return [
    sample(rowsOf(synthetic, round), false, round),
    ...(real.later > 0 ? [sample(real.later, true, round)] : []),
    ...(real.kept ? [first] : []),
  ];
}

function problems(parameters: GaussianChainParameters): readonly Problem[] {
  const { dimension, real, synthetic, past, generations, measure } = parameters;
  const found: Problem[] = [];
  if (real.kept && past === 'kept')
    found.push({
      path: 'real.kept',
      message: "is for rounds that forget; with past: 'kept' the first rows are there anyway",
    });
  const most = rowsOf(synthetic, generations);
  if (most > MOST_ROWS)
    found.push({
      path: 'synthetic.growth',
      message: `comes to ${most} rows in round ${generations}, need ${MOST_ROWS} or fewer`,
    });
  const fewest = Math.min(
    real.samples,
    generations === 0 ? Infinity : synthetic.samples + real.later + (real.kept || past === 'kept' ? real.samples : 0),
  );
  if (fewest < 2) found.push({ path: 'synthetic.samples', message: 'leaves a round with one row, need two or more' });
  else if ((measure === 'log-volume' || measure === 'divergence') && fewest <= dimension)
    found.push({
      path: 'measure',
      message: `needs more rows in every round than dimensions, found ${fewest} at dimension ${dimension}`,
    });
  else {
    const chain = chainOf(parameters);
    const { mean, variance } = secondMoments(chain);
    if (Math.max(mean, variance) > MOST_VARIANCE)
      found.push({
        path: 'synthetic.sharpen',
        message: 'leads to variances that single precision does not hold, need less',
      });
    if (isReplaced(chain) && narrowest(chain) < LEAST_LOG)
      found.push({
        path: 'generations',
        message: 'leads to variances that single precision does not hold, need fewer rounds, or more rows in each',
      });
  }
  return found;
}

/** Of which f32 has the squares of what a few trials have beyond the mean. */
const MOST_VARIANCE = 1e15;

/** Natural logarithm of a variance, some standard deviations below the mean, of which f32 has the root and its square. */
const LEAST_LOG = -75;
