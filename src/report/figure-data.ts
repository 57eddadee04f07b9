import type { Panel } from '../experiment/experiment.ts';
import type { CellResult } from '../experiment/results.ts';
import { interval95 } from '../statistics/interval.ts';
import { curveOf, type FigureLayout, frameOf, type SeriesStyle, seriesNames, seriesOf, styleOf } from './series.ts';
import type { TheoryPoint } from './theory-curve.ts';

/** One cell as it is drawn. */
export interface MarkPoint {
  readonly x: number;
  readonly y: number;
  /** Ends of the bar: the 95 % interval of the mean, or the 5 and 95 % quantiles of a median. */
  readonly low: number;
  readonly high: number;
  /** Hollow: a median, where the mean does not exist. */
  readonly hollow: boolean;
}

/** How a curve is drawn beside others that may lie on it. */
export interface Look {
  /** Of the theory, as SVG has it, and how far along the line its first dash begins. */
  readonly dash: string;
  readonly dashOffset: number;
  /** Of its marks, in parts of that of others. */
  readonly size: number;
}

const PLAIN_LOOK: Look = { dash: '5 3', dashOffset: 0, size: 1 };

export interface DrawnSeries {
  /** All that the curve is, as `seriesOf` has it. */
  readonly key: string | null;
  /** What it is called in its frame. */
  readonly name: string | null;
  /** Its frame; null where there is one for all. */
  readonly frame: string | null;
  /** Index of its run where several are overlaid. */
  readonly run: number;
  readonly style: SeriesStyle;
  readonly look: Look;
  readonly marks: readonly MarkPoint[];
  readonly theory: readonly TheoryPoint[];
  /** The theory to leading order, where it is asked for and there is more to it. */
  readonly leading: readonly TheoryPoint[];
  /** Values of the publication. */
  readonly printed: readonly { readonly x: number; readonly y: number }[];
}

/** The cells and the theory of a panel, series by series, each along x. */
export function drawnSeries(
  panel: Panel,
  layout: FigureLayout,
  cells: readonly CellResult[],
  theory: readonly TheoryPoint[],
): readonly DrawnSeries[] {
  const places = new Map(panel.cells.map(({ at }) => [seriesOf(layout, at), at]));
  const curves = [...new Set(panel.cells.map(({ at }) => curveOf(layout, at)))];
  return seriesNames(panel, layout).map((key) => {
    const name = curveOf(layout, places.get(key)!);
    return {
      key,
      name,
      frame: frameOf(layout, places.get(key)!),
      run: 0,
      style: styleOf(curves.indexOf(name)),
      look: PLAIN_LOOK,
      marks: cells
        .filter((cell) => seriesOf(layout, cell.at) === key && Number.isFinite(cell.median))
        .map((cell) => markOf(cell, layout.x.path))
        .sort((a, b) => a.x - b.x),
      theory: lineOf(theory, key, ({ y }) => y),
      leading: lineOf(theory, key, ({ leading = Number.NaN }) => leading),
      printed: (panel.expected ?? []).flatMap(({ cell, value }) => {
        const { at } = panel.cells[cell]!;
        return seriesOf(layout, at) === key ? [{ x: at[layout.x.path] ?? Number.NaN, y: value }] : [];
      }),
    };
  });
}

/** One line of a series along x; empty where it has no point. */
function lineOf(
  theory: readonly TheoryPoint[],
  key: string | null,
  y: (point: TheoryPoint) => number,
): readonly TheoryPoint[] {
  const line = theory.filter(({ series }) => series === key).map((point) => ({ ...point, y: y(point) }));
  return line.some((point) => Number.isFinite(point.y)) ? line.sort((a, b) => a.x - b.x) : [];
}

/** Cells in which any trial was drawn. */
export function startedCells(cells: readonly CellResult[]): readonly CellResult[] {
  return cells.filter(({ trials, failed }) => trials + failed > 0);
}

/** A mean is missing where theory says that it is infinite; then the median stands in. */
export function hasMean(cell: CellResult): boolean {
  return Number.isFinite(cell.mean);
}

function markOf(cell: CellResult, xPath: string): MarkPoint {
  const x = cell.at[xPath] ?? Number.NaN;
  if (!hasMean(cell)) return { x, y: cell.median, low: cell.q05, high: cell.q95, hollow: true };
  return { x, y: cell.mean, ...interval95(cell), hollow: false };
}

/** What a log axis cannot show: keeps the rest, and bars that reach zero end at `floor`. */
export function positiveOnly(marks: readonly MarkPoint[], floor: number): readonly MarkPoint[] {
  return marks.filter(({ y }) => y > 0).map((mark) => ({ ...mark, low: Math.max(mark.low, floor) }));
}

/**
 * Cuts a line at the edges of the y axis: a theory that diverges leaves the frame where it crosses it. `map` makes the
 * axis linear.
 */
export function clipLine(
  line: readonly TheoryPoint[],
  [low, high]: readonly [number, number],
  map: (y: number) => number,
): readonly TheoryPoint[] {
  const clamp = (y: number) => Math.min(Math.max(y, low), high);
  const outside = (y: number) => y < low || y > high;
  return line.flatMap((point, i) => {
    if (!outside(point.y)) return [point];
    const edge = clamp(point.y);
    const crossings = [line[i - 1], line[i + 1]].map((neighbour) => crossing(point, neighbour, edge, map));
    return [crossings[0], { ...point, y: Number.NaN }, crossings[1]].filter((p) => p !== null && p !== undefined);
  });
}

function crossing(from: TheoryPoint, to: TheoryPoint | undefined, edge: number, map: (y: number) => number) {
  if (to === undefined || !Number.isFinite(to.y) || !Number.isFinite(from.y)) return null;
  const share = (map(edge) - map(from.y)) / (map(to.y) - map(from.y));
  return share >= 0 && share <= 1 ? { ...from, x: from.x + share * (to.x - from.x), y: edge } : null;
}
