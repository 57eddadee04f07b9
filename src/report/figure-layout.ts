import type { Level, Panel } from '../experiment/experiment.ts';
import type { CellResult, FitResult } from '../experiment/results.ts';
import { type CaptionParts, captionParts, type Provenance } from './caption.ts';
import { clipLine, type DrawnSeries, drawnSeries, positiveOnly } from './figure-data.ts';
import { type Guide, guidesOf } from './guides.ts';
import { labelOf } from './labels.ts';
import { quantityOf } from './quantity.ts';
import { type AxisScale, linearScale, logScale } from './scale.ts';
import { type FigureLayout, layoutOf } from './series.ts';
import { estimatedWidth, round, wrapText } from './svg-text.ts';
import type { TheoryPoint } from './theory-curve.ts';

/** Column widths in CSS pixels (96 to the inch): NeurIPS 5.5 in, one ICML column 3.25 in; one of two on a page, which grows a little. */
export const FIGURE_WIDTHS = { default: 640, neurips: 528, page: 420, icml: 312 } as const;
export type FigureWidth = keyof typeof FIGURE_WIDTHS;

export interface FigureInput {
  readonly title: string;
  readonly panel: Panel;
  /** Cells finished so far. */
  readonly cells: readonly CellResult[];
  readonly theory: readonly TheoryPoint[];
  readonly fits?: readonly FitResult[] | undefined;
  /** Places on the curves to be marked. */
  readonly ticks?: readonly Tick[] | undefined;
  readonly provenance: Provenance;
  readonly width?: FigureWidth | undefined;
  /** Without title and caption, for a page that sets them beside it. */
  readonly bare?: boolean | undefined;
}

/** A place on a curve that is marked by an upright tick. */
export interface Tick {
  readonly x: number;
  readonly y: number;
  /** As `seriesOf` names it. */
  readonly series: string | null;
  readonly kind: 'theory' | 'simulation' | 'rule';
}

/** All that the parts of a figure need to know of each other. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly fontSize: number;
  readonly margin: { readonly top: number; readonly right: number; readonly bottom: number; readonly left: number };
  readonly x: AxisScale;
  readonly y: AxisScale;
  readonly xLabel: string;
  readonly yLabel: string;
  /** From the frame to the name of the y axis. */
  readonly yOffset: number;
  readonly series: readonly DrawnSeries[];
  /** Those within the y axis. */
  readonly levels: readonly Level[];
  readonly guides: readonly Guide[];
  readonly title: readonly string[];
  readonly caption: readonly string[];
  /** What the caption says, sentence by sentence. */
  readonly parts: CaptionParts;
}

/** Decides sizes, scales and texts before anything is drawn. */
export function arrange(input: FigureInput): Drawing {
  const layout = layoutOf(input.panel);
  const all = drawnSeries(input.panel, layout, input.cells, input.theory);
  const width = FIGURE_WIDTHS[input.width ?? 'default'];
  const fontSize = width < 400 ? 10 : width < 600 ? 11 : 12;
  const x = xScale(layout, width);
  const y = yScale(all, x.type, input.panel.figure?.errors);
  const series = all.map((one) => visible(one, y));
  const count = (list: readonly DrawnSeries[]) => list.reduce((sum, one) => sum + one.marks.length, 0);
  const theoryDrawn = series.some((one) => one.theory.some((point) => Number.isFinite(point.y)));
  const leadingDrawn = series.some((one) => one.leading.length > 0);
  const printedDrawn = series.some((one) => one.printed.length > 0);
  const levels = (input.panel.figure?.levels ?? []).filter((level) => level.y >= y.domain[0] && level.y <= y.domain[1]);
  const dropped = count(all) - count(series);
  const caption = captionParts({ ...input, theoryDrawn, leadingDrawn, printedDrawn, dropped });
  const text = Object.values(caption).join(' ');
  const lines = input.bare ? [] : wrapText(text, width - 2 * fontSize, captionSize(fontSize));
  const title = input.bare ? [] : wrapText(input.title, width - 2 * fontSize, 1.12 * fontSize);
  const yOffset = yOffsetFor(y, fontSize);
  const margin = marginsFor(fontSize, series, title.length, lines.length, yOffset);
  const height = Math.round(margin.top + 0.66 * (width - margin.left - margin.right) + margin.bottom);
  const guides = x.type === 'log' && y.type === 'log' ? guidesOf(input.fits ?? [], layout, series) : [];
  const xLabel = labelOf(layout.x.path).name;
  const yLabel = quantityOf(input.panel).name;
  return {
    width,
    height,
    fontSize,
    margin,
    x,
    y,
    series,
    levels,
    guides,
    title,
    caption: lines,
    parts: caption,
    xLabel,
    yLabel,
    yOffset,
  };
}

function marginsFor(
  fontSize: number,
  series: readonly DrawnSeries[],
  titleLines: number,
  captionLines: number,
  yOffset: number,
): Drawing['margin'] {
  const widest = Math.max(0, ...series.map(({ name }) => (name === null ? 0 : estimatedWidth(name, fontSize))));
  return {
    top: Math.round((1 + 1.4 * titleLines) * fontSize),
    right: Math.round(widest > 0 ? widest + 1.6 * fontSize : 0.8 * fontSize),
    bottom: Math.round(4 * fontSize + captionLines * lineHeight(fontSize)),
    left: Math.round(yOffset + 0.6 * fontSize),
  };
}

/** From the frame to the name of the y axis, which stands beyond the widest text of a tick. */
function yOffsetFor({ major, format }: AxisScale, fontSize: number): number {
  const plain = major.map((value) => format(value).replace(/\^\{(.*)\}/, '$1'));
  const widest = Math.max(0, ...plain.map((text) => estimatedWidth(text, fontSize)));
  return Math.max(4 * fontSize, widest + 1.8 * fontSize);
}

export const captionSize = (fontSize: number) => round(0.84 * fontSize);
export const lineHeight = (fontSize: number) => 1.35 * captionSize(fontSize);

/** Logarithmic where the file swept it so, and for a list of positive values that spans more than a decade. */
function xScale({ x }: FigureLayout, width: number): AxisScale {
  const { values, spacing, path } = x;
  const positive = values.every((value) => value > 0);
  const wide = Math.max(...values) / Math.min(...values) > 10;
  const ticks = Math.round(width / 80);
  if (positive && (spacing === 'log' || (spacing === 'list' && wide)))
    return logScale(values, ticks, labelOf(path).integer);
  return linearScale(values, ticks, labelOf(path).integer);
}

/** As asked; else logarithmic as the papers draw it, except over a linear x where the errors span less than a factor ten. */
function yScale(
  series: readonly DrawnSeries[],
  xType: AxisScale['type'],
  asked: AxisScale['type'] | undefined,
): AxisScale {
  const marks = series.flatMap((one) => one.marks);
  const values = marks.flatMap(({ y, low, high }) => [y, low, high]).filter(Number.isFinite);
  const printed = series.flatMap((one) => one.printed.map(({ y }) => y));
  const centres = [...marks.map(({ y }) => y), ...printed].filter((y) => y > 0);
  const theory = theoryWithin(series, centres);
  const positive = [...centres, ...theory, ...values.filter((y) => y > Math.min(...centres) / 3)];
  if (positive.length === 0) return linearScale(values.length > 0 ? values : [0, 1], 6, false);
  const wide = Math.max(...positive) / Math.min(...positive) > 10;
  return (asked ?? (xType === 'log' || wide ? 'log' : 'linear')) === 'log'
    ? logScale(positive, 7)
    : linearScale([...values, ...printed, ...theory], 6, false);
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

function visible(series: DrawnSeries, y: AxisScale): DrawnSeries {
  const log = y.type === 'log';
  return {
    ...series,
    marks: log ? positiveOnly(series.marks, y.domain[0]) : series.marks,
    theory: clipLine(series.theory, y.domain, log ? Math.log10 : (value) => value),
    leading: clipLine(series.leading, y.domain, log ? Math.log10 : (value) => value),
    printed: log ? series.printed.filter((point) => point.y > 0) : series.printed,
  };
}
