/** What a decoding makes of the counts of a context, in integers that the device and the reference have in common. */

/** A weight so many octaves below the heaviest of its context is nothing: no sum of 2^16 weights shows it in 32 bits. */
const OCTAVES = 64;

/** At lower temperatures a count weighs nothing beside one more: so does it at this one, whose powers are finite. */
const COLDEST = 1e-300;

/**
 * c^(1/temperature) for the counts c = 1 .. `most`, as mantissa and exponent, interleaved: mantissa 2^exponent, 2^31 <= mantissa < 2^32. Powers
 * of any size, so that each context may scale its own by its heaviest: what a context shows does not depend on the counts of others.
 * Exponents of neighbours are at most 64 apart, which is where the lighter one has no weight.
 */
export function powersOf(temperature: number, most: number): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(2 * most);
  let before = 0;
  let exponent = 0;
  for (let c = 1; c <= most; c++) {
    const octaves = Math.log2(c) / Math.max(temperature, COLDEST);
    const whole = Math.floor(octaves);
    exponent += Math.min(OCTAVES, whole - before);
    before = whole;
    words[2 * c - 2] = Math.min(2 ** 32 - 1, Math.round(2 ** (31 + octaves - whole)));
    words[2 * c - 1] = exponent;
  }
  return words;
}

/** The weight of a mantissa 2^-`below` in units of 2^-16, rounded down: below 2^48. */
export const weightOf = (mantissa: number, below: number): number => Math.floor((mantissa * 2 ** 16) / 2 ** below);

/** Shares are held in units of 2^-93, in which every f64 number of at least 2^-40 is an integer. */
const SHARE_BITS = 93;

/** A share that no single one of 2^24 counts is small enough for. */
const NO_SHARE = 2 ** -40;

/** A fraction below 1 as two words, high first. */
export type Fraction = readonly [high: number, low: number];

/**
 * What C of n counts, n at most 2^24, must come to: C / n is at least p, in f64, where C >= n `least`, and at most p where C <= n `most`. They are
 * half a step of f64 to either side of p, so that the f64 number next to a decimal stands for the decimal: 4 of 5 are a share of .8.
 */
export function shareBounds(p: number): { readonly least: Fraction; readonly most: Fraction } {
  if (p < NO_SHARE) return { least: [0, 0], most: [0, 0] };
  const units = BigInt(p * 2 ** SHARE_BITS);
  const halfStep = 1n << BigInt(units.toString(2).length - 54);
  const cut = BigInt(SHARE_BITS - 64);
  const words = (fraction: bigint): Fraction => [Number(fraction >> 32n), Number(fraction & 0xffff_ffffn)];
  return {
    least: words((units - halfStep) >> cut),
    most: words(((units + halfStep - 1n) >> cut) + 1n),
  };
}
