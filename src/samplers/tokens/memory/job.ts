import { tokenLaw } from '../../../regimes/discrete-law.ts';
import type { AssociationRecipe, Law } from '../../../regimes/discrete-recipe.ts';
import type { Draw } from '../../../regimes/draw.ts';

/** Where the embeddings of tokens stand, then those of labels: the same in all cells. */
export const EMBEDDINGS: Draw = { unit: 'memory/embeddings', generation: 0 };

/** Draws that go on from one number of them to the next. */
export interface MemoryLine {
  readonly draw: Draw;
  readonly law: Law;
  /** Ascending, with the cells that look at each. */
  readonly states: readonly { readonly size: number; readonly cells: readonly number[] }[];
}

export interface MemoryJob {
  readonly world: Omit<AssociationRecipe, 'training'>;
  readonly tokens: number;
  readonly lines: readonly MemoryLine[];
  readonly cells: number;
}

/** Most that all tokens of so many draws weigh together, of a support. */
export const heaviestOf = ({ weights }: Pick<AssociationRecipe, 'weights'>, draws: number, support: number): number =>
  weights === 'seen' ? Math.min(draws, support) : draws;

export function memoryJobOf(recipes: readonly AssociationRecipe[]): MemoryJob {
  const { training: _, ...world } = recipes[0]!;
  const groups = new Map<string, { draw: Draw; law: Law; sizes: Map<number, number[]> }>();
  for (const [cell, { training }] of recipes.entries()) {
    const { draw, from, size } = training[0]!;
    const key = JSON.stringify([draw.unit, draw.generation, from]);
    const group = groups.get(key) ?? { draw, law: from as Law, sizes: new Map() };
    groups.set(key, group);
    group.sizes.set(size, [...(group.sizes.get(size) ?? []), cell]);
  }
  const lines = [...groups.values()].map(({ draw, law, sizes }) => ({
    draw,
    law,
    states: [...sizes].sort(([a], [b]) => a - b).map(([size, cells]) => ({ size, cells })),
  }));
  return { world, tokens: tokenLaw(world.truth).support, lines, cells: recipes.length };
}
