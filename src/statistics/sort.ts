/** Fewer numbers are sorted sooner by comparing them. */
const LEAST_FOR_RADIX = 2048;

const DIGIT_BITS = 11;
const RADIX = 2 ** DIGIT_BITS;
const MASK = RADIX - 1;
const DIGITS = 3;

export type Numbers = Float32Array | Float64Array;

/** The same numbers, NaN included, as f32 if all of them are f32, else as they are. */
export function inFewestBytes(values: Numbers): Numbers {
  if (values instanceof Float32Array) return values;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Math.fround(value) !== value && !Number.isNaN(value)) return values;
  }
  return new Float32Array(values);
}

/**
 * The numbers in ascending order, as f32 if all of them are; `values` are left as they are. f32 numbers without a sign are
 * ordered as their bits are: many of them go through a radix sort, digit by digit from the lowest, about five times as fast
 * as comparing them.
 */
export function sorted(values: Numbers): Numbers {
  const singles = new Float32Array(values);
  if (values instanceof Float64Array && singles.some((single, i) => single !== values[i])) return values.slice().sort();
  const bits = new Uint32Array(singles.buffer);
  let signs = 0;
  for (let i = 0; i < bits.length; i++) signs |= bits[i]!;
  if (values.length < LEAST_FOR_RADIX || signs >>> 31) return singles.sort();
  return new Float32Array(radixSorted(bits).buffer);
}

/** The union of ascending numbers in ascending order, as f32 if both are. */
export function merged(a: Numbers, b: Numbers): Numbers {
  const Union = a instanceof Float32Array && b instanceof Float32Array ? Float32Array : Float64Array;
  const union = new Union(a.length + b.length);
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) union[i + j] = a[i]! <= b[j]! ? a[i++]! : b[j++]!;
  union.set(a.subarray(i), i + j);
  union.set(b.subarray(j), i + j);
  return union;
}

function radixSorted(bits: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const counts = digitCounts(bits);
  let from = bits;
  let to = new Uint32Array(bits.length);
  for (let digit = 0; digit < DIGITS; digit++) {
    const places = counts.subarray(digit * RADIX, (digit + 1) * RADIX);
    const shift = digit * DIGIT_BITS;
    // A digit that all numbers share orders nothing.
    if (places[(bits[0]! >>> shift) & MASK] === bits.length) continue;
    countsToPlaces(places);
    for (let i = 0; i < from.length; i++) to[places[(from[i]! >>> shift) & MASK]!++] = from[i]!;
    [from, to] = [to, from];
  }
  return from;
}

/** How often every value of every digit occurs, digit by digit. */
function digitCounts(bits: Uint32Array): Uint32Array {
  const counts = new Uint32Array(DIGITS * RADIX);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i]!;
    counts[word & MASK]!++;
    counts[RADIX + ((word >>> DIGIT_BITS) & MASK)]!++;
    counts[2 * RADIX + (word >>> (2 * DIGIT_BITS))]!++;
  }
  return counts;
}

/** Replaces how often a value occurs by how many numbers come before the first of them. */
function countsToPlaces(counts: Uint32Array): void {
  let before = 0;
  for (let value = 0; value < counts.length; value++) {
    const count = counts[value]!;
    counts[value] = before;
    before += count;
  }
}
