import { type Causes, type MixtureMoments, mixtureMoments, type Shape } from './mixture-moments.ts';

/** Lists that are told apart, and shapes that are kept: a figure has a few spectra, and some thousand places. */
const LISTS = 32;
const SHAPES = 4096;

/**
 * The moments of mixtures, those asked for last kept: panels and series of one figure share saddles, and those that differ in the model
 * that labels alone share bias and variance too. The numbers are those of `mixtureMoments`.
 */
export function rememberedMoments(shape: Shape): MixtureMoments {
  const { test, counts, rows, ridge, features, sources } = shape;
  const key = JSON.stringify([
    [test, counts ?? [], ...sources.map(({ spectrum }) => spectrum)].map(numberOf),
    [rows, ridge, features],
    sources.map(({ share, weight }) => [share, weight]),
  ]);
  const known = shapes.get(key);
  if (known) return known;
  const moments = remembering(mixtureMoments(shape));
  shapes.set(key, moments);
  const [oldest] = shapes.keys();
  if (shapes.size > SHAPES) shapes.delete(oldest!);
  return moments;
}

const shapes = new Map<string, MixtureMoments>();

function remembering({ error, smallness }: MixtureMoments): MixtureMoments {
  const errors = new Map<string, ReturnType<MixtureMoments['error']>>();
  return {
    smallness,
    error: (causes: Causes) => {
      const key = JSON.stringify([numberOf(causes.signal), numberOf(causes.shift), causes.noise]);
      const known = errors.get(key) ?? error(causes);
      errors.set(key, known);
      return known;
    },
  };
}

/** Lists by their numbers, those seen last at the end. */
const lists: { readonly number: number; readonly list: readonly number[] }[] = [];
let numbers = 0;

/** A number that equal lists have in common, as long as there are not too many others between them. */
function numberOf(list: readonly number[]): number {
  const at = lists.findLastIndex((one) => one.list.length === list.length && one.list.every((x, j) => x === list[j]));
  const known = at < 0 ? { number: numbers++, list } : lists.splice(at, 1)[0]!;
  lists.push(known);
  if (lists.length > LISTS) lists.shift();
  return known.number;
}
