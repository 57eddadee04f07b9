import {
  addScaled,
  conjugateDirection,
  correctionStatus,
  squaredLength,
  stepLength,
} from '../../kernels/correction.ts';
import type { Pass } from '../chain-schedule.ts';
import type { GramBuffers, GramCommands, Vectors } from '../gram-commands.ts';

/** Buffers of corrected fits alone. */
export type CorrectionBuffer = 'estimates' | 'deviations' | 'residuals' | 'directions' | 'energies' | 'lengths';

/** Beside the buffers that every fit needs; laid out like those, `lengths` and `energies` as [side][trial]. */
export type CorrectedBuffers = GramBuffers & Readonly<Record<CorrectionBuffer, GPUBuffer>>;

/** The linear system behind the fits of a pass, at one ridge. */
export interface System {
  readonly pass: Pass;
  /** Number of its factor among those of the trial. */
  readonly factor: number;
  readonly dual: boolean;
  readonly penalty: number;
  /** Row length of right-hand sides and unknowns. */
  readonly stride: number;
  /** What is solved for: the estimates, or in the dual the weights of the rows. */
  readonly unknowns: GPUBuffer;
  /** From models in `deviations` the right-hand sides that they would give, noise included, into `residuals`. */
  rightSides(): Promise<void>;
  /** X p of the vectors p in `directions`, or in the dual X'p into `deviations`; each block of it is handed to `take`. */
  images(take: (block: Vectors, rows: number, accumulate: 0 | 1) => Promise<void>): Promise<void>;
}

/**
 * Corrects the estimates that an f32 factor gave: conjugate gradients from there, with the factor as preconditioner. The
 * residual is taken with the design itself, never with the rounded Gram matrix, and without cancellation: that of w is the
 * right-hand side of labels made by (model - w), less penalty w (Björck, Linear Algebra Appl. 88/89 (1987): one step is the
 * method of corrected semi-normal equations). A factor with a failed pivot is that of the matrix with one diagonal entry
 * changed, which takes one step more. In the end every trial says whether it came to rest.
 */
export async function correct(
  commands: GramCommands,
  buffers: CorrectedBuffers,
  capacity: number,
  spectrum: readonly number[],
  system: System,
  steps: number,
): Promise<void> {
  const { pass, dual, penalty, stride, unknowns } = system;
  const { scale, estimates, deviations, residuals, directions, energies, lengths, solutions, models, statuses } =
    buffers;
  const { features } = commands;
  const columns = spectrum.length;
  const layers = pass.sides.length;
  const grid = { groups: 1, layers, work: 4 * stride * layers };
  const launch = { stride4: stride / 4, layers: capacity };
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
    const vectors = { residuals, preconditioned: solutions, directions, energies };
    await commands.run(conjugateDirection, vectors, grid, { ...launch, first: step === 0 ? 1 : 0 });
    await system.images((block, rows, accumulate) =>
      commands.run(
        squaredLength,
        { vectors: block.buffer, lengths },
        { groups: 1, layers, work: 2 * rows * layers },
        { rows, stride: block.stride, layers: capacity, accumulate },
      ),
    );
    await commands.run(stepLength, { directions, residuals, lengths }, grid, { ...launch, penalty });
    await add(unknowns, directions, stride, 1, true);
    if (dual) await add(estimates, deviations, features, 1, true);
  }
  await commands.run(
    correctionStatus,
    { scale, steps: dual ? deviations : directions, lengths, estimates, truth: models, statuses },
    { groups: 1, work: 8 * columns * layers },
    {
      columns,
      stride: features,
      layers: capacity,
      sides: layers,
      inherited: pass.factorReady || !isSalvable(system, spectrum) ? 1 : 0,
      status_offset: system.factor * capacity,
    },
  );
}

/**
 * Whether a failed pivot may be made good: not in the dual, whose factor is kept clear of rounding, so that one that fails all the
 * same is beyond help; nor where the square of a feature is near underflow.
 */
function isSalvable({ dual, pass }: System, spectrum: readonly number[]): boolean {
  return !dual && spectrum.every((s) => s * pass.rows > 2 ** -100);
}
