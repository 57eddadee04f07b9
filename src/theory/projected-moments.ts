import { resummed } from './expansion.ts';
import type { FitMoments } from './fit-moments.ts';
import { type Causes, mixtureMoments } from './mixture-moments.ts';
import { saddleOf, solveSmall } from './mixture-saddle.ts';
import { counted, type Eigenvalues, type Spectrum, sumOver } from './spectrum.ts';

/** A ridge fit on m random features S'x, S of d x m with entries N(0, 1/d). Not least squares with T >= d and m >= d, which needs none. */
interface ProjectedFit {
  readonly rows: number;
  readonly ridge: number;
  readonly features: number;
}

/** Coordinates that differ up to which the next order is worked out: it takes O(k^2). */
const MOST = 64;

/**
 * The moments of a fit on random features, whose estimate w = S v is a linear map A of the model that labels its rows, beside noise:
 * A = S (S'X'XS/T + lambda)^-1 S'X'X/T. With the next order, if it is asked for, up to 64 different coordinates; beyond, the margin is
 * the root of what it would be, since what is left out is of first order.
 */
export function projectedMoments(
  eigenvalues: Eigenvalues,
  fit: ProjectedFit,
  order: 'leading' | 'corrected',
): FitMoments {
  const spectrum = counted(eigenvalues);
  const leading = leadingProjected(spectrum, fit);
  if (order === 'leading') return leading;
  return spectrum.values.length <= MOST
    ? correctedProjected(spectrum, fit)
    : { ...leading, margin: Math.sqrt(leading.margin) };
}

/**
 * The deterministic equivalent: X'X/T stands for e Sigma and the random features for a ridge g, K = g + e s + t b (`mixture-saddle.ts`). With
 * x = e s/K, u = g/K at t = 0, and the slopes e', g' in t:
 *
 *     mean = x,   missed(b) = u^2 (b + e' s) + x^2 g',   tr b noise = e'
 */
function leadingProjected(spectrum: Spectrum, { rows, ridge, features }: ProjectedFit): FitMoments {
  const { values: s, counts } = spectrum;
  const saddle = saddleOf({ rows, ridge, features, counts, sources: [{ share: 1, weight: 1, spectrum: s }] });
  const [e, g] = [saddle.effective[0]!, saddle.penalty];
  const K = s.map((value) => g + e * value);
  const [x, u] = [s.map((value, j) => (e * value) / K[j]!), K.map((k) => g / k)];
  const sum = (f: (j: number) => number) => sumOver(spectrum, (_, j) => f(j) / K[j]! ** 2);
  const slopes = [
    [1 / e ** 2 - sum((j) => s[j]! ** 2) / rows, -sum((j) => s[j]!) / rows],
    [-g * sum((j) => s[j]!), (features * saddle.kept * saddle.units.features) / g + sum((j) => e * s[j]!)],
  ];
  const slopesFor = (b: readonly number[]) =>
    solveSmall(slopes, [sum((j) => s[j]! * b[j]!) / rows, g * sum((j) => b[j]!)]) as [number, number];
  const each = (b: readonly number[], f: (x: number, u: number, b: number, spread: number) => number) => {
    const [rowsSlope, ridgeSlope] = slopesFor(b);
    return s.map((value, j) => f(x[j]!, u[j]!, b[j]!, u[j]! ** 2 * value * rowsSlope + x[j]! ** 2 * ridgeSlope));
  };
  return {
    mean: x,
    lost: u,
    missed: (b) => each(b, (_, lost, own, spread) => lost ** 2 * own + spread),
    kept: (b) => each(b, (kept, _, own, spread) => kept ** 2 * own + spread),
    crossed: (b) => each(b, (kept, lost, own, spread) => kept * lost * own - spread),
    noise: s.map((_, j) => slopesFor(s.map((__, i) => (i === j ? 1 / counts[j]! : 0)))[0]),
    margin: marginOf(spectrum, { rows, ridge, features }),
  };
}

/**
 * Those of arXiv:2410.04840v2, Thm 2, to two orders, for a mixture that is all synthetic, w2 = w0 + delta, because its error
 * A w2 - w0 = -(I - A) w0 + A delta has both second moments of A in it:
 *
 *     missed(b)  of the part of w0,   kept(b)  of that of delta, tested on b in place of Sigma;   mean = (1 + kept(1) - missed(1))/2
 */
function correctedProjected(spectrum: Spectrum, fit: ProjectedFit): FitMoments {
  const { values, counts } = spectrum;
  const only = (j: number) => values.map((_, i) => (i === j ? 1 : 0));
  const nothing: Causes = { signal: values.map(() => 0), shift: values.map(() => 0), noise: [0, 0] };
  /** Of what a cause at one coordinate alone adds to the error tested on b. */
  const each = (b: readonly number[], cause: 'signal' | 'shift') => {
    const moments = testedOn(spectrum, fit, b);
    return counts.map((count, j) => {
      const { leading, correction } = moments.error({ ...nothing, [cause]: only(j) });
      return (leading + correction) / count;
    });
  };
  const missed = (b: readonly number[]) => each(b, 'signal');
  const kept = (b: readonly number[]) => each(b, 'shift');
  const ones = values.map(() => 1);
  const [one, other] = [kept(ones), missed(ones)];
  const mean = one.map((k, j) => (1 + k - other[j]!) / 2);
  return {
    mean,
    lost: one.map((k, j) => (1 - k + other[j]!) / 2),
    missed,
    kept,
    crossed: (b) => kept(b).map((k, j) => b[j]! * mean[j]! - k),
    noise: counts.map((count, j) => {
      const { leading, correction } = testedOn(spectrum, fit, only(j)).error({ ...nothing, noise: [0, 1] });
      return (leading * resummed(correction / leading)) / count;
    }),
    margin: marginOf(spectrum, fit),
  };
}

/** A mixture without real rows, tested on b. */
function testedOn({ values, counts }: Spectrum, fit: ProjectedFit, test: readonly number[]) {
  return mixtureMoments({
    ...fit,
    test,
    counts,
    sources: [0, 1].map((share) => ({ share, weight: 1, spectrum: values })),
  });
}

function marginOf(spectrum: Spectrum, fit: ProjectedFit): number {
  const { smallness } = testedOn(
    spectrum,
    fit,
    spectrum.values.map(() => 1),
  );
  return 1 / smallness.reduce((sum, t) => sum + t, 0);
}
