/**
 * Plan. The theory of judges, verifiers and generators with estimates, against simulations by another program and by hand.
 * - logistic fits of judged rows at settings of no file: NumPy, Newton's method with a line search, every row written out, 400 trials; length and share
 *   misclassified, by name of the setting: labels by chance and by sign, hard, easy, a band, flips, agreement, two rounds, class means
 * - least squares on rows of an estimated mean, and covariance: NumPy, 200 trials; it tends to the one of known moments
 * - accepted labels: the moments of a cut normal law by a sum, chains in NumPy (20 000), and the ends: a band that takes all, one that takes little
 * - what a verifier lets pass: a bivariate normal law by a double sum, and that psi as printed is at least 1
 * - accumulated logistic fits: NumPy, d = 4, n = 500
 */
import { describe, expect, it } from 'vitest';
import { type ClassProblem, classPrediction, type RoundRows } from '../../src/theory/classes.ts';
import { estimatedPrediction } from '../../src/theory/estimated-mean.ts';
import type { Frame4 } from '../../src/theory/kept-moments.ts';
import { accumulatedDistance } from '../../src/theory/logistic-distance.ts';
import { passedShare, printedPassedShare } from '../../src/theory/passed-share.ts';
import type { Prediction } from '../../src/theory/prediction.ts';
import { acceptedLabel, truncatedLaw, truncatedPrediction } from '../../src/theory/truncated-map.ts';
import { frameOf } from '../support/classes.ts';

const ORIGIN: Frame4 = [0, 0, 0, 0];
const TRUTH: Frame4 = [1, 0, 0, 0];
const all = {
  ...{ mean: ORIGIN, sigmoid: false, covariance: null, flips: 0, judge: TRUTH, label: TRUTH },
  ...{ least: 0, most: Number.POSITIVE_INFINITY, agree: false, right: 1, wrong: 1 },
} as const;

const times = (length: number, [a, b, c, d]: Frame4): Frame4 => [length * a, length * b, length * c, length * d];

function numberOf(prediction: Prediction | null): { readonly value: number; readonly allowance: number } {
  if (prediction?.kind !== 'value') throw new Error('no value');
  return prediction;
}

interface Judged {
  readonly name: string;
  readonly rows: number;
  readonly dimension: number;
  readonly ridge: number;
  readonly cosines: readonly [number, number, number];
  /** Of a sigmoid; absent: labels by sign. */
  readonly length?: number;
  readonly keep: Partial<RoundRows>;
  readonly rounds?: number;
  /** |w| and share misclassified, each with its standard error. */
  readonly drawn: readonly [number, number, number, number];
}

const judged: readonly Judged[] = [
  {
    ...{ name: 'a sigmoid, hard', rows: 800, dimension: 60, ridge: 0.05, cosines: [0.8, 0.9, 0.7], length: 3 },
    ...{ keep: { most: 0.8 }, drawn: [1.205, 0.0023, 0.3281, 0.0009] },
  },
  {
    ...{
      name: 'a sigmoid, easy rows that agree',
      rows: 800,
      dimension: 60,
      ridge: 0.02,
      cosines: [0.8, 0.9, 0.7],
      length: 3,
    },
    ...{ keep: { flips: 0.1, least: 0.5, agree: true }, drawn: [2.0486, 0.0016, 0.1396, 0.0004] },
  },
  {
    ...{ name: 'signs, hard', rows: 800, dimension: 60, ridge: 0.05, cosines: [0.9, 1, 0.9] },
    ...{ keep: { most: 0.7 }, drawn: [1.338, 0.0015, 0.3078, 0.0007] },
  },
  {
    ...{ name: 'signs with flips, a band, no ridge', rows: 600, dimension: 60, ridge: 0, cosines: [0.7, 0.9, 0.75] },
    ...{ keep: { flips: 0.2, least: 0.3, most: 1.5 }, drawn: [2.094, 0.0136, 0.2969, 0.0012] },
  },
  {
    ...{
      name: 'labels hardly mixed, a small ridge',
      rows: 600,
      dimension: 60,
      ridge: 0.002,
      cosines: [1, 1, 1],
      length: 3,
    },
    ...{ keep: { least: 0.84162 }, drawn: [3.7475, 0.0118, 0.1546, 0.0021] },
  },
  {
    ...{
      name: 'labels that a plane tells apart, next to no ridge',
      rows: 600,
      dimension: 60,
      ridge: 1e-4,
      cosines: [1, 1, 1],
      length: 3,
    },
    ...{ keep: { least: 0.84162 }, drawn: [8.1026, 0.1038, 0.1823, 0.0024] },
  },
  {
    ...{ name: 'hard signs, next to no ridge', rows: 600, dimension: 60, ridge: 1e-4, cosines: [0.8, 0.9, 0.7] },
    ...{ keep: { most: 1 }, drawn: [16.8324, 0.053, 0.2163, 0.0008] },
  },
  {
    ...{
      name: 'two rounds of what a judge agrees with',
      rows: 800,
      dimension: 60,
      ridge: 0.05,
      cosines: [1, 0.9, 0.9],
      length: 2,
    },
    ...{ keep: { agree: true }, rounds: 2, drawn: [1.7475, 0.001, 0.1471, 0.0005] },
  },
  {
    ...{ name: 'class means', rows: 800, dimension: 60, ridge: 0.05, cosines: [1, 0.8, 0.8] },
    ...{
      keep: { mean: [0.8, 0, 0, 0], flips: 0.3, agree: true, right: 0.9, wrong: 0.6 },
      drawn: [1.4471, 0.0012, 0.2421, 0.0002],
    },
  },
];

describe('logistic fits of judged rows', () => {
  it.each(judged)('$name', ({ rows, dimension, ridge, cosines, length, keep, rounds = 1, drawn }) => {
    const { generator, judge } = frameOf(...cosines);
    const separation = keep.mean?.[0] ?? 0;
    const given = separation > 0 ? null : length ? times(length, generator) : generator;
    const problem: ClassProblem = {
      ...{ dimension, separation },
      rounds: Array.from({ length: rounds }, (_, round) => ({
        ...{ loss: 'logistic', ridge },
        blocks: [{ ...all, rows, sigmoid: length !== undefined, judge, ...keep, label: round > 0 ? 'model' : given }],
      })),
    };
    const size = numberOf(classPrediction(problem, 'source', 'norm'));
    expect(Math.abs(size.value - drawn[0])).toBeLessThan(3.5 * drawn[1] + size.allowance);
    const error = numberOf(classPrediction(problem, 'source'));
    expect(Math.abs(error.value - drawn[2])).toBeLessThan(3.5 * drawn[3] + error.allowance);
    expect(error.allowance).toBeLessThan(0.05 * error.value);
  });
});

interface Estimated {
  readonly real: number;
  readonly generated: number;
  readonly behind: number;
  readonly dimension: number;
  readonly mu: number;
  readonly ridge: number;
  readonly flips: number;
  readonly right: number;
  readonly wrong: number;
  readonly covariance: boolean;
  readonly drawn: readonly [number, number];
}

const estimated: readonly Estimated[] = [
  {
    ...{ real: 250, generated: 800, behind: 200, dimension: 120, mu: 0.9, ridge: 0.5 },
    ...{ flips: 0.3, right: 0.9, wrong: 0.2, covariance: false, drawn: [0.24267, 0.00056] },
  },
  {
    ...{ real: 250, generated: 800, behind: 200, dimension: 120, mu: 0.9, ridge: 0.5 },
    ...{ flips: 0.3, right: 0.9, wrong: 0.2, covariance: true, drawn: [0.24361, 0.00054] },
  },
  {
    ...{ real: 100, generated: 1200, behind: 150, dimension: 120, mu: 0.9, ridge: 0.2 },
    ...{ flips: 0.1, right: 1, wrong: 1, covariance: false, drawn: [0.27428, 0.00087] },
  },
  {
    ...{ real: 100, generated: 1200, behind: 150, dimension: 120, mu: 0.9, ridge: 0.2 },
    ...{ flips: 0.1, right: 1, wrong: 1, covariance: true, drawn: [0.29433, 0.00104] },
  },
];

const estimatedProblem = ({
  real,
  generated,
  behind,
  dimension,
  mu,
  ridge,
  flips,
  right,
  wrong,
  covariance,
}: Estimated): ClassProblem => {
  const label = null;
  const own = { ...all, label, rows: real, mean: [mu, 0, 0, 0] as const };
  const mean = [mu, 0, 0, Math.sqrt((dimension - 1) / behind)] as const;
  const made = { ...all, label, rows: generated, mean, flips, right, wrong, covariance: covariance ? behind : null };
  return { dimension, separation: mu, rounds: [{ blocks: [own, made], loss: 'squares', ridge }] };
};

describe('rows of estimated moments', () => {
  it.each(estimated)('n = $real, m = $generated of $behind, covariance $covariance', (one) => {
    const { value, allowance } = numberOf(estimatedPrediction(estimatedProblem(one), 'source'));
    expect(Math.abs(value - one.drawn[0])).toBeLessThan(3.5 * one.drawn[1] + allowance);
    expect(allowance).toBeLessThan(0.02 * value);
  });

  it('are those of known moments where rows behind them are many', () => {
    const one = { ...estimated[0]!, behind: 1e9 };
    const { value } = numberOf(classPrediction(estimatedProblem({ ...one, covariance: true }), 'source'));
    const known = numberOf(classPrediction(estimatedProblem({ ...one, covariance: false }), 'source')).value;
    expect(Math.abs(value / known - 1)).toBeLessThan(1 / one.dimension);
  });
});

describe('accepted labels', () => {
  it.each([
    [0.3, 0, 1.2],
    [-2, 1, 0.5],
    [6, 0, 0.7],
  ])('of %d about %d within %d', (theta, centre, band) => {
    const [noise, step] = [0.8, 1e-5];
    let [chance, first, second] = [0, 0, 0];
    for (let y = centre - band + step / 2; y < centre + band; y += step) {
      const weight = Math.exp(-(((y - theta) / noise) ** 2) / 2);
      chance += weight;
      first += weight * y;
      second += weight * y * y;
    }
    const label = acceptedLabel(theta, { noise, centre, band });
    expect(label.mean).toBeCloseTo(first / chance, 6);
    expect(label.variance).toBeCloseTo(second / chance - (first / chance) ** 2, 5);
  });

  it.each([
    [0.6, 0.7, 0.1, 0.9, [5, 30], [0.3063, 0.00102, 0.10723, 0.00067]],
    [0.6, 0.7, 0.1, 0.9, [5, 30, 30, 30], [0.13809, 0.00068, 0.22255, 0.00064]],
    [1.1, 1, 0.2, 0.8, [40, 25, 25], [0.23394, 0.00064, 0.75814, 0.0011]],
  ] as const)('chains: truth %d, noise %d, centre %d, band %d, rows %j', (truth, noise, centre, band, rows, drawn) => {
    const problem = { truth, noise, centre, band, rows };
    const mean = numberOf(truncatedPrediction(problem, 'mean', 1));
    expect(Math.abs(mean.value - drawn[0])).toBeLessThan(4 * drawn[1] + mean.allowance);
    const error = numberOf(truncatedPrediction(problem, 'truth', 1));
    expect(Math.abs(error.value - drawn[2])).toBeLessThan(4 * drawn[3] + error.allowance);
    expect(error.allowance).toBeLessThan(0.1 * error.value);
  });

  it.each(['truth', 'centre', 'mean'] as const)('know no units and no origin, %s', (measure) => {
    const plain = { truth: 0, noise: 1, centre: 0.5, band: 1, rows: [3, 50, 50, 50] };
    const { value, allowance } = numberOf(truncatedPrediction(plain, measure, 1));
    for (const [truth, noise] of [
      [1e5, 1e-3],
      [-7e5, 1],
      [0, 1e6],
    ] as const) {
      const moved = { ...plain, truth, noise, centre: truth + 0.5 * noise, band: noise };
      const found = numberOf(truncatedPrediction(moved, measure, 1));
      const [shift, unit] = measure === 'mean' ? [truth, noise] : [0, noise ** 2];
      // The centre itself is known to so many units.
      const known = (1e-15 * Math.abs(truth)) / noise + 1e-12;
      expect(Math.abs((found.value - shift) / unit - value)).toBeLessThan(10 * known);
      expect(Math.abs(found.allowance / unit - allowance)).toBeLessThan(10 * known);
    }
  });

  it('are the map of the paper where fifty are accepted', () => {
    const rows = [1e12, 50, 50, 50, 50];
    const path = [1, 2, 3, 4].map((k) =>
      truncatedLaw({ truth: 0.8, noise: 1, centre: 0, band: 1.2, rows: rows.slice(0, k + 1) }),
    );
    for (const [k, mean, variance] of [
      [0, 0.305, 0.007],
      [1, 0.117, 0.009],
      [2, 0.048, 0.009],
      [3, 0.019, 0.009],
    ] as const) {
      expect(Math.abs(path[k]!.mean - mean)).toBeLessThan(0.006);
      expect(Math.abs(path[k]!.variance - variance)).toBeLessThan(0.0004);
    }
  });

  it('change nothing where all are accepted, and say what the verifier does where it accepts little', () => {
    const wide = truncatedLaw({ truth: 0.5, noise: 1, centre: 0, band: 60, rows: [10, 10, 10] });
    expect(wide.mean).toBeCloseTo(0.5, 10);
    expect(wide.variance).toBeCloseTo(0.3, 8);
    const narrow = truncatedLaw({ truth: 0.5, noise: 1, centre: 0.2, band: 1e-3, rows: [10, 10] });
    expect(narrow.mean).toBeCloseTo(0.2, 5);
  });
});

describe('what a verifier lets pass', () => {
  const { generator, judge } = frameOf(Math.cos(0.9), Math.cos(0.5), Math.cos(0.7));
  const [g, o] = [generator, judge].map(([a, b, c]) => [a, b, c] as const) as [
    readonly [number, number, number],
    readonly [number, number, number],
  ];
  const separation = 0.5 * Math.sqrt(40 / 0.75);
  const problem = { separation, generator: g, verifier: o, right: false };

  it('is the chance that both are wrong over that of one', () => {
    const between = Math.cos(0.7);
    const [c1, c2] = [-separation * Math.cos(0.5), -separation * Math.cos(0.9)];
    let [both, one] = [0, 0];
    const step = 0.005;
    for (let x = c2 - 8 + step / 2; x < c2; x += step) {
      const density = Math.exp((-x * x) / 2);
      let below = 0;
      const spread = Math.sqrt(1 - between * between);
      for (let y = -8 + step / 2; y < (c1 - between * x) / spread; y += step)
        below += (step * Math.exp((-y * y) / 2)) / Math.sqrt(2 * Math.PI);
      one += density;
      both += density * below;
    }
    expect(numberOf(passedShare(problem)).value / (both / one)).toBeCloseTo(1, 2);
    expect(numberOf(passedShare(problem)).value).toBeCloseTo(0.0418, 3);
    expect(numberOf(printedPassedShare(problem)).value).toBeCloseTo(1.0165, 3);
  });
});

it('accumulated logistic fits', () => {
  const drawn = [
    [0.0519, 0.00073],
    [0.06528, 0.00092],
    [0.07132, 0.001],
    [0.0744, 0.00104],
    [0.07645, 0.00107],
  ] as const;
  const block = { ...all, rows: 500, sigmoid: true, label: times(1.3, TRUTH) };
  const one: ClassProblem = { dimension: 4, separation: 0, rounds: [{ blocks: [block], loss: 'logistic', ridge: 0 }] };
  for (const [generations, [mean, sem]] of drawn.entries()) {
    const { value, allowance } = numberOf(accumulatedDistance(one, 1.3, generations));
    expect(Math.abs(value - mean)).toBeLessThan(4 * sem + allowance);
    expect(allowance).toBeLessThan(0.4 * value);
  }
});
