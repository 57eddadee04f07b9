import type { Problem } from '../experiment/problem.ts';
import { extremesOf } from '../theory/spectrum.ts';

/**
 * What numbers a problem of regression may have at once, squares and products included. A problem is first brought into units that suit
 * f32 (`units.ts`); these are the limits of what units can do.
 */

/** Of the length of the truth, of noises and of shifts. Squares of test errors are summed in f64. */
const AMPLITUDE = { least: 1e-36, most: 1e36 };

/** Of two amplitudes of one problem: the square of the one and that of the other are both in f32. */
const MOST_APART = 1e30;

/** Of lambda T / s: at least this for the smallest eigenvalue s, at most that for the largest. */
const PENALTY = { least: 1e-30, most: 5e33 };

/** Of the largest and the smallest of the eigenvalues and the ridge, one multiplied by T: the entries of a Gram matrix. */
const MOST_SPAN = 2 ** 250;

/** A size that is linear in the test error's root, and the path of the number that it comes from. */
export interface Amplitude {
  readonly path: string;
  readonly size: number;
}

export function amplitudeProblems(amplitudes: readonly Amplitude[]): Problem[] {
  const found = amplitudes.filter(({ size }) => size !== 0);
  const outside = found.filter(({ size }) => !(size >= AMPLITUDE.least && size <= AMPLITUDE.most));
  if (outside.length > 0)
    return outside.map(({ path, size }) => ({
      path,
      message: `gives ${size}, need 0 or a size from ${AMPLITUDE.least} to ${AMPLITUDE.most}`,
    }));
  if (found.length === 0) return [];
  const [small, large] = [
    found.reduce((a, b) => (b.size < a.size ? b : a)),
    found.reduce((a, b) => (b.size > a.size ? b : a)),
  ];
  if (large.size <= MOST_APART * small.size) return [];
  const message = `gives ${small.size} beside ${large.size} of ${large.path}, need 0 or sizes within a factor of ${MOST_APART} of each other`;
  return [{ path: small.path, message }];
}

/** `spectra` are those of all rows of the fit; their eigenvalues tell whether the ridge does anything, and whether it leaves anything. */
export function penaltyProblems(
  path: string,
  ridge: number,
  rows: number,
  spectra: readonly (readonly number[])[],
): Problem[] {
  const most = Math.max(...spectra.map((spectrum) => extremesOf(spectrum).most));
  const least = Math.min(...spectra.map((spectrum) => extremesOf(spectrum).least));
  const penalty = ridge * rows;
  if (ridge !== 0 && !(penalty >= PENALTY.least * least && penalty <= PENALTY.most * most))
    return [
      {
        path,
        message:
          `gives lambda = ${ridge}, need 0 or lambda T from ${PENALTY.least * least} to ${PENALTY.most * most} ` +
          `for T = ${rows} rows and eigenvalues from ${least} to ${most}`,
      },
    ];
  const span = (Math.max(most, ridge) / Math.min(least, ridge || least)) * rows;
  if (span <= MOST_SPAN) return [];
  const message = `gives eigenvalues and a ridge that ${rows} rows spread over a factor of ${span}, need at most ${MOST_SPAN.toPrecision(2)}`;
  return [{ path: 'covariance', message }];
}
