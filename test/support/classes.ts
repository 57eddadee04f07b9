import type { ClassBlock, ClassFit, ClassMeasure, ClassRecipe, Keep } from '../../src/regimes/class-recipe.ts';
import type { Frame4 } from '../../src/theory/kept-moments.ts';

/** Recipes of classifiers, by what they differ in. */

const ALL: Keep = { judge: [1, 0, 0], least: 0, most: Number.POSITIVE_INFINITY, agree: false, right: 1, wrong: 1 };

export const keepOnly = (rule: Partial<Keep>): Keep => ({ ...ALL, ...rule });

export const blockOf = (rows: number, more: Partial<ClassBlock>, generation = 0): ClassBlock => ({
  ...{ rows, draw: { unit: `rows${rows}`, generation }, estimated: null, labels: 'truth', response: 'sign' },
  ...{ flips: 0, keep: ALL },
  ...more,
});

export const fitOf = (blocks: readonly ClassBlock[], { loss, ridge }: Pick<ClassFit, 'loss' | 'ridge'>): ClassFit => ({
  ...{ blocks, loss, ridge },
  draw: { unit: `rest${blocks.map(({ rows }) => rows)}`, generation: blocks.at(-1)!.draw.generation },
});

export const recipeOf = (
  fit: ClassFit,
  world: {
    readonly dimension: number;
    readonly separation?: number;
    readonly norm?: number;
    readonly measure?: ClassMeasure;
  },
): ClassRecipe => ({
  ...{ kind: 'classes', dimension: world.dimension, separation: world.separation ?? 0, norm: world.norm ?? 1 },
  estimate: { fit, measure: world.measure ?? 'misclassified' },
});

/** A frame by the cosines of generator and judge with the truth and with each other. */
export function frameOf(rho: number, star: number, between: number): { generator: Frame4; judge: Frame4 } {
  const beside = Math.sqrt(1 - rho * rho);
  const second = beside === 0 ? Math.sqrt(1 - star * star) : (between - rho * star) / beside;
  return {
    generator: [rho, beside, 0, 0],
    judge: [star, second, Math.sqrt(Math.max(0, 1 - star * star - second * second)), 0],
  };
}
