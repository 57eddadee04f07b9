import { type FusedLayout, fusedLayout } from '../../../kernels/fused.ts';
import type { FitPass, FitSchedule } from '../../fit-schedule.ts';
import { chainPassOf } from '../chain-schedule.ts';
import { type Corrections, correctionsOf } from './conditioning.ts';

/** For every pass how it runs inside one workgroup, or null where it takes the split kernels. */
export type Fusion = readonly (FusedLayout | null)[];

/**
 * Largest order min(T, d) that is fused. On SwiftShader a workgroup's lanes take turns on one core, and from about 24 on the
 * split kernels are as fast; a GPU has lanes to spare, and takes what fits. A plan, which does not know its adapter, counts
 * on the smaller one, whose memory is the larger.
 */
export const LARGEST_FUSED = { software: 16, gpu: 48 } as const;

/**
 * Fuses what it can: not a pass that is too large, nor sides with label errors of their own, nor a reused design, nor fits
 * that need correction.
 */
export function fusionOf(
  schedule: FitSchedule,
  largest: number = LARGEST_FUSED.software,
  corrections: Corrections = correctionsOf(schedule),
): Fusion {
  const { passes, dimension } = schedule;
  return passes.map((pass, i) => {
    if (Math.min(pass.rows, dimension) > largest) return null;
    if (pass.factorReady || passes[i + 1]?.factorReady || !isPlain(pass)) return null;
    if (corrections[i]!.some((steps) => steps > 0)) return null;
    return fusedLayout({ rows: pass.rows, columns: dimension, sides: pass.sides.length });
  });
}

/** One block of data, on which all sides share their label errors. */
function isPlain(pass: FitPass): boolean {
  const plain = chainPassOf(pass);
  if (!plain) return false;
  const { sides } = plain;
  const { unit, generation } = sides[0]!.errors;
  return sides.every(({ errors }) => errors.unit === unit && errors.generation === generation);
}
