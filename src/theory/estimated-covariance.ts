import { dot, type Frame4, type JudgedRows } from './kept-moments.ts';

/** Rows of classes with means, kept by the rightness of their labels alone; `covariance`: rows whose covariance x has, null where it is I. */
export interface MeanRows extends JudgedRows {
  readonly covariance: number | null;
}

/**
 * Least squares with a ridge on rows of which some have an estimated covariance C-hat, of n-hat rows: the classifier in the frame of the mean and of what
 * its estimate is off by, and the rows that are left. With kept shares alpha_k of n drawn rows, mean products e_k of class and label, means mu_k, gamma the ridge,
 *     q = 1/(a_r + a_s/(1 + delta_g) + gamma),   a_k = alpha_k/(1 + delta_k),   delta_g = a_s q d/n-hat,
 *     delta_r = q d/n,   delta_s = delta_r/(1 + delta_g),
 *     w = (1/q + sum a_k mu_k mu_k')^-1 sum a_k e_k mu_k in the frame,   |w|^2 = -dF/dgamma in all,
 *     F = sum alpha_k (e_k mu_k'w + delta_k)/(1 + delta_k)
 * (after arXiv:2410.08942v1, Thm 4.2, with delta_s corrected and the estimated mean in the frame; derived in docs/theory.md, "Select"). null where a judge
 * looks at scores, or labels are not those of the classes.
 */
export function estimatedCovariance(
  blocks: readonly MeanRows[],
  ridge: number,
  dimension: number,
): { readonly model: Frame4; readonly spare: number } | null {
  const plain = blocks.every(
    ({ least, most, agree, label, mean }) =>
      least === 0 && most === Number.POSITIVE_INFINITY && !agree && label === null && mean[0] > 0,
  );
  if (!plain) return null;
  const drawn = blocks.reduce((sum, { rows }) => sum + rows, 0);
  const groups = blocks.map(({ rows, flips, right, wrong, mean, covariance }) => {
    const kept = right * (1 - flips) + wrong * flips;
    return { alpha: (rows * kept) / drawn, e: (right * (1 - flips) - wrong * flips) / kept, mean, covariance };
  });
  const at = (gamma: number) => {
    let q = 1 / (1 + gamma);
    let found = { gaps: [] as number[], shares: [] as number[] };
    for (let step = 0; step < 10_000; step++) {
      // delta_g of every group by its own equation, delta (1 + delta_g) = q d/n.
      const gaps = groups.map(({ alpha, covariance }) => gapOf(alpha, covariance, q, dimension, drawn));
      const shares = groups.map(({ alpha }, k) => alpha / (1 + gaps[k]!.delta));
      const sum = shares.reduce((all, share, k) => all + share / (1 + gaps[k]!.behind), gamma);
      const next = 1 / sum;
      found = { gaps: gaps.map(({ delta }) => delta), shares };
      if (Math.abs(next - q) < 1e-15 * q) break;
      q = next;
    }
    const w = within(1 / q, found.shares, groups);
    const F = groups.reduce(
      (sum, { alpha, e, mean }, k) => sum + (alpha * (e * dot(mean, w) + found.gaps[k]!)) / (1 + found.gaps[k]!),
      0,
    );
    return { w, F, found };
  };
  const step = 1e-4 * ridge;
  const square = (at(ridge - step).F - at(ridge + step).F) / (2 * step);
  const { w } = at(ridge);
  const beside = Math.sqrt(Math.max(0, square - w[0] * w[0]));
  const kept = drawn * groups.reduce((sum, { alpha }) => sum + alpha, 0);
  return { model: [w[0], 0, 0, beside], spare: kept - dimension };
}

interface Group {
  readonly e: number;
  readonly mean: Frame4;
}

/** delta_k and delta_g of a group: behind = a q d/n-hat, a = alpha/(1 + delta), delta = (q d/n)/(1 + behind); by iteration. */
function gapOf(alpha: number, covariance: number | null, q: number, dimension: number, drawn: number) {
  const whole = (q * dimension) / drawn;
  if (covariance === null) return { delta: whole, behind: 0 };
  let behind = 0;
  for (let step = 0; step < 500; step++) {
    const next = ((alpha / (1 + whole / (1 + behind))) * q * dimension) / covariance;
    if (Math.abs(next - behind) < 1e-16 * (1 + next)) break;
    behind = next;
  }
  return { delta: whole / (1 + behind), behind };
}

/** (root + sum a mu mu')^-1 sum a e mu along the first coordinate and the last, where all means lie. */
function within(root: number, shares: readonly number[], groups: readonly Group[]): Frame4 {
  let [xx, xy, yy, x, y] = [root, 0, root, 0, 0];
  for (const [k, { e, mean }] of groups.entries()) {
    const a = shares[k]!;
    xx += a * mean[0] * mean[0];
    xy += a * mean[0] * mean[3];
    yy += a * mean[3] * mean[3];
    x += a * e * mean[0];
    y += a * e * mean[3];
  }
  const det = xx * yy - xy * xy;
  return [(yy * x - xy * y) / det, 0, 0, (xx * y - xy * x) / det];
}
