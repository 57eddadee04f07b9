import type { TrialSource } from '../../../program/trials.ts';
import { tokenOf } from '../../../reference/discrete.ts';
import { Purpose } from '../../../reference/normal.ts';
import { threefry4x32 } from '../../../reference/threefry.ts';
import { tokenLaw } from '../../../regimes/discrete-law.ts';
import type { AssociationRecipe, Law } from '../../../regimes/discrete-recipe.ts';
import { streamKey } from '../../address.ts';
import { integerMasses, tableOf, WHOLE } from '../masses.ts';
import { EMBEDDINGS } from './job.ts';

/** The memory sampler without a device: the matrix of all associations, then the best label of every token. */
export function openMemoryReference(recipes: readonly AssociationRecipe[], seed: number): TrialSource {
  return {
    capacity: Number.POSITIVE_INFINITY,
    run: async (first, count) => {
      const errors = Float64Array.from({ length: recipes.length * count }, (_, at) =>
        errorOf(recipes[Math.floor(at / count)]!, seed, first + (at % count)),
      );
      return { first, count, errors, statuses: new Uint8Array(errors.length) };
    },
    close: () => {},
  };
}

function errorOf(recipe: AssociationRecipe, seed: number, trial: number): number {
  const { truth, dimension, labels, weights } = recipe;
  const tokens = tokenLaw(truth).support;
  const counts = countsOf(recipe, tokens, seed, trial);
  const e = Array.from({ length: tokens }, (_, i) => signsOf(i, dimension, seed, trial));
  const u = Array.from({ length: labels }, (_, y) => signsOf(tokens + y, dimension, seed, trial));
  // sum over tokens labelled y of q_i e_i, nothing where none was drawn, and with it M u_y times d.
  const sums = u.map(() => new Float64Array(dimension));
  counts.forEach((seen, i) => {
    const q = weights === 'seen' ? Math.min(seen, 1) : seen;
    const sum = sums[i % labels]!;
    for (let c = 0; c < dimension; c++) sum[c]! += q * e[i]![c]!;
  });
  const drawn = u.map((_, z) => counts.some((seen, i) => i % labels === z && seen > 0));
  const recalled = u.map((label) => {
    const vector = new Float64Array(dimension);
    for (const [z, sum] of sums.entries()) {
      if (!drawn[z]) continue;
      const weight = product(u[z]!, label);
      for (let c = 0; c < dimension; c++) vector[c]! += weight * sum[c]!;
    }
    return vector;
  });
  const masses = integerMasses(tokenLaw(truth), tokens, WHOLE);
  let wrong = 0;
  for (let i = 0; i < tokens; i++) {
    const scores = recalled.map((vector) => product(e[i]!, vector));
    if (scores.indexOf(Math.max(...scores)) !== i % labels) wrong += masses[i]!;
  }
  return wrong / WHOLE;
}

function countsOf({ training }: AssociationRecipe, tokens: number, seed: number, trial: number): Float64Array {
  const { draw, size, from } = training[0]!;
  const table = tableOf(tokenLaw(from as Law), tokens);
  const key = streamKey(seed, draw);
  const counts = new Float64Array(tokens);
  for (let j = 0; j < size; j++) {
    const words = threefry4x32([trial, j >> 1, 0, Purpose.token], key);
    counts[j & 1 ? tokenOf(table, words[2], words[3]) : tokenOf(table, words[0], words[1])]!++;
  }
  return counts;
}

/** Coordinates of an embedding times sqrt d: 1 and -1. */
function signsOf(row: number, dimension: number, seed: number, trial: number): Float64Array {
  const key = streamKey(seed, EMBEDDINGS);
  const words = Array.from({ length: Math.ceil(dimension / 128) }, (_, block) =>
    threefry4x32([trial, row, block, Purpose.design], key),
  ).flat();
  return Float64Array.from({ length: dimension }, (_, c) => (((words[c >> 5]! >>> (c & 31)) & 1) === 1 ? -1 : 1));
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < a.length; c++) sum += a[c]! * b[c]!;
  return sum;
}
