import type { Independence } from '../experiment/results.ts';
import type { Plan } from '../plan/plan.ts';
import { type TrialBatch, TrialStatus } from '../program/trials.ts';
import { independentTests } from '../statistics/independent.ts';

/** Enough to see which cells go together, and little to keep: 1 KiB a cell. */
const KEPT = 128;

/** The first trials of every cell in order, which tell how far cells are independent of each other. */
export class FirstTrials {
  readonly #rows: readonly (readonly Float64Array[])[];
  readonly #counts: number[];

  constructor(plan: Plan) {
    this.#rows = plan.jobs.map(({ cells }) => cells.map(() => new Float64Array(KEPT)));
    this.#counts = plan.jobs.map(() => 0);
  }

  add(job: number, { count, errors, statuses }: TrialBatch): void {
    const from = this.#counts[job]!;
    const more = Math.min(count, KEPT - from);
    for (const [cell, row] of this.#rows[job]!.entries())
      for (let t = 0; t < more; t++) {
        const at = cell * count + t;
        row[from + t] = statuses[at] === TrialStatus.ok ? errors[at]! : Number.NaN;
      }
    this.#counts[job] = from + more;
  }

  /** How many independent tests the cells of all panels are worth, by the trials that all of them have; null for too few. */
  independent(): Independence | null {
    const trials = Math.min(...this.#counts);
    return independentTests(this.#rows.flat().map((row) => row.subarray(0, trials)));
  }
}
