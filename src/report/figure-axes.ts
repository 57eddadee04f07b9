import type { DrawnSeries } from './figure-data.ts';
import { labelOf } from './labels.ts';
import { type AxisScale, linearScale, logScale } from './scale.ts';
import type { FigureLayout } from './series.ts';
import { estimatedWidth } from './svg-text.ts';

/** Logarithmic where the file swept it so, and for a list of positive values that spans more than a decade. */
export function xScale({ x }: Pick<FigureLayout, 'x'>, width: number, apart: number): AxisScale {
  const { values, spacing, path } = x;
  const positive = values.every((value) => value > 0);
  const wide = Math.max(...values) / Math.min(...values) > 10;
  const ticks = Math.max(2, Math.round(width / apart));
  if (positive && (spacing === 'log' || (spacing === 'list' && wide)))
    return logScale(values, ticks, labelOf(path).integer);
  return linearScale(values, ticks, labelOf(path).integer);
}

/** As asked; else logarithmic as the papers draw it, except over a linear x where the errors span less than a factor ten. */
export function yScale(
  series: readonly DrawnSeries[],
  xType: AxisScale['type'],
  asked: AxisScale['type'] | undefined,
  ticks: number,
): AxisScale {
  const marks = series.flatMap((one) => one.marks);
  const values = marks.flatMap(({ y, low, high }) => [y, low, high]).filter(Number.isFinite);
  const printed = series.flatMap((one) => one.printed.map(({ y }) => y));
  const centres = [...marks.map(({ y }) => y), ...printed].filter((y) => y > 0);
  const theory = theoryWithin(series, centres);
  const positive = [...centres, ...theory, ...values.filter((y) => y > Math.min(...centres) / 3)];
  if (positive.length === 0) return linearScale(values.length > 0 ? values : [0, 1], ticks - 1, false);
  const wide = Math.max(...positive) / Math.min(...positive) > 10;
  return (asked ?? (xType === 'log' || wide ? 'log' : 'linear')) === 'log'
    ? logScale(positive, ticks)
    : linearScale([...values, ...printed, ...theory], ticks - 1, false);
}

/** Theory widens the axis by at most a factor four beyond the marks: where it diverges it leaves the frame. */
function theoryWithin(series: readonly DrawnSeries[], marks: readonly number[]): readonly number[] {
  const theory = series
    .flatMap((one) => [...one.theory, ...one.leading].map(({ y }) => y))
    .filter((y) => Number.isFinite(y) && y > 0);
  if (marks.length === 0) return theory;
  const [low, high] = [Math.min(...marks) / 4, Math.max(...marks) * 4];
  return theory.filter((y) => y >= low && y <= high);
}

/** From the frame to the name of the y axis, which stands beyond the widest text of a tick. */
export function yOffsetFor({ major, format }: AxisScale, fontSize: number): number {
  const plain = major.map((value) => format(value).replace(/\^\{(.*)\}/, '$1'));
  const widest = Math.max(0, ...plain.map((text) => estimatedWidth(text, fontSize)));
  return Math.max(4 * fontSize, widest + 1.8 * fontSize);
}
