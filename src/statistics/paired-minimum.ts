import { resampledMeans } from './bootstrap.ts';
import type { Interval } from './interval.ts';
import { meanOf, momentsOf, standardError } from './moments.ts';
import { quantile } from './quantiles.ts';

/** Errors of the same trials at several places: where trials share their draws, differences are far sharper than means. */
export interface PairedCurve {
  /** Ascending and equally spaced. */
  readonly xs: readonly number[];
  /** `errors[i][t]` is the error of trial t at `xs[i]`. */
  readonly errors: readonly ArrayLike<number>[];
}

/** A mean with its standard error. */
export interface Estimate {
  readonly mean: number;
  readonly sem: number;
}

export interface PairedMinimum {
  readonly x: number;
  /** 95 % percentile interval of x over resamples of the trials. */
  readonly interval: Interval;
  /** Whether the interval ends there only because there are no places beyond. */
  readonly cut: { readonly low: boolean; readonly high: boolean };
  /** The error of every trial at x. */
  readonly errors: Float64Array;
}

const RESAMPLES = 1000;

/** Where the mean over trials is least, between places by a parabola. */
export function pairedMinimum({ xs, errors }: PairedCurve, seed: number): PairedMinimum {
  const lowest = vertex(errors.map((column) => meanOf(momentsOf(column))));
  const step = xs.length > 1 ? xs[1]! - xs[0]! : 0;
  const place = ({ index, shift }: Vertex) => xs[index]! + shift * step;
  const resampled = Array.from(resampledMeans(errors, RESAMPLES, seed), (means) => place(vertex(means)));
  const interval = { low: quantile(resampled, 0.025), high: quantile(resampled, 0.975) };
  return {
    x: place(lowest),
    interval,
    cut: { low: interval.low === xs[0], high: interval.high === xs.at(-1) },
    errors: errorsAt(errors, lowest),
  };
}

/** The mean of a - b over trials. */
export function pairedDifference(a: ArrayLike<number>, b: ArrayLike<number>): Estimate {
  const moments = momentsOf(Float64Array.from(a, (value, trial) => value - b[trial]!));
  return { mean: meanOf(moments), sem: standardError(moments) };
}

/** The lowest of equally spaced values and how far from it, in steps, the parabola through it and its neighbours turns. */
interface Vertex {
  readonly index: number;
  readonly shift: number;
}

function vertex(values: readonly number[]): Vertex {
  const index = values.reduce((least, value, i) => (value < values[least]! ? i : least), 0);
  const [below, here, above] = [values[index - 1], values[index]!, values[index + 1]];
  if (below === undefined || above === undefined) return { index, shift: 0 };
  const bend = below - 2 * here + above;
  return { index, shift: bend > 0 ? (below - above) / (2 * bend) : 0 };
}

/** Read off the polynomial through the places within two steps, trial by trial: a parabola alone is off by what matters here. */
function errorsAt(errors: readonly ArrayLike<number>[], { index, shift }: Vertex): Float64Array {
  const near = [-2, -1, 0, 1, 2].filter((step) => errors[index + step] !== undefined);
  const weights = near.map((step) => lagrange(step, shift, near));
  return Float64Array.from(errors[index]!, (_, t) =>
    near.reduce((sum, step, i) => sum + weights[i]! * errors[index + step]![t]!, 0),
  );
}

/** The polynomial that is 1 at `node` and 0 at the other nodes, at x. */
function lagrange(node: number, x: number, nodes: readonly number[]): number {
  return nodes.reduce((product, other) => (other === node ? product : (product * (x - other)) / (node - other)), 1);
}
