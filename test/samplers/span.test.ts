import { describe, expect, it } from 'vitest';
import { cholesky, choleskySolve } from '../../src/reference/linalg.ts';
import type { ClassBlock, ClassFit, ClassRecipe, Direction, Keep } from '../../src/regimes/class-recipe.ts';
import { newton } from '../../src/samplers/classes/newton/index.ts';
import { span } from '../../src/samplers/classes/span/index.ts';
import { refusalOf } from '../../src/samplers/sampler.ts';
import { blockOf, fitOf, keepOnly, recipeOf } from '../support/classes.ts';
import { allErrors, criticalDistance, distance } from '../support/two-samples.ts';
import { uniforms } from '../theory/tails/random.ts';

/*
 * Plan: the f64 references of span and newton against the definition: every entry of every row drawn, by other random numbers, and a dense solve.
 * - Kolmogorov and Smirnov, all settings together at level 1 %: T above and below d, hard, easy, agreeing, chances, flips, the judge that made
 *   the labels, several blocks, two and three rounds, class means, labels from a sigmoid, means and covariances that are estimated, and what
 *   share of rows is kept
 */

const g: Direction = [0.8, 0.6, 0];
const o: Direction = [0.6, 0.3, Math.sqrt(1 - 0.45)];

const fitTo = (
  rows: number,
  labels: 'truth' | Direction | ClassFit,
  keep: Partial<Keep>,
  more: Partial<ClassBlock> = {},
  round = 0,
): ClassFit =>
  fitOf([blockOf(rows, { labels, keep: keepOnly(keep), ...more }, round)], { loss: 'squares', ridge: 0.05 });
const recipe = (fit: ClassFit, dimension: number, separation = 0, more: object = {}): ClassRecipe =>
  recipeOf(fit, { dimension, separation, ...more });

const first = fitTo(60, 'truth', {});
const second = fitTo(90, first, { judge: o, agree: true, least: 0.4 }, {}, 1);
const behind = (covariance: boolean) => ({ rows: 40, draw: { unit: 'behind', generation: 0 }, covariance });
const real = fitTo(40, 'truth', {}).blocks;
const settings: readonly (readonly [string, ClassRecipe])[] = [
  ['all rows of a generator', recipe(fitTo(60, g, {}), 20)],
  ['hard rows, fewer than d', recipe(fitTo(40, g, { judge: o, most: 0.7 }), 30)],
  ['easy rows that agree', recipe(fitTo(120, g, { judge: o, least: 0.6, agree: true }), 20)],
  ['the truth with flips, kept by chance', recipe(fitTo(150, 'truth', { right: 0.8, wrong: 0.3 }, { flips: 0.4 }), 16)],
  ['three rounds', recipe(fitTo(90, second, { judge: 'labeller', least: 0.5 }, {}, 2), 20)],
  ['class means', recipe(fitTo(80, 'truth', { judge: o, agree: true, right: 0.9 }, { flips: 0.3 }), 16, 1)],
  [
    'real and generated rows',
    recipe({ ...first, blocks: [...first.blocks, ...fitTo(100, g, { most: 0.5 }, {}, 4).blocks] }, 20),
  ],
  ['a sigmoid', recipe(fitTo(90, g, {}, { response: 'sigmoid' }), 16, 0, { norm: 2.5 })],
  [
    'a sigmoid of the fit before',
    recipe(fitTo(90, fitTo(60, 'truth', {}, { response: 'sigmoid' }), {}, { response: 'sigmoid' }, 1), 16, 0, {
      norm: 3,
    }),
  ],
  [
    'an estimated mean',
    recipe(
      { ...first, blocks: [...real, ...fitTo(120, 'truth', {}, { estimated: behind(false) }, 1).blocks] },
      20,
      0.8,
    ),
  ],
  [
    'an estimated mean and covariance',
    recipe({ ...first, blocks: [...real, ...fitTo(120, 'truth', {}, { estimated: behind(true) }, 1).blocks] }, 20, 0.8),
  ],
  [
    'the share of wrong labels that a judge keeps',
    recipe(fitTo(400, g, { judge: o, agree: true, right: 0 }), 20, 1, { measure: 'kept' }),
  ],
];

/** Normals by Box and Muller. */
function normalsFrom(uniform: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

const score = (x: ArrayLike<number>, w: ArrayLike<number>) => {
  let sum = 0;
  for (let j = 0; j < w.length; j++) sum += x[j]! * w[j]!;
  return sum;
};

/** Rows of a class that stand for what a generator knows: their mean less the true one, and a draw of a covariance. */
function estimates({ estimated }: ClassBlock, d: number, normal: () => number) {
  if (!estimated) return null;
  const z = Array.from({ length: estimated.rows }, () => Float64Array.from({ length: d }, normal));
  const mean = Float64Array.from({ length: d }, (_, j) => z.reduce((sum, row) => sum + row[j]!, 0) / z.length);
  const covariance = new Float64Array(d * d);
  for (const row of z)
    for (let i = 0; i < d; i++)
      for (let j = 0; j <= i; j++) covariance[d * i + j]! += ((row[i]! - mean[i]!) * (row[j]! - mean[j]!)) / z.length;
  const root = cholesky(covariance, d);
  if (root.kind !== 'ok') throw new Error('no factor');
  const drawn = () => {
    const e = Float64Array.from({ length: d }, normal);
    return estimated.covariance
      ? e.map((_, i) => e.reduce((sum, x, j) => (j <= i ? sum + root.factor[d * i + j]! * x : sum), 0))
      : e;
  };
  return { mean, drawn };
}

/** The classifier of a fit, all its rows written out; or the share that its judge keeps of those that chance would keep. */
function literal(
  { dimension: d, separation, norm, estimate }: ClassRecipe,
  { blocks, ridge }: ClassFit,
  uniform: () => number,
): Float64Array {
  const normal = normalsFrom(uniform);
  const gram = new Float64Array(d * d);
  const side = new Float64Array(d);
  let [rows, passed, kept] = [0, 0, 0];
  for (const block of blocks) {
    const { labels, keep } = block;
    const own = estimates(block, d, normal);
    const label =
      labels === 'truth'
        ? null
        : 'blocks' in labels
          ? literal({ dimension: d, separation, norm, estimate } as ClassRecipe, labels, uniform)
          : labels;
    const long = labels === 'truth' || !('blocks' in labels) ? norm : 1;
    const judge = keep.judge === 'labeller' ? label! : keep.judge;
    const size = Math.sqrt(score(judge, judge));
    for (let row = 0; row < block.rows; row++, rows++) {
      const classOf = uniform() < 0.5 ? 1 : -1;
      const x = own ? own.drawn() : Float64Array.from({ length: d }, normal);
      if (own) for (let j = 0; j < d; j++) x[j]! += classOf * own.mean[j]!;
      x[0]! += classOf * separation;
      const truth = separation > 0 ? classOf : Math.sign(x[0]!);
      let y = label ? Math.sign(score(x, label)) : truth;
      if (block.response === 'sigmoid') y = uniform() < 1 / (1 + Math.exp(-long * score(x, label ?? [1]))) ? 1 : -1;
      if (uniform() < block.flips) y = -y;
      if (uniform() >= (y === truth ? keep.right : keep.wrong)) continue;
      passed++;
      const told = score(x, judge) / size;
      if (Math.abs(told) < keep.least || Math.abs(told) > keep.most) continue;
      if (keep.agree && told * y < 0) continue;
      kept++;
      for (let i = 0; i < d; i++) {
        side[i]! += x[i]! * y;
        for (let j = 0; j <= i; j++) gram[d * i + j]! += x[i]! * x[j]!;
      }
    }
  }
  if (estimate.measure === 'kept') return Float64Array.of(kept / passed);
  for (let i = 0; i < d; i++) gram[d * i + i]! += ridge * rows;
  const factor = cholesky(gram, d);
  if (factor.kind !== 'ok') throw new Error('no factor');
  return choleskySolve(factor.factor, side);
}

/** By the definition: the share itself, the angle to the truth, or the normal law of the score of a class, by a sum of its density. */
function errorOf(w: Float64Array, { separation, estimate }: ClassRecipe): number {
  if (estimate.measure === 'kept') return w[0]!;
  const length = Math.sqrt(score(w, w));
  if (separation === 0) return Math.acos(w[0]! / length) / Math.PI;
  const end = (-separation * w[0]!) / length;
  const step = 1e-3;
  let sum = 0;
  for (let z = end - 12 + step / 2; z < end; z += step) sum += step * Math.exp((-z * z) / 2);
  return sum / Math.sqrt(2 * Math.PI);
}

const TRIALS = 1500;

const pairs = settings.flatMap(([name, one]) =>
  [span, newton]
    .filter((sampler) => refusalOf(sampler, one) === null)
    .map((sampler) => [`${name} by ${sampler.name}`, one, sampler] as const),
);

it('every setting is drawn by a sampler, most by both', () => {
  expect(new Set(pairs.map(([, one]) => one)).size).toBe(settings.length);
  expect(pairs.length).toBe(2 * settings.length - 3);
});

describe('classifiers of the law of rows written out', () => {
  it.each(pairs)('%s', async (_, one, sampler) => {
    const uniform = uniforms(7);
    const other = Float64Array.from({ length: TRIALS }, () => errorOf(literal(one, one.estimate.fit, uniform), one));
    const job = { seed: 3, recipes: [one] };
    const [own] = await allErrors({ ...sampler.openReference(job), capacity: TRIALS }, job, TRIALS);
    expect(own!.every((error) => error >= 0 && error < 1)).toBe(true);
    expect(distance(own!, other)).toBeLessThan(criticalDistance(TRIALS, TRIALS, 0.01 / pairs.length));
  });
});
