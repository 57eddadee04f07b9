import { normalsAt, Purpose, type StreamKey } from '../../../reference/normal.ts';
import { HEADS, LEAST_VARIANCE, type Shape, startOf } from './shape.ts';

/** The network of `Encoder` in f64, one example at a time, from its definition. */

export function startWeights(shape: Shape, key: StreamKey, trial: number): Float64Array {
  const weights = new Float64Array(shape.weights);
  const parts = startOf(shape);
  for (let i = 0; i < shape.weights; i += 4) {
    const deviation = parts.find(([end]) => i < end)![1];
    const normals = normalsAt(key, trial, i / 4, 0, Purpose.design);
    for (let k = 0; k < 4; k++) weights[i + k] = deviation * normals[k]!;
  }
  return weights;
}

interface Normed {
  readonly values: Float64Array;
  readonly inverse: number;
}

interface Activations {
  readonly attention: readonly Float64Array[];
  readonly read: Normed;
  readonly hidden: Float64Array;
  readonly out: Normed;
  readonly logits: Float64Array;
}

function normed(x: Float64Array): Normed {
  const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
  const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
  const inverse = 1 / Math.sqrt(variance + LEAST_VARIANCE);
  return { values: x.map((v) => (v - mean) * inverse), inverse };
}

/** Gradient by x, from that by norm(x). */
function throughNorm({ values, inverse }: Normed, gradient: Float64Array): Float64Array {
  const mean = gradient.reduce((sum, g) => sum + g, 0) / gradient.length;
  const along = gradient.reduce((sum, g, i) => sum + g * values[i]!, 0) / gradient.length;
  return gradient.map((g, i) => inverse * (g - mean - values[i]! * along));
}

function softmax(x: Float64Array): Float64Array {
  const top = Math.max(...x);
  const powers = x.map((v) => Math.exp(v - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((v) => v / sum);
}

/** bias + W'x, W of x.length rows. */
function affine(weights: Float64Array, at: number, biasAt: number, x: Float64Array, outputs: number): Float64Array {
  const y = weights.slice(biasAt, biasAt + outputs);
  for (let k = 0; k < x.length; k++) for (let j = 0; j < outputs; j++) y[j]! += x[k]! * weights[at + k * outputs + j]!;
  return y;
}

function forward(shape: Shape, weights: Float64Array, rows: readonly number[]): Activations {
  const { width, hidden, answers } = shape;
  const attention = Array.from({ length: HEADS }, (_, head) =>
    softmax(Float64Array.from(rows, (row) => weights[shape.scores + HEADS * row + head]!)),
  );
  const x = new Float64Array(width);
  for (let c = 0; c < width; c++)
    for (const [p, row] of rows.entries())
      x[c]! += attention[headOf(c, width)]![p]! * weights[shape.values + width * row + c]!;
  const read = normed(x);
  const layer = affine(weights, shape.first, shape.firstBias, read.values, hidden).map((v) => Math.max(0, v));
  const out = normed(affine(weights, shape.second, shape.secondBias, layer, width).map((v, c) => v + x[c]!));
  const logits = affine(weights, shape.last, shape.lastBias, out.values, answers);
  return { attention, read, hidden: layer, out, logits };
}

const headOf = (c: number, width: number) => Math.floor((c * HEADS) / width);

/** The most probable answer, the first of several, and the logarithms of all chances. */
export function answered(shape: Shape, weights: Float64Array, rows: readonly number[]) {
  const { logits } = forward(shape, weights, rows);
  const chances = softmax(logits);
  return { answer: 1 + logits.indexOf(Math.max(...logits)), logChances: chances.map((p) => Math.log(p)) };
}

/** The cross-entropy of one example; adds `scale` times its gradient. */
export function addGradient(
  shape: Shape,
  weights: Float64Array,
  { rows, label }: { readonly rows: readonly number[]; readonly label: number },
  scale: number,
  gradient: Float64Array,
): number {
  const { width } = shape;
  const { attention, read, hidden: layer, out, logits } = forward(shape, weights, rows);
  const chances = softmax(logits);
  /** Adds to the gradients of weights and bias; gives the one by x. */
  const back = (at: number, biasAt: number, x: Float64Array, dy: Float64Array): Float64Array => {
    for (let j = 0; j < dy.length; j++) gradient[biasAt + j]! += dy[j]!;
    return x.map((value, k) => {
      let sum = 0;
      for (let j = 0; j < dy.length; j++) {
        gradient[at + k * dy.length + j]! += value * dy[j]!;
        sum += weights[at + k * dy.length + j]! * dy[j]!;
      }
      return sum;
    });
  };
  const dLogits = chances.map((p, j) => scale * (p - (j === label - 1 ? 1 : 0)));
  const dOut = throughNorm(out, back(shape.last, shape.lastBias, out.values, dLogits));
  const dLayer = back(shape.second, shape.secondBias, layer, dOut).map((g, j) => (layer[j]! > 0 ? g : 0));
  const dNormed = throughNorm(read, back(shape.first, shape.firstBias, read.values, dLayer));
  const dx = dOut.map((g, c) => g + dNormed[c]!);
  for (let head = 0; head < HEADS; head++) {
    const weight = attention[head]!;
    const from = (head * width) / HEADS;
    const pull = rows.map((row, p) => {
      let sum = 0;
      for (let c = from; c < from + width / HEADS; c++) {
        gradient[shape.values + width * row + c]! += weight[p]! * dx[c]!;
        sum += weights[shape.values + width * row + c]! * dx[c]!;
      }
      return sum;
    });
    const mean = pull.reduce((sum, v, p) => sum + v * weight[p]!, 0);
    for (const [p, row] of rows.entries())
      gradient[shape.scores + HEADS * row + head]! += weight[p]! * (pull[p]! - mean);
  }
  return -Math.log(chances[label - 1]!);
}
