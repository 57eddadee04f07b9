import { describe, expect, it } from 'vitest';
import { normalCdf } from '../../src/reference/normal-law.ts';
import { type ClassProblem, classPrediction, type RoundRows } from '../../src/theory/classes.ts';
import { type Frame4, type JudgedRows, keptMoments } from '../../src/theory/kept-moments.ts';
import { frameOf } from '../support/classes.ts';
import { uniforms } from './tails/random.ts';

/*
 * Plan.
 * - the normal law against a sum of its density
 * - moments of kept rows against counts of drawn ones: labels by direction and by class, judges of every kind, class means
 * - errors of single fits and loops against simulations written independently in NumPy (values and standard errors below)
 */

const ORIGIN: Frame4 = [0, 0, 0, 0];
const all = {
  mean: ORIGIN,
  sigmoid: false,
  least: 0,
  most: Number.POSITIVE_INFINITY,
  agree: false,
  right: 1,
  wrong: 1,
  flips: 0,
} as const;

it('knows the normal law', () => {
  for (const x of [-9, -4.1, -3.9, -1.6, -1.4, -0.3, 0, 0.5, 2, 5]) {
    const step = 1e-4;
    let sum = 0;
    for (let z = x - 14 + step / 2; z < x; z += step) sum += (step * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
    expect(Math.abs(normalCdf(x) / sum - 1), `x = ${x}`).toBeLessThan(1e-7);
  }
});

const { generator, judge } = frameOf(0.7, 0.9, 0.75);
const judged: readonly (readonly [string, JudgedRows])[] = [
  ['easy', { ...all, rows: 1, label: generator, judge, least: 0.6745 }],
  ['hard that agree', { ...all, rows: 1, label: generator, judge, most: 0.6745, agree: true }],
  ['flips kept by chance', { ...all, rows: 1, label: null, judge, flips: 0.3, right: 0.9, wrong: 0.2, least: 0.3 }],
  ['the labeller is the judge', { ...all, rows: 1, label: generator, judge: generator, least: 0.4, flips: 0.1 }],
  [
    'classes',
    {
      ...all,
      mean: [0.8, 0, 0, 0.3],
      rows: 1,
      label: null,
      judge,
      flips: 0.35,
      right: 0.8,
      wrong: 0.4,
      agree: true,
      most: 2,
    },
  ],
  [
    'a sigmoid, hard that agree',
    { ...all, sigmoid: true, rows: 1, label: [1.4, 1.4, 0, 0], judge, most: 0.9, agree: true, flips: 0.1 },
  ],
  [
    'a sigmoid of the judge',
    { ...all, sigmoid: true, rows: 1, label: [1.5, 2, 0, 0], judge: [0.6, 0.8, 0, 0], least: 0.3 },
  ],
  [
    'a direction with class means',
    { ...all, mean: [0.6, 0, 0, 0], rows: 1, label: generator, judge, right: 0.9, wrong: 0.5, least: 0.2 },
  ],
];

const DRAWS = 400_000;

describe('moments of kept rows are those of drawn ones', () => {
  it.each(judged)('%s', (_, block) => {
    const uniform = uniforms(11);
    const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    const dot = (x: readonly number[], w: readonly number[]) => x.reduce((sum, value, k) => sum + value * w[k]!, 0);
    let share = 0;
    const squares = [0, 0, 0, 0].map(() => [0, 0, 0, 0]);
    const labelled = [0, 0, 0, 0];
    for (let draw = 0; draw < DRAWS; draw++) {
      const c = uniform() < 0.5 ? 1 : -1;
      const x = block.mean.map((m) => c * m + normal());
      const truth = block.mean[0] > 0 ? c : Math.sign(x[0]!);
      let y = block.label ? Math.sign(dot(x, block.label)) : truth;
      if (block.sigmoid) y = uniform() < 1 / (1 + Math.exp(-dot(x, block.label!))) ? 1 : -1;
      if (uniform() < block.flips) y = -y;
      const told = dot(x, block.judge);
      if (Math.abs(told) < block.least || Math.abs(told) > block.most || (block.agree && told * y < 0)) continue;
      if (uniform() >= (y === truth ? block.right : block.wrong)) continue;
      share += 1 / DRAWS;
      for (let i = 0; i < 4; i++) {
        labelled[i]! += (x[i]! * y) / DRAWS;
        for (let j = 0; j < 4; j++) squares[i]![j]! += (x[i]! * x[j]!) / DRAWS;
      }
    }
    const moments = keptMoments(block)!;
    const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThan((5 * 3) / Math.sqrt(DRAWS));
    near(moments.share, share);
    for (let i = 0; i < 4; i++) {
      near(moments.labelled[i]!, labelled[i]!);
      for (let j = 0; j < 4; j++) near(moments.squares[i]![j]!, squares[i]![j]!);
    }
  });

  it('says nothing where the right label is a third direction', () => {
    expect(keptMoments({ ...all, rows: 1, label: generator, judge, right: 0.9, wrong: 0.1 })).toBeNull();
  });
});

/** Error, standard error: a simulation in NumPy, every row written out. */
const curated: readonly (readonly [
  string,
  number,
  number,
  number,
  [number, number, number],
  Partial<RoundRows>,
  number,
  number,
])[] = [
  ['all', 500, 200, 0.01, [0.9, 1, 0.9], {}, 0.2182, 0.0017],
  ['hard, few rows', 500, 200, 0.01, [0.9, 1, 0.9], { most: 0.6745 }, 0.2805, 0.0035],
  ['a strong generator, all', 2000, 200, 0.01, [1, 1, 1], {}, 0.077, 0.0009],
  ['a strong generator, hard', 2000, 200, 0.01, [1, 1, 1], { most: 0.6745 }, 0.0415, 0.0004],
  ['a strong generator, easy', 2000, 200, 0.01, [1, 1, 1], { least: 0.6745 }, 0.0808, 0.0013],
  ['a weak generator, all', 2000, 200, 0.1, [0.7, 0.9, 0.75], {}, 0.2637, 0.0014],
  ['a weak generator, agreeing', 2000, 200, 0.1, [0.7, 0.9, 0.75], { agree: true }, 0.1883, 0.0012],
  [
    'a weak generator, hard and agreeing',
    2000,
    200,
    0.1,
    [0.7, 0.9, 0.75],
    { agree: true, most: 0.6745 },
    0.2706,
    0.002,
  ],
  [
    'a weak generator, easy and agreeing',
    2000,
    200,
    0.1,
    [0.7, 0.9, 0.75],
    { agree: true, least: 0.6745 },
    0.164,
    0.0011,
  ],
];

it.each(curated)('%s', (_, rows, dimension, ridge, cosines, keep, mean, sem) => {
  const frame = frameOf(...cosines);
  const block: RoundRows = { ...all, covariance: null, rows, label: frame.generator, judge: frame.judge, ...keep };
  const problem: ClassProblem = { dimension, separation: 0, rounds: [{ blocks: [block], loss: 'squares', ridge }] };
  const prediction = classPrediction(problem, 'source');
  if (prediction?.kind !== 'value') throw new Error('no value');
  expect(Math.abs(prediction.value - mean)).toBeLessThan(3 * sem + prediction.allowance);
  expect(prediction.allowance).toBeLessThan(0.05 * prediction.value);
});
