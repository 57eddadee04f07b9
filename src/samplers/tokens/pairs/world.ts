import type { AliasTable } from '../../../reference/discrete.ts';
import { threefry4x32 } from '../../../reference/threefry.ts';
import { tokenLaw } from '../../../regimes/discrete-law.ts';
import type { Law } from '../../../regimes/discrete-recipe.ts';
import type { PairRecipe } from '../../../regimes/pair-recipe.ts';
import { bitsOf, tableOf } from '../masses.ts';

type World = Omit<PairRecipe, 'training'>;

export const contextsOf = ({ contexts }: World): number => tokenLaw(contexts).support;
export const tokensOf = ({ next }: World): number => tokenLaw(next).support;

/** The alias tables that a law is drawn by: of contexts, and of ranks. */
export function tablesOf(world: World, law: Law): readonly [contexts: AliasTable, ranks: AliasTable] {
  return [tableOf(tokenLaw(world.contexts), contextsOf(world)), tableOf(tokenLaw(law), tokensOf(world))];
}

/** Words of both tables. */
export const tableWords = (world: World): number =>
  2 ** (1 + bitsOf(contextsOf(world))) + 2 ** (1 + bitsOf(tokensOf(world)));

/**
 * Where ranks stand: context i gives rank r to token (turn r + shift) mod tokens, a permutation because turn and tokens have no common
 * divisor. Pairs turn, shift by context; the same in every trial, drawn from a stream that no sample has.
 */
export function turnsOf(world: World): Uint32Array {
  const tokens = tokensOf(world);
  const turns = new Uint32Array(2 * contextsOf(world));
  for (let i = 0; i < turns.length / 2; i++) {
    const [first, shift] = threefry4x32([i, 0, 0, 0], [0, 0, 0, 0]);
    let turn = first % tokens || 1;
    while (divisor(turn, tokens) > 1) turn = (turn + 1) % tokens || 1;
    turns[2 * i] = turn;
    turns[2 * i + 1] = shift % tokens;
  }
  return turns;
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** The chances p_ij, context by context, then how often each context comes in true sequences. */
export function lawsOf(world: World): Float64Array {
  const [contexts, tokens] = [contextsOf(world), tokensOf(world)];
  const next = tokenLaw(world.next);
  const turns = turnsOf(world);
  const laws = new Float64Array(contexts * tokens + contexts);
  for (let i = 0; i < contexts; i++)
    for (let rank = 0; rank < tokens; rank++)
      laws[i * tokens + ((turns[2 * i]! * rank + turns[2 * i + 1]!) % tokens)] = next.mass(rank + 1);
  const first = tokenLaw(world.contexts);
  let now = Float64Array.from({ length: contexts }, (_, i) => first.mass(i + 1));
  for (let step = 0; step < world.length; step++) {
    for (let i = 0; i < contexts; i++) laws[contexts * tokens + i]! += now[i]! / world.length;
    if (step + 1 < world.length) now = following(laws, now, tokens);
  }
  return laws;
}

function following(laws: Float64Array, now: Float64Array, tokens: number): Float64Array<ArrayBuffer> {
  const then = new Float64Array(tokens);
  for (const [i, share] of now.entries()) for (let j = 0; j < tokens; j++) then[j]! += share * laws[i * tokens + j]!;
  return then;
}
