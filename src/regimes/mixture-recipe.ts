import * as linear from './linear-parameters.ts';
import { type Mixed, ownSpectrum, ridgeOf, rowsOf, shiftedTruth } from './mixture-parameters.ts';
import type { Block, LinearRecipe } from './recipe.ts';

interface Extras {
  /** m of a random projection. */
  readonly features?: number | undefined;
  /** Of each row of the two sources; a source of weight 0 is left out. */
  readonly weights?: readonly [real: number, synthetic: number];
}

/**
 * One fit to n1 real and n2 synthetic rows. Both are parts of one design of n rows, so that cells which differ in their share, in weights,
 * noise, quality, ridge or features are on the same data.
 */
export function mixtureRecipe(regime: string, cell: Mixed, { features, weights = [1, 1] }: Extras): LinearRecipe {
  const { dimension, real, synthetic } = cell;
  const rows = rowsOf(cell);
  const unit = `${regime}/rows:${dimension}x${rows.real + rows.synthetic}`;
  const draw = { unit, generation: 0 };
  const part = (count: number, first: number, weight: number) => ({
    rows: count,
    inputs: draw,
    errors: draw,
    ...(first > 0 ? { first } : {}),
    ...(weights[0] === weights[1] ? {} : { weight }),
  });
  const blocks: readonly Block[] = [
    {
      ...part(rows.real, 0, weights[0]),
      labels: 'truth',
      noise: real.noise,
      ...ownSpectrum(real.covariance, dimension),
    },
    {
      ...part(rows.synthetic, rows.real, weights[1]),
      labels: shiftedTruth(regime, cell),
      noise: synthetic.noise,
      ...ownSpectrum(synthetic.covariance, dimension),
    },
  ];
  return linear.recipeOf(cell, {
    data: blocks.filter(({ rows, weight }) => rows > 0 && weight !== 0),
    ridge: ridgeOf(cell),
    ...(features === undefined
      ? {}
      : { projection: { features, draw: { unit: `${regime}/features:${dimension}`, generation: 0 } } }),
  });
}
