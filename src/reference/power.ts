import { remembering } from './remember.ts';

/**
 * Powers with the same bits in every JavaScript engine. `**`, `Math.exp` and `Math.log` may differ in the last digit between engines,
 * and so between versions of one; here are only + - * / and `Math.round`, which IEEE 754 fixes. Works in numbers of two doubles (Dekker, A
 * floating-point technique for extending the available precision, 1971; Knuth, The Art of Computer Programming 2, 4.2.2), good to some
 * 2^-95, so that the double nearest to the true power comes out but in one case of 2^40.
 */

/** The sum of two doubles that do not overlap: the first is the double nearest to it. */
type Pair = readonly [high: number, low: number];

/** ln 2. */
const LN2: Pair = [Math.LN2, 2.3190468138462996e-17];

/** x^y for finite positive x. Throws `RangeError` for another base. */
export function power(x: number, y: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) throw new RangeError(`The base ${x} is not finite and positive.`);
  if (y === 0 || x === 1) return 1;
  if (y === 1) return x;
  if (x !== last.x) last = { x, logarithm: logarithm(x) };
  return rounded(exponential(times(last.logarithm, [y, 0])));
}

/** Grids ask for many powers of one base. */
let last: { readonly x: number; readonly logarithm: Pair } = { x: 1, logarithm: [0, 0] };

/** Lists of powers that were asked for last: every cell of a sweep has the same. */
const kept = remembering<readonly number[]>(16);

/** j^exponent for j = 1 .. count. */
export const powers = (exponent: number, count: number): readonly number[] =>
  kept(`${exponent} ${count}`, () => listOfPowers(exponent, count));

/** Beyond, parts of products would leave the range of doubles. Decimal exponent. */
const FARTHEST = 250;

/** Powers of primes, and products of them: (a b)^y = a^y b^y. */
function listOfPowers(exponent: number, count: number): readonly number[] {
  if (exponent === 0 || exponent === 1) return Array.from({ length: count }, (_, i) => (exponent === 0 ? 1 : i + 1));
  if (Math.abs(exponent) * Math.log10(count) > FARTHEST)
    return Array.from({ length: count }, (_, i) => power(i + 1, exponent));
  const factors = leastFactors(count);
  const [highs, lows] = [new Float64Array(count + 1), new Float64Array(count + 1)];
  highs[1] = 1;
  for (let j = 2; j <= count; j++) {
    const p = factors[j]!;
    const rest = j / p;
    const [high, low] =
      rest === 1
        ? scaled(exponential(times(logarithm(j), [exponent, 0])))
        : times([highs[p]!, lows[p]!], [highs[rest]!, lows[rest]!]);
    highs[j] = high;
    lows[j] = low;
  }
  return Array.from(highs.subarray(1));
}

/** The least prime factor of every number up to `last`. */
function leastFactors(last: number): Uint32Array {
  const least = Uint32Array.from({ length: last + 1 }, (_, j) => j);
  for (let p = 2; p * p <= last; p++) {
    if (least[p] !== p) continue;
    for (let multiple = p * p; multiple <= last; multiple += p) if (least[multiple] === multiple) least[multiple] = p;
  }
  return least;
}

/** x = 2^k m with m in [2^-1/2, 2^1/2): ln x = k ln 2 + 2 artanh((m - 1)/(m + 1)). */
function logarithm(x: number): Pair {
  let [m, k] = [x, 0];
  for (let size = 512; size >= 1; size /= 2) {
    const [up, down] = [2 ** size, 2 ** -size];
    for (; m >= up; k += size) m *= down;
    for (; m < down; k -= size) m *= up;
  }
  if (m > Math.SQRT2) [m, k] = [m / 2, k + 1];
  if (m < Math.SQRT1_2) [m, k] = [m * 2, k - 1];
  const s = over(plus([m, 0], [-1, 0]), plus([m, 0], [1, 0]));
  const square = times(s, s);
  const series = ODD.reduce((sum, reciprocal) => plus(times(sum, square), reciprocal), [0, 0] as Pair);
  return plus(times(LN2, [k, 0]), times(times(s, series), [2, 0]));
}

/** 2^n times the value. */
interface Scaled {
  readonly value: Pair;
  readonly n: number;
}

/** p = n ln 2 + 16 r: e^p = 2^n (e^r)^16. */
function exponential(p: Pair): Scaled {
  const n = Math.round(p[0] / LN2[0]);
  const rest = plus(p, times(LN2, [-n, 0]));
  const r: Pair = [rest[0] / 16, rest[1] / 16];
  const part = FACTORIALS.reduce((sum, reciprocal) => plus(times(sum, r), reciprocal), [0, 0] as Pair);
  return { value: [1, 2, 3, 4].reduce((value) => times(value, value), part), n };
}

/** The nearest double. In two steps, of which neither leaves the range of doubles too early. */
function rounded({ value: [high], n }: Scaled): number {
  if (n > 1025) return Number.POSITIVE_INFINITY;
  if (n < -1076) return 0;
  const half = Math.trunc(n / 2);
  return high * 2 ** half * 2 ** (n - half);
}

/** As a pair, of powers that are far from the ends of the range. */
const scaled = ({ value: [high, low], n }: Scaled): Pair => [high * 2 ** n, low * 2 ** n];

function plus([a, b]: Pair, [c, d]: Pair): Pair {
  const sum = a + c;
  const shown = sum - a;
  const lost = a - (sum - shown) + (c - shown);
  return normal(sum, lost + b + d);
}

function times([a, b]: Pair, [c, d]: Pair): Pair {
  const product = a * c;
  const [high, low] = split(a);
  const [above, below] = split(c);
  const lost = high * above - product + high * below + low * above + low * below;
  return normal(product, lost + a * d + b * c);
}

function over(x: Pair, y: Pair): Pair {
  const first = x[0] / y[0];
  const rest = plus(x, times(y, [-first, 0]));
  return normal(first, rest[0] / y[0]);
}

const normal = (high: number, low: number): Pair => {
  const sum = high + low;
  return [sum, low - (sum - high)];
};

/** Into two numbers of 26 bits, whose products are exact. */
function split(x: number): Pair {
  const shifted = (2 ** 27 + 1) * x;
  const high = shifted - (shifted - x);
  return [high, x - high];
}

/** 1/(2k + 1), the last of them first: as many as 2^-95 needs where |s| < 0.172. */
const ODD: readonly Pair[] = Array.from({ length: 20 }, (_, i) => over([1, 0], [39 - 2 * i, 0]));

/** 1/k!, the last of them first: as many as 2^-100 needs where |r| < 0.022. */
const FACTORIALS: readonly Pair[] = reciprocalFactorials(14).toReversed();

function reciprocalFactorials(count: number): readonly Pair[] {
  const found: Pair[] = [[1, 0]];
  while (found.length < count) found.push(over(found.at(-1)!, [found.length, 0]));
  return found;
}
