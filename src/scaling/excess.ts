import type { Scaling, ScalingTerm } from '../theory/scaling.ts';

/** Theory of what is fitted, at one T. */
export interface TheoryAt {
  readonly x: number;
  readonly value: number;
  /** How far `value` may be off. */
  readonly allowance: number;
  /** Of the terms that make up the value, the largest. */
  readonly leading: ScalingTerm;
  readonly source: string;
}

/** The error, or what it has beyond that of `base`, term by term. */
export function excess(x: number, scaling: Scaling, base: Scaling | null): TheoryAt {
  const terms = scaling.terms.map((term) => {
    const below = base?.terms.find(({ name }) => name === term.name)?.value ?? 0;
    return { ...term, value: term.value - below };
  });
  return {
    x,
    value: total(terms),
    allowance: scaling.allowance + (base?.allowance ?? 0),
    leading: terms.reduce((largest, term) => (term.value > largest.value ? term : largest)),
    source: scaling.source,
  };
}

export function total(terms: readonly ScalingTerm[]): number {
  return terms.reduce((sum, { value }) => sum + value, 0);
}
