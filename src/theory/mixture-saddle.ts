import { kappa } from './fixed-point.ts';
import type { Spectrum } from './spectrum.ts';

/**
 * The place at which the deterministic equivalent of a fit to two sources of rows is stationary.
 *
 *     e_k   the effective weight of source k:      1/e_k = unit + (c_k/n) tr Sigma_k K^-1
 *     tau   the effective share of m features:     tau   = 1 - tr(1 - g/K)/m;  1 without features
 *     g     the effective ridge:                   lambda, or lambda d/(m tau) on m features
 *     K     g + sum_k p_k c_k e_k Sigma_k
 *     n     all rows together
 *
 * Without ridge one of e_k, tau and g may vanish like lambda. Its ratio to lambda is then solved for; `Units` says which.
 */
export interface SaddleSource {
  /** p_k, this source's share of the rows. */
  readonly share: number;
  /** c_k, so that the objective is `sum_k (c_k/n) sum of squares`. */
  readonly weight: number;
  /** Eigenvalues of Sigma_k. */
  readonly spectrum: readonly number[];
}

export interface SaddleProblem {
  readonly rows: number;
  readonly ridge: number;
  readonly sources: readonly SaddleSource[];
  /** How many coordinates each entry of the spectra stands for; 1 where absent. */
  readonly counts?: readonly number[] | undefined;
  /** m; null without projection. */
  readonly features: number | null;
}

export interface Saddle {
  /** e_k, or e_k/lambda. */
  readonly effective: readonly number[];
  /** tau, or tau/lambda; 1 without features. */
  readonly kept: number;
  /** g, or g/lambda. */
  readonly penalty: number;
  readonly units: Units;
}

/** What stands for 1 in the equation of the rows and in that of the features: 0 where the quantity vanishes without ridge. */
export interface Units {
  readonly rows: number;
  readonly features: number;
  /** g tau m/d: lambda, or 1 where something else vanishes. */
  readonly penalty: number;
}

export function saddleOf(problem: SaddleProblem): Saddle {
  const [first, ...others] = problem.sources;
  const alike = others.every(({ spectrum, weight }) => spectrum === first!.spectrum && weight === first!.weight);
  const whole = alike ? { ...problem, sources: [{ ...first!, share: 1 }] } : problem;
  const saddle = separateSaddle(whole);
  return alike ? { ...saddle, effective: problem.sources.map(() => saddle.effective[0]!) } : saddle;
}

function separateSaddle(problem: SaddleProblem): Saddle {
  const { features } = problem;
  const units = unitsOf(problem);
  if (features === null) {
    const penalty = units.penalty;
    return { effective: effectiveWeights(problem, units.rows, penalty), kept: 1, penalty, units };
  }
  return projectedSaddle(problem, features, units);
}

/** Without ridge the smallest of rows, features and dimensions gives way. */
function unitsOf(problem: SaddleProblem): Units {
  const { rows, ridge, features } = problem;
  const dimension = dimensionOf(problem);
  const most = features === null ? dimension : Math.min(features, dimension);
  if (ridge > 0) return { rows: 1, features: 1, penalty: ridge };
  if (rows < most) return { rows: 0, features: 1, penalty: 1 };
  if (features !== null && features < dimension) return { rows: 1, features: 0, penalty: 1 };
  return { rows: 1, features: 1, penalty: 0 };
}

function projectedSaddle(problem: SaddleProblem, features: number, units: Units): Saddle {
  const { rows, sources } = problem;
  const ratio = features / dimensionOf(problem);
  const at = (penalty: number): Saddle => {
    const effective = effectiveWeights(problem, units.rows, penalty);
    return { effective, penalty, units, kept: units.features - lostShare(problem, effective, penalty) / features };
  };
  if (units.penalty === 0) return at(0);
  if (units.rows === 0) {
    // All equations are homogeneous in e and g, and tau = 1 - n/m whatever they are.
    const kept = 1 - rows / features;
    const [one, penalty] = [effectiveWeights(problem, 0, 1), 1 / (ratio * kept)];
    return { effective: one.map((e) => e * penalty), kept, penalty, units };
  }
  // g tau grows with g, from 0 to infinity; without ridge tau itself does, through 0.
  const excess = (penalty: number) =>
    units.features === 0
      ? features - lostShare(problem, effectiveWeights(problem, 1, penalty), penalty)
      : ratio * penalty * at(penalty).kept - units.penalty;
  const total = sources.reduce(
    (sum, { share, weight, spectrum }) => sum + share * weight * traceOf(spectrum, problem),
    0,
  );
  // Without ridge at least the least p_k c_k e_k s_j (d/m - 1), in which e_k is no less than one part in n or so.
  const seen = sources.filter(({ share, weight }) => share * weight > 0);
  const least = () => Math.min(...seen.map(({ share, weight, spectrum }) => share * weight * leastOf(spectrum)));
  const lower = units.features === 0 ? 1e-30 * least() : units.penalty / ratio;
  const penalty = rootBetween(excess, lower, lower + (2 * total) / features);
  return { ...at(penalty), kept: 1 / ((ratio * penalty) / units.penalty) };
}

/** tr(1 - g/K). */
function lostShare({ sources, counts }: SaddleProblem, effective: readonly number[], penalty: number): number {
  return sources[0]!.spectrum.reduce((sum, _, j) => {
    const model = modelAt(sources, effective, j);
    return sum + (counts?.[j] ?? 1) * (model / (penalty + model));
  }, 0);
}

/** sum_k p_k c_k e_k s_kj. */
function modelAt(sources: readonly SaddleSource[], effective: readonly number[], j: number): number {
  return sources.reduce(
    (sum, { share, weight, spectrum }, k) => sum + share * weight * effective[k]! * spectrum[j]!,
    0,
  );
}

const leastOf = (spectrum: readonly number[]) => spectrum.reduce((a, s) => (s > 0 && s < a ? s : a), Infinity);

const traceOf = (spectrum: readonly number[], { counts }: Counted) =>
  spectrum.reduce((sum, s, j) => sum + (counts?.[j] ?? 1) * s, 0);

type Counted = Pick<SaddleProblem, 'counts'>;

/** d. */
export function dimensionOf({ sources, counts }: Pick<SaddleProblem, 'sources' | 'counts'>): number {
  return counts ? counts.reduce((sum, count) => sum + count, 0) : sources[0]!.spectrum.length;
}

/**
 * Root of an increasing function: the logarithm is halved until the ends are near each other, then cut where the chord vanishes, with
 * half the value at an end that stays (the Illinois rule), to rounding.
 */
function rootBetween(f: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  while (b > 1.5 * a) {
    const middle = Math.sqrt(a) * Math.sqrt(b);
    if (f(middle) < 0) a = middle;
    else b = middle;
  }
  let [fa, fb] = [f(a), f(b)];
  let last = 0;
  while (fa < 0 && fb > 0 && b - a > 4 * Number.EPSILON * b) {
    const x = (a * fb - b * fa) / (fb - fa);
    if (!(x > a && x < b)) break;
    const fx = f(x);
    const side = fx < 0 ? -1 : 1;
    if (side > 0) [b, fb, fa] = [x, fx, last > 0 ? fa / 2 : fa];
    else [a, fa, fb] = [x, fx, last < 0 ? fb / 2 : fb];
    last = side;
  }
  return -fa < fb ? a : b;
}

/**
 * The e_k at a given g, through q_k = 1/e_k: the largest root of q = h(q), where h grows and is concave. Newton's method falls to it
 * from any q >= h(q), and leads to such a q from anywhere where q > h(q) - unit, as the steps from below are in the end.
 */
function effectiveWeights(problem: SaddleProblem, unit: number, penalty: number): readonly number[] {
  const [only, ...others] = problem.sources;
  if (others.length === 0) return [effectiveWeight(only!, problem, unit, penalty)];
  const start = penalty > 0 ? fromAbove(problem, unit, penalty) : fromBelow(problem, unit);
  // The first step from below leads above the root; from there the first one that does not lower them together is at it, to rounding.
  let q = newtonStep(problem, unit, penalty, start);
  for (;;) {
    const next = newtonStep(problem, unit, penalty, q);
    const change = next.reduce((sum, x, k) => sum + (x / q[k]! - 1), 0);
    if (!(change < -4 * Number.EPSILON)) return q.map((x) => 1 / x);
    q = next;
  }
}

/** With one source k = g/(c e) solves the equation of kappa for the ridge g/c, or for none. */
function effectiveWeight(
  { weight, spectrum: values }: SaddleSource,
  problem: SaddleProblem,
  unit: number,
  penalty: number,
): number {
  const { rows } = problem;
  const dimension = dimensionOf(problem);
  if (penalty === 0) return (rows - dimension) / rows;
  const spectrum: Spectrum = { values, counts: problem.counts ?? values.map(() => 1), dimension };
  return penalty / weight / kappa(spectrum, rows, unit * (penalty / weight));
}

function fromAbove(problem: SaddleProblem, unit: number, penalty: number): readonly number[] {
  const { rows, sources } = problem;
  return sources.map(({ weight, spectrum }) => unit + (weight * traceOf(spectrum, problem)) / (rows * penalty));
}

/** The root for a penalty that is as good as none, whatever the spectra: steps of h itself could be as many as they have decades. */
function fromBelow(problem: SaddleProblem, unit: number): readonly number[] {
  const least = Math.min(...problem.sources.map(({ spectrum }) => leastOf(spectrum)));
  return effectiveWeights(problem, unit, 1e-100 * least).map((e) => 1 / e);
}

/** tr Sigma_k K^-1 and tr Sigma_k Sigma_l K^-2/q_l^2: the bulk of the work, in plain loops. */
function tracesAt({ sources, counts }: SaddleProblem, penalty: number, q: readonly number[]) {
  const factors = sources.map(({ share, weight }, k) => (share * weight) / q[k]!);
  const sums = sources.map(() => 0);
  const overlaps = sources.map(() => sources.map(() => 0));
  const entries = sources[0]!.spectrum.length;
  for (let j = 0; j < entries; j++) {
    const count = counts?.[j] ?? 1;
    let whole = penalty;
    for (let k = 0; k < sources.length; k++) whole += factors[k]! * sources[k]!.spectrum[j]!;
    for (let k = 0; k < sources.length; k++) {
      const part = count * (sources[k]!.spectrum[j]! / whole);
      sums[k]! += part;
      for (let l = 0; l < sources.length; l++)
        overlaps[k]![l]! += (part / q[l]!) * (sources[l]!.spectrum[j]! / whole / q[l]!);
    }
  }
  return { sums, overlaps };
}

const SHORT = 1e-8;

function newtonStep(problem: SaddleProblem, unit: number, penalty: number, q: readonly number[]): readonly number[] {
  const { rows, sources } = problem;
  const { sums, overlaps } = tracesAt(problem, penalty, q);
  // I - h'(q); h_kl = (c_k/n) p_l c_l tr Sigma_k Sigma_l K^-2/q_l^2.
  const slope = sources.map(({ weight }, k) =>
    sources.map((b, l) => {
      const h = (weight / rows) * b.share * b.weight * overlaps[k]![l]!;
      return (k === l ? 1 : 0) - h;
    }),
  );
  const excess = sums.map((sum, k) => unit + (sources[k]!.weight / rows) * sum - q[k]!);
  const step = solveSmall(slope, excess);
  // A step down by more than eight decades is stopped short, on its way: rounding could lead it below 0.
  const damped = q.some((x, k) => x + step[k]! < SHORT * x) ? 1 - SHORT : 1;
  return q.map((x, k) => x + damped * step[k]!);
}

/** Solution of a system of two or three equations whose pivots do not vanish. */
export function solveSmall(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  rows.forEach((pivot, i) => {
    rows.forEach((row, k) => {
      if (k === i) return;
      const factor = row[i]! / pivot[i]!;
      for (let c = i; c < row.length; c++) row[c]! -= factor * pivot[c]!;
    });
  });
  return rows.map((row, i) => row[right.length]! / row[i]!);
}
