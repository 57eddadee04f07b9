/**
 * Plan. What the simulation of every regime promises, for each row of the table of small settings and each sampler that
 * draws it, seed 1, on a device:
 * - trial by trial it is the f64 reference, also with noises switched off or turned round for the terms of the error, within c n eps (||w0||^2 + E) kappa, c = 4, n the longest sum, kappa = 50 for
 *   the scaled Gram matrices in play, as in direct.gpu.test.ts;
 * - batches of 1 and of 7 give the same bits as one batch;
 * - means lie within 4 standard errors of theory, and its allowance;
 * - another seed gives other numbers, the same seed the same.
 */

import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../src/experiment/experiment.ts';
import { planExperiment } from '../../src/plan/plan.ts';
import { TrialStatus } from '../../src/program/trials.ts';
import { regimes } from '../../src/regimes/index.ts';
import { isFitted } from '../../src/regimes/recipe.ts';
import { withTerms } from '../../src/regimes/terms.ts';
import { samplers } from '../../src/samplers/index.ts';
import { refusalOf, type SamplerJob } from '../../src/samplers/sampler.ts';
import { meanOf, momentsOf, standardError } from '../../src/statistics/moments.ts';
import { useGpu } from '../support/gpu.ts';
import { trialsOn } from '../support/law-trials.ts';
import { EPS } from '../support/matrices.ts';
import { openOn } from '../support/programs.ts';
import { allErrors } from '../support/two-samples.ts';
import { contractExperiments } from './contract-cases.ts';

const TRIALS = 1000;
const context = useGpu();

const rows = contractExperiments({ seed: 1 }).flatMap((experiment) =>
  [...samplers.values()].map((sampler) => ({ name: `${experiment.name} by ${sampler.name}`, experiment, sampler })),
);
const drawable = rows.filter(({ experiment, sampler }) =>
  recipesOf(experiment).every((recipe) => refusalOf(sampler, recipe) === null),
);

it('every regime is drawn by some sampler', () => {
  expect(new Set(drawable.map(({ experiment }) => experiment.panels[0]!.regime))).toEqual(new Set(regimes.keys()));
});

// Those about images need files and have no theory: tests of their samplers draw them from images of their own.
const numerical = drawable.filter(({ experiment }) =>
  recipesOf(experiment).every(({ kind }) => kind !== 'kernel' && kind !== 'network'),
);

describe.each(numerical)('$name', ({ experiment, sampler }) => {
  const limits = {
    maxStorageBufferBindingSize: 2 ** 27,
    maxBufferSize: 2 ** 28,
    maxComputeWorkgroupsPerDimension: 65535,
  };
  const { jobs } = planExperiment(experiment, regimes, new Map([[sampler.name, sampler]]), limits);
  const [first] = jobs;

  /** Test errors per cell of the job, in batches of at most `capacity`. */
  async function errorsOf(job: SamplerJob, trials: number, capacity = trials): Promise<Float64Array[]> {
    const source = await openOn(sampler, job, context.launcher, capacity);
    const errors = await allErrors(source, job, trials);
    source.close();
    context.gpu.assertHealthy();
    return errors;
  }

  it('is its reference, trial by trial', async () => {
    for (const { job: asked } of jobs) {
      const fits = asked.recipes.filter(isFitted);
      const job = fits.length > 0 ? { ...asked, recipes: withTerms(fits) } : asked;
      const source = await openOn(sampler, job, context.launcher, 9);
      const got = await source.run(5, 9);
      const expected = await sampler.openReference(job).run(5, 9);
      source.close();
      expect([...got.statuses]).toEqual([...expected.statuses]);
      expect(Math.max(...got.statuses)).toBe(TrialStatus.ok);
      const bound = (error: number) => 4 * 128 * EPS * 50 * (error + 1);
      got.errors.forEach((error, i) => {
        expect(Math.abs(error - expected.errors[i]!)).toBeLessThan(bound(expected.errors[i]!));
      });
    }
  });

  it('does not see how trials are cut into batches', async () => {
    const whole = await errorsOf(first!.job, 15);
    expect(await errorsOf(first!.job, 15, 1)).toEqual(whole);
    expect(await errorsOf(first!.job, 15, 7)).toEqual(whole);
  });

  it('has the means of the theory', async () => {
    const { cells, regime } = experiment.panels[0]!;
    for (const { job, cells: places } of jobs) {
      // contract.test.ts says which may be so.
      if (places.every((place) => regimes.get(regime)!.theory(cells[place]!.parameters) === null)) continue;
      const errors = await errorsOf(job, trialsOn(context.gpu, TRIALS));
      errors.forEach((sample, i) => {
        const { at, parameters } = cells[places[i]!]!;
        const prediction = regimes.get(regime)!.theory(parameters);
        if (prediction?.kind !== 'value') throw new Error(`${JSON.stringify(at)}: no mean to compare with`);
        const moments = momentsOf(sample);
        const gap = Math.abs(meanOf(moments) - prediction.value);
        expect(gap, JSON.stringify(at)).toBeLessThan(4 * standardError(moments) + prediction.allowance);
      });
    }
  });

  it('follows its seed', async () => {
    const { job } = first!;
    const one = await errorsOf(job, 3);
    expect(await errorsOf(job, 3)).toEqual(one);
    const other = await errorsOf({ ...job, seed: 2 }, 3);
    one.forEach((errors, cell) => {
      errors.forEach((error, trial) => {
        expect(error).not.toBe(other[cell]![trial]);
      });
    });
  });
});

function recipesOf({ panels }: Experiment) {
  return panels.flatMap(({ cells, regime }) => cells.map(({ parameters }) => regimes.get(regime)!.recipe(parameters)));
}
