import { Purpose, type StreamKey } from '../../../reference/normal.ts';
import { threefry4x32 } from '../../../reference/threefry.ts';
import type { NetworkTraining } from '../../../regimes/network-recipe.ts';
import { Adam } from '../../adam.ts';
import { ADAM, HELD_OUTPUTS, OUTPUTS, type Shape } from './shape.ts';

/** The network of `NetworkTraining` in f64, one image at a time, from its definition. */

type Vector = ArrayLike<number>;

/** Uniform within 1 / sqrt(inputs of the layer). */
export function startWeights(shape: Shape, key: StreamKey, trial: number): Float64Array {
  const { inputs, width, units, firstBias, second, secondBias } = shape;
  const weights = new Float64Array(shape.weights);
  const fill = (at: number, row: number, count: number, bound: number) => {
    for (let k = 0; k < count; k++) {
      const word = threefry4x32([trial, row, k >> 2, Purpose.design], key)[k & 3]!;
      weights[at + k] = bound * (((word >>> 8) + 0.5) * 2 ** -23 - 1);
    }
  };
  const [first, then] = [1 / Math.sqrt(inputs), 1 / Math.sqrt(width)];
  for (let j = 0; j < inputs; j++) fill(j * units, j, width, first);
  fill(firstBias, inputs, width, first);
  for (let u = 0; u < width; u++) fill(second + HELD_OUTPUTS * u, inputs + 1 + u, OUTPUTS, then);
  fill(secondBias, 0xffffffff, OUTPUTS, then);
  return weights;
}

/** What a network says of an image, and its hidden layer. */
export function outputsAt(shape: Shape, weights: Float64Array, x: Vector) {
  const { inputs, width, units, firstBias, second, secondBias } = shape;
  const hidden = weights.slice(firstBias, firstBias + width);
  for (let j = 0; j < inputs; j++) {
    const value = x[j]!;
    if (value !== 0) for (let u = 0; u < width; u++) hidden[u]! += value * weights[j * units + u]!;
  }
  for (let u = 0; u < width; u++) hidden[u] = Math.max(0, hidden[u]!);
  const outputs = weights.slice(secondBias, secondBias + OUTPUTS);
  for (let u = 0; u < width; u++)
    for (let k = 0; k < OUTPUTS; k++) outputs[k]! += hidden[u]! * weights[second + HELD_OUTPUTS * u + k]!;
  return { outputs, hidden };
}

/** Adds `scale` times the gradient of sum_k (f_k(x) - y_k)^2. */
export function addGradient(
  shape: Shape,
  weights: Float64Array,
  x: Vector,
  y: Vector,
  scale: number,
  gradient: Float64Array,
): void {
  const { inputs, width, units, firstBias, second, secondBias } = shape;
  const { outputs, hidden } = outputsAt(shape, weights, x);
  const delta = outputs.map((f, k) => 2 * scale * (f - y[k]!));
  for (let k = 0; k < OUTPUTS; k++) gradient[secondBias + k]! += delta[k]!;
  for (let u = 0; u < width; u++) {
    let pull = 0;
    for (let k = 0; k < OUTPUTS; k++) {
      const at = second + HELD_OUTPUTS * u + k;
      gradient[at]! += hidden[u]! * delta[k]!;
      pull += weights[at]! * delta[k]!;
    }
    if (hidden[u] === 0) continue;
    gradient[firstBias + u]! += pull;
    for (let j = 0; j < inputs; j++) gradient[j * units + u]! += pull * x[j]!;
  }
}

/** Steps of the optimiser, with what it remembers. */
export function stepperOf({ optimiser, rate }: NetworkTraining, count: number) {
  const adam = optimiser === 'adam' ? new Adam(count, ADAM) : null;
  return (weights: Float64Array, gradient: Float64Array): void => {
    if (adam) adam.step(weights, gradient, rate);
    else for (let i = 0; i < count; i++) weights[i]! -= rate * gradient[i]!;
  };
}
