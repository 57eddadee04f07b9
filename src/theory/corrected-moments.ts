import { resummed } from './expansion.ts';
import { type FitMoments, remembered } from './fit-moments.ts';
import { kappa, margin } from './fixed-point.ts';
import { counted, type Eigenvalues, type Spectrum, sumOver } from './spectrum.ts';

/**
 * The moments of a fit including the terms of order 1/T; derived in docs/theory.md. With k = kappa, x_j = s_j/(s_j+k),
 * u_j = 1 - x_j, nu = T - df_2(k) and the coefficients h_m = sum_j x_j^m u_j / nu, the relative error is of order 1/nu^2.
 */
export function correctedMoments(eigenvalues: Eigenvalues, rows: number, ridge: number): FitMoments {
  const spectrum = counted(eigenvalues);
  const expansion = expand(spectrum, rows, kappa(spectrum, rows, ridge));
  const second = remembered((b) => secondMoments(expansion, b));
  return {
    mean: meanOf(expansion),
    lost: lostOf(expansion),
    missed: (b) => second(b).missed,
    kept: (b) => second(b).kept,
    crossed: (b) => second(b).crossed,
    noise: noiseOf(expansion),
    margin: expansion.nu,
  };
}

type SecondMoments = Readonly<Record<'missed' | 'kept' | 'crossed', readonly number[]>>;

interface Expansion {
  readonly spectrum: Spectrum;
  /** x_j. */
  readonly kept: readonly number[];
  /** u_j = 1 - x_j, computed without cancellation. */
  readonly lost: readonly number[];
  readonly nu: number;
  readonly h2: number;
  readonly h3: number;
}

function expand(spectrum: Spectrum, rows: number, root: number): Expansion {
  const nu = margin(spectrum, rows, root);
  const kept = spectrum.values.map((s) => s / (s + root));
  const lost = spectrum.values.map((s) => root / (s + root));
  const h2 = sumOver(spectrum, (_, j) => kept[j]! ** 2 * lost[j]!) / nu;
  const h3 = sumOver(spectrum, (_, j) => kept[j]! ** 3 * lost[j]!) / nu;
  return { spectrum, kept, lost, nu, h2, h3 };
}

/** E[A]_j = x_j - x_j u_j (x_j - h_2) / nu. */
function meanOf({ kept, lost, nu, h2 }: Expansion): readonly number[] {
  return kept.map((x, j) => x - (x * lost[j]! * (x - h2)) / nu);
}

/** 1 - E[A]_j = u_j + x_j u_j (x_j - h_2) / nu. */
function lostOf({ kept, lost, nu, h2 }: Expansion): readonly number[] {
  return kept.map((x, j) => lost[j]! + (x * lost[j]! * (x - h2)) / nu);
}

/**
 * With z_j = b_j/s_j and theta_m = sum_j x_j^m z_j / nu, theta = theta_2:
 *
 *     missed(b)_j = s_j u_j^2 { theta + z_j + g_j / nu }
 *     g_j = 2 (x_j (theta + z_j) - theta (1 + h_2) + theta_3)(x_j - h_2) + x_j^2 (theta + z_j)
 *           + 2 h_2 (theta h_2 - theta_3) + theta (h_2 - 3 h_3) - 2 theta_3 + 3 theta_4
 *
 * kept(b)_j is b_j (mean_j - lost_j) + missed(b)_j, and crossed(b)_j is b_j mean_j - kept(b)_j. In both, terms of lower order in x_j or u_j
 * cancel. t_j: the part of g_j that is not in proportion to z_j. Without the cancellation:
 *
 *     kept(b)_j    = x_j^2 b_j + s_j u_j^2 (theta + t_j/nu) - x_j^2 u_j b_j (2 (x_j - h_2) - u_j)/nu
 *     crossed(b)_j = x_j u_j b_j - s_j u_j^2 (theta + t_j/nu) + x_j u_j b_j ((x_j - h_2)(x_j - u_j) - x_j u_j)/nu
 */
function secondMoments({ spectrum, kept, lost, nu, h2, h3 }: Expansion, b: readonly number[]): SecondMoments {
  const theta = (m: number) => sumOver(spectrum, (s, j) => (kept[j]! ** m * b[j]!) / s) / nu;
  const [t2, t3, t4] = [theta(2), theta(3), theta(4)];
  const common = 2 * h2 * (t2 * h2 - t3) + t2 * (h2 - 3 * h3) - 2 * t3 + 3 * t4;
  const found = { missed: [] as number[], kept: [] as number[], crossed: [] as number[] };
  for (const [j, s] of spectrum.values.entries()) {
    const [x, u, own] = [kept[j]!, lost[j]!, b[j]!];
    const shared = 2 * (x * t2 - t2 * (1 + h2) + t3) * (x - h2) + x * x * t2 + common;
    const spread = s * u * u * (t2 + shared / nu);
    found.missed.push(u * u * own * (1 + (2 * x * (x - h2) + x * x) / nu) + spread);
    found.kept.push(x * x * own * (1 - (u * (2 * (x - h2) - u)) / nu) + spread);
    found.crossed.push(x * u * own * (1 + ((x - h2) * (x - u) - x * u) / nu) - spread);
  }
  return found;
}

/**
 * noise_j = (x_j^2 / s_j) / (nu - g_j), g_j = (2 x_j - 1 - 2 h_2)(x_j - h_2) - x_j u_j + 2 h_2^2 + 2 h_2 - 3 h_3.
 * The expansion gives (1 + g_j/nu)/nu; put as a quotient it is also exact without ridge: g = 1 for T >= d, T/d for
 * Sigma = I and T < d.
 */
function noiseOf({ spectrum, kept, lost, nu, h2, h3 }: Expansion): readonly number[] {
  const common = 2 * h2 ** 2 + 2 * h2 - 3 * h3;
  return spectrum.values.map((s, j) => {
    const x = kept[j]!;
    const g = (2 * x - 1 - 2 * h2) * (x - h2) - x * lost[j]! + common;
    return (x * x * resummed(g / nu)) / (s * nu);
  });
}
