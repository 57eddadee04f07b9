import type { LinearRecipe } from '../../regimes/recipe.ts';
import type { CellResultPlace } from '../batch.ts';
import type { PassLayout, TrialLayout } from '../fit-schedule.ts';
import type { Rounding, SamplerJob } from '../sampler.ts';
import type { Corrections } from './direct/conditioning.ts';
import { drawTruth, testError } from './draws.ts';

export const EPS = 2 ** -24;

/** What two computations of a trial may differ by before the second one counts. */
const AGREE = 1e-4;

/** What a normal is off by at most (docs/numerics.md, "Normals"). */
const NORMAL = 1e-6;

/** An estimate that is off by a share of itself: `share` (E + |w0| sqrt(E)), |w0| in the norm of Sigma. */
const besideTruth = (share: number, error: number, truth: number): number =>
  share * Math.sqrt(error) * (Math.sqrt(error) + truth);

/** Of samplers whose share of a recipe does not depend on the draw. */
export function steadyRounding(
  { recipes }: SamplerJob<LinearRecipe>,
  shareOf: (recipe: LinearRecipe) => number,
): Rounding {
  const known = recipes.map((recipe) => ({ share: shareOf(recipe), truth: largestTruth(recipe) }));
  return (_, errors) => known.map(({ share, truth }, i) => besideTruth(share, errors[i]!, truth));
}

/** A length that the truth is below, in the norm of Sigma: where it is drawn, but once in a million trials. */
function largestTruth({ truth, spectrum, dimension, unit = 0 }: LinearRecipe): number {
  const largest = spectrum.reduce((a, b) => Math.max(a, b));
  const length =
    truth.kind === 'coefficients'
      ? Math.sqrt(testError(new Float64Array(dimension), Float64Array.from(truth.values), spectrum))
      : truth.kind === 'sphere'
        ? truth.norm * Math.sqrt(largest)
        : Math.sqrt(truth.variance * largest) * (Math.sqrt(dimension) + 5);
  return length * 2 ** unit;
}

interface Fits extends TrialLayout {
  readonly cells: readonly CellResultPlace[];
  readonly passes: readonly PassLayout[];
}

/**
 * Of samplers that factor matrices: 4 eps kappa for every fit that a cell rests on, the root of kappa where it is corrected; what the errors of the
 * normals do, which beside rows or columns of length sqrt(n) are NORMAL / sqrt(n), and move a test error by twice that times the root of kappa; and the
 * rounding of the measured sum. Where a trial is computed twice it is what the two may differ by, if that is less.
 */
export function fitRounding(
  fits: Fits,
  seed: number,
  { corrections, checks }: { readonly corrections: Corrections; readonly checks: Corrections | null },
  conditionsOf: (trial: number) => ReadonlyMap<number, number>,
): Rounding {
  const { cells, passes, dimension, spectrum } = fits;
  const steps = byFactor(passes, corrections);
  const lengths = byFactor(
    passes,
    passes.map(({ rows, ridges }) => ridges.map(() => Math.max(rows, dimension))),
  );
  const again = checks && byFactor(passes, checks);
  return (trial, errors) => {
    const kappas = conditionsOf(trial);
    const truth = Math.sqrt(testError(new Float64Array(dimension), drawTruth(fits, seed, trial), spectrum));
    const share = (factors: readonly number[], corrected: ReadonlyMap<number, number>) =>
      factors.reduce((sum, factor) => {
        const kappa = kappas.get(factor) ?? 1;
        const drawn = 2 * NORMAL * Math.sqrt(kappa / lengths.get(factor)!);
        return sum + drawn + 4 * EPS * (corrected.get(factor) ? Math.sqrt(kappa) : kappa);
      }, 0);
    const measured = (dimension / 64 + 14) * EPS;
    return cells.map(({ factors, unit = 0 }, i) => {
      const error = errors[i]!;
      const fitted = besideTruth(share(factors, steps), error, truth * 2 ** unit);
      if (!again) return measured * error + fitted;
      const twice = AGREE * error + besideTruth(share(factors, again), error, truth * 2 ** unit);
      return measured * error + Math.min(fitted, twice);
    });
  };
}

/** What passes have by ridge, by number of the factor. */
function byFactor(passes: Fits['passes'], values: readonly (readonly number[])[]): ReadonlyMap<number, number> {
  return new Map(
    values.flatMap((own, i) => own.map((value, r): [number, number] => [passes[i]!.firstFactor + r, value])),
  );
}
