import { tokenLaw } from '../../regimes/discrete-law.ts';
import type { DiscreteRecipe } from '../../regimes/discrete-recipe.ts';
import { type TokenSchedule, tokenScheduleOf } from './schedule.ts';

/** A compiled job and the tokens that have a name in it; the lump is token `tokens`. */
export interface TokenJob {
  readonly schedule: TokenSchedule;
  readonly tokens: number;
}

export function tokenJobOf(recipes: readonly Pick<DiscreteRecipe, 'truth' | 'training'>[]): TokenJob {
  const schedule = tokenScheduleOf(recipes);
  const tokens = [schedule.truth, ...schedule.laws]
    .map((law) => tokenLaw(law).support)
    .reduce((a, b) => Math.max(a, b));
  return { schedule, tokens };
}
