import { degreesOfFreedom, kappa } from '../fixed-point.ts';
import type { RidgeProblem } from './clean-ridge.ts';

/**
 * rho of arXiv:2402.07712v2, Cor 4.7, eq. (23): `n sigma0^2 rho` is what n generations of ridgeless generators on T0 > d
 * rows add to the clean error, for fresh and for reused inputs. As printed, with T0 - d where finite size has T0 - d - 1.
 */
export function collapseTerm(problem: RidgeProblem, generatorRows: number): number {
  const { spectrum, rows, ridge } = problem;
  const root = kappa(spectrum, rows, ridge);
  const df2 = degreesOfFreedom(spectrum, root, 2);
  const missed = spectrum.reduce((sum, s) => sum + (root / (s + root)) ** 2, 0);
  return (df2 + (missed * df2) / (rows - df2)) / (generatorRows - spectrum.length);
}

/** rho for reused inputs and any T0, as printed (ibid., Thm 4.6). For T0 >= d it is Cor 4.7. */
export function reusedCollapseTerm(problem: RidgeProblem, generatorRows: number): number {
  const { spectrum, rows, ridge } = problem;
  const root = kappa(spectrum, rows, ridge);
  const root0 = kappa(spectrum, generatorRows, 0);
  const df2 = degreesOfFreedom(spectrum, root, 2);
  const trace = (power: number) =>
    spectrum.reduce((sum, s) => sum + (s ** power * root ** (4 - power)) / ((s + root0) * (s + root)) ** 2, 0);
  const passed = trace(4) + (trace(2) * df2) / (rows - df2);
  return passed / (generatorRows - degreesOfFreedom(spectrum, root0, 2));
}
