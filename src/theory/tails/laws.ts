import { powers } from '../../reference/power.ts';
import { remembering } from '../../reference/remember.ts';
import { hurwitz, zeta } from './special.ts';
import { sumOverTokens } from './sums.ts';

/**
 * A probability law on tokens 1, 2, ..., `support`, and on a lump of all others together. `mass` is a function of any
 * real i, smooth and falling but for jumps just after the tokens `breaks`, so that a sum over tokens may be had as an integral.
 */
export interface TokenLaw {
  /** The last token with a name, possibly infinite. */
  readonly support: number;
  readonly breaks: readonly number[];
  /** Mass of all tokens without a name: drawn, but never learnt. Masses and `beyond` sum to 1. */
  readonly beyond: number;
  /** Probability of token i, 0 beyond the support. */
  mass(i: number): number;
  /** Its natural logarithm, also where it is below f64; -Infinity for 0. */
  logMass(i: number): number;
  /** The logarithm of the mass of the tokens first .. last, all of them beyond the support; `last` possibly infinite. */
  logRest(first: number, last: number): number;
}

const NONE = Number.NEGATIVE_INFINITY;

/**
 * Zipf's law with exponent beta > 1. `lumped`: p_i = i^-beta / zeta(beta) for i up to the support, the rest is the lump.
 * `renormalised`: p_i = i^-beta / H, H the sum up to the support. The same for an infinite support.
 */
export function zipf(beta: number, support = Infinity, tail: 'lumped' | 'renormalised' = 'lumped'): TokenLaw {
  return known(`${beta} ${support} ${tail}`, () => zipfLaw(beta, support, tail));
}

/** Laws that were asked for last: every model of a chain has the same, and their norms take powers in two doubles. */
const known = remembering<TokenLaw>(16);

function zipfLaw(beta: number, support: number, tail: 'lumped' | 'renormalised'): TokenLaw {
  const whole = zeta(beta);
  const rest = Number.isFinite(support) ? hurwitz(beta, support + 1) : 0;
  const lumped = tail === 'lumped';
  const norm = lumped ? whole : finiteSum(beta, support, whole, rest);
  const logNorm = Math.log(norm);
  const raised = raisedTokens(-beta, support);
  return {
    support,
    breaks: [],
    beyond: lumped ? rest / whole : 0,
    mass: (i) => (i < support + 0.5 ? raised(i) / norm : 0),
    logMass: (i) => (i < support + 0.5 ? -beta * Math.log(i) - logNorm : NONE),
    logRest: (first, last) => {
      if (!lumped || first === Infinity || last < first) return NONE;
      const after = Number.isFinite(last) ? hurwitz(beta, last + 1, first) : 0;
      return Math.log(hurwitz(beta, first, first) - after) - beta * Math.log(first) - logNorm;
    },
  };
}

/** Tokens whose powers are kept: all that a table of masses can have. */
const MOST_KEPT = 2 ** 20;

/** i^exponent: for tokens with the same bits in every engine, so that what is drawn is the same; between them, where integrals ask, as the engine says. */
function raisedTokens(exponent: number, support: number): (i: number) => number {
  const most = Math.min(support, MOST_KEPT);
  let kept: readonly number[] = [];
  return (i) => {
    if (i > most || !Number.isInteger(i)) return i ** exponent;
    if (i > kept.length) kept = powers(exponent, Math.min(most, Math.max(64, 4 * i)));
    return kept[i - 1]!;
  };
}

/** sum_{i <= support} i^-beta: the whole sum less the rest, which near beta = 1 are the same to most of their digits. */
function finiteSum(beta: number, support: number, whole: number, rest: number): number {
  if (rest < 0.9 * whole) return whole - rest;
  let sum = 0;
  const raised = raisedTokens(-beta, support);
  for (let i = support; i >= 1; i--) sum += raised(i);
  return sum;
}

/** sum_{i <= k} of the masses, of tokens with a name. */
export const cumulative = (law: TokenLaw, k: number): number =>
  sumOverTokens(law.mass, Math.min(k, law.support), law.breaks);

/** sum_{i > k} of the masses, those in the lump too, for a k with a name. */
export const remaining = (law: TokenLaw, k: number): number =>
  law.beyond + sumOverTokens(law.mass, law.support, law.breaks, undefined, k + 1);

/** The mass of the tokens k has beyond the support, which are a part of the lump. */
const unnamed = (law: TokenLaw, k: number): number => (k > law.support ? Math.exp(law.logRest(law.support + 1, k)) : 0);

/** q_i ∝ p_i 1[i <= k] (arXiv:2402.07043, Sec. 2): nothing beyond token k is ever drawn. Of the lump a k beyond the support leaves its part. */
export function cut(law: TokenLaw, k: number): TokenLaw {
  if (k === Infinity || (k >= law.support && law.beyond === 0)) return law;
  const support = Math.min(k, law.support);
  const rest = unnamed(law, k);
  const norm = cumulative(law, support) + rest;
  const logNorm = Math.log(norm);
  return {
    support,
    breaks: law.breaks.filter((at) => at < support),
    beyond: rest / norm,
    mass: (i) => (i < support + 0.5 ? law.mass(i) / norm : 0),
    logMass: (i) => (i < support + 0.5 ? law.logMass(i) - logNorm : NONE),
    logRest: (first, last) => (first > law.support ? law.logRest(first, Math.min(last, k)) - logNorm : NONE),
  };
}

/**
 * q_i ∝ p_i 1[i >= first]: the tail that is bought back in Thm 3.1 of arXiv:2402.07043. Masses are taken beside the largest of them, so that
 * a tail may have as little mass as it likes. Throws `RangeError` where there is none.
 */
export function tailOf(law: TokenLaw, first: number): TokenLaw {
  const logLump = law.logRest(Math.max(first, law.support + 1), Infinity);
  const peak = Math.max(logLump, ...peaksOf(law, first));
  if (peak === NONE) throw new RangeError(`There is no token from ${first} on.`);
  const named = sumOverTokens((i) => Math.exp(law.logMass(i) - peak), law.support, law.breaks, undefined, first);
  const logNorm = peak + Math.log(named + Math.exp(logLump - peak));
  return {
    support: law.support,
    breaks: [...law.breaks, first - 1],
    beyond: Math.exp(logLump - logNorm),
    mass: (i) => (i < first - 0.5 ? 0 : Math.exp(law.logMass(i) - logNorm)),
    logMass: (i) => (i < first - 0.5 ? NONE : law.logMass(i) - logNorm),
    logRest: (from, last) => law.logRest(Math.max(from, first), last) - logNorm,
  };
}

/** Logarithms of the masses that the largest one from a token on is among: that token's, and those just after jumps. */
const peaksOf = (law: TokenLaw, first: number): readonly number[] =>
  [first, ...law.breaks.map((at) => at + 1).filter((i) => i > first)].map(law.logMass);

/**
 * q_i ∝ p_i^(1/temperature), from the logits divided by the temperature; the lump, which has no logit, is left out. Powers are
 * those of p_i over the largest one, which is 1 at any temperature, 0 included: all mass is the largest one's there.
 */
export function tempered(law: TokenLaw, temperature: number): TokenLaw {
  const peak = Math.max(...peaksOf(law, 1));
  const logRaised = (i: number): number => {
    const below = law.logMass(i) - peak;
    return below === 0 || below === NONE ? below : below / temperature;
  };
  const norm = sumOverTokens((i) => Math.exp(logRaised(i)), law.support, law.breaks);
  const logNorm = Math.log(norm);
  return {
    support: law.support,
    breaks: law.breaks,
    beyond: 0,
    mass: (i) => Math.exp(logRaised(i)) / norm,
    logMass: (i) => logRaised(i) - logNorm,
    logRest: () => NONE,
  };
}

/**
 * The fewest tokens, from the first on, that hold at least `share` of the mass of a falling law, renormalised; so many times. As long as
 * what a time takes away is a million tokens, several are taken for one of share^times: no single token shows.
 */
export function topP(law: TokenLaw, share: number, times = 1): TokenLaw {
  const upTo = sumsOf(law);
  const unseen = Math.max(ROUNDING, 1e-6 * (1 - share));
  let [k, mass, left, step] = [Infinity, 1, times, times];
  while (left > 0) {
    step = Math.min(step, left);
    let next = fewest(law, upTo, mass * share ** step);
    while (step > 1 && massOf(law, next) > unseen * mass) {
      step = Math.floor(step / 2);
      next = fewest(law, upTo, mass * share ** step);
    }
    if (next === k) break;
    [k, mass, left] = [next, upTo(next), left - step];
  }
  return cut(law, k);
}

/** The mass of one token, which may be in the lump. */
const massOf = (law: TokenLaw, k: number): number => (k > law.support ? Math.exp(law.logRest(k, k)) : law.mass(k));

/** How many tokens top-p keeps; tokens beyond the support are counted, which are in the lump. */
export const nucleus = (law: TokenLaw, share: number): number => fewest(law, sumsOf(law), share);

/** Sums of masses decide to this share of them: a sum that is the wanted one but for rounding is enough. */
const ROUNDING = 1e-14;

function fewest(law: TokenLaw, upTo: (k: number) => number, mass: number): number {
  const enough = (k: number) => upTo(k) >= mass * (1 - ROUNDING);
  const most = law.beyond > 0 ? Infinity : law.support;
  let [low, high] = [0, 1];
  while (high < most && !enough(high)) [low, high] = [high, Math.min(2 * high, most)];
  while (high - low > 1) {
    const middle = Math.floor(low + (high - low) / 2);
    // Beyond 2^53 tokens are not told apart.
    if (middle <= low || middle >= high) break;
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Tokens whose running sums are kept; what follows is an integral. */
const SUMMED = 4096;

/** sum_{i <= k} of the masses, those of the lump included, for any k. */
function sumsOf(law: TokenLaw): (k: number) => number {
  const sums = new Float64Array(Math.min(law.support, SUMMED) + 1);
  for (let i = 1; i < sums.length; i++) sums[i] = sums[i - 1]! + law.mass(i);
  return (k) => {
    const named = Math.min(k, law.support);
    const head = Math.min(named, sums.length - 1);
    return sums[head]! + sumOverTokens(law.mass, named, law.breaks, 0, head + 1) + unnamed(law, k);
  };
}

/** The masses of some tokens, and a share of those of all others; what is taken away is with the lump. */
export function thinned(law: TokenLaw, tokens: readonly number[], share: number): TokenLaw {
  const spared = new Set(tokens);
  const mass = (i: number) => (spared.has(Math.round(i)) ? 1 : share) * law.mass(i);
  const breaks = [...law.breaks, ...tokens.flatMap((i) => [i - 1, i])].filter((i) => i < law.support);
  return {
    support: law.support,
    breaks,
    mass,
    logMass: (i) => Math.log(mass(i)),
    logRest: (first, last) => law.logRest(first, last) + Math.log(share),
    beyond: Math.max(0, 1 - sumOverTokens(mass, law.support, breaks)),
  };
}

/** `share` of the draws from one law and the rest from another (arXiv:2402.07043, Sec. 3.2). */
export function mixture(share: number, law: TokenLaw, other: TokenLaw): TokenLaw {
  const mixed = (a: number, b: number) => share * a + (1 - share) * b;
  const mass = (i: number) => mixed(law.mass(i), other.mass(i));
  return {
    support: Math.max(law.support, other.support),
    breaks: [...law.breaks, ...other.breaks, law.support, other.support].filter(Number.isFinite),
    beyond: mixed(law.beyond, other.beyond),
    mass,
    logMass: (i) => Math.log(mass(i)),
    logRest: (first, last) => Math.log(mixed(Math.exp(law.logRest(first, last)), Math.exp(other.logRest(first, last)))),
  };
}
