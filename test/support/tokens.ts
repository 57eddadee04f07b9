import type { Law, MemoryRecipe, Sample } from '../../src/regimes/discrete-recipe.ts';

/** A small law whose lump has a few per cent. */
export const ZIPF: Law = { kind: 'zipf', exponent: 1.5, support: 200, tail: 'lumped' };

export const sampleOf = (size: number, from: Law | Sample = ZIPF, generation = 0): Sample => ({
  draw: { unit: 'test', generation },
  size,
  from,
});

export const memory = (training: readonly Sample[], truth: Law = ZIPF): MemoryRecipe => ({
  kind: 'discrete',
  measure: 'missing-mass',
  truth,
  training,
});
