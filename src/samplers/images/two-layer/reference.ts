import type { TrialSource } from '../../../program/trials.ts';
import { normalsAt, Purpose } from '../../../reference/normal.ts';
import type { NetworkRecipe } from '../../../regimes/network-recipe.ts';
import { streamKey } from '../../address.ts';
import { sequentialSource } from '../../batch.ts';
import { choose } from '../choose.ts';
import { assertSizes, featuresOf, type ImageSource, type Images, scalingOf } from '../images.ts';
import { addGradient, outputsAt, startWeights, stepperOf } from './network.ts';
import { epochOrder } from './order.ts';
import { type Learner, type NetworkSchedule, networkScheduleOf, type Phase } from './schedule.ts';
import { OUTPUTS, shapeOf } from './shape.ts';

/** The networks without a device: one after the other, image by image. */
export function openNetworkReference(
  recipes: readonly NetworkRecipe[],
  seed: number,
  source: ImageSource,
): TrialSource {
  const schedule = networkScheduleOf(recipes);
  const places = schedule.cells.map((error) => ({ error, factors: [] }));
  let images: Promise<Images> | undefined;
  const run: TrialSource['run'] = async (first, count, signal) => {
    images ??= source(schedule.world.population);
    const there = await images;
    assertSizes(there, schedule.world.population);
    const trials = sequentialSource(places, (trial) => ({ errors: trainedOn(schedule, seed, there, trial).errors }));
    return trials.run(first, count, signal);
  };
  return { capacity: Number.POSITIVE_INFINITY, run, close: () => {} };
}

type Vector = ArrayLike<number>;

/** Test errors by number, and the weights of every network as the others learn from it. */
export function trainedOn(schedule: NetworkSchedule, seed: number, images: Images, trial: number) {
  const { world, phases, networks, errors: count } = schedule;
  const { features, training: all } = world.population;
  const scaling = scalingOf(world.preprocessing, images.training, features);
  const errors = new Float64Array(count);
  const kept = new Array<Float64Array>(networks);
  const rowsAt = (set: Images['test'], rows: ArrayLike<number>): readonly Vector[] => {
    const numbers = featuresOf(set, rows, scaling, features);
    return Array.from(rows, (_, i) => numbers.subarray(i * features, (i + 1) * features));
  };
  const tests = rowsAt(
    images.test,
    Array.from({ length: world.tests }, (_, i) => i),
  );
  const truths = tests.map((_, i) => oneHot(images.test.digits[i]!));
  const shapes = phases.flatMap(({ learners, training }) => learners.map(() => shapeOf(features, training)));

  const labelsOf = ({ blocks }: Learner, phase: Phase, x: readonly Vector[], digits: ArrayLike<number>) => {
    const key = streamKey(seed, phase.training.errors);
    return x.map((image, row) => {
      const { teacher, noise } = blocks.find(({ end }) => row < end)!;
      const clean =
        teacher === null ? oneHot(digits[row]!) : outputsAt(shapes[teacher]!, kept[teacher]!, image).outputs;
      return Float64Array.from({ length: OUTPUTS }, (_, k) => {
        const z = noise === 0 ? 0 : normalsAt(key, trial, row, k >> 2, Purpose.noise)[k & 3]!;
        return clean[k]! + noise * z;
      });
    });
  };

  for (const phase of phases) {
    const { training, first, rows, epochs, asked, heldOut } = phase;
    const shape = shapeOf(features, training);
    const chosen = choose(streamKey(seed, training.inputs), trial, all, rows);
    const x = rowsAt(images.training, chosen);
    const digits = Array.from(chosen, (image) => images.training.digits[image]!);
    for (const [n, learner] of phase.learners.entries()) {
      const y = labelsOf(learner, phase, x, digits);
      const distance = (weights: Float64Array, points: readonly number[]) =>
        points.reduce((sum, row) => sum + squareOff(outputsAt(shape, weights, x[row]!).outputs, y[row]!), 0);
      const weights = startWeights(shape, streamKey(seed, training.start), trial);
      let best = { weights: weights.slice(), score: Number.POSITIVE_INFINITY };
      const step = stepperOf(training, shape.weights);
      const ask = (epoch: number) => {
        const place = asked.get(epoch);
        if (place === undefined) return;
        const sum = tests.reduce(
          (all, image, i) => all + squareOff(outputsAt(shape, best.weights, image).outputs, truths[i]!),
          0,
        );
        errors[place + n] = sum / (OUTPUTS * tests.length);
      };
      ask(0);
      for (let epoch = 1; epoch <= epochs; epoch++) {
        const order = epochOrder(streamKey(seed, training.order), trial, epoch, training.heldOut, rows);
        const learnt = rows - heldOut;
        for (let first = 0; first < learnt; first += training.batch) {
          const batch = order.slice(first, Math.min(learnt, first + training.batch));
          const gradient = new Float64Array(shape.weights);
          for (const row of batch)
            addGradient(shape, weights, x[row]!, y[row]!, 1 / (OUTPUTS * batch.length), gradient);
          step(weights, gradient);
        }
        const score = heldOut === 0 ? 0 : distance(weights, order.slice(learnt));
        if (heldOut === 0 || score < best.score) best = { weights: weights.slice(), score };
        ask(epoch);
      }
      kept[first + n] = best.weights;
    }
  }
  return { errors, kept };
}

const oneHot = (digit: number) => Float64Array.from({ length: OUTPUTS }, (_, k) => (k === digit ? 1 : 0));

const squareOff = (a: Vector, b: Vector) => {
  let sum = 0;
  for (let k = 0; k < OUTPUTS; k++) sum += (a[k]! - b[k]!) ** 2;
  return sum;
};
