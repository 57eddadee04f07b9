/**
 * Plan. The accepted sampler's f64 reference against the definition: labels by other random numbers, thrown away until the verifier takes one.
 * - Kolmogorov and Smirnov at level 1 % together: one direction and several, a centre beside the truth, rounds, each measure
 * - every label of a round is within the band: the mean of one row is
 */
import { describe, expect, it } from 'vitest';
import type { VerifiedRecipe } from '../../src/regimes/verified-recipe.ts';
import { accepted } from '../../src/samplers/verified/accepted/index.ts';
import { allErrors, criticalDistance, distance } from '../support/two-samples.ts';
import { uniforms } from '../theory/tails/random.ts';

const TRIALS = 2000;

function recipe(
  rounds: readonly number[],
  more: Partial<VerifiedRecipe> & { readonly measure?: VerifiedRecipe['estimate']['measure'] },
): VerifiedRecipe {
  const { measure = 'truth', ...world } = more;
  return {
    ...{ kind: 'verified', directions: 1, truth: 0.8, noise: 1, centre: 0, band: 1.2 },
    ...world,
    estimate: { rounds: rounds.map((rows, generation) => ({ rows, draw: { unit: 'rows', generation } })), measure },
  };
}

const settings: readonly (readonly [string, VerifiedRecipe])[] = [
  ['real labels', recipe([7], {})],
  ['one round', recipe([7, 20], {})],
  ['three rounds of few', recipe([4, 3, 3, 3], { centre: 0.5, band: 0.6 })],
  ['directions', recipe([6, 10, 10], { directions: 3, measure: 'centre', centre: -0.2 })],
  ['a coefficient', recipe([6, 10], { measure: 'mean', noise: 0.5 })],
];

function literal(
  { directions, truth, noise, centre, band, estimate: { rounds, measure } }: VerifiedRecipe,
  uniform: () => number,
) {
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  let sum = 0;
  for (let direction = 0; direction < directions; direction++) {
    let theta = truth;
    for (const [round, { rows }] of rounds.entries()) {
      const labels: number[] = [];
      while (labels.length < rows) {
        const y = theta + noise * normal();
        if (round === 0 || Math.abs(y - centre) <= band) labels.push(y);
      }
      theta = labels.reduce((all, y) => all + y, 0) / rows;
    }
    sum += measure === 'mean' ? theta / directions : (theta - (measure === 'truth' ? truth : centre)) ** 2;
  }
  return sum;
}

describe('accepted draws the law of labels thrown away', () => {
  it.each(settings)('%s', async (_, one) => {
    const uniform = uniforms(5);
    const other = Float64Array.from({ length: TRIALS }, () => literal(one, uniform));
    const job = { seed: 3, recipes: [one] };
    const [own] = await allErrors({ ...accepted.openReference(job), capacity: TRIALS }, job, TRIALS);
    expect(distance(own!, other)).toBeLessThan(criticalDistance(TRIALS, TRIALS, 0.01 / settings.length));
  });

  it('keeps to the band', async () => {
    const one = recipe([5, 1], { measure: 'mean', centre: 0.3, band: 0.2 });
    const job = { seed: 3, recipes: [one] };
    const [own] = await allErrors({ ...accepted.openReference(job), capacity: TRIALS }, job, TRIALS);
    expect(Math.max(...own!.map((theta) => Math.abs(theta - 0.3)))).toBeLessThanOrEqual(0.2);
    expect(new Set(own).size).toBeGreaterThan(TRIALS - 5);
  });
});
