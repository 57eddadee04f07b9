import type { TrialSource } from '../../../program/trials.ts';
import { chiPairAt } from '../../../reference/chi.ts';
import { choleskySolve } from '../../../reference/linalg.ts';
import { normalsAt, Purpose } from '../../../reference/normal.ts';
import { streamKey } from '../../address.ts';
import { sequentialSource } from '../../batch.ts';
import type { ChainPass, ChainSchedule } from '../chain-schedule.ts';
import { adjoint, type FactorWatch, factorise, gramOf, watchInto } from '../direct/reference.ts';
import { drawLabels, drawTruth, testError, triangularRow } from '../draws.ts';
import { hasRidge } from './corrections.ts';

/** Where the numbers of a least-squares fit stand: beyond all rows of a triangular design. */
const LEAST_SQUARES = 0x80000000;

/** The Wishart sampler in plain f64 loops: the same integers, no GPU. */
export function openWishartReference(schedule: ChainSchedule, seed: number): TrialSource {
  return sequentialSource(schedule.cells, (trial) => runTrial(schedule, seed, trial));
}

/** As `conditionsOfTrial` of `direct`; fits without ridge factor nothing. */
export function wishartConditions(schedule: ChainSchedule, seed: number, trial: number): ReadonlyMap<number, number> {
  const conditions = new Map<number, number>();
  runTrial(schedule, seed, trial, watchInto(conditions));
  return conditions;
}

function runTrial(schedule: ChainSchedule, seed: number, trial: number, watch?: FactorWatch) {
  const scale = Float64Array.from(schedule.spectrum, Math.sqrt);
  const models: Float64Array[] = [drawTruth(schedule, seed, trial)];
  const errors = new Float64Array(schedule.errors);
  const broken = new Set<number>();
  for (const pass of schedule.passes) {
    const ridgeFits = hasRidge(pass) ? ridgeFitsOf(pass, scale, models, seed, trial, watch) : null;
    pass.ridges.forEach((ridge, r) => {
      const estimates =
        ridge > 0 ? ridgeFits!(ridge, pass.firstFactor + r) : leastSquares(pass, scale, models, seed, trial);
      if (estimates === null) broken.add(pass.firstFactor + r);
      pass.sides.forEach((_, s) => {
        const error = estimates ? testError(estimates[s]!, models[0]!, schedule.spectrum) : Number.NaN;
        if (pass.measured) errors[pass.firstError + r * pass.sides.length + s] = error;
      });
      for (const output of pass.outputs)
        if (output.ridge === r && output.slot !== null)
          models[output.slot] = estimates?.[output.side] ?? new Float64Array(scale.length).fill(Number.NaN);
    });
  }
  return { errors, broken };
}

/** The fits of all sides for a positive ridge, on the triangular factor in place of the design; null without a factor. */
function ridgeFitsOf(
  pass: ChainPass,
  scale: Float64Array,
  models: readonly Float64Array[],
  seed: number,
  trial: number,
  watch?: FactorWatch,
) {
  const triangle = drawTriangle(pass, scale, seed, trial);
  const gram = gramOf(triangle, false);
  const moments = pass.sides.map((side) =>
    adjoint(triangle, drawLabels(triangle, models[side.labels]!, side.noise, streamKey(seed, side.errors), trial)),
  );
  return (ridge: number, number: number): Float64Array[] | null => {
    const factor = factorise(gram, scale.length, ridge * pass.rows);
    watch?.(number, gram, ridge * pass.rows, factor);
    return factor.kind === 'ok' ? moments.map((moment) => choleskySolve(factor.factor, moment)) : null;
  };
}

/** The rows of R, X = Q R: chi on the diagonal, normals to the right of it, times the roots of the eigenvalues. */
function drawTriangle(pass: ChainPass, scale: Float64Array, seed: number, trial: number): Float64Array[] {
  const key = streamKey(seed, pass.inputs);
  return Array.from(scale, (_, row) => triangularRow(key, scale, pass.rows, trial, row));
}

/** w + noise Sigma^(-1/2) z / chi_{T-d+1}: the error of least squares is multivariate t when whitened. */
function leastSquares(
  pass: ChainPass,
  scale: Float64Array,
  models: readonly Float64Array[],
  seed: number,
  trial: number,
) {
  const key = streamKey(seed, pass.inputs);
  const [chi] = chiPairAt(key, trial, LEAST_SQUARES, [pass.rows - scale.length + 1, 0]);
  return pass.sides.map(({ labels, noise }) =>
    models[labels]!.map((w, j) => {
      const z = normalsAt(key, trial, LEAST_SQUARES, j >> 2, Purpose.reduced)[(j & 3) as 0 | 1 | 2 | 3];
      return w + (noise * z) / (chi * scale[j]!);
    }),
  );
}
