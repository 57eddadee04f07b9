import type { FitStep } from '../schedule.ts';

/** The number of the one fit that labels rows of a fit; null where none does. */
export const labellerOf = ({ labellers }: FitStep): number | null => labellers.find((one) => one !== null) ?? null;
