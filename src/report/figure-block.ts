import { type CaptionParts, captionParts } from './caption.ts';
import { toldApart } from './coincidence.ts';
import { xScale, yOffsetFor, yScale } from './figure-axes.ts';
import { clipLine, type DrawnSeries, drawnSeries, positiveOnly } from './figure-data.ts';
import { type FrameShape, framesIn, gridFor } from './figure-grid.ts';
import { inRows, type KeyEntry, type KeyText, keyOf, NO_KEY } from './figure-key.ts';
import { captionSize, type Drawing, type FigureInput, markRadius, type PlacedText } from './figure-layout.ts';
import { commonX, overlaid } from './figure-runs.ts';
import { withClearNames } from './guide-names.ts';
import { guidesOf } from './guides.ts';
import { labelOf } from './labels.ts';
import { quantityOf } from './quantity.ts';
import { type AxisScale, shareOf } from './scale.ts';
import { frameNames, layoutOf } from './series.ts';
import { estimatedWidth } from './svg-text.ts';

/** The frames of a panel with what stands around them, on a sheet whose height is not known yet. */
export interface Block {
  readonly frames: readonly BoxedFrame[];
  readonly texts: readonly PlacedText[];
  readonly key: readonly KeyEntry[];
  /** What is in the key, or would be if there were one. */
  readonly entries: readonly KeyText[];
  readonly bottom: number;
  readonly parts: CaptionParts;
}

export interface BoxedFrame extends Omit<Drawing, 'width' | 'height' | 'margin'> {
  readonly box: FrameShape;
}

export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly fontSize: number;
}

/** What a block has besides its frames. */
export interface Shape {
  /** Whether curves of a single frame are named at their ends, rather than in a key. */
  readonly named: boolean;
  /** Whether the block has a key, if it needs one. */
  readonly keyed: boolean;
  /** Height of a frame as a share of the block's width, at least. */
  readonly share: number;
}

const ALONE: Shape = { named: true, keyed: true, share: 0 };

/** Frames of a panel side by side, or the one that it has, below a key where curves are not named at their ends. */
export function blockOf(
  input: FigureInput,
  { left, top, width, fontSize }: Place,
  { named, keyed, share }: Shape = ALONE,
): Block {
  const layout = layoutOf(input.panel);
  const others = input.runs?.others ?? [];
  const own = drawnSeries(input.panel, layout, input.cells, input.theory);
  const all = overlaid(own, input.runs?.name ?? '', others);
  const { columns, order } = gridFor(layout.facets, width / fontSize);
  const names = [...new Set([...frameNames(layout, order), ...all.map(({ frame }) => frame)])];
  const single = names.length === 1;
  const radius = markRadius(fontSize, columns);
  const xAxis = xScale({ ...layout, x: commonX(layout, others) }, width / columns, single ? 80 : 60);
  const yAxis = yScale(all, xAxis.type, input.panel.figure?.errors, single ? 7 : 5);
  const series = all.map((one) => visible(one, yAxis));
  const yOffset = yOffsetFor(yAxis, fontSize);
  const atEnds = single && named;
  const entries = keyOf(series, { named: atEnds, runs: input.runs });
  const key = keyed ? inRows(entries, { left: left + fontSize, top, width: width - 2 * fontSize, fontSize }) : NO_KEY;
  const widest = atEnds
    ? Math.max(0, ...series.map(({ name }) => (name === null ? 0 : estimatedWidth(name, fontSize))))
    : 0;
  const boxes = framesIn(names.length, columns, {
    left: left + Math.round(yOffset + 0.6 * fontSize),
    right: left + width - Math.round(widest > 0 ? widest + 1.6 * fontSize : 0.8 * fontSize),
    top: top + key.height,
    headed: !single,
    // As many names as there are curves stand beside a frame.
    least: Math.max(atEnds ? 1.2 * fontSize * new Set(series.map((one) => one.key)).size : 0, share * width),
    fontSize,
  });
  const levels = (input.panel.figure?.levels ?? []).filter(({ y }) => y >= yAxis.domain[0] && y <= yAxis.domain[1]);
  const [xLabel, yLabel] = [labelOf(layout.x.path).name, quantityOf(input.panel).name];
  const guidesIn = (within: readonly DrawnSeries[], { left, right, top: upper, bottom: lower }: FrameShape) => {
    if (xAxis.type !== 'log' || yAxis.type !== 'log') return [];
    const [wide, high] = [right - left, lower - upper];
    const pixels = (at: { readonly x: number; readonly y: number }) => ({
      x: shareOf(xAxis, at.x) * wide,
      y: (1 - shareOf(yAxis, at.y)) * high,
    });
    const guides = guidesOf(input.fits ?? [], layout, within, yAxis.domain);
    return withClearNames(guides, within, { pixels, width: wide, height: high, fontSize: captionSize(fontSize) });
  };
  const frames = boxes.map((box, i): BoxedFrame => {
    const within = series.filter(({ frame }) => frame === names[i]);
    const pixels = (y: number) => (1 - shareOf(yAxis, y)) * (box.bottom - box.top);
    return {
      box,
      fontSize,
      x: xAxis,
      y: yAxis,
      xLabel: single ? xLabel : '',
      yLabel: single ? yLabel : '',
      yOffset,
      numbered: { x: box.lowest, y: box.first },
      named: atEnds,
      radius,
      series: toldApart(within, pixels),
      levels: i === 0 ? levels : levels.map((level) => ({ ...level, label: '' })),
      guides: guidesIn(within, box),
    };
  });
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  const axisNames = single ? [] : sharedNames(boxes, { xLabel, yLabel, yOffset, fontSize });
  const headings = single ? [] : boxes.map((box, i) => headingOf(names[i] ?? '', box, fontSize));
  const parts = captionParts({ ...input, overlaid: others, ...drawnIn(all, frames) });
  return { frames, texts: [...headings, ...axisNames], key: key.entries, entries, bottom, parts };
}

const headingOf = (text: string, box: FrameShape, fontSize: number): PlacedText => ({
  text,
  x: box.left,
  y: box.top - 0.45 * fontSize,
  anchor: 'start',
});

/** The names of axes that several frames share, in the middle of them. */
function sharedNames(
  boxes: readonly FrameShape[],
  { xLabel, yLabel, yOffset, fontSize }: Pick<Drawing, 'xLabel' | 'yLabel' | 'yOffset' | 'fontSize'>,
): readonly PlacedText[] {
  const [left, right] = [Math.min(...boxes.map((box) => box.left)), Math.max(...boxes.map((box) => box.right))];
  const [top, bottom] = [Math.min(...boxes.map((box) => box.top)), Math.max(...boxes.map((box) => box.bottom))];
  return [
    { text: xLabel, x: (left + right) / 2, y: bottom + 3 * fontSize, anchor: 'middle' },
    { text: yLabel, x: left - yOffset + 0.75 * fontSize, y: (top + bottom) / 2, anchor: 'middle', turned: true },
  ];
}

/** What of all curves is in the frames, for the caption. */
function drawnIn(all: readonly DrawnSeries[], frames: readonly Pick<Drawing, 'series'>[]) {
  const series = frames.flatMap((frame) => frame.series);
  const count = (list: readonly DrawnSeries[]) => list.reduce((sum, one) => sum + one.marks.length, 0);
  return {
    theoryDrawn: series.some((one) => one.theory.some((point) => Number.isFinite(point.y))),
    leadingDrawn: series.some((one) => one.leading.length > 0),
    printedDrawn: series.some((one) => one.printed.length > 0),
    inTurns: series.some(({ look }) => look.dashOffset !== 0),
    nested: series.some(({ look }) => look.size !== 1),
    dropped: count(all) - count(series),
  };
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
