import { drawName } from '../../../regimes/draw.ts';
import {
  type Block,
  type Draw,
  type Fit,
  isFit,
  type LinearRecipe,
  type Model,
  modelsBehind,
} from '../../../regimes/recipe.ts';
import { type ReducedBlock, undrawable } from '../../design.ts';

/**
 * A recipe with the same test error in distribution. X = Q R: the inputs of a block that has more rows than features; R takes their place, with
 * the labels R w + noise z, z = Q'g. A fit knows a block by X'X = R'R and X'y = R'(R w + noise z) alone, and z is standard normal whatever Q is.
 */
export function reduced(recipe: LinearRecipe): LinearRecipe {
  const { dimension } = recipe;
  const made = new Map<Model, Model>();
  const fitOf = (fit: Fit): Fit => {
    const data = fit.data.map((block) => ({
      ...blockOf(block, dimension),
      labels: made.get(block.labels) ?? block.labels,
    }));
    return { ...fit, data, ridge: (fit.ridge * weightOf(fit.data)) / weightOf(data) };
  };
  for (const fit of modelsBehind(recipe.estimate)) if (isFit(fit)) made.set(fit, fitOf(fit));
  return { ...recipe, estimate: made.get(recipe.estimate) as Fit };
}

/** Blocks of one draw that begin elsewhere or have other lengths are other triangles. */
function blockOf(block: Block, dimension: number): ReducedBlock {
  const { rows, inputs, errors, first = 0 } = block;
  if (rows <= dimension) return block;
  const named = ({ unit, generation }: Draw) => ({ unit: `${unit} ${first}+${rows}`, generation });
  return { ...block, inputs: named(inputs), errors: named(errors), first: 0, rows: dimension, samples: rows };
}

const weightOf = (blocks: readonly Block[]) => blocks.reduce((sum, { rows, weight = 1 }) => sum + rows * weight, 0);

/** Why the fits of a recipe cannot be reduced, or that it gains nothing; null if they can. */
export function irreducible({ estimate, dimension }: LinearRecipe): string | null {
  const fits = modelsBehind(estimate).filter(isFit);
  const blocks = fits.flatMap(({ data }) => data);
  for (const fit of fits) {
    const reason = undrawable(fit);
    if (reason) return `there are ${reason}`;
  }
  if (blocks.every(({ rows }) => rows <= dimension)) return 'no block has more samples than features';
  if (overlaps(blocks)) return 'fits see other parts of one design';
  return sharesErrors(blocks) ? 'two designs share their label errors' : null;
}

/** Whether blocks have rows of a draw in common without being the same rows. */
function overlaps(blocks: readonly Block[]): boolean {
  const ranges = new Map<string, Map<number, number>>();
  for (const { inputs, first = 0, rows } of blocks) {
    const name = drawName(inputs);
    const known = ranges.get(name) ?? new Map<number, number>();
    ranges.set(name, known);
    for (const [start, length] of known)
      if (start < first + rows && first < start + length && (start !== first || length !== rows)) return true;
    known.set(first, rows);
  }
  return false;
}

function sharesErrors(blocks: readonly Block[]): boolean {
  const inputsOf = new Map<string, string>();
  return blocks.some(({ inputs, errors, first = 0 }) => {
    const [name, own] = [`${drawName(errors)}/${first}`, drawName(inputs)];
    const known = inputsOf.get(name) ?? own;
    inputsOf.set(name, known);
    return known !== own;
  });
}
