import {
  addScaled,
  conditionStatus,
  conjugateDirection,
  correctionStatus,
  squaredLength,
  stepLength,
} from '../../kernels/correction.ts';
import { PANEL } from '../../kernels/linalg.ts';
import type { GramBuffers, GramCommands, Vectors } from '../gram-commands.ts';
import type { PassResults } from '../schedule.ts';

/** Buffers of corrected fits alone. */
export type CorrectionBuffer = 'estimates' | 'distances' | 'residuals' | 'directions' | 'energies' | 'lengths';

/** Beside the buffers that every fit needs; laid out like those, `lengths` and `energies` as [side][trial]. */
export type CorrectedBuffers = GramBuffers & Readonly<Record<CorrectionBuffer, GPUBuffer>>;

/** targets[side] += factor * sources[side] for vectors of `length` floats; by the length of the step where it says so. */
export type Add = (targets: Vectors, sources: GPUBuffer, factor: number, byLength: boolean) => Promise<void>;

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
  readonly pass: Pick<PassResults, 'rows' | 'factorReady'> & { readonly sides: readonly unknown[] };
  /** Number of its factor among those of the trial. */
  readonly factor: number;
  readonly dual: boolean;
  readonly penalty: number;
  /** Row length of right-hand sides and unknowns. */
  readonly stride: number;
  /** What is solved for: the coefficients, or in the dual the weights of the rows. */
  readonly unknowns: GPUBuffer;
  /** What is known of the matrix that is factored. */
  readonly matrix: MatrixForecast;
  /** Into `residuals` the right-hand sides of labels that are made by (model - estimate), noise included. */
  residuals(add: Add): Promise<void>;
  /** X p of the vectors p in `directions`, or in the dual X'p into `distances`; each block of it is handed to `take`. */
  images(take: (block: Vectors, rows: number, accumulate: 0 | 1) => Promise<void>): Promise<void>;
  /** Brings the estimates up to date once the unknowns have moved by the step. */
  advance(add: Add): Promise<void>;
  /** The last step, before its length, as vectors of features. */
  step(): Promise<GPUBuffer>;
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
  const { pass, penalty, stride, unknowns } = system;
  const { scale, estimates, residuals, directions, energies, lengths, solutions, models, statuses } = buffers;
  const { features } = commands;
  const columns = spectrum.length;
  const layers = pass.sides.length;
  const grid = { groups: 1, layers, work: 4 * stride * layers };
  const launch = { stride4: stride / 4, layers: capacity };
  const add: Add = ({ buffer, offset, stride: length }, sources, factor, BY_LENGTH) =>
    commands.run(
      addScaled,
      { lengths, sources, targets: buffer },
      { groups: Math.ceil(length / 256), layers, work: 2 * length * layers, constants: { BY_LENGTH } },
      { stride4: length / 4, layers: capacity, target_offset4: offset / 4, factor },
    );
  const whole = (buffer: GPUBuffer): Vectors => ({ buffer, offset: 0, stride });
  for (const s of pass.sides.keys()) commands.copy(whole(solutions), s, whole(unknowns), s);
  for (let step = 0; step < steps; step++) {
    await system.residuals(add);
    if (penalty > 0) await add(whole(residuals), unknowns, -penalty, false);
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
    await add(whole(unknowns), directions, 1, true);
    await system.advance(add);
  }
  await commands.run(
    correctionStatus,
    { scale, steps: await system.step(), lengths, estimates, truth: models, statuses },
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
  if (system.matrix.order <= PANEL) await markSingular(commands, buffers, capacity, system);
}

/** Condition number from which f32 knows too little of a design of few columns; one trial in a hundred at T = d = 10. */
const MOST_CONDITION = 2 ** 20;

/** Marks trials that are far more singular than they are expected to be. Only of one panel the factor says so without further work. */
async function markSingular(
  commands: GramCommands,
  { scale, gram, inverses, statuses }: CorrectedBuffers,
  capacity: number,
  { factor, matrix: { kappa, ...matrix } }: System,
): Promise<void> {
  await commands.run(
    conditionStatus,
    { scale, gram, inverses, statuses },
    { groups: 1, work: 2 * matrix.order ** 2, trialsPerGroup: 64 },
    {
      ...matrix,
      trials: capacity,
      limit: Math.max(MOST_CONDITION, 64 * matrix.order * kappa),
      status_offset: factor * capacity,
    },
  );
}

/**
 * Models less the estimates of all sides, `slots[s]` that of side s, into vectors `first ..` of `distances`: what labels a fit
 * when it is corrected.
 */
export async function distancesTo(
  commands: GramCommands,
  { models, distances, estimates }: CorrectedBuffers,
  capacity: number,
  slots: readonly number[],
  first: number,
  add: Add,
): Promise<void> {
  const stride = commands.features;
  for (const [s, slot] of slots.entries())
    commands.copy({ buffer: models, offset: 0, stride }, slot, { buffer: distances, offset: 0, stride }, first + s);
  await add({ buffer: distances, offset: first * capacity * stride, stride }, estimates, -1, false);
}

/**
 * Whether a failed pivot may be made good: not in the dual, whose factor is kept clear of rounding, so that one that fails all the
 * same is beyond help; nor where the square of a feature is near underflow.
 */
function isSalvable({ dual, pass }: System, spectrum: readonly number[]): boolean {
  return !dual && spectrum.every((s) => s * pass.rows > 2 ** -100);
}
