/**
 * Plan. Generator m has m T0 rows, fresh ones, labelled by generator m - 1; the last fit has T rows whatever n is. Draws are
 * shared along n and apart from those of `replace`. The theory is the sum that stands in `theory/ridgeless.ts`, the product
 * law where the first generators are underdetermined, `replace` for n of at most 1, and without a mean once a noisy
 * generator is square. The recipe is simulated without ridge: its mean is the exact one.
 */
import { describe, expect, it } from 'vitest';
import { type GrowingParameters, growing } from '../../src/regimes/growing.ts';
import { drawsOf, type Fit, isFit, type Model } from '../../src/regimes/recipe.ts';
import { type ReplaceParameters, replace } from '../../src/regimes/replace.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { meanOf, momentsOf, standardError } from '../../src/statistics/moments.ts';
import { freshSurvival } from '../../src/theory/printed/product-law.ts';
import { growingDataError } from '../../src/theory/printed/ridgeless.ts';
import { leastSquaresError } from '../../src/theory/ridgeless.ts';
import { parametersOf } from '../support/parameters.ts';

const base = parametersOf(growing, {
  dimension: 4,
  generator: { samples: 9, noise: 0.2 },
  downstream: { samples: 12, noise: 0.1, ridge: 0 },
  generations: 3,
});

/** Fits from the last one back to the truth. */
function chain(change: Partial<GrowingParameters> = {}): Fit[] {
  const fits: Fit[] = [];
  const { estimate } = growing.recipe({ ...base, ...change });
  for (let model: Model = estimate; isFit(model); model = model.data[0]!.labels) fits.push(model);
  return fits;
}

function predicted(change: Partial<GrowingParameters>): number {
  const prediction = growing.theory({ ...base, ...change });
  return prediction?.kind === 'value' ? prediction.value : Number.NaN;
}

describe('recipe', () => {
  it('gives generator m m T0 rows and the last fit T', () => {
    expect(chain().map(({ data: [data], ridge }) => [data!.rows, data!.noise, ridge])).toEqual([
      [12, 0.1, 0],
      [27, 0.2, 0],
      [18, 0.2, 0],
      [9, 0.2, 0],
    ]);
  });

  it('draws everything afresh in every generation', () => {
    const inputs = chain().map(({ data: [data] }) => JSON.stringify(data!.inputs));
    expect(new Set(inputs).size).toBe(4);
    for (const {
      data: [data],
    } of chain())
      expect(data!.errors).toEqual(data!.inputs);
  });

  it('shares all generators and the last design with longer chains', () => {
    const [last, , ...earlier] = drawsOf(growing.recipe(base));
    expect(drawsOf(growing.recipe({ ...base, generations: 2 }))).toEqual([last, ...earlier]);
  });

  it('has one and the same design nowhere in chains that start from another T0', () => {
    const draws = (samples: number) => drawsOf(growing.recipe({ ...base, generator: { samples, noise: 1 } })).slice(1);
    expect(draws(9).filter((draw) => draws(18).includes(draw))).toEqual([]);
  });

  it('needs no generator for clean data only', () => {
    expect(chain({ generator: undefined, generations: 0 })).toHaveLength(1);
    const problems = (generations: number) => growing.problems({ ...base, generator: undefined, generations });
    expect(problems(0)).toEqual([]);
    expect(problems(1).map(({ path }) => path)).toEqual(['generator']);
  });
});

describe('theory', () => {
  it('is the sum over m of d/(m T0-d-1)', () => {
    for (const generations of [0, 1, 2, 30]) {
      const sum = leastSquaresError(4, 12, 0.1) + growingDataError(4, generations, 9, 0.2);
      expect(predicted({ generations })).toBeCloseTo(sum, 13);
      const steep = { generations, covariance: { kind: 'power-law', exponent: 2 } } as const;
      expect(predicted(steep)).toBeCloseTo(sum, 13);
    }
  });

  it('is the product law while generators are underdetermined', () => {
    const change = {
      dimension: 20,
      generator: { samples: 8, noise: 0 },
      downstream: { ...base.downstream, samples: 40 },
    };
    for (const generations of [1, 2, 3, 9]) {
      const rows = Array.from({ length: generations }, (_, m) => 8 * (m + 1));
      const lost = 1 - freshSurvival(20, rows);
      expect(predicted({ ...change, generations })).toBeCloseTo(lost + leastSquaresError(20, 40, 0.1), 13);
    }
  });

  it.each([0, 1])('is that of replace for n = %i', (generations) => {
    const change = { generations, downstream: { samples: 5, noise: 0.1, ridge: 0.2 } };
    const same = { ...base, ...change, generator: { ...base.generator!, design: 'fresh' } } as ReplaceParameters;
    const prediction = replace.theory(same);
    expect(prediction?.kind === 'value' ? prediction.value : null).toBe(predicted(change));
  });

  it('has no mean from the first noisy square generator on', () => {
    const kinds = [1, 2, 3].map((generations) => {
      const generator = { samples: 10, noise: 0.2 };
      return growing.theory({ ...base, dimension: 20, generator, generations })?.kind;
    });
    expect(kinds).toEqual(['value', 'no-mean', 'no-mean']);
  });
});

it('simulated, has the exact mean for n = 0, 1, 4', async () => {
  const generations = [0, 1, 4];
  const trials = 20_000;
  const job = { seed: 1, recipes: generations.map((n) => growing.recipe({ ...base, generations: n })) };
  const { errors } = await direct.openReference(job).run(0, trials);
  generations.forEach((n, cell) => {
    const moments = momentsOf(errors.subarray(cell * trials, (cell + 1) * trials));
    const gap = Math.abs(meanOf(moments) - predicted({ generations: n }));
    expect(gap / standardError(moments)).toBeLessThan(4);
  });
});
