import type { Axis, Panel } from '../experiment/experiment.ts';
import { valueLabel } from './labels.ts';

/** Which axis of a panel runs along x and which ones tell the series apart. */
export interface FigureLayout {
  readonly x: Axis;
  readonly series: readonly Axis[];
}

/** Follows the panel's figure choice; without one the axis with the most values runs along x. */
export function layoutOf(panel: Panel): FigureLayout {
  const swept = panel.axes.filter((axis) => axis.values.length > 1);
  const x = panel.axes.find((axis) => axis.path === panel.figure?.x) ?? longest(swept) ?? panel.axes[0];
  if (x === undefined) throw new Error(`Panel ${panel.name} has no axis to draw along x.`);
  const others = swept.filter((axis) => axis.path !== x.path);
  const chosen = others.filter((axis) => axis.path === panel.figure?.series);
  return { x, series: [...chosen, ...others.filter((axis) => !chosen.includes(axis))] };
}

function longest(axes: readonly Axis[]): Axis | undefined {
  return axes.toSorted((a, b) => b.values.length - a.values.length)[0];
}

/** The name of the series a cell belongs to, `n = 10`; null where a panel has a single curve. */
export function seriesOf(layout: FigureLayout, at: Readonly<Record<string, number>>): string | null {
  const names = layout.series.map(({ path }) => valueLabel(path, at[path] ?? Number.NaN));
  return names.length > 0 ? names.join(', ') : null;
}

/** All series of a panel in file order, drawn or not yet, so that colours do not move while results come in. */
export function seriesNames(panel: Panel, layout: FigureLayout): readonly (string | null)[] {
  return [...new Set(panel.cells.map((cell) => seriesOf(layout, cell.at)))];
}

export interface SeriesStyle {
  readonly color: string;
  /** The same hue for text, at least 4.5 to 1 on white (WCAG 2.2, 1.4.3). */
  readonly ink: string;
  readonly symbol: 'circle' | 'square' | 'triangle' | 'diamond' | 'triangle2' | 'wye' | 'star';
}

/** Okabe and Ito (2008), without the yellow that vanishes on white; blue and vermillion first, they differ most. */
const COLORS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000'] as const;
/** By colour. */
const INKS = ['#0068A3', '#A84A00', '#007354', '#A04478', '#855C00', '#1B6D9C', '#000000'] as const;
const SYMBOLS = ['circle', 'square', 'triangle', 'diamond', 'triangle2', 'wye', 'star'] as const;

/** Colour and shape of the i-th series; from the eighth on the shapes shift against the colours. */
export function styleOf(index: number): SeriesStyle {
  const round = Math.floor(index / COLORS.length);
  return {
    color: COLORS[index % COLORS.length]!,
    ink: INKS[index % INKS.length]!,
    symbol: SYMBOLS[(index + round) % SYMBOLS.length]!,
  };
}
