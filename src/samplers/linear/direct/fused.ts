import { type FusedLayout, fusedDual, fusedPrimal } from '../../../kernels/fused.ts';
import { padded } from '../../../kernels/tiles.ts';
import { each, TRIALS } from '../../../program/amount.ts';
import type { FitPass } from '../../fit-schedule.ts';
import { type ChainPass, chainPassOf } from '../chain-schedule.ts';
import type { DirectJob } from './job.ts';

/** Stands for "not kept" among the slots of a pass. */
const NONE = 0xffffffff;

/** Words the kernel reads besides its launch: slot and noise per side, then per ridge the penalty and the slots kept. */
function settingsOf(pass: ChainPass, { launch }: FusedLayout): Uint32Array {
  const width = 4 * launch.side_quads;
  const words = new Uint32Array(2 * width + pass.ridges.length * (1 + width)).fill(NONE, 2 * width);
  const floats = new Float32Array(words.buffer);
  for (const [s, { labels, noise }] of pass.sides.entries()) {
    words[2 * s] = labels;
    floats[2 * s + 1] = noise;
  }
  for (const [r, ridge] of pass.ridges.entries()) floats[2 * width + r * (1 + width)] = ridge * pass.rows;
  for (const { side, ridge, slot } of pass.outputs)
    if (slot !== null) words[2 * width + ridge * (1 + width) + 1 + side] = slot;
  return words;
}

/** A pass that is one dispatch. */
export function fusedPass(job: DirectJob, anyPass: FitPass, index: number, layout: FusedLayout): void {
  const { steps, scale } = job;
  const { dimension } = job.schedule;
  const pass = chainPassOf(anyPass)!;
  const { rows, sides, ridges, measured, firstError, firstFactor } = pass;
  const { models, errors, statuses, program } = steps;
  const settings = program.constant(`settings${index}`, settingsOf(pass, layout));
  const label = steps.address(sides[0]!.errors);
  program.dispatch(
    layout.dual ? fusedDual : fusedPrimal,
    { scale, settings, models, errors, statuses },
    {
      groups: 1,
      trialsPerGroup: layout.launch.group_trials,
      constants: layout.constants,
      flops: flopsOf(pass, dimension),
      normals: rows * dimension + rows,
    },
    {
      ...steps.address(pass.inputs),
      errors_unit: label.unit,
      errors_generation: label.generation,
      rows,
      columns: dimension,
      order: Math.min(rows, dimension),
      stride4: padded(dimension) / 4,
      ...layout.launch,
      sides: sides.length,
      ridges: ridges.length,
      trials: TRIALS,
      measured: measured ? 1 : 0,
      settings: 0,
      error_offset: each(firstError),
      status_offset: each(firstFactor),
    },
  );
}

/** All sides share their label errors, so that X'y takes 2 m^2 for each and 2 rows m together. */
function flopsOf({ rows, sides: { length: sides }, ridges: { length: ridges } }: ChainPass, dimension: number): number {
  const dual = rows < dimension;
  const order = Math.min(rows, dimension);
  const depth = Math.max(rows, dimension);
  const labels = dual ? 2 * sides * depth * order : 2 * depth * order + 2 * sides * order * order;
  const perSide = 2 * order * order + 3 * dimension + (dual ? 2 * order * dimension : 0);
  return depth * order * order + labels + ridges * (order ** 3 / 3 + sides * perSide);
}
