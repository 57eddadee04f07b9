import { describe, expect, it } from 'vitest';
import { targetOf } from '../../src/kernels/tuning.ts';
import { TrialStatus } from '../../src/program/trials.ts';
import type { Block, Fit, LinearRecipe, Model } from '../../src/regimes/recipe.ts';
import { withTerms } from '../../src/regimes/terms.ts';
import { fitScheduleOf } from '../../src/samplers/fit-schedule.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { powers } from '../support/chains.ts';
import { useGpu } from '../support/gpu.ts';
import { openOn } from '../support/programs.ts';

/*
 * Plan: `direct` on fits that are more than one block: it agrees trial by trial with the f64 reference, which draws the same
 * integers, in the primal and in the dual, in one block of rows and in several, below and beyond what is corrected.
 * - blocks of one design labelled apart, from rows that are no multiple of 4; of several designs; with weights; with covariances
 *   of their own; the same design several times, with labels of its own each time
 * - shifted truths, of several scales on the same numbers; chains of stacked fits; terms
 * - random parts of the data, of fewer and more rows than dimensions
 * - random features: fewer and more than rows and dimensions, and as many; the first of more are the fewer, made once for all and with
 *   the bits of each number of them by itself, be it the widest or the narrowest that comes first
 * - and it does not depend on the batch: 1, 2 and all at once, bit for bit
 */

const context = useGpu();
const TRIALS = 6;

const draw = (unit: string, generation = 0) => ({ unit, generation });

interface Options {
  readonly d: number;
  readonly ridge?: number;
  readonly spectrum?: readonly number[];
  readonly projection?: number;
}

function recipe(data: readonly Block[], { d, ridge = 0.05, spectrum, projection }: Options): LinearRecipe {
  const features = projection === undefined ? {} : { projection: { features: projection, draw: draw('projection') } };
  return {
    kind: 'linear',
    dimension: d,
    spectrum: spectrum ?? powers(d, 0),
    truth: { kind: 'sphere', norm: 1 },
    estimate: { data, ridge, ...features },
  };
}

const block = (unit: string, rows: number, labels: Model, more: Partial<Block> = {}): Block => ({
  rows,
  inputs: draw(unit),
  errors: draw(unit),
  labels,
  noise: 0.3,
  ...more,
});

const shifted = (d: number, scale: number): Model => ({
  shift: draw('shift'),
  deviations: powers(d, 0.5),
  scale,
});

/** Real and synthetic rows of one design. */
const mixed = (d: number, real: number, synthetic: number, scale = 0.5, weights = [1, 1]): readonly Block[] => [
  block('mix', real, 'truth', { weight: weights[0]! }),
  block('mix', synthetic, shifted(d, scale), { first: real, noise: 0.2, weight: weights[1]! }),
];

function accumulated(d: number, rows: number, fits: number, ridge: number): readonly LinearRecipe[] {
  const chain: Fit[] = [];
  return Array.from({ length: fits }, () => {
    const errors = (m: number) => draw('accumulated', m);
    const data = [
      block('accumulated', rows, 'truth', { errors: errors(0) }),
      ...chain.map((labels, m) => block('accumulated', rows, labels, { errors: errors(m + 1) })),
    ];
    chain.push({ data, ridge });
    return recipe(data, { d, ridge });
  }).reverse();
}

const cases: [string, readonly LinearRecipe[]][] = [
  [
    'parts of one design',
    [0, 0.5].flatMap((scale) => [5, 18].map((n) => recipe(mixed(21, n, 50 - n, scale), { d: 21 }))),
  ],
  ['parts of one design, dual', [3, 11].map((n) => recipe(mixed(40, n, 22 - n), { d: 40, spectrum: powers(40, 1) }))],
  ['parts of one design, without ridge', [recipe(mixed(12, 25, 21), { d: 12, ridge: 0 })]],
  ['many rows', [recipe(mixed(33, 30_001, 14_002), { d: 33 })]],
  ['weights', [0.1, 1, 4].map((w) => recipe(mixed(17, 22, 31, 0.5, [1, w]), { d: 17 }))],
  ['weights, dual', [0.1, 4].map((w) => recipe(mixed(40, 9, 14, 0.5, [1, w]), { d: 40 }))],
  [
    'several designs and covariances',
    [20, 60]
      .map((d) =>
        recipe(
          [block('a', 18, 'truth'), block('b', 23, shifted(d, 1), { spectrum: powers(d, 1) }), block('c', 5, 'truth')],
          { d, spectrum: powers(d, 0.5) },
        ),
      )
      .slice(0, 1),
  ],
  [
    'several designs and covariances, dual',
    [
      recipe([block('a', 18, 'truth'), block('b', 23, shifted(60, 1), { spectrum: powers(60, 1) })], {
        d: 60,
        spectrum: powers(60, 0.5),
      }),
    ],
  ],
  ['a design again and again', accumulated(14, 30, 5, 0)],
  ['a design again and again, dual', accumulated(30, 14, 4, 0.01)],
  [
    'a chain of mixtures with the same real rows',
    [1, 3].map((n) => {
      let model: Model = shifted(16, 0.5);
      for (let m = 0; m < n; m++)
        model = {
          data: [
            block('real', 22, 'truth'),
            block('new', 31, model, { inputs: draw('new', m), errors: draw('new', m) }),
          ],
          ridge: 0,
        };
      return recipe((model as Fit).data, { d: 16, ridge: 0 });
    }),
  ],
  ['terms', withTerms([recipe(mixed(20, 21, 22), { d: 20 })]) as readonly LinearRecipe[]],
  [
    'random features',
    [3, 16, 60].map((m) => recipe(mixed(24, 17, 14), { d: 24, spectrum: powers(24, 1), projection: m })),
  ],
  [
    'random features of many rows',
    [3, 33].map((m) => recipe(mixed(24, 100, 66), { d: 24, projection: m, ridge: 1e-3 })),
  ],
  [
    'corrected random features',
    [30, 31, 34].map((m) => recipe(mixed(64, 17, 14), { d: 64, projection: m, ridge: 1e-4 })),
  ],
  ...[30, 9].map((rows): [string, readonly LinearRecipe[]] => [
    `a random part of the data, ${rows} rows of 60 in dimension 14`,
    [1, 3].map((n) => {
      let model: Model = shifted(14, 0.5);
      for (let m = 0; m < n; m++) {
        const data = [block('real', 23, 'truth', { first: 2 }), block('new', 37, model, { inputs: draw('new', m) })];
        model = { data, ridge: 0.02, subsample: { rows, draw: draw('part', m) } };
      }
      return { ...recipe([], { d: 14 }), estimate: model as Fit };
    }),
  ]),
  [
    'corrected mixtures',
    [recipe(mixed(32, 17, 16), { d: 32, ridge: 1e-4 }), recipe(mixed(32, 17, 14), { d: 32, ridge: 1e-4 })],
  ],
];

describe('direct on stacked fits', () => {
  it.each(cases)('%s', async (_, recipes) => {
    const job = { seed: 2 ** 33 + 5, recipes };
    const exact = await direct.openReference(job).run(0, TRIALS);
    const batches = [];
    for (const capacity of [TRIALS, 1, 2]) {
      const source = await openOn(direct, job, context.launcher, capacity);
      const errors = recipes.map(() => [] as number[]);
      for (let first = 0; first < TRIALS; first += capacity) {
        const batch = await source.run(first, capacity);
        expect([...batch.statuses].every((status) => status === TrialStatus.ok)).toBe(true);
        recipes.forEach((_, cell) => {
          errors[cell]!.push(...batch.errors.subarray(cell * capacity, (cell + 1) * capacity));
        });
      }
      source.close();
      batches.push(errors);
    }
    expect(batches[1]).toEqual(batches[0]);
    expect(batches[2]).toEqual(batches[0]);
    batches[0]!.forEach((errors, cell) => {
      errors.forEach((error, trial) => {
        const truth = exact.errors[cell * TRIALS + trial]!;
        expect(Math.abs(error - truth), `cell ${cell}, trial ${trial}: ${error} for ${truth}`).toBeLessThan(
          5e-5 * (truth + 0.05),
        );
      });
    });
  });
});

describe('nested random features', () => {
  const by = (m: number, rows = 31) => recipe(mixed(24, rows, 14), { d: 24, spectrum: powers(24, 1), projection: m });
  const products = (recipes: readonly LinearRecipe[]) =>
    direct
      .program({ seed: 1, recipes }, targetOf(context.gpu))
      .steps.filter((step) => step.kind === 'dispatch' && step.kernel.name.startsWith('linalg/product ')).length;
  const drawn = async (recipes: readonly LinearRecipe[]) => {
    const source = await openOn(direct, { seed: 9, recipes }, context.launcher, 3);
    const { errors, statuses } = await source.run(2, 3);
    source.close();
    expect(Math.max(...statuses)).toBe(TrialStatus.ok);
    return recipes.map((_, cell) => [...errors.subarray(3 * cell, 3 * cell + 3)]);
  };

  it.each([
    ['the narrowest first', [by(3), by(16), by(17), by(60)]],
    ['the widest first', [by(60), by(3), by(45)]],
    [
      'with others between them',
      [by(3), recipe(mixed(24, 17, 14), { d: 24, spectrum: powers(24, 1) }), by(45), by(40, 30)],
    ],
  ])('have the bits of each by itself, %s', async (_, recipes) => {
    const alone: number[][] = [];
    for (const one of recipes) alone.push(...(await drawn([one])));
    expect(await drawn(recipes)).toEqual(alone);
  });

  it('share the product of inputs and directions, where the rows are the same', () => {
    expect(products([by(3), by(16), by(60)])).toBe(1);
    expect(products([by(3), by(16, 30), by(60, 30)])).toBe(2);
    expect(products([by(16)])).toBe(1);
  });
});

describe('the schedule of stacked fits', () => {
  it('sees parts of one design as one pass, whatever labels them', () => {
    const { passes, shifts, factors } = fitScheduleOf(
      [0, 0.5].flatMap((c) => [5, 18].map((n) => recipe(mixed(21, n, 50 - n, c), { d: 21 }))),
    );
    expect(passes).toHaveLength(1);
    expect(passes[0]!.design.parts).toHaveLength(1);
    expect(passes[0]!.sides).toHaveLength(4);
    expect(shifts).toHaveLength(2);
    expect(factors).toBe(1);
  });

  it('merges labels of a design that is seen again, and factors it once', () => {
    const { passes, factors } = fitScheduleOf(accumulated(14, 30, 4, 0));
    expect(factors).toBe(1);
    expect(passes.map(({ design }) => design)).toEqual(passes.map(() => passes[0]!.design));
    expect(passes.map(({ sides }) => sides[0]!.labels.map(({ share }) => share))).toEqual([
      [1],
      [1 / 2, 1 / 2],
      [1 / 3, 1 / 3, 1 / 3],
      [1 / 4, 1 / 4, 1 / 4, 1 / 4],
    ]);
  });
});
