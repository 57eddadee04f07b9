/**
 * Plan. The f64 twin of networks that learn divisors:
 * - its gradient is that of finite differences, weight by weight in every part, to 1e-6 of the largest;
 * - Adam's first steps by hand; rates rise and fall;
 * - pairs of a divisor have it, others have it as often as theory says;
 * - cells that differ in what is asked share one training; generations are trained after their teachers.
 */
import { describe, expect, it } from 'vitest';
import type { DivisorRecipe, Training } from '../../src/regimes/divisor-recipe.ts';
import { Adam } from '../../src/samplers/adam.ts';
import { streamKey } from '../../src/samplers/address.ts';
import { addGradient, answered, startWeights } from '../../src/samplers/networks/trained/encoder.ts';
import { pairAt, rowsOf } from '../../src/samplers/networks/trained/pairs.ts';
import { rateAt, trainedScheduleOf } from '../../src/samplers/networks/trained/schedule.ts';
import { ADAM, shapeOf } from '../../src/samplers/networks/trained/shape.ts';
import { divisorChances } from '../../src/theory/divisors.ts';

const world = { base: 3, digits: 2, answers: 8, network: { width: 16, hidden: 12 } };
const shape = shapeOf(world);
const key = streamKey(1, { unit: 'test', generation: 0 });

describe('the gradient', () => {
  const weights = startWeights(shape, key, 3);
  const example = { rows: [1, 5, 6, 10], label: 3 };
  const loss = (at: Float64Array) => -answered(shape, at, example.rows).logChances[example.label - 1]!;

  it('is that of finite differences', () => {
    const gradient = new Float64Array(shape.weights);
    expect(addGradient(shape, weights, example, 1, gradient)).toBeCloseTo(loss(weights), 12);
    const largest = Math.max(...gradient.map(Math.abs));
    for (let i = 0; i < shape.weights; i++) {
      const moved = (by: number) => loss(weights.map((w, j) => (j === i ? w + by : w)));
      expect(Math.abs((moved(1e-5) - moved(-1e-5)) / 2e-5 - gradient[i]!), String(i)).toBeLessThan(1e-6 * largest);
    }
  });

  it('reaches every part of the weights', () => {
    const gradient = new Float64Array(shape.weights);
    addGradient(shape, weights, example, 1, gradient);
    const ends = [
      shape.values,
      shape.first,
      shape.firstBias,
      shape.second,
      shape.secondBias,
      shape.last,
      shape.lastBias,
      shape.weights,
    ];
    ends.forEach((end, i) => {
      expect(gradient.slice(ends[i - 1] ?? 0, end).some((g) => g !== 0)).toBe(true);
    });
  });
});

it('Adam divides the mean gradient by the root of the mean square', () => {
  const weights = Float64Array.of(1, 1);
  const adam = new Adam(2, ADAM);
  adam.step(weights, Float64Array.of(2, -3), 0.1);
  expect([...weights]).toEqual([expect.closeTo(0.9, 8), expect.closeTo(1.1, 8)]);
  adam.step(weights, Float64Array.of(0, -3), 0.1);
  const mean = (0.9 * 0.1 * 2) / (1 - 0.81);
  const square = (0.99 * 0.01 * 4) / (1 - 0.9801);
  expect(weights[0]).toBeCloseTo(0.9 - (0.1 * mean) / Math.sqrt(square), 8);
  expect(weights[1]).toBeCloseTo(1.2, 8);
});

const training: Training = {
  start: { unit: 'start', generation: 0 },
  pairs: { unit: 'pairs', generation: 0 },
  ...{ examples: 64_000, batch: 64, rate: 0.01, share: 0.5 },
  generator: { known: [1, 2] },
};

it('rates rise for a hundred steps and fall over the last fifth', () => {
  expect(rateAt(1, training)).toBeCloseTo(1e-4, 12);
  expect(rateAt(500, training)).toBe(0.01);
  expect(rateAt(1000, training)).toBeCloseTo(0.01 / 200, 12);
});

describe('pairs', () => {
  it('have the divisor that was asked for', () => {
    for (let i = 0; i < 200; i++) expect(pairAt(key, 1, i, 999, 6).divisor).toBe(6);
  });

  it('have divisors as often as pairs do', () => {
    const count = 20_000;
    const found = Array.from({ length: count }, (_, i) => pairAt(key, 2, i, 999, 0).divisor);
    for (const k of [1, 2, 3]) {
      const chance = divisorChances(999)[k]!;
      const share = found.filter((g) => g === k).length / count;
      expect(Math.abs(share - chance)).toBeLessThan(4 * Math.sqrt((chance * (1 - chance)) / count));
    }
  });

  it('are read digit by digit', () => {
    expect(rowsOf({ a: 120, b: 7, divisor: 1, decision: 0 }, 10, 3)).toEqual([1, 12, 20, 30, 40, 57]);
  });
});

describe('the schedule', () => {
  const recipe = (learner: Training, examples: number, kind: 'loss' | 'accuracy' = 'loss'): DivisorRecipe => ({
    ...world,
    kind: 'divisors',
    tests: 64,
    asked: { unit: 'asked', generation: 0 },
    estimate: { training: learner, examples, question: { kind } },
  });

  it('trains once whatever is asked, and no longer than it is asked', () => {
    const { phases, networks, cells } = trainedScheduleOf([
      recipe(training, 640),
      recipe(training, 640, 'accuracy'),
      recipe({ ...training, share: 0 }, 1280),
    ]);
    expect(networks).toBe(2);
    expect(phases.map(({ steps }) => steps)).toEqual([20]);
    expect(new Set(cells).size).toBe(3);
  });

  it('trains a teacher first, and to its end', () => {
    const pupil = { ...training, pairs: { unit: 'pairs', generation: 1 }, generator: training };
    const { phases } = trainedScheduleOf([recipe(pupil, 640), recipe(training, 64)]);
    expect(phases.map(({ steps }) => steps)).toEqual([1000, 10]);
    expect(phases[1]!.networks[0]!.teacher).toBe(0);
  });
});
