import type { FusedLayout } from '../../kernels/fused.ts';
import { PANEL, padded, RUN, wholeSides } from '../../kernels/linalg.ts';
import { jobCost, together, type Work, withWork } from '../cost.ts';
import type { DeviceLimits, JobCost } from '../sampler.ts';
import type { Pass, Schedule, Side } from '../schedule.ts';
import { beyondSingle } from './beyond.ts';
import { type Corrections, checksOf, correctionsOf } from './conditioning.ts';
import { type Fusion, fusionOf, LARGEST_FUSED } from './fusion.ts';

/** Sizes of one pass. `order` is min(rows, features): the primal Gram X'X if the rows reach the features, else the dual XX'. */
export interface PassShape {
  /** Columns of what is fitted: d, or the random features. */
  readonly features: number;
  readonly dual: boolean;
  readonly order: number;
  /** `order` padded to whole panels. */
  readonly stride: number;
  /** Summands of each Gram entry: rows in the primal, features in the dual; of random features padded. */
  readonly depth: number;
  /** Whether what is fitted is random features of the design, made from the whole of it. */
  readonly projected: boolean;
  /** Whether rows are the triangular factors of more of them, which are drawn whole. */
  readonly triangular: boolean;
}

export function shapeOf({ design: { rows, parts, projection } }: Pick<Pass, 'design'>, dimension: number): PassShape {
  const features = projection?.features ?? dimension;
  const dual = rows < features;
  const order = Math.min(rows, features);
  const summands = dual ? features : rows;
  const projected = projection !== undefined;
  const triangular = parts.some(({ samples }) => samples !== undefined);
  const depth = projected ? padded(summands) : summands;
  return { features, dual, order, stride: padded(order), depth, projected, triangular };
}

/** Block of rows whose design is held at once, bytes per trial; more rows pass through in turn (primal only). */
const DESIGN_BYTES = 8 * 2 ** 20;

/** Rows of the design held at a time: a multiple of RUN so that sums do not depend on it, or all of them. */
export function blockRows(shape: PassShape): number {
  if (shape.dual || shape.projected || shape.triangular) return shape.depth;
  const fitting = Math.floor(DESIGN_BYTES / (4 * shape.stride * RUN)) * RUN;
  return Math.min(shape.depth, Math.max(RUN, fitting));
}

/** Floats per trial of every buffer the schedule needs; each serves all split passes in turn, fused ones need none. */
export interface Workspace {
  readonly models: number;
  readonly design: number;
  /** Rows, transposed, whose random features are the design; the next two are for them as well. */
  readonly inputs: number;
  readonly projection: number;
  readonly coefficients: number;
  /** Which rows a random part of the data is. */
  readonly picks: number;
  readonly gram: number;
  readonly matrix: number;
  readonly inverses: number;
  readonly labels: number;
  readonly sides: number;
  readonly unknowns: number;
  readonly solutions: number;
  readonly estimates: number;
  /** Of corrected fits alone, as are the next five. */
  readonly distances: number;
  readonly steps: number;
  readonly residuals: number;
  readonly directions: number;
  readonly energies: number;
  readonly lengths: number;
  readonly statuses: number;
  readonly errors: number;
}

/** Models that label the rows of a side, one after the other. */
export const slotsOf = ({ labels }: Side): readonly number[] => [...new Set(labels.map((label) => label.labels))];

/** Most models behind any side. */
export const roundsOf = ({ sides }: Pass): number => Math.max(...sides.map((side) => slotsOf(side).length));

export function workspaceOf(
  schedule: Schedule,
  fusion: Fusion = fusionOf(schedule),
  corrections: Corrections = correctionsOf(schedule),
): Workspace {
  const { dimension } = schedule;
  const d = padded(dimension);
  const largest = (floats: (pass: Pass, shape: PassShape, corrected: boolean) => number) =>
    schedule.passes.reduce((most, pass, i) => {
      if (fusion[i]) return most;
      const corrected = corrections[i]!.some((steps) => steps > 0);
      return Math.max(most, floats(pass, shapeOf(pass, dimension), corrected));
    }, 0);
  const ofSides = (floats: (shape: PassShape) => number) => largest((pass, shape) => pass.sides.length * floats(shape));
  const ofCorrected = (floats: (shape: PassShape, pass: Pass) => number) =>
    largest((pass, shape, corrected) => (corrected ? pass.sides.length * floats(shape, pass) : 0));
  return {
    models: schedule.modelSlots * d,
    design: largest((_, shape) => blockRows(shape) * shape.stride),
    inputs: largest(({ rows }, { projected }) => (projected ? dimension * padded(rows) : 0)),
    projection: largest((_, { projected, features }) => (projected ? dimension * padded(features) : 0)),
    coefficients: ofSides(({ projected, features }) => (projected ? padded(features) : 0)),
    picks: largest(({ design, rows }) => (design.subsample ? rows : 0)),
    gram: largest((_, { stride }) => stride * stride),
    matrix: largest((_, { stride }) => stride * stride),
    inverses: largest((_, { stride }) => stride * PANEL),
    labels: largest((pass, shape) => pass.sides.length * labelStride(pass, shape)),
    sides: ofSides(({ stride }) => stride),
    unknowns: largest((pass, { stride }) => wholeSides(pass.sides.length) * stride),
    solutions: ofSides(({ stride }) => stride),
    estimates: largest((pass, { dual, projected }, corrected) =>
      dual || projected || corrected ? pass.sides.length * d : 4,
    ),
    distances: ofCorrected(({ features }, pass) => Math.max(roundsOf(pass) * d, padded(features))),
    steps: ofCorrected(({ projected }) => (projected ? d : 0)),
    residuals: ofCorrected(({ stride }) => stride),
    directions: ofCorrected(({ stride }) => stride),
    energies: ofCorrected(() => 1),
    lengths: ofCorrected(() => 1),
    statuses: schedule.factors,
    errors: Math.max(1, schedule.errors),
  };
}

/** Row length of the labels of one trial: those of a block of rows, or all of them where they are the dual's right-hand side. */
export function labelStride({ rows }: Pick<Pass, 'rows'>, shape: PassShape): number {
  if (shape.dual) return shape.stride;
  return shape.projected ? padded(rows) : Math.ceil(blockRows(shape) / 4) * 4;
}

/** Of any side; sides are labelled together where they can be. */
const mostLabels = ({ sides }: Pass): number => Math.max(...sides.map(({ labels }) => labels.length));

/** Work of one pass per trial: Gram rows * m^2, Cholesky m^3/3, solves 2 m^2, labels and their moments 2 rows d each. */
export function workOf(
  pass: Pass,
  dimension: number,
  layout: FusedLayout | null = null,
  steps: readonly number[] = [],
): Work {
  if (layout) return fusedWorkOf(pass, dimension);
  const corrections = steps.map((count, r) => correctionWork(pass, dimension, pass.ridges[r]!, count));
  const corrected = (part: keyof Work) => corrections.reduce((sum, work) => sum + work[part], 0);
  const shape = shapeOf(pass, dimension);
  const { order, depth, stride } = shape;
  const sides = pass.sides.length;
  const ridges = pass.ridges.length;
  const factored = pass.factorReady ? 0 : ridges;
  const formed = pass.factorReady ? 0 : 1;
  const blocks = Math.ceil(depth / blockRows(shape));
  const labels = pass.sides.reduce((sum, side) => sum + side.labels.length, 0);
  const { features, projected } = shape;
  const back = (shape.dual ? 2 * order * features : 0) + (projected ? 2 * features * dimension : 0);
  return {
    flops:
      formed * depth * order * order +
      (projected ? 2 * pass.rows * dimension * features : 0) +
      (factored * order ** 3) / 3 +
      2 * (labels * pass.rows * dimension + sides * depth * order) +
      ridges * sides * (2 * order * order + 3 * dimension + back) +
      corrected('flops'),
    normals: pass.rows * dimension + (projected ? dimension * features : 0) + labels * pass.rows + corrected('normals'),
    dispatches:
      blocks * (pass.design.parts.length + formed + 2 * mostLabels(pass) + (shape.dual ? 0 : 1)) +
      (projected ? 2 : 0) +
      factored * (stride / PANEL) +
      ridges * (1 + (shape.dual ? 1 : 0) + (projected ? 1 : 0) + (pass.measured ? 1 : 0)) +
      corrected('dispatches'),
  };
}

/**
 * Steps of correction: residual 4 rows d, solve 2 m^2, image 2 rows d and sums a side; the label noise once more, and where
 * the design passes through in blocks the design twice.
 */
function correctionWork(pass: Pass, dimension: number, ridge: number, steps: number): Work {
  const shape = shapeOf(pass, dimension);
  const { dual, order, depth, features, projected } = shape;
  const sides = pass.sides.length;
  const blocks = Math.ceil(depth / blockRows(shape));
  const redrawn = blocks > 1 ? 2 : 0;
  const around = projected ? 2 * dimension * (pass.rows + features) : 0;
  return {
    flops: steps * sides * (6 * depth * order + 2 * order * order + 14 * dimension + around),
    normals: steps * (sides * pass.rows + redrawn * pass.rows * dimension),
    dispatches:
      steps *
        (blocks * (redrawn + 2 * mostLabels(pass) + (dual ? 1 : 2) + 1) +
          (dual ? 6 : 5) +
          (projected ? 1 : 0) +
          (ridge > 0 ? 1 : 0)) +
      (steps > 0 ? (order <= PANEL ? 2 : 1) : 0),
  };
}

/** The same in one dispatch: all sides share their label errors, so that X'y takes 2 m^2 for each and 2 rows m together. */
function fusedWorkOf(pass: Pass, dimension: number): Work {
  const { dual, order, depth } = shapeOf(pass, dimension);
  const sides = pass.sides.length;
  const ridges = pass.ridges.length;
  const labels = dual ? 2 * sides * depth * order : 2 * depth * order + 2 * sides * order * order;
  const perSide = 2 * order * order + 3 * dimension + (dual ? 2 * order * dimension : 0);
  return {
    flops: depth * order * order + labels + ridges * (order ** 3 / 3 + sides * perSide),
    normals: pass.rows * dimension + pass.rows,
    dispatches: 1,
  };
}

export function costOf(schedule: Schedule, limits: DeviceLimits): JobCost {
  const cost = costWith(correctionsOf(schedule), schedule, limits);
  const leftToReference = beyondSingle(schedule);
  if (leftToReference) return { ...cost, leftToReference };
  const checks = checksOf(schedule);
  return checks ? together(cost, costWith(checks, schedule, limits)) : cost;
}

function costWith(corrections: Corrections, schedule: Schedule, limits: DeviceLimits): JobCost {
  const { dimension, truth, passes } = schedule;
  const fusion = fusionOf(schedule, LARGEST_FUSED.software, corrections);
  const drawn = (truth.kind === 'coefficients' ? 0 : dimension) + schedule.shifts.length * dimension;
  const works = passes.map((pass, i) => workOf(pass, dimension, fusion[i], corrections[i]));
  const job = {
    dimension,
    workspace: { ...workspaceOf(schedule, fusion, corrections) },
    passes: [{ flops: 0, normals: drawn, dispatches: 1 + schedule.shifts.length }, ...works].map(withWork),
    mostTrials: limits.maxComputeWorkgroupsPerDimension,
    changesFor: (buffer: string, floats: number) =>
      buffer === 'design' || buffer === 'gram' || buffer === 'matrix'
        ? smallerMatrices(dimension, floats)
        : buffer === 'inputs' || buffer === 'projection'
          ? [`at most ${Math.floor(floats / dimension / PANEL) * PANEL} samples and random features in a fit`]
          : ['fewer cells: shorter lists of the sweep'],
  };
  return jobCost(job, limits);
}

/** A Gram matrix of order min(rows, d), and in the dual the whole design beside it, in a binding of so many floats. */
function smallerMatrices(dimension: number, floats: number): string[] {
  const wholePanels = (n: number) => Math.floor(n / PANEL) * PANEL;
  const order = wholePanels(Math.sqrt(floats));
  const rows = Math.min(order, wholePanels(floats / dimension));
  return [
    `dimension ${order} or less`,
    `at most ${rows} samples in every data set (the Gram matrix then has the order of the samples)`,
  ];
}
