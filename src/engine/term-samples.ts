import { TERMS, type Term } from '../experiment/experiment.ts';
import { type TrialBatch, TrialStatus } from '../program/trials.ts';
import { termsOf } from '../regimes/terms.ts';
import { CellSample } from '../statistics/cell-sample.ts';

/** The terms of the test errors of a job's cells. */
export class TermSamples {
  readonly #samples: readonly Readonly<Record<Term, CellSample>>[];

  constructor(cells: number) {
    this.#samples = Array.from({ length: cells }, () => ({
      bias: new CellSample(),
      variance: new CellSample(),
      collapse: new CellSample(),
    }));
  }

  /** Counts a batch of the recipes that `withTerms` makes. A trial in which one of them failed has no terms. */
  *add({ count, errors, statuses }: TrialBatch): Generator<void, void> {
    const cells = this.#samples.length;
    const variants = errors.length / (cells * count);
    for (const [cell, samples] of this.#samples.entries()) {
      const values = Object.fromEntries(TERMS.map((term) => [term, new Float64Array(count)]));
      const fates = new Uint8Array(count);
      for (let trial = 0; trial < count; trial++) {
        const at = (variant: number) => (variant * cells + cell) * count + trial;
        for (let k = 0; k < variants; k++) fates[trial] ||= statuses[at(k)]!;
        if (fates[trial] !== TrialStatus.ok) continue;
        const terms = termsOf((variant) => errors[at(variant)]!);
        for (const term of TERMS) values[term]![trial] = terms[term];
      }
      for (const term of TERMS) samples[term].add(values[term]!, fates);
      yield;
    }
  }

  of(cell: number): Readonly<Record<Term, CellSample>> {
    return this.#samples[cell]!;
  }
}
