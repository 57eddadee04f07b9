import type { Draw } from '../../../regimes/recipe.ts';

/** Where the rows and chi numbers of a design begin in its stream; written as numbers in shaders/samplers/krylov-*.wgsl. */
export const FIRST = 0x40000000;

/** The chi number of a least-squares fit. */
export const LEAST_SQUARES = 0xc0000000;

/** The direction in which a chain of least-squares fits has moved: one for all generations. */
export const deviationDraw = (dimension: number): Draw => ({ unit: `deviation:${dimension}`, generation: 0 });
