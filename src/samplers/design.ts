import { drawName } from '../regimes/draw.ts';
import type { Block, Draw, Fit, Projection, Subsample } from '../regimes/recipe.ts';

/** Rows of one draw within a design. */
export interface Part {
  readonly inputs: Draw;
  /** Rows of the draw that stand before them. */
  readonly first: number;
  readonly rows: number;
  /** Of the square of each row; those of all rows of a design have mean 1. */
  readonly weight: number;
  /** Eigenvalues of their covariance where it is not that of the recipe. */
  readonly spectrum?: readonly number[];
  /** Where the rows are the triangular factor of more of them: how many. */
  readonly samples?: number;
}

/** A block whose rows may be the triangular factor of more of them. */
export type ReducedBlock = Block & Pick<Part, 'samples'>;

/**
 * The rows that a fit sees, one part after the other. Neighbouring parts of one draw are one part, and a part that is seen
 * several times, with other labels, is there once with all the weight. The objective is the mean over `rows`.
 */
export interface Design {
  /** With a subsample, the rows it is taken from. */
  readonly parts: readonly Part[];
  readonly rows: number;
  readonly projection?: Projection;
  readonly subsample?: Subsample;
}

/** What labels some rows of a design: share * (X w + noise * g). */
export interface Label {
  /** First of them, in the order of the parts. */
  readonly row: number;
  readonly rows: number;
  /** Slot of the model whose coefficients w make the labels; slot 0 is the truth. */
  readonly labels: number;
  /** Shares of the labels of one row sum to 1. */
  readonly share: number;
  readonly noise: number;
  readonly errors: Draw;
  /** Rows of the label errors that stand before those of `row`. */
  readonly first: number;
}

/** What no design is made of, as it stands after "draws no"; null if a fit has one. */
export function undrawable({ data, subsample }: Fit): string | null {
  if (subsample)
    return data.some(({ weight = 1 }) => weight !== 1) ? 'weighted blocks of which a random part is seen' : null;
  const parts = data.map(partOf);
  const odd = parts.some((part, i) => parts.slice(0, i).some((other) => overlap(other, part) && !isSame(other, part)));
  return odd ? 'blocks of one fit that have rows in common without being the same rows' : null;
}

/** The design of a fit that is not undrawable, and its labels where those of block b come from slot `slots[b]`. */
export function designOf(fit: Fit, slots: readonly number[]): { design: Design; labels: readonly Label[] } {
  const { projection, subsample } = fit;
  const stacked = subsample ? fit.data.map((block, b) => ({ ...partOf(block), blocks: [b] })) : distinct(fit.data);
  const rows = stacked.reduce((sum, part) => sum + part.rows, 0);
  const weight = stacked.reduce((sum, part) => sum + part.weight * part.rows, 0) / rows;
  const labels: Label[] = [];
  let row = 0;
  for (const part of stacked) {
    for (const b of part.blocks) labels.push(labelOf(fit.data[b]!, row, slots[b]!, part.weight));
    row += part.rows;
  }
  const parts = stacked.map(({ blocks: _, ...part }) => ({ ...part, weight: part.weight / weight }));
  return {
    design: {
      parts: subsample ? parts : joined(parts),
      rows: subsample ? subsample.rows : rows,
      ...(projection && { projection }),
      ...(subsample && { subsample }),
    },
    labels: merged(labels),
  };
}

interface Stacked extends Part {
  /** Numbers of the blocks that label it. */
  readonly blocks: readonly number[];
}

const partOf = ({ inputs, first = 0, rows, weight = 1, spectrum, samples }: ReducedBlock): Part => ({
  inputs,
  first,
  rows,
  weight,
  ...(spectrum && { spectrum }),
  ...(samples && { samples }),
});

const labelOf = ({ rows, noise, errors, first = 0, weight = 1 }: Block, row: number, slot: number, total: number) => ({
  row,
  rows,
  labels: slot,
  share: weight / total,
  noise,
  errors,
  first,
});

/** Blocks by the rows that they see. */
function distinct(blocks: readonly Block[]): readonly Stacked[] {
  const parts: Stacked[] = [];
  for (const [b, block] of blocks.entries()) {
    const part = partOf(block);
    const at = parts.findIndex((other) => isSame(other, part));
    const same = parts[at];
    if (same) parts[at] = { ...same, weight: same.weight + part.weight, blocks: [...same.blocks, b] };
    else parts.push({ ...part, blocks: [b] });
  }
  return parts;
}

const isSame = (a: Part, b: Part): boolean => a.first === b.first && a.rows === b.rows && isAlike(a, b);

function overlap(a: Part, b: Part): boolean {
  return drawName(a.inputs) === drawName(b.inputs) && a.first < b.first + b.rows && b.first < a.first + a.rows;
}

/** Of one draw and one covariance. */
function isAlike(a: Part, b: Part): boolean {
  if (a.samples !== b.samples) return false;
  return drawName(a.inputs) === drawName(b.inputs) && isSameSpectrum(a.spectrum, b.spectrum);
}

export function isSameSpectrum(a: Part['spectrum'], b: Part['spectrum']): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && a.length === b.length && a.every((s, j) => s === b[j]);
}

/** Parts that continue the draw of the part before are one with it. */
function joined(parts: readonly Part[]): readonly Part[] {
  const whole: Part[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    const continues =
      last && last.first + last.rows === part.first && last.weight === part.weight && isAlike(last, part);
    if (continues) whole[whole.length - 1] = { ...last, rows: last.rows + part.rows };
    else whole.push(part);
  }
  return whole;
}

/** Labels that continue those before are one with them. */
function merged(labels: readonly Label[]): readonly Label[] {
  const whole: Label[] = [];
  for (const label of labels) {
    const last = whole.at(-1);
    if (last && continues(last, label)) whole[whole.length - 1] = { ...last, rows: last.rows + label.rows };
    else whole.push(label);
  }
  return whole;
}

function continues(a: Label, b: Label): boolean {
  return (
    a.row + a.rows === b.row &&
    a.first + a.rows === b.first &&
    drawName(a.errors) === drawName(b.errors) &&
    a.labels === b.labels &&
    a.share === 1 &&
    b.share === 1 &&
    a.noise === b.noise
  );
}
