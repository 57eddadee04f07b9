import { expect, it } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { planSteps, REFERENCE_LIMITS } from '../../src/plan/plan.ts';
import { atOnce, inTurns } from '../../src/plan/turns.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';

/*
 * Plan: long work hears whoever wants to stop it.
 * - work without end stops soon after the signal, which a timer gives in its midst
 * - short work is done to its end, stopped or not, and gives what it gives without a pause
 * - a plan goes panel by panel and cell by cell: no more is begun than was asked for
 */

function* counting(to: number): Generator<void, number> {
  let n = 0;
  while (n < to) {
    n++;
    yield;
  }
  return n;
}

it('stops work without end', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 50);
  expect(await inTurns(counting(Number.POSITIVE_INFINITY), stop.signal)).toBeNull();
});

it('does short work to its end', async () => {
  expect(await inTurns(counting(1000), AbortSignal.abort())).toEqual({ value: 1000 });
  expect(atOnce(counting(1000))).toBe(1000);
});

it('plans a cell at a time', () => {
  const file = {
    name: 'turns',
    regime: 'replace',
    dimension: 3,
    generator: { samples: 9, noise: 0.2 },
    downstream: { samples: 8, noise: 0.1, ridge: [0.1, 0.2] },
    generations: [0, 1],
    panels: [{ name: 'a' }, { name: 'b' }],
  };
  const experiment = parseExperiment(file, regimes);
  const steps = [...planSteps(experiment, regimes, samplers, REFERENCE_LIMITS)];
  expect(steps.length).toBeGreaterThanOrEqual(8);
});
