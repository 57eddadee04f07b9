import { TERMS, type Term } from '../experiment/experiment.ts';
import { TrialStatus } from '../program/trials.ts';
import { termsOf } from '../regimes/terms.ts';
import { CellSample } from '../statistics/cell-sample.ts';
import type { CellRows } from './cell-rows.ts';

/** The terms of the test error of a cell. */
export type TermSamples = Readonly<Record<Term, CellSample>>;

export const termSamples = (): TermSamples => ({
  bias: new CellSample(),
  variance: new CellSample(),
  collapse: new CellSample(),
});

/** Counts some trials of the recipes that `withTerms` makes of a cell. A trial in which one of them failed has no terms. */
export function addTerms(samples: TermSamples, variants: readonly CellRows[]): void {
  const count = variants[0]!.statuses.length;
  const values = Object.fromEntries(TERMS.map((term) => [term, new Float64Array(count)]));
  const fates = new Uint8Array(count);
  for (let trial = 0; trial < count; trial++) {
    for (const { statuses } of variants) fates[trial] ||= statuses[trial]!;
    if (fates[trial] !== TrialStatus.ok) continue;
    const terms = termsOf((variant) => variants[variant]!.errors[trial]!);
    for (const term of TERMS) values[term]![trial] = terms[term];
  }
  for (const term of TERMS) samples[term].add(values[term]!, fates);
}
