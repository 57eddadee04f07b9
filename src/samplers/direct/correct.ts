import { addScaled, squaredLength, stepLength } from '../../kernels/correction.ts';
import type { GramBuffers, GramCommands, Vectors } from '../gram-commands.ts';
import type { Pass } from './schedule.ts';

/** Beside the buffers that every fit needs; laid out like those, `lengths[side][trial]`. */
export type CorrectedBuffers = GramBuffers &
  Readonly<Record<'estimates' | 'deviations' | 'residuals' | 'lengths', GPUBuffer>>;

/** The linear system behind the fits of a pass, at one ridge. */
export interface System {
  readonly pass: Pass;
  readonly dual: boolean;
  readonly penalty: number;
  /** Row length of right-hand sides and unknowns. */
  readonly stride: number;
  /** What is solved for: the estimates, or in the dual the weights of the rows. */
  readonly unknowns: GPUBuffer;
  /** From models in `deviations` the right-hand sides that they would give, noise included, into `residuals`. */
  rightSides(): Promise<void>;
  /** X u of the directions u in `solutions`, or in the dual X'u into `deviations`; each block of it is handed to `take`. */
  images(take: (block: Vectors, rows: number, accumulate: 0 | 1) => Promise<void>): Promise<void>;
}

/**
 * Corrects the estimates that an f32 factor gave. The residual is taken with the design itself, never with the rounded Gram
 * matrix, and without cancellation: that of w is the right-hand side of labels made by (model - w), less penalty w. A solve
 * with the factor turns it into a direction, which is followed to the point nearest to the solution (Björck, Linear Algebra
 * Appl. 88/89 (1987), for the corrected semi-normal equations; the line search keeps a bad factor from doing harm).
 */
export async function correct(
  commands: GramCommands,
  buffers: CorrectedBuffers,
  capacity: number,
  system: System,
  steps: number,
): Promise<void> {
  const { pass, dual, penalty, stride, unknowns } = system;
  const { estimates, deviations, residuals, solutions, lengths, models } = buffers;
  const { features } = commands;
  const layers = pass.sides.length;
  const add = (targets: GPUBuffer, sources: GPUBuffer, length: number, factor: number, BY_LENGTH: boolean) =>
    commands.run(
      addScaled,
      { lengths, sources, targets },
      { groups: Math.ceil(length / 256), layers, work: 2 * length * layers, constants: { BY_LENGTH } },
      { stride4: length / 4, layers: capacity, factor },
    );
  const copy = (from: GPUBuffer, slot: number, to: GPUBuffer, toSlot: number, floats: number) => {
    const bytes = 4 * capacity * floats;
    commands.list.push({ kind: 'copy', from, fromByte: slot * bytes, to, toByte: toSlot * bytes, bytes });
  };
  for (const s of pass.sides.keys()) copy(solutions, s, unknowns, s, stride);
  for (let step = 0; step < steps; step++) {
    for (const [s, { labels }] of pass.sides.entries()) copy(models, labels, deviations, s, features);
    await add(deviations, estimates, features, -1, false);
    await system.rightSides();
    if (penalty > 0) await add(residuals, unknowns, stride, -penalty, false);
    await commands.solve(stride, layers, residuals);
    await system.images((block, rows, accumulate) =>
      commands.run(
        squaredLength,
        { vectors: block.buffer, lengths },
        { groups: 1, layers, work: 2 * rows * layers },
        { rows, stride: block.stride, layers: capacity, accumulate },
      ),
    );
    await commands.run(
      stepLength,
      { directions: solutions, residuals, lengths },
      { groups: 1, layers, work: 4 * stride * layers },
      { stride4: stride / 4, layers: capacity, penalty },
    );
    await add(unknowns, solutions, stride, 1, true);
    if (dual) await add(estimates, deviations, features, 1, true);
  }
}
