import type { ClassFit } from '../../../regimes/class-recipe.ts';

/** Steps of Newton's method from 0 to a logistic fit: one that has not settled by then is taken for none. */
const LOGISTIC_STEPS = 16;

/** Steps to a fit: of squares the first is the last. */
export const stepsOf = ({ loss }: ClassFit): number => (loss === 'logistic' ? LOGISTIC_STEPS : 1);

/** A logistic fit has settled where its last step is at most this share of it. */
export const SETTLED = 1e-3;
