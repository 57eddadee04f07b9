/**
 * Plan. What files may say of mixtures, and what trials do then.
 * - Rows by source, or by total and fraction; anything else is named. Both are parts of one design, so that cells along p2, quality, noise, weight,
 *   ridge and features share their rows, and cells along features their columns of S.
 * - Quality is tr Sigma Delta whatever the shape of Delta; a perfect model is the truth.
 * - Weights are those of eq. (16); at either end the other source is left out.
 * - Iterations: the first model is the shifted truth; reused real rows keep their errors; generation 0 is the real rows alone.
 * - The printed theorem is for projections, states its slip, and departs from the corrected one by it.
 * - Terms drawn by the f64 reference have the means of the theory: bias, variance and collapse term of a projected mixture.
 */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';
import { type Block, drawsOf, type Fit, isFit, type LinearRecipe, type Shifted } from '../../src/regimes/recipe.ts';
import { termsOf, withTerms } from '../../src/regimes/terms.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { meanOf, momentsOf, standardError } from '../../src/statistics/moments.ts';
import type { Prediction } from '../../src/theory/prediction.ts';

const base = {
  dimension: 6,
  real: { noise: 0.3 },
  synthetic: { fraction: 0.25, noise: 0.2, quality: 0.5 },
  downstream: { samples: 20, ridge: 0.1 },
};

function cellsOf(regime: string, ...layers: readonly JsonObject[]) {
  const panels = layers.map((layer, i) => ({ name: `p${i}`, ...layer }));
  const experiment = parseExperiment(
    { name: 'test', regime, ...base, ...(regime === 'weighted' ? weighty : {}), panels },
    regimes,
  );
  return experiment.panels.flatMap(({ cells }) =>
    cells.map(({ parameters }) => ({
      recipe: regimes.get(regime)!.recipe(parameters) as LinearRecipe,
      theory: regimes.get(regime)!.theory(parameters),
    })),
  );
}
const weighty = { synthetic: { ...base.synthetic, weight: 0.5 } };
const recipesOf = (regime: string, ...layers: readonly JsonObject[]) =>
  cellsOf(regime, ...layers).map(({ recipe }) => recipe);
const blocks = ({ estimate }: LinearRecipe): readonly Block[] => estimate.data;
const valued = (prediction: Prediction | null) => prediction as Extract<Prediction, { kind: 'value' }>;

describe('mixture', () => {
  it('labels the first part of one design by the truth, the rest by the shifted truth', () => {
    const [recipe] = recipesOf('mixture', {});
    expect(blocks(recipe!).map(({ rows, first = 0, noise }) => [rows, first, noise])).toEqual([
      [15, 0, 0.3],
      [5, 15, 0.2],
    ]);
    const [real, synthetic] = blocks(recipe!);
    expect(real!.labels).toBe('truth');
    expect(synthetic!.inputs).toEqual(real!.inputs);
    const { deviations, scale } = synthetic!.labels as Shifted;
    expect(deviations.map((x) => (x * scale) ** 2)).toEqual(new Array(6).fill(expect.closeTo(0.5 / 6, 14)));
  });

  it('shares its rows with all that differs in anything but their number', () => {
    const layers: readonly JsonObject[] = [
      { synthetic: { fraction: [0, 0.5, 1], quality: [0, 1], noise: [0.1, 1] } },
      { downstream: { ridge: [0, 1], features: [2, 9] } },
    ];
    const rows = recipesOf('mixture', ...layers).map((recipe) => drawsOf(recipe)[0]);
    expect(new Set(rows).size).toBe(1);
    const [few, many] = recipesOf('mixture', { downstream: { features: [2, 9] } });
    expect(few!.estimate.projection!.draw).toEqual(many!.estimate.projection!.draw);
    expect(drawsOf(recipesOf('mixture', { downstream: { samples: 21 } })[0]!)).not.toContain(rows[0]);
  });

  it('counts rows by source as by fraction', () => {
    const counted = { real: { samples: 15, noise: 0.3 }, synthetic: { samples: 5, noise: 0.2, quality: 0.5 } };
    const file = { name: 'test', regime: 'mixture', dimension: 6, ...counted, downstream: { ridge: 0.1 } };
    const { panels } = parseExperiment(file, regimes);
    expect(regimes.get('mixture')!.recipe(panels[0]!.cells[0]!.parameters)).toEqual(recipesOf('mixture', {})[0]);
    for (const wrong of [
      { ...file, synthetic: { ...base.synthetic } },
      { ...file, downstream: base.downstream },
    ])
      expect(() => parseExperiment(wrong, regimes)).toThrow(/samples/);
  });

  it('has labels of the truth where the other model is perfect', () => {
    const [recipe] = recipesOf('mixture', { synthetic: { quality: 0 } });
    expect(blocks(recipe!).map(({ labels }) => labels)).toEqual(['truth', 'truth']);
  });

  it('has quality tr Sigma Delta whatever the shape of Delta', () => {
    const shapes: readonly JsonObject[] = [
      { kind: 'inverse' },
      { kind: 'power-law', exponent: 2 },
      { kind: 'variances', values: [0, 1, 0, 3, 0, 1] },
    ];
    for (const shift of shapes) {
      const covariance = { kind: 'power-law', exponent: 1 };
      const [recipe] = recipesOf('mixture', { covariance, synthetic: { shift } });
      const { deviations, scale } = blocks(recipe!)[1]!.labels as Shifted;
      expect(deviations.reduce((sum, x, j) => sum + (x * scale) ** 2 / (j + 1), 0)).toBeCloseTo(0.5, 13);
    }
  });

  it('gives each source its covariance', () => {
    const own = { kind: 'power-law', exponent: 2 };
    const [recipe] = recipesOf('mixture', { synthetic: { covariance: own } });
    expect(blocks(recipe!).map(({ spectrum }) => spectrum?.[1])).toEqual([undefined, 0.25]);
  });

  it('wants the printed theorem for projections only, and says what it is', () => {
    expect(() => recipesOf('mixture', { theory: 'printed' })).toThrow(/printed/);
    const large = {
      dimension: 60,
      synthetic: { fraction: 0.4 },
      downstream: { samples: 50, ridge: 1e-3, features: 30 },
    };
    const [right, printed] = cellsOf('mixture', large, { ...large, theory: 'printed' }).map(({ theory }) => {
      const { source, terms } = valued(theory);
      return { source, ...terms!.collapse };
    });
    expect(printed!.source).toContain('as printed');
    expect(printed!.value - printed!.allowance).toBeGreaterThan(right!.value + right!.allowance);
  });
});

describe('weighted', () => {
  it('weighs each row by the share of its source', () => {
    const [recipe] = recipesOf('weighted', {});
    expect(blocks(recipe!).map(({ weight }) => weight)).toEqual([0.5 / 15, 0.5 / 5]);
  });

  it('leaves out a source without weight', () => {
    const recipes = recipesOf('weighted', { synthetic: { weight: [0, 1] } });
    expect(recipes.map((recipe) => blocks(recipe).map(({ labels }) => labels === 'truth'))).toEqual([[true], [false]]);
  });
});

describe('iterative', () => {
  const chainOf = (recipe: LinearRecipe): Fit[] => {
    const fits: Fit[] = [recipe.estimate];
    for (let labels = recipe.estimate.data.at(-1)!.labels; isFit(labels); labels = labels.data.at(-1)!.labels)
      fits.push(labels);
    return fits;
  };

  it.each(['fresh', 'reused'] as const)('has real rows that are %s', (design) => {
    const [recipe] = recipesOf('iterative', { real: { design }, generations: 3 });
    const fits = chainOf(recipe!);
    expect(fits).toHaveLength(3);
    expect(new Set(fits.map(({ data }) => JSON.stringify(data[0]))).size).toBe(design === 'fresh' ? 3 : 1);
    expect(new Set(fits.map(({ data }) => JSON.stringify(data[1]!.inputs))).size).toBe(3);
    expect(fits.at(-1)!.data[1]!.labels).toMatchObject({ shift: expect.anything() });
  });

  it('starts at the real rows alone', () => {
    const [recipe] = recipesOf('iterative', { generations: 0 });
    expect(blocks(recipe!).map(({ rows, labels }) => [rows, labels])).toEqual([[15, 'truth']]);
    expect(() => recipesOf('iterative', { synthetic: { fraction: 1 }, generations: 0 })).toThrow(/generations/);
  });
});

it('simulated, a projected mixture has the terms of the theory', async () => {
  const trials = 1000;
  const layer = {
    dimension: 12,
    covariance: { kind: 'power-law', exponent: 1 },
    downstream: { ridge: 0.05, features: 10 },
  };
  const [{ recipe, theory }] = cellsOf('mixture', layer) as [{ recipe: LinearRecipe; theory: Prediction }];
  const { errors } = await direct.openReference({ seed: 1, recipes: withTerms([recipe]) }).run(0, trials);
  const drawn = Array.from({ length: trials }, (_, i) => termsOf((variant) => errors[variant * trials + i]!));
  for (const name of ['bias', 'variance', 'collapse'] as const) {
    const moments = momentsOf(Float64Array.from(drawn, (terms) => terms[name]));
    const { value, allowance } = valued(theory).terms![name];
    expect(Math.abs(meanOf(moments) - value), name).toBeLessThan(4 * standardError(moments) + allowance);
    expect(allowance / value, name).toBeLessThan(0.15);
  }
});
