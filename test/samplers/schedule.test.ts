/**
 * Plan. What a trial of `direct` does, read off its schedule, without drawing anything.
 * - Cells that differ in ridge and generations: one Gram matrix per design, one factor per ridge, one side per generation.
 * - A fresh chain is one pass per generation; a reused design is formed and factored once and labelled anew in every pass.
 * - Another label noise is another side of the same pass; T^-l and the same number are one ridge.
 * - A later cell fails with any factor that its estimate rests on, and with no other.
 * - The rows of errors that cells point to are all different or, for equal recipes, the same.
 * - Costs of small cases worked out by hand: operations, normals, memory, dispatches.
 */

import { describe, expect, it } from 'vitest';
import { PORTABLE } from '../../src/kernels/tuning.ts';
import type { Program } from '../../src/program/program.ts';
import { ridgeOf } from '../../src/regimes/ridge.ts';
import { fitScheduleOf } from '../../src/samplers/fit-schedule.ts';
import { directProgram } from '../../src/samplers/linear/direct/program.ts';
import { blockRows, shapeOf } from '../../src/samplers/linear/direct/shape.ts';
import { type Chain, chainRecipes } from '../support/chains.ts';

const base: Chain = {
  d: 20,
  generator: { rows: 40, noise: 0.2 },
  generations: [0, 1, 3],
  rows: 60,
  noise: 0.1,
  ridges: [0.1, 0.01],
};
const schedule = (change: Partial<Chain> = {}) => fitScheduleOf(chainRecipes({ ...base, ...change }));
const reused = { rows: 40, noise: 0.2, reused: true };

describe('ridges and generations', () => {
  const { passes, cells, factors, errors, modelSlots } = schedule();
  const last = passes.at(-1)!;

  it('share the Gram matrix of the last design', () => {
    expect(passes.map(({ rows }) => rows)).toEqual([40, 40, 40, 60]);
    expect(last.ridges).toEqual([0.1, 0.01]);
    expect(last.sides).toHaveLength(3);
    expect(factors).toBe(3 + 2);
  });

  it('measure the last fit only, ridge by ridge', () => {
    expect(passes.map(({ measured }) => measured)).toEqual([false, false, false, true]);
    expect(errors).toBe(6);
    expect(cells.map(({ error }) => error)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('keep every generator and the truth for those after it', () => {
    expect(modelSlots).toBe(4);
    expect(passes.slice(0, 3).map(({ sides }) => sides.map(({ labels }) => labels[0]!.labels))).toEqual([
      [0],
      [1],
      [2],
    ]);
    expect(last.sides.map(({ labels }) => labels[0]!.labels)).toEqual([0, 1, 3]);
    expect(last.outputs.every(({ slot }) => slot === null)).toBe(true);
  });

  it('rest on their own factor and those of all generators before', () => {
    expect(cells.map((cell) => cell.factors)).toEqual([[3], [0, 3], [0, 1, 2, 3], [4], [0, 4], [0, 1, 2, 4]]);
  });
});

describe('designs', () => {
  it('fresh: one pass and one factor per generation', () => {
    const { passes } = schedule({ generations: [5], ridges: [0] });
    expect(passes.map(({ design }) => design.parts[0]!.inputs.generation)).toEqual([0, 1, 2, 3, 4, 0]);
    expect(passes.map(({ factorReady }) => factorReady)).toEqual([false, false, false, false, false, false]);
    expect(passes.map(({ firstFactor }) => firstFactor)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('reused: formed and factored once, labelled anew with errors of its own', () => {
    const { passes, cells, factors } = schedule({ generations: [3], ridges: [0], generator: reused });
    expect(passes.map(({ factorReady }) => factorReady)).toEqual([false, true, true, false]);
    expect(passes.map(({ firstFactor }) => firstFactor)).toEqual([0, 0, 0, 1]);
    expect(passes.slice(0, 3).map(({ sides }) => sides[0]!.labels[0]!.errors.generation)).toEqual([0, 1, 2]);
    expect(factors).toBe(2);
    expect(cells[0]!.factors).toEqual([0, 1]);
  });

  it('of several downstream sizes: one pass each behind one chain', () => {
    const recipes = [50, 60].flatMap((rows) => chainRecipes({ ...base, rows }));
    const { passes, modelSlots } = fitScheduleOf(recipes);
    expect(passes.map(({ rows }) => rows)).toEqual([40, 40, 40, 50, 60]);
    expect(modelSlots).toBe(4);
  });

  it('wait for all their labels, in whatever order the cells come', () => {
    const { passes, cells } = schedule({ generations: [3, 0, 1], ridges: [0.1] });
    expect(passes.map(({ rows }) => rows)).toEqual([40, 40, 40, 60]);
    expect(cells.map((cell) => cell.factors)).toEqual([[0, 1, 2, 3], [3], [0, 3]]);
  });
});

describe('axes', () => {
  it('of label noise are sides of one pass', () => {
    const recipes = [0.1, 0.5].flatMap((noise) => chainRecipes({ ...base, noise, generations: [0], ridges: [0.1] }));
    const { passes, factors } = fitScheduleOf(recipes);
    expect(passes.map(({ sides }) => sides.map(({ labels }) => labels[0]!.noise))).toEqual([[0.1, 0.5]]);
    expect(factors).toBe(1);
  });

  it('of generator noise are sides of the generators, and of the last fit', () => {
    const recipes = [0.1, 0.5].flatMap((noise) =>
      chainRecipes({ ...base, generator: { rows: 40, noise }, generations: [1], ridges: [0.1] }),
    );
    const { passes, cells } = fitScheduleOf(recipes);
    expect(passes.map(({ sides }) => sides.map(({ labels: [label] }) => [label!.labels, label!.noise]))).toEqual([
      [
        [0, 0.1],
        [0, 0.5],
      ],
      [
        [1, 0.1],
        [2, 0.1],
      ],
    ]);
    expect(cells.map(({ error }) => error)).toEqual([0, 1]);
  });

  it('of the ridge as T^-l', () => {
    const plain = { dimension: 1, covariance: { kind: 'isotropic' }, truth: { kind: 'sphere', norm: 1 } } as const;
    const ridges = [0, 0.5, 1].map((power) =>
      ridgeOf({ ...plain, downstream: { samples: 60, noise: 0.1, ridge: { power } } }, []),
    );
    const { passes } = schedule({ ridges: [...ridges, 1 / 60], generations: [0] });
    expect(passes[0]!.ridges).toHaveLength(3);
    expect(passes[0]!.ridges[1]).toBeCloseTo(60 ** -0.5, 15);
  });

  it('that change nothing give one fit', () => {
    const { cells, errors } = fitScheduleOf([...chainRecipes(base), ...chainRecipes(base)]);
    expect(errors).toBe(6);
    expect(cells.slice(6)).toEqual(cells.slice(0, 6));
  });
});

/** Words of every buffer of a trial. */
const wordsOf = ({ buffers }: Program) =>
  Object.fromEntries([...buffers].flatMap(([name, { kind, words }]) => (kind === 'each' ? [[name, words]] : [])));

const compiled = (made = schedule(), steps = 0) =>
  directProgram(
    made,
    1,
    PORTABLE,
    made.passes.map(({ ridges }) => ridges.map(() => steps)),
    made.passes.map(() => null),
  );

/** What stands behind the truth, by kernel: how many dispatches, and their operations and normals. */
const kernelsOf = (program: Program) => {
  const sums = new Map<string, { dispatches: number; flops: number; normals: number }>();
  for (const step of program.steps) {
    if (step.kind !== 'dispatch' || step.kernel.name === 'design/truth') continue;
    const name = step.kernel.name.replace(/ .*$/, '');
    const { dispatches, flops, normals } = sums.get(name) ?? { dispatches: 0, flops: 0, normals: 0 };
    sums.set(name, {
      dispatches: dispatches + 1,
      flops: flops + step.flops,
      normals: normals + step.normals,
    });
  }
  return Object.fromEntries(sums);
};

describe('costs, by hand', () => {
  it('of one primal fit, d = 20 (stride 32), T = 60, two ridges, one side', () => {
    const made = schedule({ generations: [0] });
    expect(shapeOf(made.passes[0]!, 20)).toMatchObject({ features: 20, dual: false, order: 20, stride: 32, depth: 60 });
    expect(kernelsOf(compiled(made))).toEqual({
      'design/gaussian-design': { dispatches: 1, flops: 0, normals: 60 * 32 },
      'linalg/gram': { dispatches: 1, flops: 60 * 32 ** 2, normals: 0 },
      'linalg/design-product': { dispatches: 1, flops: 2 * 60 * 32, normals: 0 },
      'design/label-noise': { dispatches: 1, flops: 0, normals: 60 },
      'linalg/design-adjoint': { dispatches: 1, flops: 2 * 60 * 32, normals: 0 },
      // The whole matrix fits one workgroup, once a ridge.
      'linalg/cholesky-panel': { dispatches: 2, flops: (2 * 20 ** 3) / 3, normals: 0 },
      'linalg/cholesky-solve-few': { dispatches: 2, flops: 2 * 2 * 20 ** 2, normals: 0 },
      'measure/test-error': { dispatches: 2, flops: 2 * 4 * 20, normals: 0 },
    });
  });

  it('of one dual fit, d = 20, T = 7 (stride 16)', () => {
    const made = schedule({ generations: [0], rows: 7, ridges: [0] });
    expect(shapeOf(made.passes[0]!, 20)).toMatchObject({ features: 20, dual: true, order: 7, stride: 16, depth: 20 });
    expect(kernelsOf(compiled(made))).toEqual({
      'design/gaussian-design': { dispatches: 1, flops: 0, normals: 16 * 20 },
      'linalg/gram': { dispatches: 1, flops: 20 * 16 ** 2, normals: 0 },
      'linalg/design-adjoint': { dispatches: 1, flops: 2 * 20 * 16, normals: 0 },
      'design/label-noise': { dispatches: 1, flops: 0, normals: 7 },
      'linalg/cholesky-panel': { dispatches: 1, flops: 7 ** 3 / 3, normals: 0 },
      'linalg/cholesky-solve-few': { dispatches: 1, flops: 2 * 7 ** 2, normals: 0 },
      // Back from the dual.
      'linalg/design-product': { dispatches: 1, flops: 2 * 20 * 16, normals: 0 },
      'measure/test-error': { dispatches: 1, flops: 4 * 20, normals: 0 },
    });
  });

  it('of a pass over a design whose factor is there: no Gram, no Cholesky', () => {
    const program = compiled(schedule({ generations: [2], ridges: [0], generator: reused }));
    const count = (name: string) => kernelsOf(program)[name]!.dispatches;
    expect([count('linalg/gram'), count('linalg/cholesky-panel'), count('linalg/cholesky-solve-few')]).toEqual([
      2, 2, 3,
    ]);
  });

  it('in memory, d = 20, T = 60, two ridges, three sides', () => {
    expect(wordsOf(compiled())).toEqual({
      models: 4 * 32,
      design: 60 * 32,
      gram: 32 * 32,
      matrix: 32 * 32,
      inverses: 32 * 16,
      labels: 3 * 60,
      sides: 3 * 32,
      // Whole fours of sides, or sixteens where there are many.
      unknowns: 4 * 32,
      solutions: 3 * 32,
      statuses: 5,
      errors: 6,
    });
  });

  it('of a fused fit, d = 12, T = 60, two ridges, three sides: one dispatch, models and results alone', () => {
    const program = directProgram(schedule({ d: 12, generations: [0] }), 1, PORTABLE);
    const moments = 2 * 60 * 12 + 2 * 144;
    expect(kernelsOf(program)).toEqual({
      'samplers/fused-primal': {
        dispatches: 1,
        flops: 60 * 144 + moments + 2 * (12 ** 3 / 3 + 2 * 144 + 3 * 12),
        normals: 60 * 12 + 60,
      },
    });
    expect(wordsOf(program)).toEqual({ models: 16, statuses: 2, errors: 2 });
  });

  it('in memory do not grow with T once rows are streamed', () => {
    const at = (rows: number) => wordsOf(compiled(schedule({ d: 150, rows, ridges: [0], generations: [0] })));
    expect(at(10 ** 6)).toEqual(at(10 ** 5));
    const [pass] = schedule({ d: 150, rows: 10 ** 6, ridges: [0], generations: [0] }).passes;
    const block = blockRows(shapeOf(pass!, 150));
    expect(block % 128).toBe(0);
    expect(4 * block * 160).toBeLessThanOrEqual(8 * 2 ** 20);
  });

  it('need no random truth where it is given', () => {
    const kernels = compiled(schedule({ truth: { kind: 'coefficients', values: [] } })).steps.map((step) =>
      step.kind === 'dispatch' ? step.kernel.name : step.kind,
    );
    expect(kernels).not.toContain('design/truth');
    expect(kernels.slice(0, 2)).toEqual(['clear', 'design/gaussian-design']);
  });
});
