/**
 * Power laws s_j = j^-beta and c_j^2 = j^-delta, delta = 1 + beta (2 r - 1), ridge lambda = T^-l with 0 <= l < beta
 * (arXiv:2402.07712v2, Sec. 5, Thm 5.2; Thm 5.1 of the NeurIPS version). Statements of order only: constants are 1.
 */
export interface PowerLaw {
  /** Capacity: decay of the spectrum, > 1. */
  readonly beta: number;
  /** Source: smoothness of w0, > 0. */
  readonly r: number;
}

/** delta, so that ||Sigma^(1/2-r) w0|| is just bounded. */
export function signalDecay({ beta, r }: PowerLaw): number {
  return 1 + beta * (2 * r - 1);
}

/** The law of eigenvalues j^-beta and coefficients with E c_j^2 = j^-delta. */
export function sourceOf(beta: number, delta: number): PowerLaw {
  return { beta, r: (1 + (delta - 1) / beta) / 2 };
}

/** Exponents of T in the three parts of the error: bias, variance (times sigma^2), collapse (times n sigma0^2 / T0). */
export function partExponents(law: PowerLaw, l: number): { bias: number; variance: number; collapse: number } {
  return { bias: -2 * saturated(law) * l, variance: -(1 - l / law.beta), collapse: l / law.beta };
}

/** l_crit = beta / (1 + 2 beta r_): the best l for clean noisy labels. */
export function criticalExponent(law: PowerLaw): number {
  return law.beta / (1 + 2 * law.beta * saturated(law));
}

/**
 * The best l when n sigma0^2 = T^a and T0 = T^b, a < b (ibid., Cor 5.3, which prints n ~ T^b for the former):
 * min((b - a) l_crit, beta), and no more than l_crit if the labels are noisy.
 */
export function optimalExponent(law: PowerLaw, a: number, b: number, noisy: boolean): number {
  const critical = criticalExponent(law);
  return Math.min((b - a) * critical, noisy ? critical : law.beta);
}

/** r_ = min(r, 1): ridge regression does not profit from more smoothness. */
function saturated({ r }: PowerLaw): number {
  return Math.min(r, 1);
}
