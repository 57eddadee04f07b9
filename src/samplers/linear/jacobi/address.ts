/**
 * Where the numbers of an ensemble stand in the stream of its first block's inputs; written as numbers in
 * shaders/samplers/jacobi-form.wgsl. Level i has its two pairs of chi numbers at 2 i and 2 i + 1.
 */
export const CHI = { lengths: 0x80000000, tails: 0x80000001 } as const;

/** Blocks of four normals: one for every two levels, and one for what a fit needs but once. */
export const NORMAL = { scalars: 0x80000000 } as const;
