import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { planExperiment } from '../../src/plan/plan.ts';
import { TrialStatus } from '../../src/program/trials.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';
import { useGpu } from '../support/gpu.ts';
import { openOn } from '../support/programs.ts';

/*
 * Plan: numbers far outside f32, or whose squares are, give the right test error or are refused by name.
 * - scaled experiments: truth and noises times c, ridge and eigenvalues times a^2 (truth over a), for c and a from 1e-30 to 1e30. The oracle is
 *   homogeneity: the plain experiment's errors times c^2, trial by trial, on the device and in f64. Powers of two that are no powers of the
 *   step are hit or missed by chance; what is asked is 1e-5 and the status ok
 * - no digit changes where nothing has to be scaled: the recipe is the same object
 * - amplitudes 1e20 and 1e30 apart against the f64 reference, which has the range
 * - noise 0 and no truth beside extreme ridges, where the test error is far below or above all that it is made of
 * - what cannot be held is refused, with path, value and range
 */

const context = useGpu();

const plain = {
  regime: 'replace',
  dimension: 6,
  truth: { kind: 'sphere', norm: 1 },
  covariance: { kind: 'isotropic', trace: 6 },
  generator: { samples: 9, noise: 0.3 },
  downstream: { samples: 8, noise: 0.2, ridge: 0.1 },
  generations: [0, 2],
  trials: 8,
  seed: 3,
};

type Part = Readonly<Record<string, JsonValue>>;

function planned(changes: Part, sampler: string) {
  const file = { name: 'scaled', ...plain, ...changes, sampler };
  return planExperiment(
    parseExperiment(file, regimes, [...samplers.keys()]),
    regimes,
    samplers,
    context.gpu.device.limits,
  );
}

async function errorsOf(changes: Part, sampler: string, where: 'device' | 'reference'): Promise<number[]> {
  const errors: number[] = [];
  for (const { job, sampler: drawn } of planned(changes, sampler).jobs) {
    const source = where === 'device' ? await openOn(drawn, job, context.launcher, 8) : drawn.openReference(job);
    const batch = await source.run(0, 8);
    source.close();
    expect([...batch.statuses].every((status) => status === TrialStatus.ok)).toBe(true);
    errors.push(...batch.errors);
  }
  return errors;
}

function expectClose(got: readonly number[], expected: readonly number[], bound = 1e-5): void {
  expect(got.length).toBe(expected.length);
  for (const [i, error] of got.entries()) {
    expect(Math.abs(error / expected[i]! - 1), `${error}, expected ${expected[i]}`).toBeLessThan(bound);
  }
}

const scaled = (c: number, a2: number): Part => ({
  truth: { kind: 'sphere', norm: c / Math.sqrt(a2) },
  covariance: { kind: 'isotropic', trace: 6 * a2 },
  generator: { samples: 9, noise: 0.3 * c },
  downstream: { samples: 8, noise: 0.2 * c, ridge: 0.1 * a2 },
});

describe.each(['bidiagonal', 'direct', 'wishart'])('%s', (sampler) => {
  it.each([
    [1e-30, 1],
    [1e-12, 1],
    [1e20, 1],
    [1e35, 1],
    [1, 1e37],
    [1, 1e-36],
    [1e25, 1e-30],
    [1e-25, 1e30],
  ])('has the errors of the plain experiment times c^2 at c = %d, a^2 = %d', async (c, a2) => {
    const expected = (await errorsOf({}, sampler, 'reference')).map((error) => error * c * c);
    expectClose(await errorsOf(scaled(c, a2), sampler, 'reference'), expected, 1e-9);
    expectClose(await errorsOf(scaled(c, a2), sampler, 'device'), expected);
  });

  it.each<[string, Part]>([
    ['a noise of 1e20 beside a truth of 1', { downstream: { samples: 8, noise: 1e20, ridge: 0.1 } }],
    ['a noise of 1e20 that a ridge of 1e30 takes away', { downstream: { samples: 8, noise: 1e20, ridge: 1e30 } }],
    ['a truth of 1e29 beside noises of 0.3', { truth: { kind: 'sphere', norm: 1e29 } }],
    [
      'no truth and a ridge of 1e30',
      { truth: { kind: 'sphere', norm: 0 }, downstream: { samples: 8, noise: 1, ridge: 1e30 } },
    ],
  ])('agrees with the reference at %s', async (_, changes) => {
    // The condition number of so few rows and the length of the truth over the error are in it.
    expectClose(await errorsOf(changes, sampler, 'device'), await errorsOf(changes, sampler, 'reference'), 1e-4);
  });
});

it('bidiagonal has the error of a truth without noise under the smallest ridge', async () => {
  const changes = { generations: [0], downstream: { samples: 12, noise: 0, ridge: 1e-30 } };
  const device = await errorsOf(changes, 'bidiagonal', 'device');
  expect(Math.max(...device)).toBeLessThan(1e-55);
  expectClose(device, await errorsOf(changes, 'bidiagonal', 'reference'));
});

describe('units', () => {
  it('leaves a recipe as it is where nothing has to be scaled', () => {
    const [job] = planned({ downstream: { samples: 8, noise: 1e5, ridge: 1e5 } }, 'direct').jobs;
    expect(job!.job.recipes[0]).not.toHaveProperty('unit');
  });

  it.each<[RegExp, Part]>([
    [
      /downstream\.noise: gives 1e\+40, need 0 or a size from 1e-36 to 1e\+36/,
      { downstream: { samples: 8, noise: 1e40, ridge: 0 } },
    ],
    [/generator\.noise: gives 1e-37/, { generator: { samples: 9, noise: 1e-37 } }],
    [/truth: gives 1e\+38/, { truth: { kind: 'sphere', norm: 1e38 } }],
    [/downstream\.noise: gives 1e-35 beside /, { downstream: { samples: 8, noise: 1e-35, ridge: 0 } }],
    [
      /downstream\.ridge: gives lambda = 1e\+36, need 0 or lambda T from 1e-30 to 5e\+33 for T = 8 rows/,
      { downstream: { samples: 8, noise: 1, ridge: 1e36 } },
    ],
    [/downstream\.ridge: gives lambda = 1e-35/, { downstream: { samples: 8, noise: 1, ridge: 1e-35 } }],
    [
      /covariance: gives eigenvalues and a ridge that 8 rows spread/,
      { covariance: { kind: 'eigenvalues', values: [3e38, 1, 1, 1, 1, 2e-38] } },
    ],
  ])('refuses by name: %s', (message, changes) => {
    expect(() => planned(changes, 'direct')).toThrow(message);
  });
});
