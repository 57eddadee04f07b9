import type { Results } from '../experiment/results.ts';
import type { Plan } from '../plan/plan.ts';
import { TrialStatus } from '../program/trials.ts';
import type { Regime } from '../regimes/regime.ts';
import type { Numbers } from '../statistics/sort.ts';
import type { CellRows } from './cell-rows.ts';
import { type TrialRange, trialsIn } from './coverage.ts';
import type { Phase } from './phase.ts';
import type { Provenance } from './run.ts';
import { countsOf } from './run.ts';
import { Tally, type TrialsOf } from './tally.ts';

/** Trials that were drawn before, wherever they are kept. */
export interface StoredTrials {
  /** Trials of a job: disjoint ranges in order. */
  counted(job: number): readonly TrialRange[];
  /** The same in stretches, in order, of at most so many trials. */
  stretches(job: number, most: number): Iterable<Stretch>;
}

/** Some trials of a job, one after another. */
export interface Stretch {
  readonly first: number;
  readonly count: number;
  /** Those of recipes `from .. to - 1`: `errors[(recipe - from) * count + trial - first]`. */
  read(from: number, to: number): { readonly errors: Numbers; readonly statuses: Uint8Array };
}

export interface MergeOptions {
  readonly plan: Plan;
  readonly regimes: ReadonlyMap<string, Regime>;
  readonly stored: StoredTrials;
  readonly provenance: Provenance & Pick<Results['manifest'], 'adapter' | 'tuning'>;
  /** When the first trial was drawn. */
  readonly start: Date;
}

/** Errors that are in memory at a time; a cell that has more trials needs more. */
const MOST_NUMBERS = 2 ** 22;

/**
 * The results of stored trials, bit for bit those of a run that drew them all; in steps. A cell is summed up before the next one is
 * read, so that memory is that of the largest cell and of what fits need.
 */
export function* mergeSteps({ plan, regimes, stored, provenance, start }: MergeOptions): Generator<Phase, Results> {
  const tally = new Tally(plan, regimes);
  const total = plan.jobs.reduce((sum, { cells }) => sum + cells.length, 0);
  let done = 0;
  for (const j of plan.jobs.keys()) {
    for (const _ of countJob(plan, stored, tally, j)) yield { kind: 'phase', phase: 'count', done, total };
    done += plan.jobs[j]!.cells.length;
  }
  yield* tally.predictAll();
  const panels = yield* tally.fitted(trialsOf(plan, stored));
  const { adapter, tuning, ...rest } = provenance;
  const counts = countsOf(plan, tally, start, new Date());
  const manifest = { ...rest, adapter, ...(tuning ? { tuning } : {}), ...counts };
  return { experiment: plan.experiment.file, manifest, panels };
}

/** As many cells at a time as memory allows; of a cell that is larger, as many trials. */
function* countJob(plan: Plan, stored: StoredTrials, tally: Tally, j: number): Generator<void, void> {
  const { cells, job } = plan.jobs[j]!;
  const variants = job.recipes.length / cells.length;
  const trials = Math.max(1, trialsIn(stored.counted(j)));
  const width = Math.min(cells.length, Math.max(1, Math.floor(MOST_NUMBERS / (trials * variants))));
  for (let from = 0; from < cells.length; from += width) {
    const to = Math.min(cells.length, from + width);
    for (const { first, count, read } of stored.stretches(j, Math.ceil(MOST_NUMBERS / variants))) {
      const rows = Array.from({ length: variants }, (_, v) => read(v * cells.length + from, v * cells.length + to));
      for (let cell = from; cell < to; cell++) {
        const [begin, end] = [(cell - from) * count, (cell - from + 1) * count];
        const own = rows.map(
          ({ errors, statuses }): CellRows => ({
            errors: errors.subarray(begin, end),
            statuses: statuses.subarray(begin, end),
          }),
        );
        tally.addCell(j, cell, first, own);
        yield;
      }
    }
    for (let cell = from; cell < to; cell++) tally.settle(j, cell);
    yield;
  }
}

/** Reads a cell's trials when a fit asks for them. */
function trialsOf(plan: Plan, stored: StoredTrials): TrialsOf {
  return (panel, cell) => {
    const j = plan.jobs.findIndex((one) => one.panel.name === panel && one.cells.includes(cell));
    const place = plan.jobs[j]!.cells.indexOf(cell);
    const errors = new Float64Array(stored.counted(j).at(-1)?.end ?? 0).fill(Number.NaN);
    for (const { first, count, read } of stored.stretches(j, MOST_NUMBERS)) {
      const rows = read(place, place + 1);
      for (let t = 0; t < count; t++) if (rows.statuses[t] === TrialStatus.ok) errors[first + t] = rows.errors[t]!;
    }
    return errors;
  };
}
