import { memberOf, tokenOf } from '../../reference/discrete.ts';
import { Purpose } from '../../reference/normal.ts';
import { threefry4x32 } from '../../reference/threefry.ts';
import {
  isPairModel,
  type PairModel,
  type PairRecipe,
  type PairSample,
  trainingsBehind,
} from '../../regimes/pair-recipe.ts';
import { streamKey } from '../address.ts';
import type { TrialSource } from '../sampler.ts';
import { contextsOf, dropOf, lawsOf, powersOf, tablesOf, tokensOf, turnsOf } from './world.ts';

/** Next tokens of one context: how much each weighs, by token; their sum. */
interface Row {
  readonly weights: Float64Array;
  readonly sum: number;
}

/** The pairs sampler without a device: every model of every cell by itself, by the definition, on the same integers. */
export function openPairsReference(recipes: readonly PairRecipe[], longest: number, seed: number): TrialSource {
  const world = recipes[0]!;
  const [contexts, tokens, laws] = [contextsOf(world), tokensOf(world), lawsOf(world)];
  const numbers = trainingNumbers(recipes);

  return {
    capacity: Number.POSITIVE_INFINITY,
    run: async (first, count) => {
      const errors = new Float64Array(recipes.length * count);
      for (let t = 0; t < count; t++) {
        const known = new Map<number, Float64Array>();
        for (const [training, number] of numbers)
          if (!known.has(number)) known.set(number, countsOf(training, first + t, known));
        for (const [cell, recipe] of recipes.entries())
          errors[cell * count + t] = errorOf(recipe, known.get(numbers.get(recipe.training)!)!);
      }
      return { first, count, errors, statuses: new Uint8Array(errors.length) };
    },
    close: () => {},
  };

  /** How often each token followed each context, context by context; `known` has those of the models behind it. */
  function countsOf(
    training: readonly PairSample[],
    trial: number,
    known: ReadonlyMap<number, Float64Array>,
  ): Float64Array {
    const counts = new Float64Array(contexts * tokens);
    for (const sample of training) {
      const step = isPairModel(sample.from) ? modelStep(sample, sample.from, trial, known) : lawStep(sample, trial);
      for (let s = 0; s < sample.size; s++) {
        let context = -1;
        for (let k = 0; k < world.length; k++) {
          const [from, token] = step(s * world.length + k, context);
          counts[from * tokens + token]!++;
          context = token;
        }
      }
    }
    return counts;
  }

  /** Draws the pair of a row; a context below 0 is drawn too. */
  function lawStep({ draw, from }: PairSample, trial: number) {
    if (isPairModel(from)) throw new Error('A law is drawn here.');
    const [first, ranks] = tablesOf(world, from);
    const turns = turnsOf(world);
    const key = streamKey(seed, draw);
    return (row: number, context: number): readonly [number, number] => {
      const words = threefry4x32([trial, row, 0, Purpose.token], key);
      const i = context < 0 ? tokenOf(first, words[0], words[1]) : context;
      return [i, (turns[2 * i]! * tokenOf(ranks, words[2], words[3]) + turns[2 * i + 1]!) % tokens];
    };
  }

  function modelStep({ draw }: PairSample, model: PairModel, trial: number, known: ReadonlyMap<number, Float64Array>) {
    const counts = known.get(numbers.get(model.training)!)!;
    const rows = Array.from({ length: contexts }, (_, i) =>
      decoded(counts.subarray(i * tokens, (i + 1) * tokens), model),
    );
    const came = Float64Array.from({ length: contexts }, (_, i) =>
      sumOf(counts.subarray(i * tokens, (i + 1) * tokens)),
    );
    const contextRow = { weights: came, sum: sumOf(came) };
    const key = streamKey(seed, draw);
    const drawn = ({ weights, sum }: Row, row: number, k: 0 | 1): number => {
      let left = memberOf(key, trial, row, k, Purpose.token, sum);
      return weights.findIndex((weight) => {
        left -= weight;
        return left < 0;
      });
    };
    return (row: number, context: number): readonly [number, number] => {
      const i = context < 0 ? drawn(contextRow, row, 0) : context;
      return [i, drawn(came[i]! > 0 ? rows[i]! : contextRow, row, 1)];
    };
  }

  function decoded(counts: Float64Array, { decoding }: PairModel): Row {
    const n = sumOf(counts);
    const target = n - Math.floor((n * dropOf(decoding.topP)) / 2 ** 16);
    const order = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b);
    const powers = decoding.temperature === 1 ? null : powersOf(decoding.temperature, longest * world.length);
    const weights = new Float64Array(tokens);
    let reached = 0;
    for (const token of order) {
      const count = counts[token]!;
      if (reached >= target || (decoding.crossing === 'dropped' && reached > 0 && reached + count > target)) break;
      reached += count;
      weights[token] = powers ? powers[count]! : count;
    }
    return { weights, sum: sumOf(weights) };
  }

  function errorOf({ measure }: PairRecipe, counts: Float64Array): number {
    let error = 0;
    for (let i = 0; i < contexts; i++) {
      const row = counts.subarray(i * tokens, (i + 1) * tokens);
      const n = sumOf(row);
      const term = (p: number, count: number) =>
        measure.kind === 'variation'
          ? Math.abs(count / n - p)
          : p * Math.min(measure.clip, count > 0 ? -Math.log(count / n) : Number.POSITIVE_INFINITY);
      const unseen = n === 0 && measure.kind === 'variation';
      const sum = unseen ? 2 : row.reduce((all, count, j) => all + term(laws[i * tokens + j]!, count), 0);
      error += laws[contexts * tokens + i]! * sum;
    }
    return measure.kind === 'variation' ? error : Math.exp(error);
  }
}

/** A number for every training set of any recipe, after those it is drawn from; sets that say the same have the same. */
function trainingNumbers(recipes: readonly PairRecipe[]): ReadonlyMap<readonly PairSample[], number> {
  const numbers = new Map<readonly PairSample[], number>();
  const byText = new Map<string, number>();
  for (const training of recipes.flatMap((recipe) => trainingsBehind(recipe.training))) {
    const text = JSON.stringify(
      training.map(({ draw, size, from }) => [
        draw,
        size,
        isPairModel(from) ? [numbers.get(from.training), from.decoding] : from,
      ]),
    );
    const number = byText.get(text) ?? byText.size;
    byText.set(text, number);
    numbers.set(training, number);
  }
  return numbers;
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
