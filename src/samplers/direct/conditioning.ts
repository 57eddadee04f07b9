import type { Schedule } from './schedule.ts';

const EPS = 2 ** -24;

/** Relative error of a test error beyond which its fit is corrected. */
const TOLERATED = 1e-5;

/** Steps up to each condition number: a step gains a factor of about 5e6 / kappa, and some trials are far worse than expected. */
const STEPS = [
  [0, TOLERATED / (0.1 * EPS)],
  [3, 1e4],
  [8, 1e9],
  [16, Number.POSITIVE_INFINITY],
] as const;

/** Steps of correction of every fit, `[pass][ridge]`. */
export type Corrections = readonly (readonly number[])[];

/** From what the test errors would be off by without: 0.1 eps kappa (docs/numerics.md). */
export function correctionsOf({ passes, spectrum }: Pick<Schedule, 'passes' | 'spectrum'>): Corrections {
  const falling = [...spectrum].sort((a, b) => b - a);
  const known = new Map<number, Ends>();
  return passes.map(({ rows, ridges }) => {
    const ends = known.get(rows) ?? endsOf(rows, falling);
    known.set(rows, ends);
    return ridges.map((ridge) => stepsFor(condition(ends, rows * ridge)));
  });
}

const stepsFor = (kappa: number): number => STEPS.find(([, most]) => kappa <= most)![0];

/**
 * Condition number to expect of the Gram matrix plus penalty T ridge, scaled to unit diagonal: an upper bound but for
 * fluctuations, met where all eigenvalues are equal. The ends of the spectrum are those of Gordon (Israel J. Math. 50
 * (1985)), with one less of the smaller side at the low end, so that T = d has the 1/(4 d) of a square matrix
 * (Edelman, SIAM J. Matrix Anal. 9 (1988): half of all are below 0.3/d).
 */
export function conditionOf(rows: number, ridge: number, spectrum: readonly number[]): number {
  const falling = [...spectrum].sort((a, b) => b - a);
  return condition(endsOf(rows, falling), rows * ridge);
}

/** Smallest and largest eigenvalue of the Gram matrix. */
type Ends = readonly [low: number, high: number];

const condition = ([low, high]: Ends, penalty: number) => (high + penalty) / (low + penalty);

const endsOf = (rows: number, falling: readonly number[]): Ends =>
  rows < falling.length ? dualEnds(rows, falling) : primalEnds(rows, falling);

/**
 * X'X. Scaled to unit diagonal it is the isotropic one, and with a penalty a feature counts for s / (s + ridge) of it: no
 * more than if all features were as strong as the strongest.
 */
function primalEnds(rows: number, falling: readonly number[]): Ends {
  const strongest = falling[0]!;
  const columns = falling.length;
  return [
    strongest * (Math.sqrt(rows) - Math.sqrt(columns - 1)) ** 2,
    strongest * (Math.sqrt(rows) + Math.sqrt(columns)) ** 2,
  ];
}

/** XX', whose diagonal is even. Its low end is at least that of any spectrum below: of the best that is cut off at a height. */
function dualEnds(rows: number, falling: readonly number[]): Ends {
  let tail = 0;
  let low = 0;
  for (let k = falling.length; k > 0; k--) {
    const cut = falling[k - 1]!;
    const end = Math.sqrt(k * cut + tail) - Math.sqrt((rows - 1) * cut);
    if (end > 0) low = Math.max(low, end ** 2);
    tail += cut;
  }
  return [low, (Math.sqrt(rows * falling[0]!) + Math.sqrt(tail)) ** 2];
}
