import { type AliasTable, aliasTable } from '../../reference/discrete.ts';
import type { TokenLaw } from '../../regimes/discrete-law.ts';

/** Mass 1 in the units that missing masses are summed in: four limbs of 12 bits. */
export const WHOLE = 2 ** 48;

/** Tables have at least this many columns, so that short ones are no coarser than 2^-44. */
const LEAST_BITS = 12;

/** Places of a table of 2^20 columns, the last one for the lump. */
export const MOST_TOKENS = 2 ** 20 - 1;

/**
 * The masses of tokens 1 .. `tokens` and of the lump, in units of 1 / total: integers that sum to `total`. What is rounded is
 * the sum up to each token, so that every token and every tail is off by one unit at most.
 */
export function integerMasses(law: TokenLaw, tokens: number, total: number): Float64Array {
  const masses = new Float64Array(tokens + 1);
  let sum = 0;
  let lost = 0;
  const last = Math.min(tokens, law.support);
  for (let i = 0; i < last; i++) {
    const mass = law.mass(i + 1) - lost;
    const next = sum + mass;
    lost = next - sum - mass;
    sum = next;
    masses[i] = sum;
  }
  const scale = total / (sum + law.beyond);
  let before = 0;
  for (let i = 0; i < last; i++) {
    const upTo = Math.round(masses[i]! * scale);
    masses[i] = upTo - before;
    before = upTo;
  }
  masses[tokens] = total - before;
  return masses;
}

/** The table from which a law on these tokens is drawn; the lump is token `tokens`. */
export function tableOf(law: TokenLaw, tokens: number): AliasTable {
  const bits = bitsOf(tokens);
  return aliasTable(integerMasses(law, tokens, 2 ** (32 + bits)), bits);
}

/** Columns of a table, as a power of two. */
export const bitsOf = (tokens: number): number => Math.max(LEAST_BITS, Math.ceil(Math.log2(tokens + 1)));

/** Masses as two halves of 24 bits, low first, without the lump, which is never seen. */
export function massWords(law: TokenLaw, tokens: number): Uint32Array {
  const words = new Uint32Array(2 * tokens);
  integerMasses(law, tokens, WHOLE)
    .subarray(0, tokens)
    .forEach((mass, i) => {
      words[2 * i] = mass % 2 ** 24;
      words[2 * i + 1] = Math.floor(mass / 2 ** 24);
    });
  return words;
}
