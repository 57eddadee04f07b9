/**
 * jax-js on WebGPU as a contestant: its kernels one by one, and the whole trial batched over trials and ridges. Its arrays
 * are counted: an array that is passed on is used up unless `.ref` is written.
 */
import { readFileSync } from 'node:fs';
import { missing, serve } from './_contestant.mjs';
import { installDawn } from './_dawn.mjs';
import { factorResidual, gramResidual, meanScore, productResidual } from './_residuals.mjs';

const NAME = 'jax-js';

const { device, limits } = await installDawn().catch((error) => missing(NAME, error.message));
const jax = await import('@jax-js/jax').catch(() =>
  missing(NAME, 'npm package @jax-js/jax is not installed; run npm ci --prefix bench/peers'),
);
const { numpy: np, random, lax, jit } = jax;
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

const manifest = new URL('../package.json', import.meta.resolve('@jax-js/jax'));
const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
await serve({ name: NAME, version, device }, { trial, cholesky, matmul, gram, normals: normalNumbers });
