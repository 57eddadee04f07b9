import type { PredictedTerm } from './prediction.ts';

/** What expansions in 1/T or 1/n, to two orders, have in common: the second order, and an estimate of the third. */

/** t^2/(1-t): what follows 1 + t in a geometric series. */
export function nextTerm(t: number): number {
  return t < 1 ? t ** 2 / (1 - t) : Infinity;
}

/** t/(1-t): what follows 1 in a geometric series, where t itself is left out. */
export function restOfSeries(t: number): number {
  return t < 1 ? t / (1 - t) : Infinity;
}

/** 1/(1 - t), continued by its tangent beyond t = 1/2, where an expansion says little and the pole must not show. */
export function resummed(t: number): number {
  return t <= 0.5 ? 1 / (1 - t) : 4 * t;
}

/**
 * A value to two orders, beside its leading one. Its allowance is `nextTerm` at the relative size of the second order and, because
 * terms may cancel, at each of `smallness`, the parameters of the expansion.
 */
export function expandedTerm(value: number, leading: number, smallness: readonly number[]): PredictedTerm {
  // An expansion that turns negative says nothing.
  if (!(value >= 0)) return { value: leading, allowance: Infinity, leading };
  const relative = [Math.abs(value / leading - 1), ...smallness].reduce((sum, t) => sum + nextTerm(t), 0);
  return { value, allowance: value === 0 ? 0 : value * relative, leading };
}

/** A closed form. */
export function exactTerm(value: number): PredictedTerm {
  return { value, allowance: 0 };
}

/** Bias, variance and collapse term together; to leading order where any of them has one. */
export function sumOfTerms(terms: Readonly<Record<'bias' | 'variance' | 'collapse', PredictedTerm>>): PredictedTerm {
  const parts = [terms.bias, terms.variance, terms.collapse];
  const sum = (of: (term: PredictedTerm) => number) => parts.reduce((total, term) => total + of(term), 0);
  const total = { value: sum(({ value }) => value), allowance: sum(({ allowance }) => allowance) };
  if (parts.every(({ leading }) => leading === undefined)) return total;
  return { ...total, leading: sum(({ leading, value }) => leading ?? value) };
}
