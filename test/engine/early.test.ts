/**
 * Plan. A run whose batches take long and tell early what some cells have, with a source of made-up numbers:
 * - the snapshot of a progress event has those cells with the batch's trials, and no other
 * - a cell that has trials keeps its own; once the batch is there the results are those of a run without early news
 */
import { expect, it } from 'vitest';
import { referenceBackend } from '../../src/engine/backend.ts';
import { runPlan } from '../../src/engine/run.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import type { PanelResult } from '../../src/experiment/results.ts';
import { planExperiment } from '../../src/plan/plan.ts';
import type { EarlyResults, TrialSource } from '../../src/program/trials.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';

const LIMITS = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65535,
};

const experiment = parseExperiment(
  {
    name: 'early',
    regime: 'divisors',
    ...{ base: 3, digits: 2, answers: 8, network: { width: 16, hidden: 16 }, tests: 64, measure: 'loss' },
    training: { examples: 256, batch: 64, rate: 0.01 },
    examples: [64, 128, 256],
    trials: 4,
  },
  regimes,
);

/** Trial t of cell c has the error 1 + c + t / 10; of every batch the first two cells are told early. */
const made: TrialSource = (() => {
  let listener: (trials: number, early: EarlyResults | null) => void = () => {};
  const batchOf = (first: number, count: number) => ({
    ...{ first, count, statuses: new Uint8Array(3 * count) },
    errors: Float64Array.from({ length: 3 * count }, (_, i) => 1 + Math.floor(i / count) + (first + (i % count)) / 10),
  });
  return {
    capacity: 2,
    watch: (one) => {
      listener = one;
    },
    run: async (first, count) => {
      listener(0.3 * count, null);
      listener(0.6 * count, { batch: batchOf(first, count), known: [true, true, false] });
      return batchOf(first, count);
    },
    close: () => {},
  };
})();

it('shows what cells have of a batch under way', async () => {
  const plan = planExperiment(experiment, regimes, samplers, LIMITS);
  const seen: PanelResult[][] = [];
  const { results } = await runPlan({
    plan,
    regimes,
    backend: { ...referenceBackend, open: async () => made },
    provenance: { version: '0', commit: null, backend: 'reference', driver: '' },
    mostTrialsPerBatch: 2,
    onProgress: (progress) => {
      if (progress.kind === 'batch') seen.push([...progress.snapshot()]);
    },
  });
  const trials = seen.map(([panel]) => panel!.cells.map((cell) => cell.trials));
  expect(trials).toEqual([
    [0, 0, 0],
    [2, 2, 0],
    [2, 2, 2],
    [2, 2, 2],
    [2, 2, 2],
    [4, 4, 4],
  ]);
  const [one, two, three] = seen[1]![0]!.cells.map(({ mean }) => mean);
  expect([one, two]).toEqual([expect.closeTo(1.05, 12), expect.closeTo(2.05, 12)]);
  expect(three).toBeNaN();
  expect(results.panels[0]!.cells.map(({ mean }) => mean)).toEqual([1, 2, 3].map((c) => expect.closeTo(c + 0.15, 12)));
});
