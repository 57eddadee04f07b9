import { z } from 'zod';
import { printable, UNPRINTABLE } from './printable.ts';

const longest = 1000;

/** A text that people read in figures, tables and terminals. */
export function line(): z.ZodString {
  return z
    .string({ error: 'a text in quotes' })
    .max(longest, { error: `a text of at most ${longest} characters` })
    .refine((text) => text.search(UNPRINTABLE) < 0, {
      error: ({ input }) => `found ${printable(String(input))}, need a text without control characters`,
    }) as z.ZodString;
}
