import type { FitMoments } from './fit-moments.ts';
import { counted, type Eigenvalues, sumOver } from './spectrum.ts';

/** One fit of a chain: its moments and the variance of its label noise. */
export interface Stage {
  readonly moments: FitMoments;
  readonly variance: number;
  /** Of the model before in the labels of this one, of which the truth makes the rest; any real number, 1 where absent. */
  readonly share?: number;
}

/** The mean test error as a sum, by what causes it: arXiv:2402.07712v2, Thm 4.3. */
export interface ErrorTerms {
  /** What ridge and inputs, those of the generators included, lose of w0. */
  readonly bias: number;
  /** What the label noise of the last fit adds. */
  readonly variance: number;
  /** What the label noise of all generators adds. */
  readonly collapse: number;
}

/** The sum. */
export const totalOf = ({ bias, variance, collapse }: ErrorTerms): number => bias + variance + collapse;

/**
 * Mean test error of a chain of fits on independent inputs, each labelled by the one before, the first by w0: the
 * recursion behind arXiv:2402.07712v2, Thm 4.3, for any Sigma, sample sizes, ridges and noise. O(d) per fit.
 *
 * v_i = w_i - w0 obeys v_i = a_i A_i v_{i-1} - (I - A_i) w0 + noise, a_i the share of the model before in the labels. Going backwards from
 * the last fit, v_n = G v_i + F w0 + noise. `metric` = E[G' Sigma G], `overlap` = E[F' Sigma G] and `bias` = E[F' Sigma F], all diagonal and
 * all carried along: a small one is not the difference of large terms. The first fit has v_0 = 0.
 *
 * @param signal E[c_j^2], the second moments of the coordinates of w0, in the order of the spectrum's values.
 * @param chain the fits, the last first.
 */
export function chainTerms(eigenvalues: Eigenvalues, signal: readonly number[], chain: readonly Stage[]): ErrorTerms {
  const spectrum = counted(eigenvalues);
  const trace = (a: readonly number[], b: readonly number[]) => sumOver(spectrum, (_, j) => a[j]! * b[j]!);
  let metric = spectrum.values;
  let overlap: readonly number[] = metric.map(() => 0);
  let bias = overlap;
  const noise = { variance: 0, collapse: 0 };
  // Fits that keep all leave the metric as it is, so that what their noise adds is worked out once.
  let last: { readonly metric: unknown; readonly moments: unknown; readonly added: number } = {
    metric: null,
    moments: null,
    added: 0,
  };
  for (const [i, { moments, variance, share = 1 }] of chain.entries()) {
    const { mean, lost } = moments;
    if (variance > 0) {
      if (last.metric !== metric || last.moments !== moments)
        last = { metric, moments, added: trace(metric, moments.noise) };
      noise[i === 0 ? 'variance' : 'collapse'] += variance * last.added;
    }
    if (moments.whole && share === 1) continue;
    const [missed, crossed] = [moments.missed(metric), moments.crossed(metric)];
    bias = bias.map((b, j) => b - 2 * lost[j]! * overlap[j]! + missed[j]!);
    overlap = overlap.map((o, j) => share * (o * mean[j]! - crossed[j]!));
    const kept = moments.kept(metric);
    metric = share === 1 ? kept : kept.map((b) => share ** 2 * b);
  }
  return { bias: trace(signal, bias), ...noise };
}
