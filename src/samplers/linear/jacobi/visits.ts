import type { Draw, LinearRecipe, Shifted } from '../../../regimes/recipe.ts';
import type { Design, Label } from '../../design.ts';
import { type FitPass, fitScheduleOf, type TrialLayout } from '../../fit-schedule.ts';

/** Numbers that belong to the first and to the second block of a fit. */
export type Pair = readonly [number, number];

/** A least-squares fit to one or two blocks; a second block that is not there has no rows and no weight. */
export interface BlockFit {
  /** Of the square of each row, the larger one 1. */
  readonly weights: Pair;
  readonly noises: Pair;
  /** Slots of the models that label the blocks. */
  readonly labels: Pair;
  /** Slot in which the estimate is kept; null if nothing is labelled by it. */
  readonly slot: number | null;
  /** Number of its test error; null if nobody wants it. */
  readonly error: number | null;
}

/** Fits that read one draw of the ensemble. */
export interface Visit {
  readonly rows: Pair;
  /** Names the random numbers. */
  readonly draw: Draw;
  readonly fits: readonly BlockFit[];
}

/** A truth that is shifted: the standard deviations of its whitened error, before it is scaled. */
export interface Shift {
  readonly slot: number;
  readonly draw: Draw;
  readonly deviations: readonly number[];
  readonly scale: number;
}

/** Everything one trial does: the shifts, then visit by visit. */
export interface Plan extends Pick<TrialLayout, 'dimension' | 'modelSlots' | 'errors' | 'cells'> {
  readonly shifts: readonly Shift[];
  readonly visits: readonly Visit[];
}

/** Compiles the recipes of one job. Fits to blocks of the same inputs and sizes share a visit, whatever their weights. */
export function planOf(recipes: readonly LinearRecipe[]): Plan {
  const { dimension, spectrum, modelSlots, errors, cells, shifts, passes } = fitScheduleOf(recipes);
  const visits: (Visit & { readonly name: string; readonly fits: BlockFit[] })[] = [];
  const visitOf = new Map<number, number>();
  for (const pass of passes)
    for (const side of pass.sides.keys()) {
      const { rows, draw, fit } = blockFit(pass, side);
      const name = JSON.stringify([draw, rows]);
      const labelled = Math.max(...fit.labels.map((slot) => visitOf.get(slot) ?? -1));
      const found = visits.findIndex((visit, at) => at > labelled && visit.name === name);
      const at = found < 0 ? visits.push({ name, rows, draw, fits: [] }) - 1 : found;
      visits[at]!.fits.push(fit);
      if (fit.slot !== null) visitOf.set(fit.slot, at);
    }
  const whitened = ({ slot, model }: { slot: number; model: Shifted }): Shift => ({
    slot,
    draw: model.shift,
    deviations: model.deviations.map((deviation, j) => deviation * Math.sqrt(spectrum[j]!)),
    scale: model.scale,
  });
  return { dimension, modelSlots, errors, cells, shifts: shifts.map(whitened), visits };
}

function blockFit({ design, sides, outputs, measured, firstError }: FitPass, side: number) {
  const [first, second] = truthFirst(blocksOf(design, sides[side]!.labels));
  const heaviest = Math.max(first!.weight, second?.weight ?? 0);
  const pair = (number: (block: LabelledBlock) => number): Pair => [number(first!), second ? number(second) : 0];
  const fit: BlockFit = {
    weights: pair(({ weight }) => weight / heaviest),
    noises: pair(({ noise }) => noise),
    labels: second ? pair(({ labels }) => labels) : [first!.labels, first!.labels],
    slot: outputs.find((output) => output.side === side && output.slot !== null)?.slot ?? null,
    error: measured ? firstError + side : null,
  };
  return { rows: pair(({ rows }) => rows), draw: design.parts[0]!.inputs, fit };
}

interface LabelledBlock {
  readonly rows: number;
  readonly weight: number;
  readonly labels: number;
  readonly noise: number;
}

/** What the other block adds is then small where its weight is, and loses no digits. */
function truthFirst([a, b]: readonly LabelledBlock[]): readonly LabelledBlock[] {
  if (!b) return [a!];
  return b.labels === 0 ? [b, a!] : [a!, b];
}

/** The rows of a design cut wherever their weight or their labels change. */
function blocksOf({ parts }: Design, labels: readonly Label[]): readonly LabelledBlock[] {
  const blocks: LabelledBlock[] = [];
  let row = 0;
  for (const part of parts) {
    const end = row + part.rows;
    for (const label of labels) {
      const rows = Math.min(end, label.row + label.rows) - Math.max(row, label.row);
      if (rows > 0) blocks.push({ rows, weight: part.weight, labels: label.labels, noise: label.noise });
    }
    row = end;
  }
  return blocks;
}
