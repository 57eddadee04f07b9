import { Purpose, type StreamKey } from '../../../reference/normal.ts';
import { threefry4x32 } from '../../../reference/threefry.ts';

/** A pair of numbers, and a word that decides who labels it. */
export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly divisor: number;
  readonly decision: number;
}

/** Draws until it is right, at most. */
export const MOST_ATTEMPTS = 64;

/** Example `index` of a stream, uniform in 1..largest; with this divisor where it is not 0, as both are multiples and their factors coprime. */
export function pairAt(key: StreamKey, trial: number, index: number, largest: number, divisor: number): Pair {
  const size = Math.floor(largest / Math.max(1, divisor));
  const refused = 2 ** 32 % size;
  let pair: Pair = { a: 1, b: 1, divisor: 1, decision: 0 };
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const words = threefry4x32([trial, index, attempt, Purpose.token], key);
    const [a, b] = [1 + member(words[0], size), 1 + member(words[1], size)];
    const common = greatest(a, b);
    const factor = Math.max(1, divisor);
    pair = { a: a * factor, b: b * factor, divisor: common * factor, decision: words[2] };
    const fair = lowProduct(words[0], size) >= refused && lowProduct(words[1], size) >= refused;
    if (fair && (divisor === 0 || common === 1)) break;
  }
  return pair;
}

/** floor(word size / 2^32) and the rest, sizes below 2^21. */
const member = (word: number, size: number) => Math.floor((word * size) / 2 ** 32);
const lowProduct = (word: number, size: number) => (word * size) % 2 ** 32;

function greatest(a: number, b: number): number {
  return b === 0 ? a : greatest(b, a % b);
}

/** Rows of the table that the digits of a pair name. */
export function rowsOf({ a, b }: Pair, base: number, digits: number): number[] {
  const digit = (x: number, place: number) => Math.floor(x / base ** (digits - 1 - place)) % base;
  return Array.from({ length: 2 * digits }, (_, p) => p * base + (p < digits ? digit(a, p) : digit(b, p - digits)));
}
