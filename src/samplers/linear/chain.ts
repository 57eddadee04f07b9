import { type Block, type Fit, isFit, type KernelRecipe, type LinearRecipe, type Model } from '../../regimes/recipe.ts';

/**
 * The plain kind of recipe, which most shortcuts are for: every fit sees one block of data that is labelled by the truth or by
 * one other fit.
 */
export type Chain<R extends LinearRecipe | KernelRecipe = LinearRecipe> = Omit<R, 'estimate'> & {
  readonly estimate: ChainFit;
};

export interface ChainFit extends Fit {
  readonly data: readonly [ChainBlock];
}

export interface ChainBlock extends Block {
  readonly labels: ChainModel;
}

export type ChainModel = 'truth' | ChainFit;

/** The same recipe. Throws if it is no chain, which `notChain` says. */
export function asChain<R extends LinearRecipe | KernelRecipe>(recipe: R): Chain<R> {
  const reason = notChain(recipe);
  if (reason !== null) throw new Error(reason);
  return recipe as unknown as Chain<R>;
}

/** Why a recipe is no chain; null if it is. */
export function notChain({ estimate }: LinearRecipe | KernelRecipe): string | null {
  const known = reasons.get(estimate);
  if (known !== undefined) return known;
  const reason = reasonOf(estimate);
  reasons.set(estimate, reason);
  return reason;
}

/** Every sampler asks, and chains are long. */
const reasons = new WeakMap<Fit, string | null>();

function reasonOf(estimate: Fit): string | null {
  let model: Model = estimate;
  while (isFit(model)) {
    const { data, projection, subsample }: Fit = model;
    const { first = 0, weight = 1, spectrum, labels }: Block = data[0]!;
    if (data.length > 1) return 'a fit is to several blocks of data';
    if (projection) return 'a fit is to random features';
    if (subsample) return 'a fit is to a random part of its data';
    if (first > 0 || weight !== 1 || spectrum)
      return 'a block is a part of its design, weighted or of another covariance';
    model = labels;
  }
  return model === 'truth' ? null : 'labels come from a truth that is shifted';
}
