import * as laws from '../theory/tails/laws.ts';
import type { Law } from './discrete-recipe.ts';

export type { TokenLaw } from '../theory/tails/laws.ts';

/** The numbers of a law, as theory and samplers want them. */
export function tokenLaw(law: Law): laws.TokenLaw {
  switch (law.kind) {
    case 'zipf':
      return laws.zipf(law.exponent, law.support, law.tail);
    case 'cut':
      return laws.cut(tokenLaw(law.law), law.last);
    case 'tail':
      return laws.tailOf(tokenLaw(law.law), law.first);
    case 'tempered':
      return laws.tempered(tokenLaw(law.law), law.temperature);
    case 'top-p':
      return laws.topP(tokenLaw(law.law), law.share, law.times);
    case 'thinned':
      return laws.thinned(tokenLaw(law.law), law.tokens, law.share);
    case 'mixture':
      return laws.mixture(law.share, tokenLaw(law.law), tokenLaw(law.other));
  }
}
