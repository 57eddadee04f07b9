import type { DrawnSeries } from './figure-data.ts';
import type { Drawing } from './figure-layout.ts';
import { shareOf } from './scale.ts';
import { spread } from './spread.ts';
import { round, svgElement, textElement } from './svg-text.ts';

/** The name of each series at its right end, moved apart where ends are close, with a thin line back to the curve. */
export function seriesLabels(drawing: Drawing, document: Document): readonly SVGElement[] {
  if (!drawing.named) return [];
  const { fontSize, margin, width, height } = drawing;
  const ends = namesOnce(drawing.series)
    .flatMap((one) => endOf(one, drawing))
    .sort((a, b) => a.rank - b.rank);
  const ys = spread(
    ends.map(({ y }) => y),
    1.2 * fontSize,
    margin.top + 0.4 * fontSize,
    height - margin.bottom - 0.4 * fontSize,
  );
  const edge = width - margin.right;
  const x = edge + 1.2 * fontSize;
  return ends.flatMap(({ name, color, ink, ...end }, i) => {
    const d = `M${round(Math.max(end.x + 6, edge))},${round(end.y)}L${round(x - 3)},${round(ys[i]!)}`;
    const leader = svgElement(document, 'path', { d, fill: 'none', stroke: color, 'stroke-width': 0.8 });
    return [leader, textElement(document, name, { x, y: ys[i]! + 0.36 * fontSize, fontSize, fill: ink })];
  });
}

/** Runs that are overlaid have a curve of the same name each: it stands at the first. */
function namesOnce(series: readonly DrawnSeries[]): readonly DrawnSeries[] {
  return series.filter(({ name }, i) => series.findIndex((other) => other.name === name) === i);
}

interface SeriesEnd {
  readonly name: string;
  readonly color: string;
  readonly ink: string;
  readonly x: number;
  readonly y: number;
  /** Orders the labels: the end, and where ends meet the course of the whole series. */
  readonly rank: number;
}

/** Pixel position of the rightmost mark, or of the theory where it goes further. */
function endOf({ name, style, marks, theory }: DrawnSeries, drawing: Drawing): readonly SeriesEnd[] {
  const mark = marks.at(-1);
  const line = theory.findLast(({ y }) => Number.isFinite(y));
  const last = mark === undefined || (line !== undefined && line.x > mark.x) ? line : mark;
  if (name === null || last === undefined) return [];
  const { margin, width, height } = drawing;
  const toY = (y: number) => height - margin.bottom - shareOf(drawing.y, y) * (height - margin.top - margin.bottom);
  const x = margin.left + shareOf(drawing.x, last.x) * (width - margin.left - margin.right);
  const course = [...marks, ...theory].filter((point) => Number.isFinite(point.y)).map((point) => toY(point.y));
  const rank = toY(last.y) + (0.1 * course.reduce((sum, y) => sum + y, 0)) / course.length;
  return [{ name, ...style, x, y: toY(last.y), rank }];
}
