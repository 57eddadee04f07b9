import type { FitMoments } from './fit-moments.ts';
import { counted, type Eigenvalues, isIsotropic, type Spectrum } from './spectrum.ts';

/**
 * The moments of a fit at finite size, where there is a closed form: without ridge, for T >= d with any spectrum and for
 * T < d with all eigenvalues equal. `null` elsewhere. `noise` is infinite where |T - d| <= 1.
 */
export function exactMoments(eigenvalues: Eigenvalues, rows: number, ridge: number): FitMoments | null {
  if (ridge > 0) return null;
  const spectrum = counted(eigenvalues);
  if (rows >= spectrum.dimension) return leastSquares(spectrum, rows);
  return isIsotropic(spectrum) ? minimumNorm(spectrum, rows) : null;
}

/** A = I; E[(X'X)^-1] = Sigma^-1 / (T - d - 1), the mean of an inverse Wishart matrix. */
function leastSquares({ values, dimension }: Spectrum, rows: number): FitMoments {
  const surplus = rows - dimension - 1;
  const zeros = values.map(() => 0);
  return {
    mean: values.map(() => 1),
    lost: zeros,
    missed: () => zeros,
    kept: (b) => b,
    crossed: () => zeros,
    noise: values.map((s) => (surplus > 0 ? 1 / (s * surplus) : Infinity)),
    margin: Infinity,
    whole: true,
  };
}

/**
 * A is the projection onto T uniformly random directions, so E[A] = T/d I, and for b a multiple of the identity, all
 * that an isotropic problem asks, `missed` is (1 - T/d) b. `noise` shares tr E[(XX')^-1] = T / (s (d - T - 1)) out evenly.
 */
function minimumNorm({ values, dimension }: Spectrum, rows: number): FitMoments {
  const [kept, lost] = [rows / dimension, (dimension - rows) / dimension];
  const surplus = dimension - rows - 1;
  return {
    mean: values.map(() => kept),
    lost: values.map(() => lost),
    missed: (b) => b.map((value) => lost * value),
    kept: (b) => b.map((value) => kept * value),
    crossed: (b) => b.map(() => 0),
    noise: values.map((s) => (surplus > 0 ? kept / (s * surplus) : Infinity)),
    margin: Infinity,
  };
}
