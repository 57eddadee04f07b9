import { type Base, learntSkills } from '../tails/gcd.ts';

/** What the generator answers to a pair of divisor k: the largest divisor of k that it has learnt. */
export const answerTo = (base: Base, k: number): number => learntSkills(base).findLast((skill) => k % skill === 0)!;

/** How much later a skill is known that the generator has not learnt. */
export const delay = (synthetic: number): number => 1 / (1 - synthetic);
