import type { MissedTruth, TrialLaw } from './outlook.ts';

/** A sample median beside a law. */
export interface MedianTest {
  /** P(error <= median) by the law, of which half is expected. */
  readonly below: number;
  /** How many standard errors that is from a half, those of the sample and of the law's own draws together. */
  readonly z: number;
}

/** Draws from a law: enough that their error is small beside that of the trials. */
const [FEWEST_DRAWS, MOST_DRAWS] = [2 ** 13, 2 ** 17];

/** Chi-squares that a law may cost. */
const BUDGET = 2 ** 22;

/** Shares that leave a law enough draws. */
export const MOST_SHARES = BUDGET / FEWEST_DRAWS;

/**
 * Where the median of independent trials stands in their law, by draws from the law: P(error <= median) has the mean 1/2 and, for many
 * trials, the standard error 1/2 / sqrt(trials), whatever the tail of the law is. `z` is NaN without a median.
 */
export function medianTest(law: TrialLaw, median: number, trials: number): MedianTest {
  const count = Math.max(FEWEST_DRAWS, Math.min(MOST_DRAWS, Math.floor(BUDGET / (law.shares.length + 1))));
  const normal = normals(SEED);
  let below = 0;
  for (let i = 0; i < count; i++) if (drawError(law, normal) <= median) below++;
  const share = Number.isNaN(median) ? Number.NaN : below / count;
  return { below: share, z: (share - 0.5) / Math.sqrt(0.25 / trials + 0.25 / count) };
}

/** Any number: the same question always gets the same answer. */
const SEED = 0x9e3779b9;

interface Normals {
  normal(): number;
  uniform(): number;
}

function drawError({ directions, shares, missed }: TrialLaw, random: Normals): number {
  let spread = 0;
  for (const { variance, freedom } of shares) spread += variance / chiSquare(freedom, random);
  return chiSquare(directions, random) * spread + (missed === null ? 0 : drawMissed(missed, random));
}

function drawMissed(missed: MissedTruth, random: Normals): number {
  const lost = chiSquare(missed.lost, random);
  if (missed.kind === 'gaussian') return missed.variance * lost;
  return (missed.norm2 * lost) / (lost + chiSquare(missed.kept, random));
}

/** Twice a gamma variable of half the degrees, by G. Marsaglia and W. W. Tsang, ACM Trans. Math. Softw. 26, 363 (2000). */
function chiSquare(freedom: number, random: Normals): number {
  // Their method needs a shape of at least 1: below, the square of a normal is one degree.
  if (freedom === 1) return random.normal() ** 2;
  const d = freedom / 2 - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(random.uniform()) < x * x * 0.5 + d - d * v + d * Math.log(v)) return 2 * d * v;
  }
}

/** Normals by the polar method over a 32-bit counter that is mixed (`mulberry32`). */
function normals(seed: number): Normals {
  let state = seed | 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  let kept = Number.NaN;
  const normal = (): number => {
    if (!Number.isNaN(kept)) {
      const last = kept;
      kept = Number.NaN;
      return last;
    }
    for (;;) {
      const [u, v] = [2 * uniform() - 1, 2 * uniform() - 1];
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      kept = v * factor;
      return u * factor;
    }
  };
  return { normal, uniform };
}
