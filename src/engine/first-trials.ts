import type { Independence } from '../experiment/results.ts';
import type { Plan } from '../plan/plan.ts';
import { TrialStatus } from '../program/trials.ts';
import { independentTests } from '../statistics/independent.ts';
import type { CellRows } from './cell-rows.ts';

/** Enough to see which cells go together, and little to keep: 1 KiB a cell. */
const KEPT = 128;

/** The first trials of every cell by number, which tell how far cells are independent of each other. */
export class FirstTrials {
  readonly #rows: readonly (readonly Float64Array[])[];
  /** By job, which of these trials there are. */
  readonly #there: readonly Uint8Array[];

  constructor(plan: Plan) {
    this.#rows = plan.jobs.map(({ cells }) => cells.map(() => new Float64Array(KEPT)));
    this.#there = plan.jobs.map(() => new Uint8Array(KEPT));
  }

  /** Trials `first`, … of a cell. */
  add(job: number, cell: number, first: number, { errors, statuses }: CellRows): void {
    const row = this.#rows[job]![cell]!;
    const end = Math.min(KEPT, first + statuses.length);
    for (let t = first; t < end; t++) row[t] = statuses[t - first] === TrialStatus.ok ? errors[t - first]! : Number.NaN;
    if (first < end) this.#there[job]!.fill(1, first, end);
  }

  /** How many independent tests the cells of all panels are worth, by the trials that all of them have; null for too few. */
  independent(): Independence | null {
    const common = Array.from({ length: KEPT }, (_, t) => t).filter((t) => this.#there.every((there) => there[t]));
    return independentTests(this.#rows.flat().map((row) => Float64Array.from(common, (t) => row[t]!)));
  }
}
