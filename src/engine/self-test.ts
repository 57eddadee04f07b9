import type { Gpu } from '../gpu/gpu.ts';
import { Launcher } from '../gpu/launcher.ts';
import { knownAnswer, twoSum } from '../kernels/probe.ts';
import { runOnce } from '../kernels/run-once.ts';
import { targetOf } from '../kernels/tuning.ts';
import { openProgram } from '../program/open.ts';
import { standardNormals } from '../reference/normal.ts';
import { threefry4x32, type Words } from '../reference/threefry.ts';
import { direct } from '../samplers/linear/direct/index.ts';

/** One line of `collapse doctor`: what was tested, whether it holds, and the number measured. */
export interface SelfTest {
  readonly name: string;
  /** `info` states a property of the device that nothing depends on. */
  readonly verdict: 'pass' | 'fail' | 'info';
  readonly detail: string;
}

/** Is this device fit for the engine? Random numbers bit for bit, normals, one factorisation, and what rounding is like. */
export async function selfTest(gpu: Gpu): Promise<readonly SelfTest[]> {
  const launcher = new Launcher(gpu);
  try {
    return [...(await randomNumbers(gpu, launcher)), await factorisation(launcher), await twoSums(gpu, launcher)];
  } finally {
    launcher.close();
  }
}

async function randomNumbers(gpu: Gpu, launcher: Launcher): Promise<readonly SelfTest[]> {
  const count = 4096;
  const inputs = new Uint32Array(8 * count).map((_, i) => Math.imul(i + 1, 0x9e3779b9) ^ (i << 7));
  const { words, normals } = await runOnce(gpu, launcher, knownAnswer, {
    buffers: { inputs, words: new Uint32Array(4 * count), normals: new Float32Array(4 * count) },
    launch: { count },
    groups: count / 64,
  });
  const gotWords = new Uint32Array(words);
  const gotNormals = new Float32Array(normals);
  let wrong = 0;
  let worst = 0;
  for (let i = 0; i < count; i++) {
    const [counter, key] = [0, 4].map((at) => [...inputs.subarray(8 * i + at, 8 * i + at + 4)] as unknown as Words);
    const expected = threefry4x32(counter!, key!);
    const z = standardNormals(expected);
    for (let k = 0; k < 4; k++) {
      if (gotWords[4 * i + k] !== expected[k]) wrong++;
      worst = Math.max(worst, Math.abs(gotNormals[4 * i + k]! - z[k]!));
    }
  }
  return [
    {
      name: 'random integers (Threefry4x32-20)',
      verdict: wrong === 0 ? 'pass' : 'fail',
      detail: `${wrong} of ${4 * count} words differ from the reference`,
    },
    {
      name: 'normals',
      verdict: worst <= 1e-6 ? 'pass' : 'fail',
      detail: `largest error ${worst.toExponential(1)}, allowed 1.0e-6`,
    },
  ];
}

/** One trial of ridge regression, d = 96, against f64: design, Gram matrix, Cholesky, solve and test error together. */
async function factorisation(launcher: Launcher): Promise<SelfTest> {
  const dimension = 96;
  const draw = { unit: 'self-test', generation: 0 };
  const job = {
    seed: 1,
    recipes: [
      {
        kind: 'linear',
        dimension,
        spectrum: new Array<number>(dimension).fill(1),
        truth: { kind: 'sphere', norm: 1 },
        estimate: { data: [{ rows: 288, inputs: draw, errors: draw, labels: 'truth', noise: 1 }], ridge: 0.01 },
      } as const,
    ],
  };
  const source = await openProgram(direct.program(job, targetOf(launcher.gpu)), launcher, 1);
  try {
    const got = (await source.run(0, 1)).errors[0]!;
    const expected = (await direct.openReference(job).run(0, 1)).errors[0]!;
    const relative = Math.abs(got - expected) / expected;
    return {
      name: 'one regression by Cholesky, d = 96',
      verdict: relative <= 1e-4 ? 'pass' : 'fail',
      detail: `relative error ${relative.toExponential(1)} against f64, allowed 1.0e-4`,
    };
  } finally {
    source.close();
  }
}

async function twoSums(gpu: Gpu, launcher: Launcher): Promise<SelfTest> {
  const count = 1024;
  const pairs = new Float32Array(4 * count);
  for (let i = 0; i < count; i++) pairs.set([2 ** 24 + 2 * i, 1 + (i % 7) / 8, 0], 4 * i);
  const { errors } = await runOnce(gpu, launcher, twoSum, {
    buffers: { pairs, errors: new Float32Array(4 * count) },
    launch: { count },
    groups: count / 64,
  });
  const got = new Float32Array(errors);
  const share = (column: number) => {
    let exact = 0;
    for (let i = 0; i < count; i++) {
      const [a, b] = [pairs[4 * i]!, pairs[4 * i + 1]!];
      if (got[4 * i + column] === a + b - Math.fround(a + b)) exact++;
    }
    return Math.round((100 * exact) / count);
  };
  return {
    name: 'two-sum probe',
    verdict: share(1) === 100 ? 'info' : 'fail',
    detail: `exact in ${share(0)} % of sums as written, in ${share(1)} % with its guard`,
  };
}
