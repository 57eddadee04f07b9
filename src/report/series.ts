import { type Axis, NO_FACET, type Panel } from '../experiment/experiment.ts';
import { valueLabel } from './labels.ts';

/** Which axis of a panel runs along x, which ones tell the curves apart, and by which of those curves have frames of their own. */
export interface FigureLayout {
  readonly x: Axis;
  /** All that vary besides x. */
  readonly series: readonly Axis[];
  /** Those of `series` that part the figure into frames, side by side on the same scales. */
  readonly facets: readonly Axis[];
}

/** Curves that can be told apart in one frame; of more, those of further axes have frames of their own. */
const MOST_CURVES = 6;

/** Follows the panel's figure choice; without one the axis with the most values runs along x. */
export function layoutOf(panel: Panel): FigureLayout {
  const swept = panel.axes.filter((axis) => axis.values.length > 1);
  const x = panel.axes.find((axis) => axis.path === panel.figure?.x) ?? longest(swept) ?? panel.axes[0];
  if (x === undefined) throw new Error(`Panel ${panel.name} has no axis to draw along x.`);
  const others = swept.filter((axis) => axis.path !== x.path);
  const chosen = others.filter((axis) => axis.path === panel.figure?.series);
  const series = [...chosen, ...others.filter((axis) => !chosen.includes(axis))];
  return { x, series, facets: facetsOf(series, panel.figure?.facet) };
}

function longest(axes: readonly Axis[]): Axis | undefined {
  return axes.toSorted((a, b) => b.values.length - a.values.length)[0];
}

/** The axis that is asked for, and, where a frame would hold too many curves, all but the first of the others. */
function facetsOf(series: readonly Axis[], asked: string | undefined): readonly Axis[] {
  const named = series.filter((axis) => axis.path === asked);
  const within = series.filter((axis) => axis.path !== asked);
  const curves = within.reduce((product, { values }) => product * values.length, 1);
  return asked !== NO_FACET && curves > MOST_CURVES ? [...named, ...within.slice(1)] : named;
}

type At = Readonly<Record<string, number>>;

/** All that a curve is, `n = 10, σ₀ = 0.1`, in whichever frame it is drawn; null where a panel has a single curve. */
export function seriesOf(layout: FigureLayout, at: At): string | null {
  return namedBy(layout.series, at);
}

/** What a curve is called within its frame. */
export function curveOf({ series, facets }: FigureLayout, at: At): string | null {
  return namedBy(
    series.filter((axis) => !facets.includes(axis)),
    at,
  );
}

/** The frame in which a cell is drawn; null where there is one for all. */
export function frameOf({ facets }: FigureLayout, at: At): string | null {
  return namedBy(facets, at);
}

/** Names of all frames, those of the last of these axes next to each other; empty where there is one for all. */
export function frameNames({ facets }: FigureLayout, order: readonly Axis[] = facets): readonly string[] {
  const places = order.reduce<readonly At[]>(
    (found, { path, values }) => found.flatMap((at) => values.map((value) => ({ ...at, [path]: value }))),
    [{}],
  );
  return facets.length === 0 ? [] : places.map((at) => namedBy(facets, at)!);
}

function namedBy(axes: readonly Axis[], at: At): string | null {
  const names = axes.map(({ path }) => valueLabel(path, at[path] ?? Number.NaN));
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
