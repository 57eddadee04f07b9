import { drawName } from '../../regimes/draw.ts';
import type { Fit, LinearRecipe } from '../../regimes/recipe.ts';
import { asChain, type Chain, type ChainBlock, type ChainFit, type ChainModel } from './chain.ts';

/**
 * The same test error in distribution, with each run of least-squares fits on one design merged into one fit.
 *
 * Such a fit is w' = P w + X^+ e, P the projection onto the rows of X. As P X^+ = X^+, k of them in a row are
 * w' = P w + X^+ (e_1 + ... + e_k): one fit whose noise is the sum (arXiv:2402.07712v2, Thm 4.6, without the average).
 */
export function mergeReused(recipe: LinearRecipe): Chain {
  const known = merged.get(recipe.estimate);
  const estimate = known ?? fitsOf(recipe).reduce(extend);
  merged.set(recipe.estimate, estimate);
  return { ...recipe, estimate };
}

/** Several samplers ask, each several times, and chains are long. */
const merged = new WeakMap<Fit, ChainFit>();

/** The fit that follows `labels` in a chain, or both as one. */
function extend(labels: ChainFit, fit: ChainFit): ChainFit {
  const [before] = labels.data;
  const {
    data: [block],
    ridge,
  } = fit;
  if (ridge > 0 || labels.ridge > 0 || !isSameDesign(before, block))
    // Where nothing was merged the fits are those that other samplers have compiled.
    return block.labels === labels ? fit : { data: [{ ...block, labels }], ridge };
  return { data: [{ ...before, noise: joined(before.noise, block.noise) }], ridge };
}

/** Noise of the sum of two label errors. Errors that are turned round together (`regimes/terms.ts`) stay so. */
const joined = (a: number, b: number) => Math.hypot(a, b) * (a + b < 0 ? -1 : 1);

/** Why the fits of a chain, reused designs merged, are not independent given the models that label them; null if they are. */
export function dependence(recipe: LinearRecipe): string | null {
  const inputs = fitsOf(mergeReused(recipe)).map(({ data: [{ inputs }] }) => drawName(inputs));
  if (new Set(inputs).size < inputs.length) return 'a design is used again by a fit that is not plain least squares';
  const errors = fitsOf(recipe).map(({ data: [{ errors }] }) => drawName(errors));
  return new Set(errors).size < errors.length ? 'two fits share their label errors' : null;
}

/** The fits from the one labelled by the truth to the estimate. */
function fitsOf(recipe: LinearRecipe): readonly ChainFit[] {
  const fits: ChainFit[] = [];
  for (let model: ChainModel = asChain(recipe).estimate; model !== 'truth'; model = model.data[0].labels)
    fits.push(model);
  return fits.reverse();
}

function isSameDesign(a: ChainBlock, b: ChainBlock): boolean {
  return a.rows === b.rows && drawName(a.inputs) === drawName(b.inputs);
}
