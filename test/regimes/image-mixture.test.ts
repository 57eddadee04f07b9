/**
 * Plan. What `image-mixture` says of a trial:
 * - p2 T images, rounded, are labelled by the generator and come last; none and all of them are one block
 * - only those have noise; the generator learns from true labels without any
 * - cells of all p2, T and m are one job: the same images, errors and features; the generator has images and features of its own
 * - a share above 1 and a ridge beyond f32 are refused in words
 */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { ExperimentError } from '../../src/experiment/problem.ts';
import { groupByDraws } from '../../src/plan/jobs.ts';
import { imageMixture } from '../../src/regimes/image-mixture.ts';
import { regimes } from '../../src/regimes/index.ts';
import { isFit, type KernelRecipe } from '../../src/regimes/recipe.ts';

const base = {
  name: 'mixture',
  regime: 'image-mixture',
  synthetic: { fraction: [0, 0.001, 0.26, 1], noise: 0.2 },
  generator: { samples: 30, features: 7, ridge: 1e-3 },
  downstream: { samples: [10, 100], features: [5, 50], ridge: { power: 1 } },
};

function recipesOf(settings: JsonObject): readonly KernelRecipe[] {
  const [panel] = parseExperiment(settings, regimes).panels;
  return panel!.cells.map(({ parameters }) =>
    imageMixture.recipe(parameters as Parameters<typeof imageMixture.recipe>[0]),
  );
}

describe('image-mixture', () => {
  it('labels the last images by the generator', () => {
    const recipes = recipesOf({ ...base, downstream: { ...base.downstream, samples: 100, features: 5 } });
    const parts = recipes.map(({ estimate }) =>
      estimate.data.map(({ rows, first = 0, noise, labels }) => [first, rows, noise, isFit(labels)]),
    );
    expect(parts).toEqual([
      [[0, 100, 0, false]],
      [[0, 100, 0, false]],
      [
        [0, 74, 0, false],
        [74, 26, 0.2, true],
      ],
      [[0, 100, 0.2, true]],
    ]);
    expect(recipes.every(({ estimate }) => estimate.ridge === 0.01)).toBe(true);
    const { labels } = recipes[3]!.estimate.data[0]!;
    expect(labels).toMatchObject({ data: [{ rows: 30, noise: 0, labels: 'truth' }], ridge: 1e-3 });
  });

  it('shares everything that is random, apart from the generator', () => {
    const recipes = recipesOf(base);
    expect(recipes).toHaveLength(16);
    expect(groupByDraws(recipes)).toHaveLength(1);
    const units = recipes.flatMap(({ estimate: { data } }) => data.flatMap(({ inputs, errors }) => [inputs, errors]));
    expect(new Set(units.map((draw) => JSON.stringify(draw))).size).toBe(1);
    expect(new Set(recipes.map(({ estimate }) => JSON.stringify(estimate.projection!.draw))).size).toBe(1);
    const { estimate } = recipes.at(-1)!;
    const { labels } = estimate.data[0]!;
    if (!isFit(labels)) throw new Error('not labelled by a fit');
    expect(labels.projection!.draw.unit).not.toBe(estimate.projection!.draw.unit);
    expect(labels.data[0]!.inputs.unit).not.toBe(estimate.data[0]!.inputs.unit);
  });

  it.each([
    [{ synthetic: { fraction: 1.1 } }, /a number from 0 to 1/],
    [{ generator: { ...base.generator, ridge: 1e-40 } }, /in the range of f32/],
  ])('refuses %o', (change, words) => {
    expect(() => parseExperiment({ ...base, ...change }, regimes)).toThrow(ExperimentError);
    expect(() => parseExperiment({ ...base, ...change }, regimes)).toThrow(words);
  });
});
