import type { TrialSource } from '../../../program/trials.ts';
import { memberOf, tokenOf } from '../../../reference/discrete.ts';
import { Purpose } from '../../../reference/normal.ts';
import { threefry4x32 } from '../../../reference/threefry.ts';
import type { Law } from '../../../regimes/discrete-recipe.ts';
import {
  type Decoding,
  isPairModel,
  type PairModel,
  type PairRecipe,
  type PairSample,
  trainingsBehind,
} from '../../../regimes/pair-recipe.ts';
import { streamKey } from '../../address.ts';
import { powersOf, weightOf } from './decoding.ts';
import { contextsOf, lawsOf, tablesOf, tokensOf, turnsOf } from './world.ts';

/** The pairs sampler without a device: every model of every cell by itself, by the definition, on the same integers. */
export function openPairsReference(recipes: readonly PairRecipe[], longest: number, seed: number): TrialSource {
  const world = recipes[0]!;
  const [contexts, tokens, laws] = [contextsOf(world), tokensOf(world), lawsOf(world)];
  const powersAt = memoised((temperature: number) =>
    temperature === 1 ? null : powersOf(temperature, longest * world.length),
  );
  const tablesAt = memoised((law: Law) => tablesOf(world, law));
  const turns = turnsOf(world);
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
    const [first, ranks] = tablesAt(from);
    const key = streamKey(seed, draw);
    return (row: number, context: number): readonly [number, number] => {
      const words = threefry4x32([trial, row, 0, Purpose.token], key);
      const i = context < 0 ? tokenOf(first, words[0], words[1]) : context;
      return [i, (turns[2 * i]! * tokenOf(ranks, words[2], words[3]) + turns[2 * i + 1]!) % tokens];
    };
  }

  function modelStep({ draw }: PairSample, model: PairModel, trial: number, known: ReadonlyMap<number, Float64Array>) {
    const counts = known.get(numbers.get(model.training)!)!;
    const rowOf = (i: number) => counts.subarray(i * tokens, (i + 1) * tokens);
    const powers = powersAt(model.decoding.temperature);
    const rows = Array.from({ length: contexts }, (_, i) => runningSums(decoded(rowOf(i), model.decoding, powers)));
    const came = Float64Array.from({ length: contexts }, (_, i) => sumOf(rowOf(i)));
    const contextRow = runningSums([...came].map(BigInt));
    const key = streamKey(seed, draw);
    const drawn = (sums: Float64Array, row: number, k: 0 | 1): number =>
      firstBeyond(sums, memberOf(key, trial, row, k, Purpose.token, sums.at(-1)!));
    return (row: number, context: number): readonly [number, number] => {
      const i = context < 0 ? drawn(contextRow, row, 0) : context;
      return [i, drawn(came[i]! > 0 ? rows[i]! : contextRow, row, 1)];
    };
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

/**
 * What the tokens of a context weigh, from their counts: top-p takes the most frequent ones, equals in order, until they hold the share,
 * or as long as they hold no more; each weighs its count, or that to a power (`powersOf`), in units of 2^-16 of the heaviest's power of two.
 */
export function decoded(
  counts: Float64Array,
  { topP, crossing }: Decoding,
  powers: Uint32Array | null,
): readonly bigint[] {
  const n = sumOf(counts);
  const order = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b);
  const kept: number[] = [];
  let reached = 0;
  for (const token of order) {
    const count = counts[token]!;
    if (count === 0 || reached / n >= topP) break;
    if (crossing === 'dropped' && reached > 0 && (reached + count) / n > topP) break;
    reached += count;
    kept.push(token);
  }
  const weights = new Array<bigint>(counts.length).fill(0n);
  for (const token of kept) {
    const count = counts[token]!;
    if (powers) {
      const below = powers[2 * counts[kept[0]!]! - 1]! - powers[2 * count - 1]!;
      weights[token] = BigInt(weightOf(powers[2 * count - 2]!, below));
    } else weights[token] = BigInt(count);
  }
  return weights;
}

/** Running sums of weights, as many of their bits left out as makes the last one fit into 32. */
export function runningSums(weights: readonly bigint[]): Float64Array {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  const cut = BigInt(Math.max(0, whole.toString(2).length - 32));
  let sum = 0n;
  return Float64Array.from(weights, (weight) => {
    sum += weight;
    return Number(sum >> cut);
  });
}

/** First of the running sums that exceeds a number below the last. */
function firstBeyond(sums: Float64Array, member: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > member) high = middle;
    else low = middle + 1;
  }
  return low;
}

function memoised<K, V>(make: (key: K) => V): (key: K) => V {
  const known = new Map<string, V>();
  return (key) => {
    const name = JSON.stringify(key);
    const value = known.has(name) ? known.get(name)! : make(key);
    known.set(name, value);
    return value;
  };
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
