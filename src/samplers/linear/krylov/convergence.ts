/** Preconditioned residual at which a solve stops, relative to the preconditioned right-hand side, or what of h that leaves. */
export const TOLERANCE = 1e-5;

/**
 * Steps that a preconditioned Krylov solver needs for `(X'X + M / s) e = b`, X with `rows` standard normal rows, M =
 * rows ridge: from the ends of the spectrum of the preconditioned matrix by Chebyshev's bound, which is an upper bound but
 * for the fluctuations of those ends; never more than the dimension.
 */
export function stepsOf(spectrum: readonly number[], rows: number, ridge: number): number {
  const steps = known.get(spectrum) ?? new Map<string, number>();
  known.set(spectrum, steps);
  const key = `${rows} ${ridge}`;
  const found = steps.get(key) ?? boundOf(spectrum, rows, ridge);
  steps.set(key, found);
  return found;
}

/** By spectrum, then rows and ridge: a plan asks several times for each, and many cells share them. */
const known = new WeakMap<readonly number[], Map<string, number>>();

function boundOf(spectrum: readonly number[], rows: number, ridge: number): number {
  const [low, high] = spectrumEnds(spectrum, rows, ridge);
  const root = Math.sqrt(high / low);
  const rate = (root - 1) / (root + 1);
  return Math.min(spectrum.length, Math.ceil(Math.log(2 / TOLERANCE) / -Math.log(rate)));
}

/** Values of `share` that occur, with how often: the spectrum in at most `BINS` pieces. */
interface Bin {
  readonly share: number;
  readonly count: number;
}

const BINS = 64;

/**
 * Ends of the limiting spectrum of `S^(1/2) (X'X / rows) S^(1/2) + 1 - S`, `S = s / (s + ridge)`: e is outside of it where
 * `m (1 + sum_j S_j / (S_j m + 1 - S_j - e) / rows) = 1` has a real solution m, so the ends are where e(m) turns
 * (Silverstein and Choi, J. Multivariate Anal. 54 (1995), for the sum with 1 - S).
 */
export function spectrumEnds(spectrum: readonly number[], rows: number, ridge: number): readonly [number, number] {
  const bins = binned(spectrum.map((s) => s / (s + ridge)));
  const load = (m: number, e: number) =>
    bins.reduce((sum, { share, count }) => sum + (count * share) / (share * m + 1 - share - e), 0) / rows;
  const lowest = (m: number) => Math.min(...bins.map(({ share }) => share * m + 1 - share));
  const highest = (m: number) => Math.max(...bins.map(({ share }) => share * m + 1 - share));
  const below = (m: number) => bisect(-1, lowest(m), (e) => m * (1 + load(m, e)) < 1);
  const above = (m: number) =>
    bisect(highest(m), highest(m) + spectrum.length + 2 * m, (e) => m * (1 + load(m, e)) < 1);
  const low = largest((t) => below(t), 0, 1);
  const high = -largest((t) => -above(Math.exp(t)), 1e-9, Math.log(16 + (16 * spectrum.length) / rows));
  return [Math.max(low, 1e-12), high];
}

function binned(shares: readonly number[]): readonly Bin[] {
  const bins = Array.from({ length: BINS }, () => ({ total: 0, count: 0 }));
  for (const share of shares) {
    const bin = bins[Math.min(BINS - 1, Math.floor(share * BINS))]!;
    bin.total += share;
    bin.count++;
  }
  return bins.filter(({ count }) => count > 0).map(({ total, count }) => ({ share: total / count, count }));
}

/** The point of (low, high) up to which `holds` is true. */
function bisect(low: number, high: number, holds: (x: number) => boolean): number {
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Largest value of a function with one peak, by golden section. */
function largest(f: (x: number) => number, low: number, high: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [high - golden * (high - low), low + golden * (high - low)];
  let [fa, fb] = [f(a), f(b)];
  for (let step = 0; step < 40; step++) {
    if (fa > fb) {
      [high, b, fb] = [b, a, fa];
      a = high - golden * (high - low);
      fa = f(a);
    } else {
      [low, a, fa] = [a, b, fb];
      b = low + golden * (high - low);
      fb = f(b);
    }
  }
  return Math.max(fa, fb);
}
