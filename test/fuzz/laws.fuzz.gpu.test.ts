import { expect, it } from 'vitest';
import type { PlannedJob } from '../../src/plan/plan.ts';
import { regimes } from '../../src/regimes/index.ts';
import { meanOf, momentsOf, standardError } from '../../src/statistics/moments.ts';
import type { Prediction } from '../../src/theory/prediction.ts';
import { fuzzCount } from '../support/fuzz.ts';
import { useGpu } from '../support/gpu.ts';
import { trialsOn } from '../support/law-trials.ts';
import { openOn } from '../support/programs.ts';
import { allErrors } from '../support/two-samples.ts';
import { Dice, experimentFrom, jobsOf, settings } from './random-settings.ts';

/*
 * Plan: 750 random experiments (a tenth of them in ordinary runs) over all regimes that have a theory of their mean; networks, whose trainings
 * are held against it elsewhere, are left out. d from 2 to 40, numbers of noise, ridge, length and exponent within a factor of 20 of 1.
 * - the mean of every cell with a prediction is that, within its allowance, 3 standard errors, and what single precision leaves of a number
 * - a cell that is farther off gets eight times as many other trials, and then 4 standard errors
 * - no prediction is a fault
 */

const TRIALS = 300;
const AGAIN = 8;
const FIRST_SEED = Number(process.env.COLLAPSE_FUZZ_SEED ?? 1);

const context = useGpu();
const names = Object.keys(settings).filter((name) => name !== 'divisors' && name !== 'associative-memory');

/** Of means that can be measured with a few hundred trials. */
class MildDice extends Dice {
  override size(least: number, most: number): number {
    return super.size(Math.max(least, 0.05), Math.min(most, 20));
  }

  override dimension(): number {
    return this.whole(2, 40);
  }
}

async function drawn({ sampler, job, cost }: PlannedJob, trials: number, first: number): Promise<Float64Array[]> {
  const source = await openOn(sampler, job, context.launcher, Math.min(trials, cost.largestBatch));
  try {
    return await allErrors(source, job, trials, first);
  } finally {
    source.close();
  }
}

/** Standard errors that a mean is away from what it is predicted to be at most or at least. */
function beyond(errors: Float64Array, { value, allowance, deviation = 0 }: Extract<Prediction, { kind: 'value' }>) {
  const moments = momentsOf(errors);
  const gap = Math.abs(meanOf(moments) - value) - allowance - 1e-5 * Math.abs(value) - 1e-9;
  return gap <= 0 ? 0 : gap / Math.max(standardError(moments), deviation / Math.sqrt(errors.length));
}

it(`random experiments have the means of their theory, seeds from ${FIRST_SEED}`, {
  timeout: 3_600_000,
}, async () => {
  const trials = trialsOn(context.gpu, TRIALS);
  const faults: string[] = [];
  const reached = new Set<string>();
  for (let seed = FIRST_SEED; seed < FIRST_SEED + fuzzCount(750); seed++) {
    const file = experimentFrom(new MildDice(seed), seed, names, TRIALS);
    for (const planned of jobsOf(file, context.gpu.device.limits) ?? []) {
      const { panel, cells } = planned;
      const regime = regimes.get(panel.regime)!;
      const predicted = cells.map((cell) => regime.theory(panel.cells[cell]!.parameters));
      const say = (i: number, what: string) =>
        faults.push(`${what} at ${JSON.stringify(panel.cells[cells[i]!]!.at)}: ${JSON.stringify(file)}`);
      predicted.forEach((prediction, i) => {
        if (prediction?.kind === 'fault') say(i, prediction.reason);
      });
      if (!predicted.some((prediction) => prediction?.kind === 'value')) continue;
      const errors = await drawn(planned, trials, 0);
      let others: Promise<Float64Array[]> | null = null;
      for (const [i, prediction] of predicted.entries()) {
        if (prediction?.kind !== 'value') continue;
        reached.add(file.regime);
        if (beyond(errors[i]!, prediction) <= 3) continue;
        others ??= drawn(planned, AGAIN * trials, trials);
        const far = beyond((await others)[i]!, prediction);
        if (far > 4) say(i, `${far.toFixed(1)} standard errors off ${prediction.value}`);
      }
    }
  }
  expect(faults.join('\n')).toBe('');
  // A regime that is never reached is not tested.
  expect(reached.size).toBeGreaterThan(names.length / 2);
  if (fuzzCount(750) === 750) expect(names.filter((name) => !reached.has(name))).toEqual([]);
});
