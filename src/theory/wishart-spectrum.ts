import { gaussLegendre } from './quadrature.ts';

/** A mean over the eigenvalues of a random matrix: nodes and weights. */
export interface SpectralRule {
  readonly eigenvalues: readonly number[];
  /** Sum to the number of eigenvalues. */
  readonly weights: readonly number[];
}

const RULE = gaussLegendre(16);

/**
 * Ends of panels of the angle from the lower edge, each twice as wide as the one before: at that edge a small ridge, and a lower edge near 0, are seen
 * within an angle of their root.
 */
const ENDS = [0, ...Array.from({ length: 48 }, (_, k) => Math.PI * 2 ** (k - 47))];

/**
 * The eigenvalues of X'X/n for n rows x ~ N(0, I) in dimension d, in the mean: the law of Marchenko and Pastur, to leading order alone
 * or with the term of order 1 that real matrices have (I. Dumitriu, A. Edelman, J. Math. Phys. 47, 063302 (2006)),
 * a quarter of an eigenvalue at either edge less half of one spread like an arcsine. The d - n zeros of n < d are among them.
 */
export function wishartSpectrum(d: number, n: number, order: 'leading' | 'corrected'): SpectralRule {
  const [few, many] = [Math.min(d, n), Math.max(d, n)];
  const y = few / many;
  // x = lower + 4 sqrt(y) sin^2(t/2), spread like sin^2(t)/x; for y = 1 that is cos^2(t/2).
  const root = Math.sqrt(y);
  const lower = ((1 - y) / (1 + root)) ** 2;
  const upper = (1 + root) ** 2;
  const [eigenvalues, weights]: [number[], number[]] = [[], []];
  const add = (x: number, weight: number) => {
    eigenvalues.push((x * many) / n);
    weights.push(weight);
  };
  for (let k = 1; k < ENDS.length; k++)
    for (const { node, weight } of RULE) {
      const [start, width] = [ENDS[k - 1]!, ENDS[k]! - ENDS[k - 1]!];
      const t = start + width * node;
      const x = lower + 4 * root * Math.sin(t / 2) ** 2;
      const density = y === 1 ? Math.cos(t / 2) ** 2 : Math.sin(t) ** 2 / x;
      const arcsine = order === 'corrected' ? 1 / 2 : 0;
      add(x, ((2 * few * density - arcsine) * weight * width) / Math.PI);
    }
  if (order === 'corrected') for (const edge of [lower, upper]) add(edge, 1 / 4);
  if (d > n) add(0, d - n);
  return { eigenvalues, weights };
}

/** Sum over the eigenvalues, in the mean. */
export function spectralSum({ eigenvalues, weights }: SpectralRule, f: (eigenvalue: number) => number): number {
  return eigenvalues.reduce((sum, x, i) => sum + weights[i]! * f(x), 0);
}
