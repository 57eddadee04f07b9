/** A mean over the eigenvalues of a random matrix: nodes and weights. */
export interface SpectralRule {
  readonly eigenvalues: readonly number[];
  /** Sum to the number of eigenvalues. */
  readonly weights: readonly number[];
}

/** Nodes; the integrands of this project are smooth on the support, so that halving this changes nothing to ten digits. */
const NODES = 2000;

/**
 * The eigenvalues of X'X/n for n rows x ~ N(0, I) in dimension d, in the mean: the law of Marchenko and Pastur, to leading order alone
 * or with the term of order 1 that real matrices have (I. Dumitriu, A. Edelman, J. Math. Phys. 47, 063302 (2006)),
 * a quarter of an eigenvalue at either edge less half of one spread like an arcsine. The d - n zeros of n < d are among them.
 */
export function wishartSpectrum(d: number, n: number, order: 'leading' | 'corrected'): SpectralRule {
  const [few, many] = [Math.min(d, n), Math.max(d, n)];
  const y = few / many;
  const steps = Array.from({ length: NODES + 1 }, (_, k) => (Math.PI * k) / NODES);
  // x = 1 + y + 2 sqrt(y) cos t; for y = 1 the weight at x = 0 is the limit.
  const nodes = steps.map((t) => 1 + y + 2 * Math.sqrt(y) * Math.cos(t));
  const weights = steps.map((t, k) => {
    const edge = k === 0 || k === NODES;
    const density = edge && y < 1 ? 0 : y === 1 ? (1 - Math.cos(t)) / 2 : Math.sin(t) ** 2 / nodes[k]!;
    const leading = (few * 2 * density * (edge ? 1 / 2 : 1)) / NODES;
    return order === 'leading' ? leading : leading + (edge ? 1 / 4 : 0) - (edge ? 1 / 2 : 1) / (2 * NODES);
  });
  const zeros = d > n ? [d - n] : [];
  return {
    eigenvalues: [...nodes.map((x) => (x * many) / n), ...zeros.map(() => 0)],
    weights: [...weights, ...zeros],
  };
}

/** Sum over the eigenvalues, in the mean. */
export function spectralSum({ eigenvalues, weights }: SpectralRule, f: (eigenvalue: number) => number): number {
  return eigenvalues.reduce((sum, x, i) => sum + weights[i]! * f(x), 0);
}
