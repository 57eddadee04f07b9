import { type Fit, isFit, type LinearRecipe, modelsBehind } from '../../../regimes/recipe.ts';
import type { Sampler, SamplerJob } from '../../sampler.ts';
import { CHAIN_WORDS } from '../chain.ts';
import { chainScheduleOf } from '../chain-schedule.ts';
import { dependence, mergeReused } from '../merge-reused.ts';
import { EPS, steadyRounding } from '../rounding.ts';
import { bidiagonalProgram } from './program.ts';
import { openBidiagonalReference } from './reference.ts';

/** How far f32 may move an estimate, as a share of it (docs/numerics.md, "Certificates"). */
const SHARE = 3e-5;

/**
 * Entries of a bidiagonal matrix of order n that are off by eps move its singular values by 2 n eps at most, however small these are (Demmel and
 * Kahan, SIAM J. Sci. Stat. Comput. 11 (1990)), and a test error goes with their inverse squares.
 */
function shareOf({ estimate, dimension }: LinearRecipe): number {
  const ridgeFits = modelsBehind(estimate).filter((model): model is Fit => isFit(model) && model.ridge > 0);
  const orders = ridgeFits.map(({ data }) => Math.min(data[0]!.rows, dimension));
  return SHARE + 4 * EPS * orders.reduce((sum, order) => sum + order, 0);
}

/**
 * No data matrix: all eigenvalues equal, so each design looks the same from every model, and a fit moves the model that
 * labels it by a vector whose law is known: O(1) for least squares, O(min(T, d)) for ridge (docs/samplers.md).
 */
export const bidiagonal: Sampler<LinearRecipe> = {
  name: 'bidiagonal',
  version: 3,
  knows: CHAIN_WORDS,
  refuses,
  program: (job) => bidiagonalProgram(schedule(job), job.seed),
  openReference: (job) => openBidiagonalReference(schedule(job), job.seed),
  rounding: (job) => steadyRounding(job, shareOf),
};

function refuses(recipe: LinearRecipe): string | null {
  if (recipe.spectrum.some((s) => s !== recipe.spectrum[0])) return 'bidiagonal needs all eigenvalues equal';
  const reason = dependence(recipe);
  return reason && `bidiagonal needs fits on independent data, but ${reason}`;
}

function schedule({ recipes }: SamplerJob<LinearRecipe>) {
  return chainScheduleOf(recipes.map(mergeReused));
}
