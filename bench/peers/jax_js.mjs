/**
 * jax-js on WebGPU as a contestant: its kernels one by one, and the whole trial batched over trials and ridges. Its arrays
 * are counted: an array that is passed on is used up unless `.ref` is written.
 */
import { readFileSync } from 'node:fs';
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
import { factorResidual, gramResidual, meanScore, productResidual } from './_residuals.mjs';

const NAME = 'jax-js';

const { device, limits } = await installDawn().catch((error) => missing(NAME, error.message));
const jax = await import('@jax-js/jax').catch(() =>
  missing(NAME, 'npm package @jax-js/jax is not installed; run npm ci --prefix bench/peers'),
);
const { numpy: np, random, lax, nn, jit, grad } = jax;
if (!(await jax.init()).includes('webgpu')) missing(NAME, 'jax-js does not start its WebGPU backend');
jax.defaultDevice('webgpu');

const adjoint = np.matrixTranspose;

/** A case of one kernel: `compute` makes a new array of the inputs each time. */
async function kernel(inputs, compute, check) {
  for (const input of inputs) await input.blockUntilReady();
  const once = () => compute(...inputs.map((input) => input.ref));
  return {
    async run() {
      const out = await once().blockUntilReady();
      out.dispose();
    },
    check: async () => check(...(await Promise.all([...inputs.map((input) => input.ref.data()), once().data()]))),
    close: () => inputs.forEach((input) => void input.dispose()),
  };
}

const normals = (seed, shape) => random.normal(random.key(seed), shape);

function matmul({ n }, seed) {
  const inputs = [normals(seed, [n, n]), normals(seed + 1, [n, n])];
  return kernel(inputs, np.matmul, (a, b, out) => productResidual(n, a, b, out));
}

function gram(shape, seed) {
  const { rows, columns, batch } = shape;
  const product = (x) => np.matmul(adjoint(x.ref), x);
  return kernel([normals(seed, [batch, rows, columns])], product, (x, out) => gramResidual(shape, x, out));
}

function cholesky(shape, seed) {
  const { order, batch } = shape;
  const x = normals(seed, [batch, 2 * order, order]);
  const a = np
    .matmul(adjoint(x.ref), x)
    .div(2 * order)
    .add(np.eye(order).mul(0.01));
  return kernel(
    [a],
    (matrices) => lax.linalg.cholesky(matrices),
    (matrices, out) => factorResidual(shape, matrices, out),
  );
}

function normalNumbers({ count }, seed) {
  let key = seed;
  return kernel([], () => normals(key++, [count]), meanScore);
}

async function trial(shape, seed) {
  const { trials, generations, ridges } = shape;
  const block = Math.min(trials, blockSize(shape));
  const steps = stepsOf(shape, block);
  let key = (seed % 4096) * 2 ** 20;
  const means = [];
  return {
    async run() {
      let sum = 0;
      for (let done = 0; done < trials; done += block) {
        const errors = await errorsOf(shape, steps, random.key(key++)).data();
        const used = Math.min(block, trials - done);
        for (let t = 0; t < used; t++) sum += errors[(t * ridges.length + 1) * generations.length - 1];
      }
      means.push(sum / trials);
    },
    check: () => means.reduce((sum, mean) => sum + mean, 0) / means.length,
    close: () => Object.values(steps).forEach((step) => void step.dispose()),
  };
}

/** Trials whose designs, and whose matrices of all ridges, fit one binding. */
function blockSize({ d, samples, generatorSamples, ridges }) {
  const floats = d * Math.max(samples, generatorSamples, d * ridges.length);
  const most = Math.floor(limits.maxStorageBufferBindingSize / (4 * floats));
  if (most < 1) throw new Error(`needs ${((4 * floats) / 2 ** 20).toFixed(0)} MiB in one binding`);
  return most;
}

/**
 * What lies between the solves of `count` trials at once, each compiled as a whole. The solves stay outside: triangular
 * ones do not compile ("input is not imm").
 */
function stepsOf({ d, samples, generatorSamples, generations, ridges, exponent }, count) {
  const spectrum = () => np.array(Float32Array.from({ length: d }, (_, j) => (j + 1) ** -(exponent ?? 0)));
  /** X'X/T and X'y/T of a fresh design per trial labelled by all models [trial, feature, model] of it. */
  const labelled = (rows, noise) => (key, models) => {
    const [ofDesign, ofNoise] = random.split(key, 2);
    const x = random.normal(ofDesign, [count, rows, d]).mul(np.sqrt(spectrum()));
    const y = np.matmul(x.ref, models).add(random.normal(ofNoise, [count, rows, 1]).mul(noise));
    const xt = adjoint(x.ref);
    return [np.matmul(xt.ref, x).div(rows), np.matmul(xt, y).div(rows)];
  };
  const downstream = labelled(samples, 0.1);
  return {
    truth: jit((key) => {
      const raw = random.normal(key, [count, d, 1]);
      return raw.ref.div(np.sqrt(np.square(raw).sum(1, { keepdims: true })));
    }),
    generator: jit(labelled(generatorSamples, 0.2)),
    /** For all ridges at once, [trial, ridge, feature, ...]. */
    downstream: jit((key, models) => {
      const [gram, moments] = downstream(key, models);
      const shifts = np.eye(d).mul(np.array(Float32Array.from(ridges)).reshape([ridges.length, 1, 1]));
      const sides = np.tile(moments.reshape([count, 1, d, generations.length]), [1, ridges.length, 1, 1]);
      return [gram.reshape([count, 1, d, d]).add(shifts), sides];
    }),
    errors: jit((fits, truth) =>
      np
        .square(fits.sub(truth.reshape([count, 1, d, 1])))
        .mul(spectrum().reshape([d, 1]))
        .sum(2),
    ),
  };
}

/** Test errors [trial, ridge, generation]. */
function errorsOf({ generations }, steps, key) {
  const last = generations.at(-1);
  const keys = random.split(key, last + 2);
  const truth = steps.truth(keys.ref.slice(last + 1));
  let model = truth.ref;
  const models = [];
  for (let n = 0; n <= last; n++) {
    if (generations.includes(n)) models.push(model.ref);
    if (n < last) model = solve(...steps.generator(keys.ref.slice(n), model));
  }
  model.dispose();
  const fits = solve(...steps.downstream(keys.slice(last), np.concatenate(models, 2)));
  return steps.errors(fits, truth);
}

/** Solves by Cholesky factors. */
function solve(matrices, sides) {
  const factors = lax.linalg.cholesky(matrices);
  const half = lax.linalg.triangularSolve(factors.ref, sides, { leftSide: true, lower: true });
  return lax.linalg.triangularSolve(factors, half, { leftSide: true, lower: true, transposeA: true });
}

/** Networks as long as they are trained: `step` makes of a state the next one, `slope` of weights their gradient. */
async function training(problem, state, { steps }, step, slope, deviation) {
  let now = state(problem.weights.map(({ shape, values }) => np.array(values).reshape(shape)));
  return {
    async run() {
      for (let i = 0; i < steps; i++) now = step(now);
      await jax
        .blockUntilReady(now.map((array) => array.ref))
        .then((all) => all.forEach((array) => void array.dispose()));
    },
    async check() {
      const weights = problem.weights.map(({ shape, values }) => np.array(values).reshape(shape));
      return deviation(await Promise.all(slope(weights).map((array) => array.data())));
    },
    close: () => now.forEach((array) => void array.dispose()),
  };
}

function perceptronSteps(shape, seed) {
  const { inputs, batch, networks } = shape;
  const problem = perceptron(shape, seed);
  const x = np.array(problem.x).reshape([networks, batch, inputs]);
  const y = np.array(problem.y).reshape([networks, batch, 10]);
  const loss = (weights, images, labels) => {
    const [w1, b1, w2, b2] = weights;
    const hidden = nn.relu(np.matmul(images, w1).add(b1));
    // Of each network the mean; the gradient of their sum has one network in each part.
    return np
      .square(np.matmul(hidden, w2).add(b2).sub(labels))
      .sum()
      .div(10 * batch);
  };
  const slope = jit((weights, images, labels) => grad(loss)(weights, images, labels));
  const step = jit((weights, images, labels) => {
    const gradient = grad(loss)(
      weights.map((w) => w.ref),
      images,
      labels,
    );
    return weights.map((w, i) => w.sub(gradient[i].mul(PERCEPTRON_RATE)));
  });
  return training(
    problem,
    (weights) => weights,
    shape,
    (weights) => step(weights, x.ref, y.ref),
    (weights) => slope(weights, x.ref, y.ref),
    (gradient) => perceptronDeviation(shape, problem, gradient),
  );
}

function encoderSteps(shape, seed) {
  const { positions, symbols, width, answers, batch, networks } = shape;
  const problem = encoder(shape, seed);
  const rows = nn
    .oneHot(np.array(problem.rows, { dtype: np.int32 }), positions * symbols)
    .reshape([networks, batch * positions, positions * symbols]);
  const labels = nn.oneHot(np.array(problem.labels, { dtype: np.int32 }), answers).reshape([networks, batch, answers]);
  const normed = (x) => nn.standardize(x, -1, { epsilon: LEAST_VARIANCE });
  const loss = (weights, at, wanted) => {
    const [scores, values, w1, b1, w2, b2, w3, b3] = weights;
    const share = nn.softmax(np.matmul(at.ref, scores).reshape([networks, batch, positions, HEADS, 1]), 2);
    const read = np.matmul(at, values).reshape([networks, batch, positions, HEADS, width / HEADS]);
    const x = share.mul(read).sum(2).reshape([networks, batch, width]);
    const layer = nn.relu(np.matmul(normed(x.ref), w1).add(b1));
    const out = normed(np.matmul(layer, w2).add(b2).add(x));
    const logs = nn.logSoftmax(np.matmul(out, w3).add(b3), -1);
    return logs.mul(wanted).sum().div(-batch);
  };
  const count = problem.weights.length;
  const slope = jit((weights, at, wanted) => grad(loss)(weights, at, wanted));
  const step = jit((state, at, wanted) => {
    const [weights, first, second] = [0, 1, 2].map((part) => state.slice(part * count, (part + 1) * count));
    const [powers] = state.slice(3 * count);
    const gradient = grad(loss)(
      weights.map((w) => w.ref),
      at,
      wanted,
    );
    const m = first.map((old, i) => old.mul(ADAM.first).add(gradient[i].ref.mul(1 - ADAM.first)));
    const v = second.map((old, i) => old.mul(ADAM.second).add(np.square(gradient[i]).mul(1 - ADAM.second)));
    const next = powers.mul(np.array([ADAM.first, ADAM.second]));
    const [c1, c2] = [0, 1].map((i) => np.array(1).sub(next.ref.slice(i)));
    const moved = weights.map((w, i) =>
      w.sub(
        m[i].ref
          .mul(ADAM.rate)
          .div(c1.ref)
          .div(np.sqrt(v[i].ref.div(c2.ref)).add(ADAM.least)),
      ),
    );
    c1.dispose();
    c2.dispose();
    return [...moved, ...m, ...v, next];
  });
  const zeros = () => problem.weights.map(({ shape: size }) => np.zeros(size));
  return training(
    problem,
    (weights) => [...weights, ...zeros(), ...zeros(), np.array([1, 1])],
    shape,
    (state) => step(state, rows.ref, labels.ref),
    (weights) => slope(weights, rows.ref, labels.ref),
    (gradient) => encoderDeviation(shape, problem, gradient),
  );
}

const manifest = new URL('../package.json', import.meta.resolve('@jax-js/jax'));
const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
await serve(
  { name: NAME, version, device },
  { trial, cholesky, matmul, gram, normals: normalNumbers, perceptron: perceptronSteps, encoder: encoderSteps },
);
