import { padded, RUN } from '../../../kernels/tiles.ts';
import type { FitPass, RightHandSide } from '../../fit-schedule.ts';

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

export function shapeOf(
  { design: { rows, parts, projection } }: Pick<FitPass, 'design'>,
  dimension: number,
): PassShape {
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

/** Row length of the labels of one trial: those of a block of rows, or all of them where they are the dual's right-hand side. */
export function labelStride({ rows }: Pick<FitPass, 'rows'>, shape: PassShape): number {
  if (shape.dual) return shape.stride;
  return shape.projected ? padded(rows) : Math.ceil(blockRows(shape) / 4) * 4;
}

/** Models that label the rows of a side, one after the other. */
export const slotsOf = ({ labels }: RightHandSide): readonly number[] => [
  ...new Set(labels.map((label) => label.labels)),
];

/** Most models behind any side. */
export const roundsOf = ({ sides }: FitPass): number => Math.max(...sides.map((side) => slotsOf(side).length));
