import type { Panel } from '../experiment/experiment.ts';
import type { CellResult } from '../experiment/results.ts';
import { type DrawnSeries, drawnSeries, type MarkPoint } from '../report/figure-data.ts';
import type { Drawing, FigureInput, Sheet } from '../report/figure-layout.ts';
import { arrange } from '../report/figure-sheet.ts';
import { labelOf, shortNumber } from '../report/labels.ts';
import { inQuantity, quantityOf } from '../report/quantity.ts';
import { shareOf } from '../report/scale.ts';
import { layoutOf } from '../report/series.ts';
import { svgElement } from '../report/svg-text.ts';
import type { TheoryPoint } from '../report/theory-curve.ts';

/** What a page lays over a figure: the run before, pale, and what can be pointed at. */

/** A point of a figure and what is there, in pixels of its drawing. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly lines: readonly string[];
}

export const sheetOf = (input: FigureInput): Sheet => arrange(inQuantity(input));

/** Every mark, and the theory where no mark is near; from left to right, series by series, frame by frame. */
export function spotsOf({ frames }: Pick<Sheet, 'frames'>, panel: Panel): readonly Spot[] {
  return frames.flatMap((frame) => spotsIn(frame, panel));
}

function spotsIn(drawing: Drawing, panel: Panel): readonly Spot[] {
  const xName = labelOf(layoutOf(panel).x.path).symbol;
  const yName = panel.y ?? panel.errorName ?? 'E';
  return drawing.series.flatMap(({ key, marks, theory }) => {
    const theoryAt = new Map(theory.map(({ x, y }) => [x, y]));
    const head = (x: number) => [...(key === null ? [] : [key]), `${xName} = ${shortNumber(x)}`];
    const marked = marks.map((mark) =>
      spot(drawing, mark, [...head(mark.x), ...markLines(mark, yName), ...theoryLine(theoryAt.get(mark.x))]),
    );
    const places = new Set(marks.map(({ x }) => x));
    const bare = theory
      .filter(({ x, y }) => !places.has(x) && Number.isFinite(y))
      .map((point) => spot(drawing, point, [...head(point.x), ...theoryLine(point.y)]));
    return [...marked, ...(marks.length > 0 ? [] : bare)];
  });
}

function markLines({ y, low, high, hollow }: MarkPoint, name: string): readonly string[] {
  if (hollow) return [`median ${number(y)}`, `5 to 95 %: ${number(low)} to ${number(high)}`];
  return [`${name} = ${number(y)}`, ...(Number.isFinite(low) ? [`95 %: ${number(low)} to ${number(high)}`] : [])];
}

const theoryLine = (y: number | undefined): readonly string[] =>
  y === undefined || !Number.isFinite(y) ? [] : [`theory ${number(y)}`];

const number = (value: number): string => shortNumber(Number(value.toPrecision(4)));

const spot = (drawing: Drawing, at: { readonly x: number; readonly y: number }, lines: readonly string[]): Spot => ({
  ...pixelsOf(drawing, at),
  lines,
});

function pixelsOf({ x, y, margin, width, height }: Drawing, at: { readonly x: number; readonly y: number }) {
  return {
    x: margin.left + shareOf(x, at.x) * (width - margin.left - margin.right),
    y: height - margin.bottom - shareOf(y, at.y) * (height - margin.top - margin.bottom),
  };
}

/** The nearest spot within reach of a place; null where nothing is. */
export function nearestSpot(spots: readonly Spot[], x: number, y: number, reach: number): number | null {
  const distances = spots.map((one) => Math.hypot(one.x - x, one.y - y));
  const nearest = distances.indexOf(Math.min(...distances));
  return nearest >= 0 && distances[nearest]! <= reach ? nearest : null;
}

/** Marks and curves of another run on the axes of this figure, each in the frame of its place; null where they have no x in common. */
export function ghostLayer(
  { frames }: Pick<Sheet, 'frames'>,
  panel: Panel,
  then: { readonly panel: Panel; readonly cells: readonly CellResult[]; readonly theory: readonly TheoryPoint[] },
  document: Document,
): SVGElement | null {
  if (then.panel.figure === null || layoutOf(then.panel).x.path !== layoutOf(panel).x.path) return null;
  if (quantityOf(then.panel).name !== quantityOf(panel).name) return null;
  const shown = inQuantity(then);
  const all = drawnSeries(shown.panel, layoutOf(then.panel), shown.cells, shown.theory);
  const layer = svgElement(document, 'g', { class: 'ghost', 'aria-hidden': 'true' });
  for (const frame of frames) {
    const place = frame.series[0]?.frame ?? null;
    // A run of before that was not parted in this way is in every frame.
    const own = all.filter((one) => one.frame === place || one.frame === null || place === null);
    layer.append(...own.flatMap((one) => ghostOf(frame, one, document)));
  }
  return layer;
}

function ghostOf(drawing: Drawing, { marks, theory, style }: DrawnSeries, document: Document): readonly SVGElement[] {
  const path = lineOf(theory.map((point) => pixelsOf(drawing, point)).map((at) => (isInside(drawing, at) ? at : null)));
  const line = svgElement(document, 'path', { d: path, fill: 'none', stroke: style.color, 'stroke-width': 1.2 });
  const dots = marks.map((mark) => pixelsOf(drawing, mark)).filter((one) => isInside(drawing, one));
  const r = 0.28 * drawing.fontSize;
  return [
    ...(path === '' ? [] : [line]),
    ...dots.map((at) => svgElement(document, 'circle', { cx: at.x, cy: at.y, r, fill: style.color })),
  ];
}

interface Pixel {
  readonly x: number;
  readonly y: number;
}

function isInside({ margin, width, height }: Drawing, { x, y }: Pixel): boolean {
  return (
    x >= margin.left - 1 && x <= width - margin.right + 1 && y >= margin.top - 1 && y <= height - margin.bottom + 1
  );
}

/** A path with gaps where there is no point. */
function lineOf(points: readonly (Pixel | null)[]): string {
  const part = (point: Pixel | null, i: number) =>
    point === null ? '' : `${points[i - 1] ? 'L' : 'M'}${point.x.toFixed(1)},${point.y.toFixed(1)}`;
  return points.map(part).join('');
}
