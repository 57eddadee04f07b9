import {
  addScaled,
  conditionStatus,
  conjugateDirection,
  correctionStatus,
  squaredLength,
  stepLength,
} from '../../../kernels/correction.ts';
import { PANEL } from '../../../kernels/tiles.ts';
import { each, TRIALS, times } from '../../../program/amount.ts';
import type { BufferName } from '../../../program/program.ts';
import type { PassLayout } from '../../fit-schedule.ts';
import { type Vectors, vectors } from '../../gram.ts';
import { type LinearSteps, later } from '../steps.ts';

/** Buffers of corrected fits alone; laid out like others, `lengths` and `energies` as [side][trial]. */
export interface CorrectedBuffers {
  /** Coefficients of all sides. */
  readonly estimates: BufferName;
  /** What labels a fit when it is corrected: models less estimates. */
  readonly distances: BufferName;
  readonly residuals: BufferName;
  readonly directions: BufferName;
}

/** targets[side] += factor * sources[side] for vectors of `length` floats; by the length of the step where it says so. */
export type Add = (targets: Vectors, sources: BufferName, factor: number, byLength: boolean) => void;

export interface MatrixForecast {
  readonly order: number;
  /** On the diagonal of the factor. */
  readonly penalty: number;
  /** The usual diagonal: weight times the eigenvalues of Sigma, and at least `least`. 0 where nothing is known. */
  readonly weight: number;
  readonly least: number;
  /** Condition number to expect. */
  readonly kappa: number;
}

/** The linear system behind the fits of a pass, at one ridge. */
export interface System {
  readonly pass: Pick<PassLayout, 'rows' | 'factorReady'> & { readonly sides: readonly unknown[] };
  /** Number of its factor among those of the trial. */
  readonly factor: number;
  readonly dual: boolean;
  readonly penalty: number;
  /** Row length of right-hand sides and unknowns. */
  readonly stride: number;
  /** What is solved for: the coefficients, or in the dual the weights of the rows. */
  readonly unknowns: BufferName;
  /** What is known of the matrix that is factored. */
  readonly matrix: MatrixForecast;
  /** Into `residuals` the right-hand sides of labels that are made by (model - estimate), noise included. */
  residuals(add: Add): void;
  /** X p of the vectors p in `directions`, or in the dual X'p into `distances`; each block of it is handed to `take`. */
  images(take: (block: Vectors, rows: number, accumulate: 0 | 1) => void): void;
  /** Brings the estimates up to date once the unknowns have moved by the step. */
  advance(add: Add): void;
  /** The last step, before its length, as vectors of features. */
  step(): BufferName;
}

/**
 * Corrects the estimates that an f32 factor gave: conjugate gradients from there, with the factor as preconditioner. The
 * residual is taken with the design itself, never with the rounded Gram matrix, and without cancellation: that of w is the
 * right-hand side of labels made by (model - w), less penalty w (Björck, Linear Algebra Appl. 88/89 (1987): one step is the
 * method of corrected semi-normal equations). A factor with a failed pivot is that of the matrix with one diagonal entry
 * changed, which takes one step more. In the end every trial says whether it came to rest.
 */
export function correct(
  commands: LinearSteps,
  buffers: CorrectedBuffers,
  scale: BufferName,
  spectrum: readonly number[],
  system: System,
  steps: number,
): void {
  const { pass, penalty, stride, unknowns } = system;
  const { program, models, statuses, features } = commands;
  const { estimates, residuals, directions } = buffers;
  const columns = spectrum.length;
  const layers = pass.sides.length;
  const solutions = commands.solutions(layers, stride);
  const [energies, lengths] = [program.buffer('energies', layers), program.buffer('lengths', layers)];
  const grid = { groups: 1, layers, flops: 4 * stride * layers };
  const launch = { stride4: stride / 4, layers: TRIALS };
  const add: Add = ({ buffer: targets, offset, stride: length }, sources, factor, BY_LENGTH) =>
    program.dispatch(
      addScaled,
      { lengths, sources, targets },
      { groups: Math.ceil(length / 256), layers, flops: 2 * length * layers, constants: { BY_LENGTH } },
      { stride4: length / 4, layers: TRIALS, target_offset4: times(offset, 1 / 4), factor },
    );
  const whole = (buffer: BufferName) => vectors(buffer, 0, stride);
  for (const s of pass.sides.keys()) commands.copy(later(whole(solutions), s), later(whole(unknowns), s));
  for (let step = 0; step < steps; step++) {
    system.residuals(add);
    if (penalty > 0) add(whole(residuals), unknowns, -penalty, false);
    commands.solve(stride, system.matrix.order, layers, residuals);
    const conjugate = { residuals, preconditioned: solutions, directions, energies };
    program.dispatch(conjugateDirection, conjugate, grid, { ...launch, first: step === 0 ? 1 : 0 });
    system.images((block, rows, accumulate) =>
      program.dispatch(
        squaredLength,
        { vectors: block.buffer, lengths },
        { groups: 1, layers, flops: 2 * rows * layers },
        { rows, stride: block.stride, layers: TRIALS, accumulate },
      ),
    );
    program.dispatch(stepLength, { directions, residuals, lengths }, grid, { ...launch, penalty });
    add(whole(unknowns), directions, 1, true);
    system.advance(add);
  }
  program.dispatch(
    correctionStatus,
    { scale, steps: system.step(), lengths, estimates, truth: models, statuses },
    { groups: 1, flops: 8 * columns * layers },
    {
      columns,
      stride: features,
      layers: TRIALS,
      sides: layers,
      inherited: pass.factorReady || !isSalvable(system, spectrum) ? 1 : 0,
      status_offset: each(system.factor),
    },
  );
  if (system.matrix.order <= PANEL) markSingular(commands, scale, system);
}

/** Condition number from which f32 knows too little of a design of few columns; one trial in a hundred at T = d = 10. */
const MOST_CONDITION = 2 ** 20;

/** Marks trials that are far more singular than they are expected to be. Only of one panel the factor says so without further work. */
function markSingular(
  commands: LinearSteps,
  scale: BufferName,
  { factor, stride, matrix: { kappa, ...matrix } }: System,
) {
  const { program, statuses } = commands;
  const gram = program.buffer('gram', stride * stride);
  const inverses = program.buffer('inverses', stride * PANEL);
  program.dispatch(
    conditionStatus,
    { scale, gram, inverses, statuses },
    { groups: 1, flops: 2 * matrix.order ** 2, trialsPerGroup: 64 },
    {
      ...matrix,
      trials: TRIALS,
      limit: Math.max(MOST_CONDITION, 64 * matrix.order * kappa),
      status_offset: each(factor),
    },
  );
}

/** Models less the estimates of all sides, `slots[s]` that of side s, into vectors `first ..` of `distances`. */
export function distancesTo(
  commands: LinearSteps,
  { distances, estimates }: CorrectedBuffers,
  slots: readonly number[],
  first: number,
  add: Add,
): void {
  const { models, features } = commands;
  for (const [s, slot] of slots.entries())
    commands.copy(vectors(models, slot, features), vectors(distances, first + s, features));
  add(vectors(distances, first, features), estimates, -1, false);
}

/**
 * Whether a failed pivot may be made good: not in the dual, whose factor is kept clear of rounding, so that one that fails all the
 * same is beyond help; nor where the square of a feature is near underflow.
 */
function isSalvable({ dual, pass }: System, spectrum: readonly number[]): boolean {
  return !dual && spectrum.every((s) => s * pass.rows > 2 ** -100);
}
