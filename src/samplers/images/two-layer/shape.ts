import type { NetworkTraining } from '../../../regimes/network-recipe.ts';

/** Numbers that an image is labelled by, and as many as are held of them. */
export const OUTPUTS = 10;
export const HELD_OUTPUTS = 12;

export const ADAM = { first: 0.9, second: 0.999, least: 1e-8 } as const;

/** Where the weights of a network stand: W1 [inputs][units], b1 [units], W2 [units][12], b2 [12]. */
export interface Shape {
  readonly inputs: number;
  readonly width: number;
  /** The width rounded up to a multiple of 4; weights of units beyond it are and stay zero. */
  readonly units: number;
  readonly firstBias: number;
  readonly second: number;
  readonly secondBias: number;
  readonly weights: number;
}

export function shapeOf(inputs: number, { width }: Pick<NetworkTraining, 'width'>): Shape {
  const units = 4 * Math.ceil(width / 4);
  const firstBias = inputs * units;
  const second = firstBias + units;
  const secondBias = second + HELD_OUTPUTS * units;
  return { inputs, width, units, firstBias, second, secondBias, weights: secondBias + HELD_OUTPUTS };
}

/** Bits of half a number in the shuffle of so many rows, at least 1. */
export const halfBits = (rows: number): number => Math.max(1, Math.ceil(Math.log2(Math.max(2, rows)) / 2));
