import type { DivisorRecipe } from '../../../regimes/divisor-recipe.ts';

export const HEADS = 4;

/** Where the weights of a network stand, in numbers from its first on, and the standard deviations that they begin with. */
export interface Shape {
  readonly positions: number;
  /** Rows of the table: digits at positions. */
  readonly rows: number;
  readonly width: number;
  readonly hidden: number;
  readonly answers: number;
  readonly scores: number;
  readonly values: number;
  readonly first: number;
  readonly firstBias: number;
  readonly second: number;
  readonly secondBias: number;
  readonly last: number;
  readonly lastBias: number;
  readonly weights: number;
}

type World = Pick<DivisorRecipe, 'base' | 'digits' | 'answers' | 'network'>;

export function shapeOf({ base, digits, answers, network: { width, hidden } }: World): Shape {
  const positions = 2 * digits;
  const rows = positions * base;
  const values = HEADS * rows;
  const first = values + width * rows;
  const firstBias = first + width * hidden;
  const second = firstBias + hidden;
  const secondBias = second + hidden * width;
  const last = secondBias + width;
  const lastBias = last + width * answers;
  return {
    ...{ positions, rows, width, hidden, answers },
    ...{ scores: 0, values, first, firstBias, second, secondBias, last, lastBias },
    weights: lastBias + answers,
  };
}

/** Standard deviations of the weights at the start, by where they end. */
export function startOf(shape: Shape): readonly (readonly [end: number, deviation: number])[] {
  const { width, hidden, values, first, firstBias, second, secondBias, last, lastBias, weights } = shape;
  return [
    [values, 0.5],
    [first, 1],
    [firstBias, width ** -0.5],
    [second, 0],
    [secondBias, hidden ** -0.5],
    [last, 0],
    [lastBias, width ** -0.5],
    [weights, 0],
  ];
}

/** Added to the variance before its root is taken. */
export const LEAST_VARIANCE = 1e-5;

export const ADAM = { first: 0.9, second: 0.99, least: 1e-8 } as const;
