/**
 * Plan. What a run does on the CPU, by the f64 reference, with a theory that takes its time.
 * - Theory and fits are told in this order, each from its first step to its last.
 * - A run that is stopped in its theory ends soon as `stopped`, with the trials and the theory that it has.
 */
import { expect, it } from 'vitest';
import { referenceBackend } from '../../src/engine/backend.ts';
import type { Progress } from '../../src/engine/events.ts';
import { type Phase, phaseText } from '../../src/engine/phase.ts';
import { type RunOptions, runPlan } from '../../src/engine/run.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { planExperiment, REFERENCE_LIMITS } from '../../src/plan/plan.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';

const TRIALS = 120;

const experiment = parseExperiment(
  {
    name: 'phases',
    regime: 'replace',
    dimension: 40,
    covariance: { kind: 'power-law', exponent: 2 },
    truth: { kind: 'source', smoothness: 0.375 },
    generator: { samples: { perDimension: 2 }, noise: 1 },
    downstream: { samples: { logspace: [1, 3, 9] }, noise: 1, ridge: { power: 'critical' } },
    generations: [0, 5],
    trials: TRIALS,
    fit: [{ window: [10, 1000], at: { generations: 0 }, tolerance: 1 }],
  },
  regimes,
);
const CELLS = 18;
const replace = regimes.get('replace')!;

/** Theory of a cell in so many milliseconds at least. */
const slowBy = (milliseconds: number): RunOptions['regimes'] =>
  new Map([
    [
      'replace',
      {
        ...replace,
        theory: (parameters) => {
          for (const start = performance.now(); performance.now() - start < milliseconds; );
          return replace.theory(parameters);
        },
      },
    ],
  ]);

async function run(slow: RunOptions['regimes'], stopAt: (phase: Phase) => boolean = () => false) {
  const plan = planExperiment(experiment, regimes, samplers, REFERENCE_LIMITS);
  const controller = new AbortController();
  const told: Phase[] = [];
  const onProgress = (progress: Progress) => {
    if (progress.kind !== 'phase') return;
    told.push(progress);
    if (stopAt(progress)) controller.abort();
  };
  const provenance = { version: '0', commit: null, backend: 'reference', driver: '' } as const;
  const backend = referenceBackend;
  const outcome = await runPlan({ plan, regimes: slow, backend, provenance, onProgress, signal: controller.signal });
  return { told, outcome, cells: outcome.results.panels[0]!.cells };
}

it('tells theory, then fits', async () => {
  const { told, outcome, cells } = await run(slowBy(0));
  expect(outcome.outcome).toBe('complete');
  expect([...new Set(told.map(({ phase }) => phase))]).toEqual(['theory', 'fits']);
  const theory = told.filter(({ phase }) => phase === 'theory');
  expect(theory.map(({ done }) => done)).toEqual(Array.from({ length: CELLS }, (_, i) => i + 1));
  expect(theory.map(phaseText).at(-1)).toBe('Theory: 18 of 18 cells');
  expect(told.filter(({ phase }) => phase === 'fits').length).toBeGreaterThan(1000);
  expect(cells.every(({ theory }) => theory !== null)).toBe(true);
});

it('hears a stop in its theory', async () => {
  const start = performance.now();
  const { outcome, cells } = await run(slowBy(400), ({ phase, done }) => phase === 'theory' && done === 2);
  expect(outcome.outcome).toBe('stopped');
  expect(performance.now() - start).toBeLessThan((CELLS * 400) / 2);
  expect(cells[0]!.trials).toBeGreaterThan(0);
  const known = cells.filter(({ theory }) => theory !== null).length;
  expect(known).toBeGreaterThanOrEqual(2);
  expect(known).toBeLessThan(CELLS);
});
