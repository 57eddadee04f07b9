import type { Plan } from '../plan/plan.ts';
import { type TrialBatch, TrialStatus } from '../samplers/sampler.ts';

/** Every trial of the panels that ask for fits, in order: what cells have in common is lost once they are sorted. */
export class KeptTrials {
  readonly #plan: Plan;
  readonly #batches: readonly TrialBatch[][];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#batches = plan.jobs.map(() => []);
  }

  add(job: number, batch: TrialBatch): void {
    if (this.#plan.jobs[job]!.panel.fit === undefined) return;
    this.#batches[job]!.push({ ...batch, errors: batch.errors.slice(), statuses: batch.statuses.slice() });
  }

  /** Errors of a cell by trial, NaN where one failed. */
  of(panel: string, cell: number): Float64Array {
    const job = this.#plan.jobs.findIndex((one) => one.panel.name === panel && one.cells.includes(cell));
    const place = this.#plan.jobs[job]!.cells.indexOf(cell);
    const batches = this.#batches[job]!;
    const errors = new Float64Array(batches.reduce((sum, { count }) => sum + count, 0));
    let first = 0;
    for (const batch of batches) {
      for (let t = 0; t < batch.count; t++) {
        const at = place * batch.count + t;
        errors[first + t] = batch.statuses[at] === TrialStatus.ok ? batch.errors[at]! : Number.NaN;
      }
      first += batch.count;
    }
    return errors;
  }
}
