/** Hutter's model from its definition in f64: laws as lists of logarithms, nothing of the project. */

export interface Truth {
  readonly exponent: number;
  readonly support: number;
  readonly rest: 'lumped' | 'renormalised';
}

export type Tail =
  | { readonly kind: 'whole' }
  | { readonly kind: 'cut'; readonly last: number }
  | { readonly kind: 'narrowed'; readonly exponent: number }
  | { readonly kind: 'temperature'; readonly temperature: number }
  | { readonly kind: 'top-p'; readonly share: number };

/** Chances of the tokens up to the support; what is missing to 1 is drawn and never learnt. */
export type Chances = readonly number[];

/** Tokens that the infinite law is written out to. */
const FAR = 60_000;

/** Chances out of logarithms of weights of the first tokens and of all others together. */
function chancesOf(logs: readonly number[], logOthers: number): Chances {
  const largest = logs.reduce((a, b) => Math.max(a, b), logOthers);
  const weights = logs.map((log) => (log === largest ? 1 : Math.exp(log - largest)));
  const sum = weights.reduceRight((a, b) => a + b, Math.exp(logOthers - largest));
  return weights.map((weight) => weight / sum);
}

const powers = (exponent: number, tokens: number) =>
  Array.from({ length: tokens }, (_, i) => -exponent * Math.log(i + 1));

/** ln sum_{i > m} i^-s, from the midpoint rule with its next term. */
const logBeyond = (s: number, m: number) =>
  (1 - s) * Math.log(m + 0.5) - Math.log(s - 1) + Math.log1p((-s * (s - 1)) / (24 * (m + 0.5) ** 2));

/** The Zipf law on so many tokens that hardly one is missing, or on its support. */
const longLaw = ({ exponent, support, rest }: Truth): Chances =>
  rest === 'renormalised'
    ? chancesOf(powers(exponent, support), Number.NEGATIVE_INFINITY)
    : chancesOf(powers(exponent, FAR), logBeyond(exponent, FAR));

const named = (chances: Chances, { support }: Truth): Chances => chances.slice(0, support);

/** What data of so many generators are drawn from, each of which loses its tail. */
export function synthetic(truth: Truth, tail: Tail, generations: number): Chances {
  const whole = longLaw(truth);
  const scaled = (chances: Chances, sum: number) => chances.map((chance) => chance / sum);
  const total = (chances: Chances) => chances.reduceRight((a, b) => a + b, 0);
  if (generations === 0) return named(whole, truth);
  switch (tail.kind) {
    case 'whole':
      return named(whole, truth);
    case 'cut': {
      const kept = whole.slice(0, tail.last);
      return named(scaled(kept, total(kept)), truth);
    }
    case 'narrowed':
      return named(longLaw({ ...truth, exponent: tail.exponent }), truth);
    case 'temperature': {
      let logs = powers(truth.exponent, truth.support);
      for (let n = 0; n < generations; n++) logs = logs.map((log) => (log === 0 ? 0 : log / tail.temperature));
      return chancesOf(logs, Number.NEGATIVE_INFINITY);
    }
    case 'top-p': {
      let law = whole;
      for (let n = 0; n < generations; n++) {
        let sum = 0;
        const last = law.findIndex((chance) => {
          sum += chance;
          return sum >= tail.share - 1e-15;
        });
        if (last < 0) throw new Error('The share lies beyond what is written out.');
        const kept = law.slice(0, last + 1);
        if (kept.length === law.length) break;
        law = scaled(kept, sum);
      }
      return named(law, truth);
    }
  }
}

/** The chances of the tokens from `first` on alone, in logarithms throughout. */
export function tailFrom({ exponent, support, rest }: Truth, first: number): Chances {
  const logs = powers(exponent, support).map((log, i) => (i + 1 < first ? Number.NEGATIVE_INFINITY : log));
  const far = Math.max(support, first - 1);
  const lump = Array.from({ length: 20_000 }, (_, i) => -exponent * Math.log(far + 1 + i));
  const near = lump.reduceRight((sum, log) => sum + Math.exp(log - lump[0]!), 0);
  const beyond = logBeyond(exponent, far + 20_000) - lump[0]!;
  const logLump = rest === 'lumped' ? lump[0]! + Math.log(near + Math.exp(beyond)) : Number.NEGATIVE_INFINITY;
  return chancesOf(logs, logLump);
}

/** Mean mass of the tokens in none of the sets, each of so many draws from such chances; the lump of the truth is never learnt. */
export function meanError(truth: Truth, sets: readonly (readonly [chances: Chances, draws: number])[]): number {
  const p = synthetic(truth, { kind: 'whole' }, 0);
  const seen = p.map(
    (mass, i) => mass * -Math.expm1(sets.reduce((sum, [q, T]) => sum + T * Math.log1p(-(q[i] ?? 0)), 0)),
  );
  return 1 - seen.reduceRight((a, b) => a + b, 0);
}
