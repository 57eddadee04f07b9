import { type Design, isSameSpectrum, type Label, type Part } from '../../design.ts';

/** Rows of a part that stand within some rows of its design. */
export interface Slice {
  readonly part: Part;
  /** First of them, from the first of those rows on. */
  readonly into: number;
  readonly rows: number;
  /** Rows of the draw that stand before them. */
  readonly firstRow: number;
}

/** What parts put into rows `from .. from + rows` of a design. */
export function slicesOf({ parts }: Design, from: number, rows: number): readonly Slice[] {
  const slices: Slice[] = [];
  let start = 0;
  for (const part of parts) {
    const first = Math.max(start, from);
    const end = Math.min(start + part.rows, from + rows);
    if (first < end) slices.push({ part, into: first - from, rows: end - first, firstRow: part.first + first - start });
    start += part.rows;
  }
  return slices;
}

/** Rows that one label is for, within some rows of its design. */
export interface LabelSlice {
  readonly label: Label;
  /** First of them, from the first of those rows on. */
  readonly into: number;
  readonly rows: number;
  /** Rows of the label errors that stand before them. */
  readonly firstRow: number;
  /** Whether it is the first label of these rows; further ones are added. */
  readonly initial: boolean;
}

/** The labels of rows `from .. from + rows` of a design. */
export function labelSlicesOf(labels: readonly Label[], from: number, rows: number): readonly LabelSlice[] {
  const begun = new Set<number>();
  return labels.flatMap((label) => {
    const first = Math.max(label.row, from);
    const end = Math.min(label.row + label.rows, from + rows);
    if (first >= end) return [];
    const initial = !begun.has(label.row);
    begun.add(label.row);
    return [{ label, into: first - from, rows: end - first, firstRow: label.first + first - label.row, initial }];
  });
}

/** The spectra that parts of designs are drawn with, that of the test inputs first. */
export function spectraOf(spectrum: readonly number[], designs: readonly Design[]): readonly (readonly number[])[] {
  const spectra = [spectrum];
  for (const { parts } of designs)
    for (const part of parts) if (part.spectrum && indexOf(spectra, part) < 0) spectra.push(part.spectrum);
  return spectra;
}

/** Which of them a part has. */
export function indexOf(spectra: readonly (readonly number[])[], { spectrum }: Part): number {
  if (!spectrum) return 0;
  return spectra.findIndex((other) => isSameSpectrum(other, spectrum));
}
