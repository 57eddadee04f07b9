import type { TrialSource } from '../../../program/trials.ts';
import { largestDivisor } from '../../../reference/divisors.ts';
import type { StreamKey } from '../../../reference/normal.ts';
import { isTraining, type Training } from '../../../regimes/divisor-recipe.ts';
import { Adam } from '../../adam.ts';
import { streamKey } from '../../address.ts';
import { sequentialSource } from '../../batch.ts';
import { chancePattern, happens } from '../../chances.ts';
import { addGradient, answered, startWeights } from './encoder.ts';
import { type Pair, pairAt, rowsOf } from './pairs.ts';
import { type Asked, type Learner, rateAt, type TrainedSchedule } from './schedule.ts';
import { ADAM, shapeOf } from './shape.ts';

/** The trained sampler without a device: network by network, example by example. */
export function openTrainedReference(schedule: TrainedSchedule, seed: number): TrialSource {
  const places = schedule.cells.map((error) => ({ error, factors: [] }));
  return sequentialSource(places, (trial) => ({ errors: trained(schedule, seed, trial).results }));
}

/** Results by number, and the weights of every network as far as it was trained. */
export function trained({ world, phases, networks, results: count }: TrainedSchedule, seed: number, trial: number) {
  const { base, digits, answers, tests, asked: askedDraw } = world;
  const shape = shapeOf(world);
  const largest = base ** digits - 1;
  const weights = new Array<Float64Array>(networks);
  const results = new Float64Array(count);

  const example = (key: StreamKey, index: number, divisor = 0) => {
    const pair = pairAt(key, trial, index, largest, divisor);
    return { pair, rows: rowsOf(pair, base, digits), truth: Math.min(pair.divisor, answers) };
  };
  const generated = ({ training: { generator }, teacher }: Learner, { divisor }: Pair, rows: readonly number[]) =>
    isTraining(generator)
      ? answered(shape, weights[teacher!]!, rows).answer
      : Math.min(answers, largestDivisor(generator.known, divisor));

  const ask = (learner: Learner, own: Float64Array, { question }: Asked): number => {
    const { share, batch } = learner.training;
    const key = streamKey(seed, askedDraw);
    const divisor = question.kind === 'answers' ? question.divisor : 0;
    const pairs = Math.ceil(tests / batch) * batch;
    let sum = 0;
    for (let i = 0; i < pairs; i++) {
      const { pair, rows, truth } = example(key, i, divisor);
      const { answer, logChances } = answered(shape, own, rows);
      if (question.kind === 'accuracy') sum += answer === truth ? 1 : 0;
      else if (question.kind === 'answers') sum += answer === question.answer ? 1 : 0;
      else {
        const taught = generated(learner, pair, rows);
        sum -= (1 - share) * logChances[truth - 1]! + share * logChances[taught - 1]!;
      }
    }
    return sum / pairs;
  };

  const learn = (learner: Learner, training: Training, step: number, own: Float64Array, adam: Adam) => {
    const key = streamKey(seed, training.pairs);
    const pattern = chancePattern(training.share);
    const gradient = new Float64Array(shape.weights);
    for (let b = 0; b < training.batch; b++) {
      const { pair, rows, truth } = example(key, (step - 1) * training.batch + b);
      const label = happens(pair.decision, pattern) ? generated(learner, pair, rows) : truth;
      addGradient(shape, own, { rows, label }, 1 / training.batch, gradient);
    }
    adam.step(own, gradient, rateAt(step, training));
  };

  for (const { networks: learners, first, steps, asked } of phases)
    for (const [n, learner] of learners.entries()) {
      const own = startWeights(shape, streamKey(seed, learner.training.start), trial);
      weights[first + n] = own;
      const adam = new Adam(shape.weights, ADAM);
      for (let step = 0; step <= steps; step++) {
        if (step > 0) learn(learner, learner.training, step, own, adam);
        for (const one of asked.get(step) ?? []) results[one.first + n] = ask(learner, own, one);
      }
    }
  return { results, weights };
}
