import { PANEL, padded, wholeSides } from '../../kernels/linalg.ts';
import type { Pass, Schedule } from '../chain-schedule.ts';
import { jobCost, together, type Work, withWork } from '../cost.ts';
import { type Corrections, checksOf, correctionsOf } from '../direct/conditioning.ts';
import type { DeviceLimits, JobCost } from '../sampler.ts';

export const hasRidge = (pass: Pass): boolean => pass.ridges.some((ridge) => ridge > 0);

/** Steps of correction by pass and ridge, as in `direct`: R'R has the law of X'X. Least squares needs none. */
export function wishartCorrections(schedule: Schedule): Corrections {
  return ofRidges(schedule, correctionsOf(schedule));
}

/** The same for a second computation; null without a fit that needs one. */
export function wishartChecks(schedule: Schedule): Corrections | null {
  const checks = checksOf(schedule);
  const wanted = checks && ofRidges(schedule, checks);
  return JSON.stringify(wanted) === JSON.stringify(wishartCorrections(schedule)) ? null : wanted;
}

const ofRidges = ({ passes }: Schedule, corrections: Corrections): Corrections =>
  corrections.map((steps, i) => steps.map((n, r) => (passes[i]!.ridges[r]! > 0 ? n : 0)));

/** Floats per trial of every buffer the schedule needs; a buffer serves all passes in turn. */
export interface Workspace {
  readonly models: number;
  readonly design: number;
  readonly gram: number;
  readonly matrix: number;
  readonly inverses: number;
  readonly labels: number;
  readonly sides: number;
  readonly unknowns: number;
  readonly solutions: number;
  /** Of corrected fits alone, as are the next five. */
  readonly estimates: number;
  readonly distances: number;
  readonly residuals: number;
  readonly directions: number;
  readonly energies: number;
  readonly lengths: number;
  readonly statuses: number;
  readonly errors: number;
}

export function workspaceOf(schedule: Schedule, corrections = wishartCorrections(schedule)): Workspace {
  const d = schedule.dimension;
  const stride = padded(d);
  const sides = Math.max(...schedule.passes.map((pass) => pass.sides.length));
  // Least squares alone needs no matrix: 4 floats stand for nothing.
  const needed = schedule.passes.some(hasRidge) ? 1 : 0;
  const corrected = corrections.some((steps) => steps.some((n) => n > 0)) ? sides : 0;
  return {
    models: schedule.modelSlots * stride,
    design: Math.max(4, needed * d * stride),
    gram: Math.max(4, needed * stride * stride),
    matrix: Math.max(4, needed * stride * stride),
    inverses: Math.max(4, needed * stride * PANEL),
    labels: Math.max(4, needed * sides * stride),
    sides: Math.max(4, needed * sides * stride),
    unknowns: Math.max(4, needed * wholeSides(sides) * stride),
    solutions: sides * stride,
    estimates: corrected * stride,
    distances: corrected * stride,
    residuals: corrected * stride,
    directions: corrected * stride,
    energies: corrected,
    lengths: corrected,
    statuses: Math.max(1, schedule.factors),
    errors: Math.max(1, schedule.errors),
  };
}

/**
 * Per trial: Gram d^3/3, Cholesky d^3/3 a ridge, labels and moments 2 d^2 and solves 2 d^2 a side; least squares O(d). A step of
 * correction takes a residual, a solve and a product, 8 d^2, and the label noise once more.
 */
function workOf(pass: Pass, d: number, corrections: readonly number[]): Work {
  const sides = pass.sides.length;
  const ridges = pass.ridges.filter((ridge) => ridge > 0).length;
  const matrix = ridges > 0 ? 1 : 0;
  const ridgeless = pass.ridges.length - ridges;
  const steps = corrections.reduce((sum, n) => sum + n, 0);
  const corrected = corrections.filter((n) => n > 0).length;
  return {
    flops:
      (matrix + ridges) * (d ** 3 / 3) +
      matrix * 4 * sides * d * d +
      ridges * sides * 2 * d * d +
      7 * sides * d * pass.ridges.length +
      steps * sides * (8 * d * d + 14 * d),
    normals: steps * sides * d + matrix * ((d * (d + 1)) / 2 + sides * d) + ridgeless * (d + 1),
    dispatches:
      matrix * (2 + 3 * sides) +
      ridges * (1 + Math.ceil(d / PANEL)) +
      ridgeless * sides +
      (pass.measured ? pass.ridges.length : 0) +
      steps * (4 * sides + 7) +
      (d <= PANEL ? 2 : 1) * corrected,
  };
}

export function costOf(schedule: Schedule, limits: DeviceLimits): JobCost {
  const checks = wishartChecks(schedule);
  const cost = costWith(wishartCorrections(schedule), schedule, limits);
  return checks ? together(cost, costWith(checks, schedule, limits)) : cost;
}

function costWith(corrections: Corrections, schedule: Schedule, limits: DeviceLimits): JobCost {
  const { dimension, truth, passes } = schedule;
  const drawn = truth.kind === 'coefficients' ? 0 : dimension;
  const works = passes.map((pass, i) => workOf(pass, dimension, corrections[i]!));
  const job = {
    dimension,
    workspace: { ...workspaceOf(schedule, corrections) },
    passes: [{ flops: 0, normals: drawn, dispatches: 1 }, ...works].map(withWork),
    mostTrials: limits.maxComputeWorkgroupsPerDimension,
    changesFor: (_: string, floats: number) => [`dimension ${Math.floor(Math.sqrt(floats) / PANEL) * PANEL} or less`],
  };
  return jobCost(job, limits);
}
