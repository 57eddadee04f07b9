/**
 * Plan. The f64 twin of networks of two layers on images:
 * - its gradient is that of finite differences of the loss written out, weight by weight, to 1e-6 of the largest
 * - weights begin uniform within the bound of their layer, those of a narrow network being the first of a wide one's
 * - an epoch is every row once, those kept from training last and the same in every epoch; orders differ by epoch and trial, and no row
 *   favours a place
 * - Adam's first steps by hand
 * - a step of a whole batch is that of the loss of all rows; what is kept is where the labels that are kept from training are nearest
 * - a program of a hundred epochs holds what they have in common once
 * - cells share one training and differ in what is asked; teachers are trained once, before those that learn from them
 */
import { describe, expect, it } from 'vitest';
import { PORTABLE } from '../../src/kernels/tuning.ts';
import { streamKey } from '../../src/samplers/address.ts';
import { choose } from '../../src/samplers/images/choose.ts';
import { addGradient, outputsAt, startWeights, stepperOf } from '../../src/samplers/images/two-layer/network.ts';
import { epochOrder } from '../../src/samplers/images/two-layer/order.ts';
import { networkProgram } from '../../src/samplers/images/two-layer/program.ts';
import { trainedOn } from '../../src/samplers/images/two-layer/reference.ts';
import { networkScheduleOf } from '../../src/samplers/images/two-layer/schedule.ts';
import { shapeOf } from '../../src/samplers/images/two-layer/shape.ts';
import { syntheticImages } from '../support/images.ts';
import { generator, mixed, recipeOf, SMALL } from '../support/networks.ts';

const key = streamKey(1, { unit: 'test', generation: 0 });
const shape = shapeOf(12, { width: 6 });
const x = Float64Array.from({ length: 12 }, (_, j) => Math.sin(j + 1));
const y = Float64Array.from({ length: 10 }, (_, k) => (k === 3 ? 1 : 0.01 * k));

/** Outputs from the definition, row by row of the two matrices. */
function says(weights: Float64Array): number[] {
  const { inputs, width, units, firstBias, second, secondBias } = shape;
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  const hidden = range(width).map((u) =>
    Math.max(
      0,
      range(inputs).reduce((sum, j) => sum + weights[j * units + u]! * x[j]!, weights[firstBias + u]!),
    ),
  );
  return range(10).map((k) =>
    hidden.reduce((sum, h, u) => sum + h * weights[second + 12 * u + k]!, weights[secondBias + k]!),
  );
}

const loss = (weights: Float64Array) => says(weights).reduce((sum, f, k) => sum + (f - y[k]!) ** 2, 0) / 10;

describe('the gradient', () => {
  const weights = startWeights(shape, key, 3);

  it('is that of finite differences', () => {
    expect([...outputsAt(shape, weights, x).outputs]).toEqual(says(weights).map((f) => expect.closeTo(f, 12)));
    const gradient = new Float64Array(shape.weights);
    addGradient(shape, weights, x, y, 1 / 10, gradient);
    const largest = Math.max(...gradient.map(Math.abs));
    for (let i = 0; i < shape.weights; i++) {
      const moved = (by: number) => loss(weights.map((w, j) => (j === i ? w + by : w)));
      expect(Math.abs((moved(1e-6) - moved(-1e-6)) / 2e-6 - gradient[i]!), String(i)).toBeLessThan(1e-6 * largest);
    }
    // All ten outputs, and every unit that is not silent here.
    expect(gradient.slice(shape.secondBias, shape.secondBias + 10).every((g) => g !== 0)).toBe(true);
    expect(gradient.slice(0, shape.firstBias).filter((g) => g !== 0).length).toBeGreaterThan(12);
  });
});

describe('weights', () => {
  it('begin uniform within the bound of their layer', () => {
    const wide = shapeOf(400, { width: 50 });
    const weights = startWeights(wide, key, 0);
    const layers = [
      {
        some: Array.from({ length: 400 }, (_, j) => [...weights.slice(j * wide.units, j * wide.units + 50)]).flat(),
        bound: 1 / 20,
      },
      {
        some: Array.from({ length: 50 }, (_, u) => [
          ...weights.slice(wide.second + 12 * u, wide.second + 12 * u + 10),
        ]).flat(),
        bound: 1 / Math.sqrt(50),
      },
    ];
    for (const { some, bound } of layers) {
      const mean = some.reduce((sum, w) => sum + w, 0) / some.length;
      const square = some.reduce((sum, w) => sum + w * w, 0) / some.length;
      expect(Math.max(...some.map(Math.abs))).toBeLessThan(bound);
      expect(Math.abs(mean)).toBeLessThan((4 * bound) / Math.sqrt(3 * some.length));
      expect(Math.abs((3 * square) / bound ** 2 - 1)).toBeLessThan(4 * Math.sqrt(0.8 / some.length));
    }
    // Units that are there for the sake of alignment stay out of everything.
    expect(weights.filter((w) => w === 0)).toHaveLength(400 * 2 + 2 + (52 * 12 - 500) + 2);
  });

  it('of a narrow network are the first of a wide one', () => {
    const [narrow, wide] = [shapeOf(12, { width: 4 }), shapeOf(12, { width: 9 })];
    const [few, many] = [startWeights(narrow, key, 2), startWeights(wide, key, 2)];
    for (let j = 0; j < 12; j++)
      expect(few.slice(j * narrow.units, j * narrow.units + 4)).toEqual(many.slice(j * wide.units, j * wide.units + 4));
  });
});

describe('an epoch', () => {
  it.each([
    [2, 0],
    [50, 0],
    [50, 2],
    [77, 10],
    [1000, 3],
  ])('of %i rows is every row once, of %i each the last apart', (rows, heldOut) => {
    const order = epochOrder(key, 1, 1, heldOut, rows);
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i));
    const kept = heldOut === 0 ? 0 : Math.floor(rows / heldOut);
    expect(order.slice(rows - kept)).toEqual(Array.from({ length: kept }, (_, i) => (i + 1) * heldOut - 1));
  });

  it('is in an order of its own', () => {
    const orders = [
      [1, 1],
      [1, 2],
      [2, 1],
    ].map(([trial, epoch]) => epochOrder(key, trial!, epoch!, 10, 200).join());
    expect(new Set(orders).size).toBe(3);
  });

  it('favours no place', () => {
    const [rows, epochs] = [13, 6000];
    const met = new Float64Array(rows * rows);
    for (let epoch = 0; epoch < epochs; epoch++)
      for (const [place, row] of epochOrder(key, 0, epoch, 0, rows).entries()) met[place * rows + row]!++;
    // Chi-square of 144 degrees of freedom: five deviations beyond its mean.
    const expected = epochs / rows;
    const square = met.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(square).toBeLessThan(144 + 5 * Math.sqrt(2 * 144));
  });
});

it('Adam divides the mean gradient by the root of the mean square', () => {
  const step = stepperOf({ ...mixed(0), optimiser: 'adam', rate: 0.1 }, 2);
  const weights = Float64Array.of(1, 1);
  step(weights, Float64Array.of(2, -3));
  expect([...weights]).toEqual([expect.closeTo(0.9, 8), expect.closeTo(1.1, 8)]);
  step(weights, Float64Array.of(0, -3));
  const mean = (0.9 * 0.1 * 2) / (1 - 0.81);
  const square = (0.999 * 0.001 * 4) / (1 - 0.999 ** 2);
  expect(weights[0]).toBeCloseTo(0.9 - (0.1 * mean) / Math.sqrt(square), 8);
  expect(weights[1]).toBeCloseTo(1.2, 8);
});

const images = syntheticImages(SMALL);

describe('a training', () => {
  it('asked at the end of each epoch finds what the one that ends there finds', () => {
    const training = mixed(0.4);
    const asked = networkScheduleOf([0, 1, 2, 3].map((epochs) => recipeOf({ training, epochs })));
    expect(asked.phases.map(({ learners }) => learners.length)).toEqual([1, 1]);
    const { errors } = trainedOn(asked, 1, images, 4);
    for (const epochs of [0, 1, 3]) {
      const alone = trainedOn(networkScheduleOf([recipeOf({ training, epochs })]), 1, images, 4);
      expect(alone.errors[0]).toBe(errors[asked.cells[epochs]!]);
    }
    expect(errors[asked.cells[3]!]).toBeLessThan(errors[asked.cells[0]!]!);
  });

  it('keeps what was nearest to the labels that are kept from it', () => {
    // Steps so large that an epoch may end worse than the one before.
    const own = mixed(0, 60, { rate: 2 });
    const training = { ...own, blocks: [{ ...own.blocks[0]!, noise: 0 }] };
    const chosen = choose(streamKey(1, training.inputs), 0, SMALL.training, 60);
    const heldOut = [4, 9, 14, 19, 24, 29, 34, 39, 44, 49, 54, 59].map((row) => chosen[row]!);
    const network = shapeOf(SMALL.features, training);
    const scores = Array.from({ length: 15 }, (_, epoch) => {
      const { kept } = trainedOn(networkScheduleOf([recipeOf({ training, epochs: epoch + 1 })]), 1, images, 0);
      return heldOut.reduce((sum, image) => {
        const pixels = images.training.pixels.subarray(image * SMALL.features, (image + 1) * SMALL.features);
        const { outputs } = outputsAt(
          network,
          kept[0]!,
          Float64Array.from(pixels, (pixel) => Math.fround(pixel / 255)),
        );
        return sum + outputs.reduce((all, f, k) => all + (f - (k === images.training.digits[image] ? 1 : 0)) ** 2, 0);
      }, 0);
    });
    const steps = scores.slice(1).map((score, i) => score - scores[i]!);
    expect(steps.every((step) => step <= 0)).toBe(true);
    expect(steps.some((step) => step === 0)).toBe(true);
    expect(steps.some((step) => step < 0)).toBe(true);
  });
});

it('holds what epochs have in common once, in its program', () => {
  const stepsOf = (epochs: number) => {
    const program = networkProgram(
      networkScheduleOf([recipeOf({ training: mixed(0), epochs })]),
      1,
      async () => images,
      PORTABLE,
    );
    return { all: program.steps.length, apart: new Set(program.steps).size };
  };
  const [few, many] = [stepsOf(1), stepsOf(101)];
  // Minibatches are gathered, shown and sent back once; each has its two updates, each epoch its order and its score.
  const [all, apart] = [(many.all - few.all) / 100, (many.apart - few.apart) / 100];
  const minibatches = Math.ceil((90 - 18) / 16);
  expect(all - apart).toBe(3 * minibatches);
});

describe('the schedule', () => {
  it('trains a teacher once, before those that learn from it, and asks it what is asked of a generator', () => {
    const recipes = [
      recipeOf(generator),
      recipeOf({ ...generator, epochs: 1 }),
      ...[0, 0.2, 0.5].map((share) => recipeOf({ training: mixed(share), epochs: 2 })),
      recipeOf({ training: mixed(0.5, 40), epochs: 2 }),
    ];
    const { phases, networks, samples, cells, errors } = networkScheduleOf(recipes);
    expect(networks).toBe(5);
    expect(errors).toBe(6);
    expect(new Set(cells).size).toBe(6);
    // True labels alone need no teacher, so that network may be trained beside it.
    const teaching = phases.findIndex(({ asked }) => asked.size === 2);
    expect(phases[teaching]).toMatchObject({ teachers: [], epochs: 2, first: 0 });
    for (const { teachers, first } of phases) for (const teacher of teachers) expect(teacher).toBeLessThan(first);
    expect(samples.map(({ rows, offset }) => [rows, offset])).toEqual([
      [60, 0],
      [90, 60],
    ]);
  });

  it('has labels by block', () => {
    const { phases } = networkScheduleOf([recipeOf({ training: mixed(0.2), epochs: 2 })]);
    expect(phases.at(-1)!.learners).toEqual([
      {
        blocks: [
          { end: 72, teacher: null, noise: 0.1 },
          { end: 90, teacher: 0, noise: 0.2 },
        ],
      },
    ]);
  });
});
