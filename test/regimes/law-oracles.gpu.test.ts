/**
 * Plan. Errors of `hutter` on the device where laws were wrong once, against the definition in f64 (test/support/hutter-oracle.ts): cooled
 * until powers leave f64, cut and top-p beyond the support, top-p where a share is a sum of masses, mixed with real data; fixed and Poisson
 * numbers of draws.
 * - the very numbers of the reference;
 * - the mean over trials is the finite sum to four standard errors; where every trial is the same, to the unit of a mass.
 */

import { expect, it } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse.ts';
import type { DiscreteRecipe } from '../../src/regimes/discrete-recipe.ts';
import { regimes } from '../../src/regimes/index.ts';
import type { Sampler } from '../../src/samplers/sampler.ts';
import { tokens } from '../../src/samplers/tokens/literal/index.ts';
import { poisson } from '../../src/samplers/tokens/poisson/index.ts';
import { useGpu } from '../support/gpu.ts';
import { meanError, synthetic, type Tail, type Truth } from '../support/hutter-oracle.ts';
import { openOn } from '../support/programs.ts';
import { meanOf } from '../theory/tails/random.ts';

const context = useGpu();

const law: Truth = { exponent: 1.5, support: 60, rest: 'lumped' };
const cases: readonly (readonly [Truth, Tail, number, number])[] = [
  [law, { kind: 'temperature', temperature: 0.5 }, 10, 0],
  [law, { kind: 'temperature', temperature: 0.1 }, 100, 0.2],
  [law, { kind: 'temperature', temperature: 2 }, 1, 0],
  [law, { kind: 'cut', last: 90 }, 1, 0],
  [law, { kind: 'top-p', share: 0.95 }, 1, 0],
  [law, { kind: 'top-p', share: 0.99 }, 40, 0],
  [{ exponent: 2, support: 2, rest: 'renormalised' }, { kind: 'top-p', share: 0.8 }, 1, 0],
];

const [SAMPLES, TRIALS, CHECKED] = [80, 1500, 8];

it.each(cases)('%j %j, %i generations, real %f', async (truth, tail, generations, real) => {
  const whole = synthetic(truth, { kind: 'whole' }, 0);
  const data = synthetic(truth, tail, generations);
  const drawn = whole.map((p, i) => real * p + (1 - real) * (data[i] ?? 0));
  for (const draws of ['fixed', 'poisson'] as const) {
    const sampler: Sampler = draws === 'fixed' ? tokens : poisson;
    const parameters = {
      law: { ...truth },
      draws,
      generator: { tail: { ...tail } },
      downstream: { samples: SAMPLES, real },
      generations: [generations],
    };
    const [cell] = parseExperiment({ name: 'a', regime: 'hutter', ...parameters }, regimes).panels[0]!.cells;
    const job = { seed: 9, recipes: [regimes.get('hutter')!.recipe(cell!.parameters) as DiscreteRecipe] };
    const source = await openOn(sampler, job, context.launcher, TRIALS);
    const { errors } = await source.run(0, TRIALS);
    source.close();
    const { errors: reference } = await sampler.openReference(job).run(0, CHECKED);
    expect(errors.slice(0, CHECKED)).toEqual(reference);
    const exact =
      draws === 'fixed'
        ? meanError(truth, [[drawn, SAMPLES]])
        : 1 - whole.reduceRight((sum, p, i) => sum - p * Math.expm1(-SAMPLES * drawn[i]!), 0);
    const { mean, error } = meanOf([...errors]);
    expect(Math.abs(mean - exact)).toBeLessThan(4 * error + 1e-12);
  }
});
