import { inverse, type Jet, jet, minus, mixedLogarithm, plus, scaled, times } from './jet.ts';
import { dimensionOf, type Saddle, type SaddleSource, saddleOf, solveSmall } from './mixture-saddle.ts';

/** Rows of one kind, as the theory of mixtures sees them. */
export interface Source extends SaddleSource {
  /** Variance of the label noise. */
  readonly variance: number;
}

/** What an error is made of: E[c_j^2] of w1, the variance of each coordinate of w2 - w1, and label noise. */
export interface Causes {
  readonly signal: readonly number[];
  readonly shift: readonly number[];
  /** Of the label noise of each source, variances. */
  readonly noise: readonly number[];
}

export interface Shape {
  /** Eigenvalues of the covariance of the test inputs. */
  readonly test: readonly number[];
  /** How many coordinates each entry of all lists stands for; 1 where absent. */
  readonly counts?: readonly number[] | undefined;
  readonly rows: number;
  readonly ridge: number;
  readonly sources: readonly SaddleSource[];
  readonly features: number | null;
}

/** Mean test errors of a fit to two sources, linear in their causes. */
export interface MixtureMoments {
  /** Deterministic equivalent, and what the terms of order 1/n add to it. */
  error(causes: Causes): { readonly leading: number; readonly correction: number };
  /** Relative size of the next order, for each sum that is taken for its mean: one over the rows of each source, one over features. */
  readonly smallness: readonly number[];
}

/**
 * v: the error of an estimate. The mean of v' diag(test) v is a mixed derivative of one log determinant, in two steps.
 *
 *     t     multiplies v' diag(test) v, which is added to the objective: the slope of its least value in t is the test error
 *     u     joins sqrt(u) times the labels to the design as one more column: that least value is the slope, at u = 0, of the log determinant
 *           of the Gram matrix of both
 *
 * The mean of the log determinant is known to two orders (docs/theory.md), both at the e_k, tau and g where the first is stationary:
 *
 *     log |K| + sum_k n_k (e_k - 1 - log e_k) + m (tau - 1 - log tau) - d log g,    K = g + t test + sum_k p_k c_k e_k Sigma_k
 *     1/2 log |H|,    H its matrix of second derivatives in log e_k, log tau, over n_k and m
 */
export function mixtureMoments(shape: Shape): MixtureMoments {
  const saddle = saddleOf(shape);
  const slopes = matrixAt(shape, saddle, baseOf(saddle), NOTHING(shape)).map((row) => row.map(({ value }) => value));
  const size = determinant(slopes.map((row) => row.map((x) => jet(x)))).value;
  return {
    error: (causes) => errorOf(shape, saddle, slopes, causes),
    // Not positive only where rounding leaves nothing of it.
    smallness: countsOf(shape).map((count) => (size > 0 ? 1 / (count * size) : Infinity)),
  };
}

/** Lengths of the sums that become their means: n, once for each source that has rows, and m. */
function countsOf({ rows, sources, features }: Shape): readonly number[] {
  const ofRows = sources.filter(({ share }) => share > 0).map(() => rows);
  return features === null ? ofRows : [...ofRows, features];
}

const NOTHING = ({ test, sources }: Shape): Causes => ({
  signal: test.map(() => 0),
  shift: test.map(() => 0),
  noise: sources.map(() => 0),
});

/** e_1, e_2 and, with features, tau. */
const baseOf = ({ effective, kept }: Saddle): readonly Jet[] => [...effective, kept].map((x) => jet(x));

function errorOf(shape: Shape, saddle: Saddle, slopes: readonly (readonly number[])[], causes: Causes) {
  let place = baseOf(saddle);
  // The first step finds the parts in u and in v, the second that in u v.
  for (let step = 0; step < 2; step++) {
    const residual = residualsAt(shape, saddle, place, causes);
    const moved = (part: 'label' | 'probe' | 'mixed') =>
      solveSmall(
        slopes,
        residual.map((r) => r[part]),
      );
    const [label, probe, mixed] = [moved('label'), moved('probe'), moved('mixed')];
    place = place.map((x, k) => (k < label.length ? minus(x, times(x, jet(0, label[k]!, probe[k]!, mixed[k]!))) : x));
  }
  return {
    leading: leadingError(shape, saddle, place, causes),
    correction: mixedLogarithm(determinant(matrixAt(shape, saddle, place, causes))) / 2,
  };
}

/** What one coordinate contributes to the sums below, given e_k and g as jets. */
interface Coordinate {
  /** 1/K. */
  readonly whole: Jet;
  /** 1 - g/K. */
  readonly fitted: Jet;
  /** Second moments of what is left to explain: a_0 = w1 - u, a_1 = u, a_2 = u + w2 - w1, u the mean error of the fit. */
  left(k: number, l: number): Jet;
}

function coordinateAt(shape: Shape, g: Jet, place: readonly Jet[], causes: Causes, j: number): Coordinate {
  const { sources, test } = shape;
  const parts = sources.map(({ share, weight, spectrum }, k) => scaled(share * weight * spectrum[j]!, place[k]!));
  const model = parts.reduce(plus, jet(0, 0, test[j]!));
  const whole = inverse(plus(g, model));
  const fitted = times(model, whole);
  const [signal, shift] = [causes.signal[j]!, causes.shift[j]!];
  if (signal === 0 && shift === 0) return { whole, fitted, left: () => NONE };
  const alpha = times(g, whole);
  // a_k = (x, y) stands for x w1 + y (w2 - w1).
  const ofSignal = [fitted, alpha, alpha];
  if (shift === 0) return { whole, fitted, left: (k, l) => scaled(signal, times(ofSignal[k]!, ofSignal[l]!)) };
  const beta = times(parts[1] ?? NONE, whole);
  // 1 - beta: the difference would lose it where it is small, as it would 1 - alpha above.
  const others = times(plus(g, plus(parts[0]!, jet(0, 0, test[j]!))), whole);
  const ofShift = [beta, scaled(-1, beta), others];
  const inShift = (k: number, l: number) => scaled(shift, times(ofShift[k]!, ofShift[l]!));
  if (signal === 0) return { whole, fitted, left: inShift };
  return {
    whole,
    fitted,
    left: (k, l) => plus(scaled(signal, times(ofSignal[k]!, ofSignal[l]!)), inShift(k, l)),
  };
}

const NONE = jet(0);

const U = jet(0, 1);

const countAt = ({ counts }: Shape, j: number) => counts?.[j] ?? 1;

function penaltyAt(shape: Shape, { penalty, units }: Saddle, tau: Jet): Jet {
  if (shape.features === null) return jet(penalty);
  return scaled((units.penalty * dimensionOf(shape)) / shape.features, inverse(tau));
}

/** Slopes of the log determinant in log e_k over n_k, and in log tau over m. */
function residualsAt(shape: Shape, saddle: Saddle, place: readonly Jet[], causes: Causes): readonly Jet[] {
  const { sources, rows, features } = shape;
  const tau = place.at(-1)!;
  const g = penaltyAt(shape, saddle, tau);
  const traces = sources.map((_, k) => jet(0, causes.noise[k]!));
  let explained = jet(0);
  shape.test.forEach((_, j) => {
    const { whole, fitted, left } = coordinateAt(shape, g, place, causes, j);
    sources.forEach(({ spectrum }, k) => {
      traces[k] = plus(traces[k]!, scaled(countAt(shape, j) * spectrum[j]!, plus(whole, times(U, left(k + 1, k + 1)))));
    });
    explained = plus(explained, scaled(countAt(shape, j), minus(fitted, times(g, times(U, left(0, 0))))));
  });
  const ofRows = sources.map(({ weight }, k) =>
    minus(times(place[k]!, plus(jet(saddle.units.rows), scaled(weight / rows, traces[k]!))), jet(1)),
  );
  if (features === null) return ofRows;
  return [...ofRows, plus(scaled(saddle.units.features, tau), plus(jet(-1), scaled(1 / features, explained)))];
}

/** Slopes of those slopes in log e_l and log tau, at the place where they vanish. */
function matrixAt(shape: Shape, saddle: Saddle, place: readonly Jet[], causes: Causes): readonly (readonly Jet[])[] {
  const { sources, rows, features } = shape;
  const tau = place.at(-1)!;
  const g = penaltyAt(shape, saddle, tau);
  // sums[k][l] of (s_k/K)(s_l/K + 2 u a_k a_l), s_0 = g for the features.
  const size = sources.length + 1;
  const sums = Array.from({ length: size }, () => Array.from({ length: size }, () => jet(0)));
  // 1/K + u a_0^2 less g times the terms of sums[0][0]: (1 - g/K)/K + u a_0^2 (1 - 2 g/K).
  let fromPenalty = jet(0);
  shape.test.forEach((_, j) => {
    const { whole, fitted, left } = coordinateAt(shape, g, place, causes, j);
    for (let k = 0; k < size; k++)
      for (let l = 0; l <= k; l++) {
        const both = (k === 0 ? 1 : sources[k - 1]!.spectrum[j]!) * (l === 0 ? 1 : sources[l - 1]!.spectrum[j]!);
        const sign = (k === 0) === (l === 0) ? 2 : -2;
        const term = times(whole, plus(whole, times(scaled(sign, U), left(k, l))));
        sums[k]![l] = plus(sums[k]![l]!, scaled(countAt(shape, j) * both, term));
        sums[l]![k] = sums[k]![l]!;
      }
    const added = times(times(U, left(0, 0)), minus(scaled(2, fitted), jet(1)));
    fromPenalty = plus(fromPenalty, scaled(countAt(shape, j), plus(times(whole, fitted), added)));
  });
  const ofRows = sources.map(({ weight }, k) => {
    const scale = scaled(weight / rows, place[k]!);
    const inRows = sources.map((b, l) => {
      const f = times(scale, times(scaled(b.share * b.weight, place[l]!), sums[k + 1]![l + 1]!));
      return minus(jet(k === l ? 1 : 0), f);
    });
    return features === null ? inRows : [...inRows, times(scale, times(g, sums[k + 1]![0]!))];
  });
  if (features === null) return ofRows;
  const inRows = sources.map((b, l) =>
    times(scaled((b.share * b.weight) / features, place[l]!), times(g, sums[0]![l + 1]!)),
  );
  // d/d log tau of tau - (1/m) sum (g/K + u g a_0^2) + constants, with d g/d log tau = -g.
  const own = plus(scaled(saddle.units.features, tau), scaled(1 / features, times(g, fromPenalty)));
  return [...ofRows, [...inRows, own]];
}

/** Slope of the log determinant in v. Its part in u is the error; the slopes of all else vanish. */
function leadingError(shape: Shape, saddle: Saddle, place: readonly Jet[], causes: Causes): number {
  const g = penaltyAt(shape, saddle, place.at(-1)!);
  return shape.test.reduce((sum, b, j) => {
    const { whole, left } = coordinateAt(shape, g, place, causes, j);
    return sum + countAt(shape, j) * b * (whole.label + left(1, 1).value);
  }, 0);
}

/** By elimination: the matrix is near the identity, so pivots do not vanish. */
function determinant(matrix: readonly (readonly Jet[])[]): Jet {
  const rows = matrix.map((row) => [...row]);
  let product = jet(1);
  rows.forEach((pivot, i) => {
    product = times(product, pivot[i]!);
    const over = inverse(pivot[i]!);
    for (const row of rows.slice(i + 1)) {
      const factor = times(row[i]!, over);
      for (let c = i; c < row.length; c++) row[c] = minus(row[c]!, times(factor, pivot[c]!));
    }
  });
  return product;
}
