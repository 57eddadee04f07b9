import { powerOfTen, shortNumber } from './labels.ts';

/** One axis of a figure: where it runs and what is written along it. */
export interface AxisScale {
  readonly type: 'log' | 'linear';
  readonly domain: readonly [number, number];
  readonly major: readonly number[];
  readonly minor: readonly number[];
  readonly format: (value: number) => string;
}

/** Share of the axis left free at either end, so that no mark touches the frame. */
const PADDING = 0.04;

/** Counts up to this are written out along a log axis, at 1, 2 and 5; beyond, and for other numbers, powers of ten are. */
const LARGEST_COUNT = 2000;

/** Covers the values, which are positive, on a log axis. */
export function logScale(values: readonly number[], ticks: number, integer: boolean | null = null): AxisScale {
  const [low, high] = padded(values.map(Math.log10), 0.15);
  const domain = [10 ** low, 10 ** high] as const;
  const exponents = range(Math.ceil(low), Math.floor(high));
  const counts = integer === true && 10 ** high < LARGEST_COUNT;
  if (exponents.length >= 2 && !counts) return { type: 'log', domain, ...decadeTicks(exponents, domain, ticks) };
  const steps = mantissas(low, high, [1, 2, 5]).filter(inside(domain));
  const major = steps.length >= 3 ? steps : niceSteps(domain, 4);
  return { type: 'log', domain, major, minor: [], format: distinctly(major) };
}

/** Covers the values on a linear axis; counts get ticks at integers only. */
export function linearScale(values: readonly number[], ticks: number, integer: boolean | null): AxisScale {
  const domain = padded(values, 0.5);
  const major = niceSteps(domain, ticks).filter((value) => integer !== true || Number.isInteger(value));
  return { type: 'linear', domain, major, minor: [], format: distinctly(major) };
}

/** Short numbers, or, where these would be the same at two places, with the digits that tell them apart. */
function distinctly(places: readonly number[]): (value: number) => string {
  if (new Set(places.map(shortNumber)).size === places.length) return shortNumber;
  const step = places
    .slice(1)
    .reduce((least, place, i) => Math.min(least, place - places[i]!), Number.POSITIVE_INFINITY);
  const decimals = Math.min(100, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  return (value) => value.toFixed(decimals).replace('-', '−');
}

/** Where a value lies along its axis: 0 at the low end, 1 at the high end. */
export function shareOf(scale: AxisScale, value: number): number {
  const map = scale.type === 'log' ? Math.log10 : (x: number) => x;
  const [low, high] = scale.domain;
  return (map(value) - map(low)) / (map(high) - map(low));
}

function decadeTicks(exponents: readonly number[], domain: readonly [number, number], ticks: number) {
  const step = Math.ceil(exponents.length / ticks);
  const major = exponents.filter((exponent) => exponent % step === 0).map((exponent) => 10 ** exponent);
  const between = mantissas(exponents[0]! - 1, exponents.at(-1)! + 1, [2, 3, 4, 5, 6, 7, 8, 9]);
  const minor = step === 1 ? between : exponents.map((exponent) => 10 ** exponent);
  const format = (value: number) => powerOfTen(Math.round(Math.log10(value)));
  return { major, minor: minor.filter(inside(domain)), format };
}

function mantissas(low: number, high: number, digits: readonly number[]): readonly number[] {
  return range(Math.floor(low), Math.floor(high)).flatMap((exponent) => digits.map((digit) => digit * 10 ** exponent));
}

/** Multiples of 1, 2 or 5 times a power of ten, about `count` of them. */
function niceSteps([low, high]: readonly [number, number], count: number): readonly number[] {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5].find((digit) => digit * power >= 0.75 * raw) ?? 10);
  return range(Math.ceil(low / step), Math.floor(high / step)).map((i) => Number((i * step).toPrecision(12)));
}

function padded(values: readonly number[], whenEqual: number): readonly [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = high > low ? PADDING * (high - low) : whenEqual;
  return [low - room, high + room];
}

function inside([low, high]: readonly [number, number]): (value: number) => boolean {
  return (value) => value >= low && value <= high;
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}
