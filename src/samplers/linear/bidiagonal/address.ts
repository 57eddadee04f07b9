/**
 * Where the numbers of a design stand in its stream (the key is that of the inputs), besides the rows i = 0, 1, ... of the
 * bidiagonal form; written as numbers in shaders/samplers. The length of the true coefficients stands in the truth's stream.
 */
export const CHI = { ratio: 0x80000000, parts: 0x80000001, direction: 0x80000002, truth: 0 } as const;

/** Blocks of four normals: one for every four rows, and one for what a fit needs but once. */
export const NORMAL = { rows: 0, scalars: 0x80000000 } as const;
