import type { Word } from '../../regimes/words.ts';

/** The words of all laws that become tables of masses. */
export const LAW_WORDS = [
  'law zipf',
  'law cut',
  'law tail',
  'law tempered',
  'law top-p',
  'law thinned',
  'law mixture',
] as const satisfies readonly Word[];
