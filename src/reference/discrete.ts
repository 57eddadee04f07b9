import type { Purpose, StreamKey } from './normal.ts';
import { threefry4x32 } from './threefry.ts';

/**
 * A law made of integers: column c of 2^bits holds token c with chance threshold[c] / 2^32, else token alias[c]. So every chance
 * is a multiple of 2^-(32 + bits). `words` interleaves them, thresholds first, as shaders/random/discrete.wgsl reads them.
 */
export interface AliasTable {
  readonly bits: number;
  readonly words: Uint32Array;
}

const COLUMN = 2 ** 32;

/**
 * The table of a law whose masses are integers that sum to 2^(32 + bits), at most 2^53 (Vose's method in exact arithmetic,
 * always in the same order).
 */
export function aliasTable(masses: Float64Array, bits: number): AliasTable {
  const columns = 2 ** bits;
  const left = new Float64Array(columns);
  left.set(masses);
  const words = new Uint32Array(2 * columns);
  const small: number[] = [];
  const large: number[] = [];
  for (let c = columns - 1; c >= 0; c--) (left[c]! < COLUMN ? small : large).push(c);
  while (small.length > 0) {
    const c = small.pop()!;
    const donor = large.at(-1)!;
    words[2 * c] = left[c]!;
    words[2 * c + 1] = donor;
    left[donor]! -= COLUMN - left[c]!;
    if (left[donor]! < COLUMN) small.push(large.pop()!);
  }
  // Full columns: no threshold fits into a word, but either way it is the token itself.
  for (const c of large) words[2 * c + 1] = c;
  return { bits, words };
}

/** The token of two random words. */
export function tokenOf({ bits, words }: AliasTable, choice: number, decision: number): number {
  const column = choice >>> (32 - bits);
  return decision < words[2 * column]! ? column : words[2 * column + 1]!;
}

/** Uniform among 0 .. size - 1, from word k of the given address and, where that is refused, of further attempts. */
export function memberOf(
  key: StreamKey,
  trial: number,
  block: number,
  k: 0 | 1 | 2 | 3,
  purpose: Purpose,
  size: number,
): number {
  const refused = 2 ** 32 % size;
  for (let attempt = 0; ; attempt++) {
    const word = threefry4x32([trial, block, attempt, purpose], key)[k];
    // In two halves, so that every product is exact.
    const low = (word & 0xffff) * size;
    const high = (word >>> 16) * size + Math.floor(low / 2 ** 16);
    if ((high % 2 ** 16) * 2 ** 16 + (low % 2 ** 16) >= refused) return Math.floor(high / 2 ** 16);
  }
}
