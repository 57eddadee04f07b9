import type { JsonObject, JsonValue } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { ExperimentError } from '../../src/experiment/problem.ts';
import { PlanError, type PlannedJob, planExperiment } from '../../src/plan/plan.ts';
import type { DeviceLimits } from '../../src/program/cost.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';

/** Numbers of one random experiment, from a seed of its own. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Uniform in [0, 1): mulberry32. */
  roll(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** From least to most, both possible. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.roll() * (most - least + 1));
  }

  /** Log-uniform. */
  size(least: number, most: number): number {
    return least * (most / least) ** this.roll();
  }

  one<T>(items: readonly T[]): T {
    return items[this.whole(0, items.length - 1)]!;
  }

  /** Of a regression. */
  dimension(): number {
    return this.whole(1, 12);
  }
}

/** Settings of one regime after the other, as a file. */
export function experimentFrom(dice: Dice, seed: number, names: readonly string[], trials: number) {
  const regime = names[seed % names.length]!;
  for (let roll = 0; roll < 100; roll++) dice.roll();
  return { name: 'fuzz', regime, ...settings[regime]!(dice), trials, seed };
}

/** What is to be drawn of a file; null where the parser or the planner refuses it by name. */
export function jobsOf(file: JsonObject, limits: DeviceLimits): readonly PlannedJob[] | null {
  try {
    return planExperiment(parseExperiment(file, regimes, [...samplers.keys()]), regimes, samplers, limits).jobs;
  } catch (error) {
    if (error instanceof PlanError || error instanceof ExperimentError) return null;
    throw error;
  }
}

type Setting = (dice: Dice) => JsonObject;

const noise = (dice: Dice): number =>
  dice.one([0, () => dice.size(0.05, 2), () => dice.size(1e-6, 1e6), () => dice.size(1e-12, 1e12)].map(rolled));

const ridge = (dice: Dice): number =>
  dice.one([0, () => dice.size(1e-3, 10), () => dice.size(1e-12, 1e12)].map(rolled));

const rolled = (number: number | (() => number)): number => (typeof number === 'number' ? number : number());

const rowsBeside = (dice: Dice, dimension: number): number =>
  dice.one([1, Math.max(1, dimension - 1), dimension, dimension + 1, dice.whole(1, 3 * dimension)]);

function covariance(dice: Dice, dimension: number): JsonValue {
  const trace: JsonObject = dice.roll() < 0.3 ? { trace: dice.size(1e-6, 1e6) } : {};
  return dice.one<() => JsonValue>([
    () => ({ kind: 'isotropic', ...trace }),
    () => ({ kind: 'power-law', exponent: dice.one([0, 0.5, 1, 2, 4]), ...trace }),
    () => ({ kind: 'eigenvalues', values: Array.from({ length: dimension }, () => dice.size(0.01, 100)), ...trace }),
  ])();
}

function truth(dice: Dice, dimension: number): JsonValue {
  return dice.one<() => JsonValue>([
    () => ({ kind: 'sphere', norm: dice.one([0, 1, dice.size(1e-6, 1e6)]) }),
    () => ({ kind: 'power-law', exponent: dice.one([0, 1, 2]) }),
    () => ({ kind: 'gaussian', variance: dice.one([0, 1, dice.size(1e-6, 1e6)]) }),
    () => ({ kind: 'coefficients', values: Array.from({ length: dimension }, () => 2 * dice.roll() - 1) }),
  ])();
}

function world(dice: Dice) {
  const dimension = dice.dimension();
  return { dimension, covariance: covariance(dice, dimension), truth: truth(dice, dimension) };
}

const design = (dice: Dice) => dice.one(['fresh', 'reused']);

function chain(dice: Dice): JsonObject {
  const common = world(dice);
  const rows = () => rowsBeside(dice, common.dimension);
  return {
    ...common,
    generator: { samples: rows(), noise: noise(dice) },
    downstream: { samples: rows(), noise: noise(dice), ridge: [ridge(dice), ridge(dice)] },
    generations: [0, dice.whole(1, 4)],
  };
}

function rounds(dice: Dice): JsonObject {
  const common = world(dice);
  return {
    ...common,
    downstream: { samples: rowsBeside(dice, common.dimension), noise: noise(dice), ridge: ridge(dice) },
    design: design(dice),
    generations: [1, dice.whole(2, 4)],
  };
}

function mixture(dice: Dice): JsonObject {
  const common = world(dice);
  const quality = dice.one([0, dice.size(1e-6, 1e6), dice.size(0.1, 1)]);
  return {
    ...common,
    real: { samples: dice.whole(1, 2 * common.dimension), noise: noise(dice) },
    synthetic: { samples: dice.whole(1, 2 * common.dimension), noise: noise(dice), quality },
    downstream: { ridge: ridge(dice) },
  };
}

const cosine = (dice: Dice): number => dice.one([-1, 0, 0.5, 1, 2 * dice.roll() - 1]);

const keep = (dice: Dice): JsonObject =>
  dice.one<() => JsonObject>([
    () => ({ rule: 'all' }),
    () => ({ rule: 'hard', share: 0.3 + 0.7 * dice.roll() }),
    () => ({ rule: 'easy', share: 0.3 + 0.7 * dice.roll() }),
    () => ({ rule: 'band', share: 0.4, nearest: 0.6 * dice.roll() }),
  ])();

/** A fit of a classifier: steep problems are for others, near ties of labels for none. */
const classifier = (dice: Dice): JsonObject => ({
  samples: dice.whole(200, 2500),
  ridge: dice.size(1e-3, 10),
  loss: dice.one(['squares', 'squares', 'logistic']),
});

const part = (settings: JsonObject, name: string): JsonObject => settings[name] as JsonObject;

const zipf = (dice: Dice, support: number): JsonObject => ({
  exponent: dice.size(1.05, 3),
  support: dice.whole(1, support),
});

/** By regime; those of images need files and are drawn in the tests of their samplers. */
export const settings: Readonly<Record<string, Setting>> = {
  replace: (dice) => {
    const made = chain(dice);
    return { ...made, generator: { ...part(made, 'generator'), design: design(dice) } };
  },
  growing: chain,
  accumulate: (dice) => ({ ...rounds(dice), past: dice.one(['kept', 'replaced']) }),
  'accumulate-subsample': rounds,
  mixture: (dice) => {
    const made = mixture(dice);
    const features: JsonObject = dice.roll() < 0.4 ? { features: dice.whole(1, 20) } : {};
    return { ...made, downstream: { ...part(made, 'downstream'), ...features } };
  },
  weighted: (dice) => {
    const made = mixture(dice);
    const weight = dice.one([0, 0.5, 1, dice.roll()]);
    return { ...made, synthetic: { ...part(made, 'synthetic'), weight } };
  },
  iterative: (dice) => ({ ...mixture(dice), generations: [0, dice.whole(1, 3)] }),
  'golden-ratio': (dice) => {
    const { design: _, ...made } = rounds(dice);
    return { ...made, real: { weight: dice.one([0, 1, dice.roll()]) }, synthetic: { noise: noise(dice) } };
  },
  hutter: (dice) => ({
    law: zipf(dice, 300),
    draws: dice.one(['fixed', 'poisson']),
    generator: dice.one<() => JsonObject>([
      () => ({ samples: dice.whole(1, 300) }),
      () => ({ tail: { kind: 'cut', last: dice.whole(1, 400) } }),
      () => ({ tail: { kind: 'narrowed', exponent: dice.size(1.05, 3) } }),
      () => ({ tail: { kind: 'temperature', temperature: dice.size(0.3, 1) } }),
      () => ({ tail: { kind: 'top-p', share: 0.05 + 0.9 * dice.roll() } }),
    ])(),
    downstream: { samples: [1, dice.whole(2, 500)], real: dice.one([0, 0.3]) },
    generations: [0, 1],
  }),
  bigram: (dice) => ({
    contexts: { support: dice.whole(1, 8) },
    next: zipf(dice, 60),
    generator: dice.one<() => JsonObject>([
      () => ({ last: dice.whole(1, 60) }),
      () => ({ samples: dice.whole(1, 200), topP: 0.05 + 0.9 * dice.roll(), temperature: dice.size(0.3, 1) }),
    ])(),
    downstream: { samples: [1, dice.whole(2, 300)] },
    generations: [0, 1],
  }),
  'hutter-pooled': (dice) => ({
    law: zipf(dice, 300),
    real: { samples: dice.whole(0, 200) },
    synthetic: { samples: dice.whole(1, 500), tail: { kind: 'cut', last: dice.whole(1, 300) } },
  }),
  gcd: (dice) => ({
    base: dice.one([10, 30, 420]),
    support: dice.whole(20, 300),
    synthetic: dice.one([0, 1, dice.roll()]),
    downstream: { samples: [1, dice.whole(2, 500)] },
  }),
  divisors: (dice) => ({
    base: dice.one([2, 3, 10]),
    digits: dice.whole(1, 3),
    answers: 4 * dice.whole(2, 5),
    network: { width: 16 * dice.whole(1, 2), hidden: 4 * dice.whole(1, 6) },
    training: { examples: 64 * dice.whole(1, 3), batch: 64, rate: dice.size(1e-3, 1e-2) },
    generator: { known: [1, 2] },
    synthetic: dice.one([0, 1, dice.roll()]),
    tests: 64,
    measure: 'loss',
    examples: [0, 64],
  }),
  'associative-memory': (dice) => ({
    law: zipf(dice, 100),
    dimension: dice.whole(1, 60),
    labels: dice.whole(2, 10),
    downstream: { samples: [1, dice.whole(2, 500)] },
  }),
  'weak-to-strong': (dice) => {
    const common = world(dice);
    const rows = () => rowsBeside(dice, common.dimension);
    return {
      ...common,
      teacher: { samples: rows(), noise: noise(dice), ridge: ridge(dice) },
      downstream: { samples: rows(), noise: noise(dice), ridge: [ridge(dice), ridge(dice)] },
    };
  },
  'self-distillation': (dice) => {
    const { design: _, ...made } = rounds(dice);
    return { ...made, imitation: [-1, 3 * dice.roll()], generations: [0, dice.whole(1, 3)] };
  },
  surrogate: (dice) => {
    const common = world(dice);
    return {
      ...common,
      surrogate: { kind: 'mask', kept: dice.whole(1, common.dimension) },
      downstream: { samples: rowsBeside(dice, common.dimension), noise: noise(dice), ridge: ridge(dice) },
    };
  },
  ecosystem: (dice) => {
    const common = world(dice);
    return {
      ...common,
      entities: dice.whole(1, 3),
      private: { samples: dice.whole(20, 60), share: dice.one([0, 0.5, dice.roll()]) },
      public: { samples: dice.whole(20, 60) },
      synthetic: { samples: dice.whole(20, 60), share: dice.one([0, 0.5]) },
      downstream: { noise: noise(dice) },
      generations: [0, dice.whole(1, 3)],
    };
  },
  contaminated: (dice) => {
    const common = world(dice);
    return {
      ...common,
      downstream: { samples: common.dimension + dice.whole(0, 20), noise: noise(dice) },
      synthetic: { fraction: dice.one([0, 1, dice.roll()]) },
      generations: [1, dice.whole(2, 4)],
    };
  },
  descent: (dice) => ({
    dimension: dice.whole(1, 40),
    covariance: { kind: 'power-law', exponent: dice.one([0, 1, 2]) },
    generator: {
      samples: 4 * dice.whole(1, 20),
      noise: dice.size(0.05, 2),
      rate: dice.size(1e-4, 5e-3),
      batch: dice.one([1, 2, 4]),
    },
    downstream: {
      samples: 4 * dice.whole(1, 20),
      noise: dice.size(0.05, 2),
      rate: dice.size(1e-4, 5e-3),
      average: dice.roll(),
    },
    generations: [0, dice.whole(1, 3)],
  }),
  curation: (dice) => ({
    dimension: dice.whole(12, 40),
    generator: {
      cosine: cosine(dice),
      flips: 0.5 * dice.roll(),
      response: dice.one(['sign', 'sigmoid']),
      norm: dice.size(0.1, 10),
    },
    judge: { cosine: cosine(dice) },
    keep: { ...keep(dice), agree: dice.one([true, false]) },
    downstream: classifier(dice),
  }),
  'self-training': (dice) => ({
    dimension: dice.whole(12, 40),
    real: { samples: dice.whole(60, 300), flips: 0.3 * dice.roll() },
    judge: dice.one<JsonObject>([{ by: 'labeller' }, { cosine: 0.5 + 0.5 * dice.roll() }]),
    keep: keep(dice),
    downstream: { ...classifier(dice), response: dice.one(['sign', 'sigmoid']) },
    generations: [0, dice.whole(1, 3)],
  }),
  verification: (dice) => {
    const { samples, ...fit } = classifier(dice);
    return {
      dimension: dice.whole(12, 40),
      separation: dice.size(0.1, 5),
      real: { samples: dice.one([0, dice.whole(20, 200)]) },
      synthetic: {
        samples: samples!,
        flips: dice.roll(),
        estimate: dice.one(['none', 'none', 'mean', 'covariance']),
        behind: dice.whole(20, 100),
      },
      verifier: dice.one<JsonObject>([
        { right: 0.3 + 0.7 * dice.roll(), wrong: dice.roll() },
        { cosine: 0.3 + 0.7 * dice.roll() },
      ]),
      downstream: fit,
    };
  },
  'verifier-chances': (dice) => {
    const star = dice.roll();
    return {
      dimension: dice.whole(12, 60),
      separation: dice.size(0.1, 2),
      generator: { cosine: 0.8 },
      judge: { cosine: star, withGenerator: 0.8 * star },
      samples: dice.whole(500, 3000),
      labels: dice.one(['right', 'wrong']),
    };
  },
  'verified-regression': (dice) => ({
    dimension: dice.whole(1, 5),
    truth: { coefficient: 2 * dice.roll() - 1 },
    downstream: { noise: dice.size(0.2, 3) },
    real: { samples: dice.whole(1, 100) },
    verifier: { centre: dice.roll() - 0.5, band: dice.size(0.3, 3) },
    synthetic: { samples: dice.whole(1, 200) },
    measure: dice.one(['truth', 'centre', 'mean']),
    generations: [0, dice.whole(1, 4)],
  }),
  'gaussian-chain': (dice) => {
    const dimension = dice.whole(1, 12);
    const past = dice.one(['kept', 'replaced']);
    return {
      dimension,
      real: {
        samples: dice.whole(dimension + 3, dimension + 60),
        later: dice.one([0, dice.whole(1, 30)]),
        kept: past === 'replaced' && dice.roll() < 0.3,
      },
      synthetic: {
        samples: dice.whole(dimension + 3, dimension + 60),
        growth: dice.one([0, dice.roll()]),
        sharpen: dice.one([1, dice.size(0.7, 1.2)]),
      },
      past,
      estimator: dice.one(['unbiased', 'likelihood']),
      measure: dice.one(['mean', 'variance', 'log-volume', 'divergence']),
      generations: [0, dice.whole(1, 6)],
    };
  },
  'logistic-chain': (dice) => ({
    dimension: dice.whole(2, 20),
    truth: { norm: dice.size(0.1, 3) },
    downstream: { samples: dice.whole(300, 800), ridge: dice.one([0.01, dice.size(1e-3, 1)]) },
    data: dice.one(['replace', 'accumulate']),
    measure: dice.one(['norm', 'cosine', 'misclassified', 'distance']),
    generations: [0, dice.whole(1, 3)],
  }),
};
