import { z } from 'zod';

/**
 * The kinds of number an experiment file has. The error of each is the end of the sentence `found …, need …`.
 * `x + 0` turns -0 into 0, which JSON cannot tell apart.
 */
const plusZero = (x: number): number => x + 0;

/** Largest count accepted anywhere: keeps every count and index exact in 32 bits. */
const largestCount = 2 ** 31 - 1;

export function integer(least: number, most: number = largestCount): z.ZodNumber {
  const allowed = most === largestCount ? `an integer of at least ${least}` : `an integer from ${least} to ${most}`;
  const error = ({ input }: { readonly input?: unknown }) =>
    typeof input === 'number' && input > most ? `an integer of at most ${most}` : allowed;
  return z.int({ error }).min(least, { error }).max(most, { error }).overwrite(plusZero);
}

export function finite(): z.ZodNumber {
  return z.number({ error: 'a finite number' }).overwrite(plusZero);
}

/** Of a size that squares of it are numbers, in f32 too. */
export function moderate(least = -LARGEST): z.ZodNumber {
  const error = `a number from ${least} to ${LARGEST}`;
  return z.number({ error }).min(least, { error }).max(LARGEST, { error }).overwrite(plusZero);
}

const LARGEST = 1e6;

export function positive(): z.ZodNumber {
  const error = 'a finite number above 0';
  return z.number({ error }).gt(0, { error }).overwrite(plusZero);
}

export function nonNegative(): z.ZodNumber {
  const error = 'a finite number of at least 0';
  return z.number({ error }).min(0, { error }).overwrite(plusZero);
}

/** What the schema needs instead of this value, in words; null if it is right. */
export function needInsteadOf(value: unknown, schema: z.ZodNumber): string | null {
  return schema.safeParse(value).error?.issues[0]?.message ?? null;
}
