/** What is known of the trials of a cell beside their mean: by it is decided how, and whether, they can be judged. */
export interface Outlook {
  /**
   * The error of the estimate 0 and the variance of all label noise together: rounding is relative to it. 1 where the error is a
   * probability.
   */
  readonly scale: number;
  /**
   * What single precision adds to the mean error at most, in parts of `scale`: that of a fit which could be solved exactly, by the
   * conditions of its factors.
   */
  readonly rounding: number;
  /** Share of the trials in which a factorisation in single precision may break down, a bound. */
  readonly failures: number;
  /** null where the variance of a trial is finite. */
  readonly tail: HeavyTail | null;
}

/** Where the mean of a trial exists and its variance does not, so that a standard error says nothing. */
export interface HeavyTail {
  /** Why, in words. */
  readonly reason: string;
  /** The law of the test error; null where it is not known. */
  readonly law: TrialLaw | null;
}

/**
 * The law of a test error as that of `missed + chi^2_directions sum_i variance_i/chi^2_i`, all independent, chi^2_i of `freedom_i`
 * degrees.
 */
export interface TrialLaw {
  /** Degrees of freedom of the numerator. */
  readonly directions: number;
  readonly shares: readonly { readonly variance: number; readonly freedom: number }[];
  /** What the inputs do not span of w0; null where they span it all. */
  readonly missed: MissedTruth | null;
}

/** `norm2` times a beta variable of `lost/2, kept/2`, or, of a Gaussian truth, `variance` times chi^2 of `lost` degrees. */
export type MissedTruth =
  | { readonly kind: 'fixed'; readonly norm2: number; readonly lost: number; readonly kept: number }
  | { readonly kind: 'gaussian'; readonly variance: number; readonly lost: number };

/** Of trials nothing particular is known of. */
export const PLAIN: Outlook = { scale: 1, rounding: 0, failures: 0, tail: null };
