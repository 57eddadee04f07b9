import { power } from '../reference/power.ts';

/** `count` evenly spaced numbers from first to last, both included; one number is the first. */
export function linspace(first: number, last: number, count: number): number[] {
  if (count === 1) return [first];
  const steps = count - 1;
  // Both ends are exact, and so is every whole number on the way.
  return Array.from({ length: count }, (_, i) => (i === steps ? last : first + ((last - first) * i) / steps));
}

/** Powers of ten whose exponents are evenly spaced from first to last. */
export function logspace(first: number, last: number, count: number): number[] {
  return linspace(first, last, count).map(powerOfTen);
}

/** Whole powers are read from their decimal form, which is correctly rounded; `**` need not be, nor the same in every engine. */
export function powerOfTen(exponent: number): number {
  return Number.isInteger(exponent) ? Number(`1e${exponent}`) : power(10, exponent);
}
