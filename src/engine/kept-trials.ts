import type { Plan } from '../plan/plan.ts';
import { type TrialBatch, TrialStatus } from '../program/trials.ts';
import { inFewestBytes, type Numbers } from '../statistics/sort.ts';

/** The errors of a batch's cells, NaN where a trial failed: `errors[cell * count + trial]`. */
interface Kept {
  readonly first: number;
  readonly count: number;
  readonly errors: Numbers;
}

/** Every trial of the panels that ask for fits, by number: what cells have in common is lost once they are sorted. */
export class KeptTrials {
  readonly #plan: Plan;
  readonly #batches: readonly Kept[][];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#batches = plan.jobs.map(() => []);
  }

  add(job: number, { first, count, errors, statuses }: TrialBatch): void {
    const { panel, cells } = this.#plan.jobs[job]!;
    if (panel.fit === undefined) return;
    const kept = errors.slice(0, cells.length * count);
    for (let i = 0; i < kept.length; i++) if (statuses[i] !== TrialStatus.ok) kept[i] = Number.NaN;
    this.#batches[job]!.push({ first, count, errors: inFewestBytes(kept) });
  }

  /** Errors of a cell by trial, NaN where one failed or was not drawn. */
  of(panel: string, cell: number): Float64Array {
    const job = this.#plan.jobs.findIndex((one) => one.panel.name === panel && one.cells.includes(cell));
    const place = this.#plan.jobs[job]!.cells.indexOf(cell);
    const batches = this.#batches[job]!;
    const end = batches.reduce((most, { first, count }) => Math.max(most, first + count), 0);
    const errors = new Float64Array(end).fill(Number.NaN);
    for (const { first, count, errors: kept } of batches)
      errors.set(kept.subarray(place * count, (place + 1) * count), first);
    return errors;
  }
}
