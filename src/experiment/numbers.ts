import { z } from 'zod';

/**
 * The kinds of number an experiment file has. The error of each is the end of the sentence `found …, need …`.
 * `x + 0` turns -0 into 0, which JSON cannot tell apart.
 */
const plusZero = (x: number): number => x + 0;

/** Largest count accepted anywhere: keeps every count and index exact in 32 bits. */
export const largestCount = 2 ** 31 - 1;

export function integer(least: number, most: number = largestCount): z.ZodNumber {
  const error = most === largestCount ? `an integer of at least ${least}` : `an integer from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error }).overwrite(plusZero);
}

export function finite(): z.ZodNumber {
  return z.number({ error: 'a finite number' }).overwrite(plusZero);
}

export function positive(): z.ZodNumber {
  const error = 'a finite number above 0';
  return z.number({ error }).gt(0, { error }).overwrite(plusZero);
}

export function nonNegative(): z.ZodNumber {
  const error = 'a finite number of at least 0';
  return z.number({ error }).min(0, { error }).overwrite(plusZero);
}

/** What a number of this schema must be, in words. */
export function need(schema: z.ZodNumber): string {
  return schema.safeParse(undefined).error?.issues[0]?.message ?? 'a number';
}
