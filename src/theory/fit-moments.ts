/**
 * A fit on T rows labelled by w with errors of variance v returns `A w + N g`, where A is random: (S + lambda)^-1 S of S = X'X/T for
 * a ridge fit, a product over the steps for one by descent. These are the moments of A and N that a test error needs. All matrices are diagonal in the
 * eigenbasis of Sigma, because flipping the sign of one coordinate of x changes no distribution; they are given as
 * lists in the order of the spectrum's values, and so is b.
 */
export interface FitMoments {
  /** E[A]. */
  readonly mean: readonly number[];
  /** 1 - E[A]: not worked out as that, which would lose it where A is near I. */
  readonly lost: readonly number[];
  /** E[(I - A)' diag(b) (I - A)]: what the fit misses, measured in b. */
  missed(b: readonly number[]): readonly number[];
  /** E[A' diag(b) A] = b (mean - lost) + missed(b), worked out directly, since for a large ridge that is near 0. */
  kept(b: readonly number[]): readonly number[];
  /** E[A' diag(b) (I - A)] = b mean - kept(b) = b lost - missed(b), worked out directly, since it may be near either. */
  crossed(b: readonly number[]): readonly number[];
  /** E[N N'] / v, for a ridge fit E[(S + lambda)^-1 S (S + lambda)^-1] / T. */
  readonly noise: readonly number[];
  /** nu = T - df_2(kappa), in whose inverse the moments of a ridge fit are expanded, or what takes its place; infinite where they are exact. */
  readonly margin: number;
  /** Whether A = I: all that labels say is kept, and only noise comes in. Absent where not. */
  readonly whole?: true;
}

/** A chain asks three times for what comes of one b, and every chain begins with the spectrum. */
export function remembered<T>(f: (b: readonly number[]) => T): (b: readonly number[]) => T {
  const known = new WeakMap<readonly number[], { readonly found: T }>();
  return (b) => {
    const { found } = known.get(b) ?? { found: f(b) };
    known.set(b, { found });
    return found;
  };
}
