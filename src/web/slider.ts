import type { Numbers } from './hints.ts';

/** A slider for one number: whole positions from 0 to `steps`, and what they mean. */
export interface Slider {
  readonly steps: number;
  valueAt(position: number): number;
  positionOf(value: number): number;
}

const STEPS = 100;

/** How far a slider goes to either side of the value that the experiment comes with, as a factor. */
const REACH = 10;

/** Up to this a count is small: its slider has a step for each from 0 to twice as many. */
const FEW = 10;

/**
 * The slider of a number: all of a short range; the numbers from 0 for small counts and for 0; else a decade to either side of `middle`,
 * evenly in the logarithm.
 */
export function sliderOf(middle: number, { integer, least, most }: Numbers): Slider | null {
  if (!Number.isFinite(middle) || middle < 0) return null;
  if (most - least <= 1 && !integer) return linear(least, most, STEPS, false);
  if (integer && middle <= FEW) return linear(Math.max(least, 0), Math.min(most, 2 * FEW), null, true);
  if (middle === 0) return linear(Math.max(least, 0), Math.min(most, 1), STEPS, integer);
  const [low, high] = [Math.max(middle / REACH, least, integer ? 1 : 0), Math.min(middle * REACH, most)];
  return low > 0 && high > low ? logarithmic(low, high, integer) : null;
}

function linear(low: number, high: number, steps: number | null, integer: boolean): Slider {
  const count = steps ?? high - low;
  const value = (position: number) => low + ((high - low) * position) / count;
  return {
    steps: count,
    valueAt: (position) => (integer ? Math.round(value(position)) : rounded(value(position), 3)),
    positionOf: (x) => within(Math.round((count * (x - low)) / (high - low)), count),
  };
}

function logarithmic(low: number, high: number, integer: boolean): Slider {
  const whole = Math.log(high / low);
  return {
    steps: STEPS,
    valueAt: (position) => {
      const value = Math.min(Math.max(rounded(low * Math.exp((whole * position) / STEPS), 2), low), high);
      return integer ? Math.round(value) : value;
    },
    positionOf: (x) => within(Math.round((STEPS * Math.log(x / low)) / whole), STEPS),
  };
}

const rounded = (value: number, digits: number): number => Number(value.toPrecision(digits));

const within = (position: number, steps: number): number =>
  Number.isFinite(position) ? Math.min(Math.max(position, 0), steps) : 0;
