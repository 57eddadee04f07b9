/**
 * TensorFlow.js on its WebGPU backend as a contestant. It has neither a Cholesky factorisation nor a triangular solve, so
 * there is no whole trial; its normal numbers are drawn by the processor and sent to the device.
 */
import { missing, serve } from './_contestant.mjs';
import { installDawn } from './_dawn.mjs';
import { gramResidual, meanScore, productResidual } from './_residuals.mjs';

const NAME = 'tfjs-webgpu';

const { device } = await installDawn().catch((error) => missing(NAME, error.message));
// Without these of a browser the package does not believe that there is WebGPU.
globalThis.window = globalThis;
globalThis.self = globalThis;
globalThis.document = { createElement: () => ({ getContext: () => null }) };
const { default: tf } = await import('@tensorflow/tfjs-core').catch(() =>
  missing(NAME, 'npm package @tensorflow/tfjs-core is not installed; run npm ci --prefix bench/peers'),
);
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

await serve({ name: NAME, version: tf.version_core, device }, { matmul, gram, normals: normalNumbers });
