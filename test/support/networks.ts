import type { NetworkBlock, NetworkRecipe, NetworkTraining, TrainedNetwork } from '../../src/regimes/network-recipe.ts';

/** Images that a test makes by `syntheticImages`. */
export const SMALL = { name: 'small', training: 400, test: 70, features: 36 } as const;

export function training(
  name: string,
  blocks: readonly NetworkBlock[],
  changes: Partial<NetworkTraining> = {},
): NetworkTraining {
  const draw = (what: string) => ({ unit: `${name}/${what}`, generation: 0 });
  const draws = { start: draw('start'), inputs: draw('images'), errors: draw('errors'), order: draw('order') };
  return { ...draws, blocks, width: 10, optimiser: 'sgd', rate: 0.1, batch: 16, heldOut: 5, ...changes };
}

export const generator: TrainedNetwork = {
  training: training('generator', [{ rows: 60, labels: 'truth', noise: 0.1 }], { width: 7 }),
  epochs: 2,
};

/** Of `rows` images such a share labelled by the generator. */
export const mixed = (share: number, rows = 90, changes: Partial<NetworkTraining> = {}): NetworkTraining =>
  training(
    'pupil',
    [
      { rows: rows - Math.round(share * rows), labels: 'truth', noise: 0.1 } as const,
      { rows: Math.round(share * rows), labels: generator, noise: 0.2 },
    ].filter((block) => block.rows > 0),
    changes,
  );

export const recipeOf = (
  estimate: TrainedNetwork,
  world: Partial<Omit<NetworkRecipe, 'estimate'>> = {},
): NetworkRecipe => ({ kind: 'network', population: SMALL, preprocessing: 'unit', tests: 70, ...world, estimate });
