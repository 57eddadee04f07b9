/**
 * TensorFlow.js on its WebGPU backend as a contestant. It has neither a Cholesky factorisation nor a triangular solve, so
 * there is no whole trial; its normal numbers are drawn by the processor and sent to the device.
 */
import { register } from 'node:module';
import { missing, serve } from './_contestant.mjs';
import { installDawn } from './_dawn.mjs';
import {
  ADAM,
  encoder,
  encoderDeviation,
  HEADS,
  LEAST_VARIANCE,
  PERCEPTRON_RATE,
  perceptron,
  perceptronDeviation,
} from './_networks.mjs';
import { gramResidual, meanScore, productResidual } from './_residuals.mjs';

const NAME = 'tfjs-webgpu';

const { device } = await installDawn().catch((error) => missing(NAME, error.message));
// Without these of a browser the package does not believe that there is WebGPU.
globalThis.window = globalThis;
globalThis.self = globalThis;
globalThis.document = { createElement: () => ({ getContext: () => null }) };
register('./_bundler.mjs', import.meta.url);
const tf = await import('@tensorflow/tfjs-core').catch(() =>
  missing(NAME, 'npm package @tensorflow/tfjs-core is not installed; run npm ci --prefix bench/peers'),
);
await import('@tensorflow/tfjs-core/dist/register_all_gradients.js').catch((error) => missing(NAME, error.message));
await import('@tensorflow/tfjs-backend-webgpu').catch((error) => missing(NAME, error.message));
if (!(await tf.setBackend('webgpu'))) missing(NAME, 'TensorFlow.js does not start its WebGPU backend');
const backend = tf.backend();

async function idle() {
  // What reading a tensor back does first: commands wait for company until then.
  backend.endComputePassEncoder();
  if (backend.commandEncoder) backend.submitQueue();
  await backend.queue.onSubmittedWorkDone();
}

/** A case of one kernel: `compute` makes a new tensor each time. */
async function kernel(inputs, compute, check) {
  await idle();
  return {
    async run() {
      const out = compute();
      await idle();
      out.dispose();
    },
    async check() {
      const out = compute();
      const values = await Promise.all([...inputs, out].map((tensor) => tensor.data()));
      out.dispose();
      return check(...values);
    },
    close: () => inputs.forEach((input) => void input.dispose()),
  };
}

const normals = (seed, shape) => tf.randomNormal(shape, 0, 1, 'float32', seed);

function matmul({ n }, seed) {
  const [a, b] = [normals(seed, [n, n]), normals(seed + 1, [n, n])];
  return kernel(
    [a, b],
    () => tf.matMul(a, b),
    (...matrices) => productResidual(n, ...matrices),
  );
}

function gram(shape, seed) {
  const x = normals(seed, [shape.batch, shape.rows, shape.columns]);
  return kernel(
    [x],
    () => tf.matMul(x, x, true, false),
    (...matrices) => gramResidual(shape, ...matrices),
  );
}

function normalNumbers({ count }, seed) {
  let next = seed;
  const draw = () => {
    const tensor = normals(next++, [count]);
    backend.uploadToGPU(tensor.dataId);
    return tensor;
  };
  return kernel([], draw, meanScore);
}

/** Networks as long as they are trained: `loss` of weights, and `step` of weights and gradients, which changes the weights. */
async function training({ weights: begin }, { steps }, loss, step, deviation) {
  const made = () => begin.map(({ shape, values }) => tf.variable(tf.tensor(values, shape)));
  const slopes = (weights) => {
    const { value, grads } = tf.variableGrads(() => loss(weights), weights);
    value.dispose();
    return weights.map(({ name }) => grads[name]);
  };
  const weights = made();
  return {
    async run() {
      for (let i = 0; i < steps; i++) tf.tidy(() => step(weights, slopes(weights)));
      await idle();
    },
    async check() {
      const fresh = made();
      const gradient = slopes(fresh);
      const values = await Promise.all(gradient.map((tensor) => tensor.data()));
      for (const tensor of [...fresh, ...gradient]) tensor.dispose();
      return deviation(values);
    },
    close: () => weights.forEach((weight) => void weight.dispose()),
  };
}

function perceptronSteps(shape, seed) {
  const { inputs, batch, networks } = shape;
  const problem = perceptron(shape, seed);
  const x = tf.tensor(problem.x, [networks, batch, inputs]);
  const y = tf.tensor(problem.y, [networks, batch, 10]);
  const loss = ([w1, b1, w2, b2]) => {
    const hidden = tf.relu(tf.add(tf.matMul(x, w1), b1));
    return tf.div(tf.sum(tf.squaredDifference(tf.add(tf.matMul(hidden, w2), b2), y)), 10 * batch);
  };
  const step = (weights, gradient) =>
    weights.forEach((weight, i) => void weight.assign(tf.sub(weight, tf.mul(gradient[i], PERCEPTRON_RATE))));
  return training(problem, shape, loss, step, (gradient) => perceptronDeviation(shape, problem, gradient));
}

function encoderSteps(shape, seed) {
  const { positions, symbols, width, answers, batch, networks } = shape;
  const problem = encoder(shape, seed);
  const rows = tf.reshape(tf.oneHot(tf.tensor(problem.rows, undefined, 'int32'), positions * symbols), [
    networks,
    batch * positions,
    positions * symbols,
  ]);
  const at = tf.cast(rows, 'float32');
  const wanted = tf.cast(
    tf.reshape(tf.oneHot(tf.tensor(problem.labels, undefined, 'int32'), answers), [networks, batch, answers]),
    'float32',
  );
  const normed = (x) => {
    const off = tf.sub(x, tf.mean(x, -1, true));
    return tf.div(off, tf.sqrt(tf.add(tf.mean(tf.square(off), -1, true), LEAST_VARIANCE)));
  };
  const loss = ([scores, values, w1, b1, w2, b2, w3, b3]) => {
    // Softmax over the last dimension alone.
    const asked = tf.reshape(tf.matMul(at, scores), [networks, batch, positions, HEADS]);
    const share = tf.transpose(tf.softmax(tf.transpose(asked, [0, 1, 3, 2])), [0, 1, 3, 2]);
    const read = tf.reshape(tf.matMul(at, values), [networks, batch, positions, HEADS, width / HEADS]);
    const weighed = tf.mul(tf.reshape(share, [networks, batch, positions, HEADS, 1]), read);
    const x = tf.reshape(tf.sum(weighed, 2), [networks, batch, width]);
    const layer = tf.relu(tf.add(tf.matMul(normed(x), w1), b1));
    const out = normed(tf.add(tf.add(tf.matMul(layer, w2), b2), x));
    const logs = tf.logSoftmax(tf.add(tf.matMul(out, w3), b3));
    return tf.div(tf.sum(tf.mul(logs, wanted)), -batch);
  };
  const moments = [0, 1].map(() => problem.weights.map(({ shape: size }) => tf.variable(tf.zeros(size))));
  let steps = 0;
  const step = (weights, gradient) => {
    steps++;
    const [c1, c2] = [1 - ADAM.first ** steps, 1 - ADAM.second ** steps];
    weights.forEach((weight, i) => {
      const [m, v] = [moments[0][i], moments[1][i]];
      m.assign(tf.add(tf.mul(m, ADAM.first), tf.mul(gradient[i], 1 - ADAM.first)));
      v.assign(tf.add(tf.mul(v, ADAM.second), tf.mul(tf.square(gradient[i]), 1 - ADAM.second)));
      weight.assign(tf.sub(weight, tf.div(tf.mul(m, ADAM.rate / c1), tf.add(tf.sqrt(tf.div(v, c2)), ADAM.least))));
    });
  };
  return training(problem, shape, loss, step, (gradient) => encoderDeviation(shape, problem, gradient));
}

await serve(
  { name: NAME, version: tf.version_core, device },
  { matmul, gram, normals: normalNumbers, perceptron: perceptronSteps, encoder: encoderSteps },
);
