/**
 * The two networks of README.md, "Networks": weights to begin with, a batch for each network, and the gradient in double precision that every
 * contestant in Node is held against. All arrays are flat, rows last.
 */

/** Heads of the encoder. */
export const HEADS = 4;
export const PERCEPTRON_RATE = 0.1;
export const ADAM = { rate: 0.004, first: 0.9, second: 0.99, least: 1e-8 };
export const LEAST_VARIANCE = 1e-5;

/** Numbers uniform in [0, 1), the same for a seed. */
function uniforms(seed) {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const filled = (count, next) => Float32Array.from({ length: count }, next);

/** [networks, batch, inputs] images from 0 to 1 of which a fifth is not dark, their one-hot labels, and weights by layer. */
export function perceptron({ inputs, width, batch, networks }, seed) {
  const next = uniforms(seed);
  const within = (bound) => () => bound * (2 * next() - 1);
  const x = filled(networks * batch * inputs, () => Math.max(0, 5 * next() - 4));
  const y = new Float32Array(networks * batch * 10);
  for (let row = 0; row < networks * batch; row++) y[10 * row + Math.floor(10 * next())] = 1;
  const [first, second] = [within(1 / Math.sqrt(inputs)), within(1 / Math.sqrt(width))];
  const weights = [
    { shape: [networks, inputs, width], values: filled(networks * inputs * width, first) },
    { shape: [networks, 1, width], values: filled(networks * width, first) },
    { shape: [networks, width, 10], values: filled(networks * width * 10, second) },
    { shape: [networks, 1, 10], values: filled(networks * 10, second) },
  ];
  return { x, y, weights };
}

/** Gradient of the mean of (f - y)^2 over the batch and the outputs of the first network, layer after layer. */
export function perceptronGradient({ inputs, width, batch }, { x, y, weights }) {
  const [w1, b1, w2, b2] = weights.map(({ values }) => values);
  const gradient = [inputs * width, width, width * 10, 10].map((count) => new Float64Array(count));
  for (let row = 0; row < batch; row++) {
    const hidden = Float64Array.from({ length: width }, (_, u) => b1[u]);
    for (let j = 0; j < inputs; j++)
      for (let u = 0; u < width; u++) hidden[u] += x[row * inputs + j] * w1[j * width + u];
    const active = hidden.map((h) => Math.max(0, h));
    const delta = Float64Array.from({ length: 10 }, (_, k) => {
      let f = b2[k];
      for (let u = 0; u < width; u++) f += active[u] * w2[u * 10 + k];
      return (2 * (f - y[row * 10 + k])) / (10 * batch);
    });
    for (let k = 0; k < 10; k++) gradient[3][k] += delta[k];
    for (let u = 0; u < width; u++) {
      let pull = 0;
      for (let k = 0; k < 10; k++) {
        gradient[2][u * 10 + k] += active[u] * delta[k];
        pull += w2[u * 10 + k] * delta[k];
      }
      if (hidden[u] <= 0) continue;
      gradient[1][u] += pull;
      for (let j = 0; j < inputs; j++) gradient[0][j * width + u] += x[row * inputs + j] * pull;
    }
  }
  return gradient;
}

/** Rows of the table by network, example and position, labels, and weights: scores, values, and three layers. */
export function encoder({ positions, symbols, width, hidden, answers, batch, networks }, seed) {
  const next = uniforms(seed);
  const normal = (deviation) => () => deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const rows = Int32Array.from(
    { length: networks * batch * positions },
    (_, i) => (i % positions) * symbols + Math.floor(symbols * next()),
  );
  const labels = Int32Array.from({ length: networks * batch }, () => Math.floor(answers * next()));
  const table = positions * symbols;
  const weights = [
    [table, HEADS, 0.5],
    [table, width, 1],
    [width, hidden, width ** -0.5],
    [1, hidden, 0],
    [hidden, width, hidden ** -0.5],
    [1, width, 0],
    [width, answers, width ** -0.5],
    [1, answers, 0],
  ].map(([inputs, outputs, deviation]) => ({
    shape: [networks, inputs, outputs],
    values: filled(networks * inputs * outputs, normal(deviation)),
  }));
  return { rows, labels, weights };
}

/** The mean cross-entropy of the first network, in double precision; `weights` as flat arrays. */
export function encoderLoss({ positions, width, hidden, answers, batch }, { rows, labels }, weights) {
  const [scores, values, w1, b1, w2, b2, w3, b3] = weights;
  let loss = 0;
  for (let b = 0; b < batch; b++) {
    const at = Array.from({ length: positions }, (_, p) => rows[b * positions + p]);
    const x = new Float64Array(width);
    for (let head = 0; head < HEADS; head++) {
      const share = softmax(at.map((row) => scores[row * HEADS + head]));
      for (let c = (head * width) / HEADS; c < ((head + 1) * width) / HEADS; c++)
        at.forEach((row, p) => {
          x[c] += share[p] * values[row * width + c];
        });
    }
    const layer = affine(w1, b1, normed(x), hidden).map((h) => Math.max(0, h));
    const out = normed(affine(w2, b2, layer, width).map((value, c) => value + x[c]));
    loss -= Math.log(softmax([...affine(w3, b3, out, answers)])[labels[b]]);
  }
  return loss / batch;
}

function softmax(scores) {
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

function affine(weights, bias, x, outputs) {
  const y = Float64Array.from({ length: outputs }, (_, j) => bias[j]);
  for (let k = 0; k < x.length; k++) for (let j = 0; j < outputs; j++) y[j] += x[k] * weights[k * outputs + j];
  return y;
}

function normed(x) {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  return x.map((value) => (value - mean) / Math.sqrt(variance + LEAST_VARIANCE));
}

/** Relative distance of the gradient of the first perceptron from that in double precision. */
export function perceptronDeviation(shape, problem, gradient) {
  const right = perceptronGradient(shape, problem);
  return distance(
    right.flatMap((layer) => [...layer]),
    right.flatMap((layer, i) => [...gradient[i].subarray(0, layer.length)]),
  );
}

/** Directions along which the slope of the loss is compared with its finite difference. */
const DIRECTIONS = 4;
const STEP = 1e-5;

/**
 * The largest deviation, relative to the length of the gradient, of its product with a random direction of unit length from the finite difference of the
 * loss in double precision.
 */
export function encoderDeviation(shape, problem, gradient) {
  const next = uniforms(99);
  const layers = problem.weights.map(({ values }) => values.subarray(0, values.length / shape.networks));
  const length = Math.hypot(...gradient.flatMap((layer, i) => [...layer.subarray(0, layers[i].length)]));
  let worst = 0;
  for (let n = 0; n < DIRECTIONS; n++) {
    const way = layers.map((layer) => Float64Array.from(layer, () => next() - 0.5));
    const size = Math.hypot(...way.map((layer) => Math.hypot(...layer)));
    const moved = (by) =>
      encoderLoss(
        shape,
        problem,
        layers.map((layer, i) => Float64Array.from(layer, (w, j) => w + (by * way[i][j]) / size)),
      );
    const slope = (moved(STEP) - moved(-STEP)) / (2 * STEP);
    let product = 0;
    for (const [i, layer] of way.entries())
      for (const [j, value] of layer.entries()) product += (value / size) * gradient[i][j];
    worst = Math.max(worst, Math.abs(product - slope) / length);
  }
  return worst;
}

function distance(right, found) {
  let [off, all] = [0, 0];
  for (const [i, value] of right.entries()) {
    off += (found[i] - value) ** 2;
    all += value ** 2;
  }
  return Math.sqrt(off / all);
}
