import type { Axis } from '../experiment/experiment.ts';

/** A frame on a sheet, pixels from its upper left corner. */
export interface FrameShape {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Whether nothing stands below it; whether nothing to the left. */
  readonly lowest: boolean;
  readonly first: boolean;
}

/** Width of the narrowest frame in which marks can be told apart, in letters' heights. */
const NARROWEST = 11;

/** How frames are laid out: in how many columns, and which axis runs along them (the last). */
export interface Grid {
  readonly columns: number;
  readonly order: readonly Axis[];
}

/** Of two axes one along the columns, where there is room for all its values; else as near a square as can be. `ems`: width in letters' heights. */
export function gridFor(axes: readonly Axis[], ems: number): Grid {
  const most = Math.max(1, Math.floor((ems - 6) / NARROWEST));
  const frames = axes.reduce((product, { values }) => product * values.length, 1);
  const [first, last] = [axes[0]?.values.length ?? 1, axes.at(-1)?.values.length ?? 1];
  if (axes.length === 2 && last <= most) return { columns: last, order: axes };
  if (axes.length === 2 && first <= most) return { columns: first, order: axes.toReversed() };
  const columns = frames <= Math.min(most, 3) ? frames : Math.min(most, Math.ceil(Math.sqrt(frames)));
  return { columns, order: axes };
}

interface Room {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  /** Whether frames have names above them. */
  readonly headed: boolean;
  /** Height that a frame has at least. */
  readonly least: number;
  readonly fontSize: number;
}

/** Frames of one size, row by row. */
export function framesIn(
  count: number,
  columns: number,
  { left, right, top, headed, least, fontSize }: Room,
): readonly FrameShape[] {
  const gap = 1.1 * fontSize;
  const heading = headed ? 1.7 * fontSize : 0;
  const width = (right - left - gap * (columns - 1)) / columns;
  const height = Math.round(Math.max(SHARES[Math.min(columns, SHARES.length) - 1]! * width, least));
  return Array.from({ length: count }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const x = left + column * (width + gap);
    const y = Math.round(top + heading + row * (height + heading + 0.5 * fontSize));
    return { left: x, right: x + width, top: y, bottom: y + height, lowest: i + columns >= count, first: column === 0 };
  });
}

/** Height of a frame as a share of its width, by the number of columns. */
const SHARES = [0.66, 0.72, 0.85, 1];
