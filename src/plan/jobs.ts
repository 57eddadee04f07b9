import type { Cell } from '../experiment/experiment.ts';
import { drawsOf, type Recipe, worldOf } from '../regimes/recipe.ts';
import type { Regime } from '../regimes/regime.ts';
import { inUnits } from '../regimes/units.ts';

/** The recipe of a cell, of a regression in units in which f32 holds its numbers. */
export function recipeOf(regime: Regime, { parameters }: Cell): Recipe {
  const recipe = regime.recipe(parameters);
  return recipe.kind === 'linear' ? inUnits(recipe) : recipe;
}

/**
 * Splits cells into jobs: cells that have a random block in common are simulated together, so that what they share is
 * drawn, formed and factored once. Returns the cells' indices, jobs and cells in order of first appearance.
 */
export function groupByDraws(recipes: readonly Recipe[]): readonly (readonly number[])[] {
  const parent = recipes.map((_, i) => i);
  const rootOf = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root]!;
    parent[i] = root;
    return root;
  };
  const owners = new Map<string, Map<string, number>>();
  recipes.forEach((recipe, i) => {
    const world = worldOf(recipe);
    const owner = owners.get(world) ?? new Map<string, number>();
    owners.set(world, owner);
    for (const draw of drawsOf(recipe)) {
      const first = owner.get(draw);
      if (first === undefined) owner.set(draw, i);
      else parent[rootOf(i)] = rootOf(first);
    }
  });
  const groups = new Map<number, number[]>();
  recipes.forEach((_, i) => {
    const root = rootOf(i);
    const group = groups.get(root);
    if (group) group.push(i);
    else groups.set(root, [i]);
  });
  return [...groups.values()];
}
