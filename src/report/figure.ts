import * as Plot from '@observablehq/plot';
import { type DrawnSeries, type MarkPoint, startedCells } from './figure-data.ts';
import { type KeyEntry, keyLines, keyMarks } from './figure-key.ts';
import { seriesLabels } from './figure-labels.ts';
import {
  captionSize,
  type Drawing,
  type FigureInput,
  lineHeight,
  markRadius,
  type PlacedText,
  type Sheet,
  type Tick,
} from './figure-layout.ts';
import { levelLines } from './figure-levels.ts';
import { arrange, arrangeTogether, type Together } from './figure-sheet.ts';
import { guideLines, guideNames } from './guides.ts';
import { labelOf } from './labels.ts';
import { inQuantity, quantityOf } from './quantity.ts';
import { layoutOf } from './series.ts';
import { FONT_FAMILY, raiseSuperscripts, round, textElement } from './svg-text.ts';
import { tickLines } from './ticks.ts';

export { FIGURE_WIDTHS, type FigureInput, type FigureWidth } from './figure-layout.ts';

const INK = '#1a1a1a';
const FRAME = '#555555';
const GRID = '#e4e4e4';

/** The figure of one panel as a bare SVG; the same in a page and, with a DOM handed in, in Node. */
export function panelFigure(whole: FigureInput, document: Document): SVGSVGElement {
  const input = asDrawn(whole);
  return sheetFigure(arrange(input), describe(input), input.ticks ?? [], document);
}

/** Several panels as one figure, lettered. */
export function panelsFigure(whole: readonly FigureInput[], together: Together, document: Document): SVGSVGElement {
  const inputs = whole.map(asDrawn);
  const labels = inputs.map((input) => describe(input));
  return sheetFigure(arrangeTogether(inputs, together), [together.title, ...labels].join('; '), [], document);
}

/** What the caption under a figure says, without its title: for whoever sets it elsewhere. */
export function captionText(whole: FigureInput): string {
  return Object.values(arrange(asDrawn(whole)).parts).join(' ');
}

/** The same of several panels as one figure. */
export function captionTogether(whole: readonly FigureInput[], together: Together): string {
  return Object.values(arrangeTogether(whole.map(asDrawn), together).parts).join(' ');
}

/** With the term that is asked for in place of the error, also of the runs laid over it. */
function asDrawn(whole: FigureInput): FigureInput {
  const { runs, ...input } = inQuantity(whole);
  return runs ? { ...input, runs: { ...runs, others: runs.others.map(inQuantity) } } : input;
}

/** All frames on one sheet, each drawn in its place. */
function sheetFigure(sheet: Sheet, ariaLabel: string, ticks: readonly Tick[], document: Document): SVGSVGElement {
  const [svg, ...others] = sheet.frames.map((frame, i) => plot(frame, i === 0 ? sheet.key : [], ariaLabel, document));
  for (const other of others)
    svg!.append(...[...other.children].filter(({ tagName }) => tagName.toLowerCase() !== 'style'));
  raiseSuperscripts(svg!, document);
  const { fontSize } = sheet;
  svg!.append(
    ...titleAndCaption(sheet, document),
    ...sheet.texts.map((text) => placedText(text, fontSize, document)),
    ...keyLines(sheet.key, fontSize, document),
    ...sheet.frames.flatMap((frame) => [...tickLines(frame, ticks, document), ...seriesLabels(frame, document)]),
  );
  return svg!;
}

function placedText(
  { text, x, y, anchor, bold = false, turned = false }: PlacedText,
  fontSize: number,
  document: Document,
) {
  const element = textElement(document, text, { x, y, fontSize, fill: INK, bold });
  element.setAttribute('text-anchor', anchor);
  if (turned) element.setAttribute('transform', `rotate(-90 ${round(x)} ${round(y)})`);
  return element;
}

function plot(drawing: Drawing, key: readonly KeyEntry[], ariaLabel: string, document: Document): SVGSVGElement {
  const { width, height, fontSize, margin, radius, x, y } = drawing;
  const style = { fontFamily: FONT_FAMILY, fontSize: `${fontSize}px`, background: 'white', color: INK };
  const svg = Plot.plot({
    document,
    width,
    height,
    ariaLabel,
    style,
    marginTop: margin.top,
    marginRight: margin.right,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    x: { type: x.type, domain: [...x.domain], axis: null },
    y: { type: y.type, domain: [...y.domain], axis: null },
    marks: [
      ...axes(drawing),
      ...levelLines(drawing, FRAME),
      ...guideLines(drawing.guides),
      ...drawing.series.flatMap(leadingLine),
      ...drawing.series.flatMap(theoryLine),
      ...guideNames(drawing.guides, captionSize(fontSize)),
      ...drawing.series.flatMap((one) => simulation(one, radius)),
      ...drawing.series.flatMap((one) => printedRings(one, radius + 0.25 * fontSize)),
      ...keyMarks(key, margin, { fontSize, radius: markRadius(fontSize) }),
    ],
  }) as SVGSVGElement;
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  return svg;
}

function axes({ x, y, xLabel, yLabel, yOffset, numbered, fontSize }: Drawing): Plot.Markish[] {
  const common = { color: INK, labelArrow: 'none', labelAnchor: 'center', fontSize } as const;
  const minor = { tickSize: 3, stroke: FRAME, fill: 'none' } as const;
  const silent = { stroke: INK, fill: 'none' } as const;
  return [
    Plot.gridX(x.major, { stroke: GRID, strokeOpacity: 1 }),
    Plot.gridY(y.major, { stroke: GRID, strokeOpacity: 1 }),
    Plot.frame({ stroke: FRAME }),
    Plot.axisX(x.minor, minor),
    Plot.axisY(y.minor, minor),
    // Not `tickFormat`: over less than two decades a log scale would leave some of its texts out.
    numbered.x
      ? Plot.axisX(x.major, { ...common, text: x.format, label: xLabel || null, labelOffset: 3 * fontSize })
      : Plot.axisX(x.major, silent),
    numbered.y
      ? Plot.axisY(y.major, { ...common, text: y.format, label: yLabel || null, labelOffset: yOffset })
      : Plot.axisY(y.major, silent),
  ];
}

function theoryLine({ theory, style, look: { dash, dashOffset } }: DrawnSeries): Plot.Markish[] {
  const turn = dashOffset === 0 ? {} : { strokeDashoffset: dashOffset };
  const look = { stroke: style.color, strokeWidth: 1.4, strokeDasharray: dash, ...turn };
  return [Plot.line(theory, { x: 'x', y: 'y', ...look, className: 'theory' })];
}

/** Sparser than the theory it is the beginning of. */
function leadingLine({ leading, style }: DrawnSeries): Plot.Markish[] {
  const look = { stroke: style.color, strokeWidth: 1.4, strokeDasharray: '1 3.5', strokeLinecap: 'round' } as const;
  return [Plot.line(leading, { x: 'x', y: 'y', ...look, className: 'leading' })];
}

/** Around the simulated mark where print and simulation agree, beside it where they do not. */
function printedRings({ printed, style }: DrawnSeries, r: number): Plot.Markish[] {
  const look = { stroke: style.color, strokeWidth: 0.9, fill: 'none', r, symbol: 'circle' } as const;
  return [Plot.dot(printed, { x: 'x', y: 'y', ...look, className: 'printed' })];
}

function simulation({ marks, style, look }: DrawnSeries, r: number): Plot.Markish[] {
  const bars = marks.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));
  const dots = (hollow: boolean) => marks.filter((mark: MarkPoint) => mark.hollow === hollow);
  const shape = { x: 'x', y: 'y', symbol: style.symbol, r: r * look.size };
  // A band at each mean and none between means: what lies there was not simulated. Quantiles of a median are bars.
  const [band, quantiles] = [false, true].map((hollow) => bars.filter((mark) => mark.hollow === hollow));
  const interval = { x: 'x', y1: 'low', y2: 'high' };
  return [
    Plot.ruleX(band!, {
      ...interval,
      stroke: style.color,
      strokeWidth: 3 * r * look.size,
      strokeOpacity: 0.35,
      className: 'band',
    }),
    Plot.ruleX(quantiles!, { ...interval, stroke: style.color, strokeWidth: 1.2, className: 'interval' }),
    Plot.dot(dots(false), { ...shape, fill: style.color, stroke: 'white', strokeWidth: 0.8, className: 'mean' }),
    Plot.dot(dots(true), { ...shape, fill: 'white', stroke: style.color, strokeWidth: 1.3, className: 'median' }),
  ];
}

function titleAndCaption(sheet: Sheet, document: Document): readonly SVGElement[] {
  const { fontSize, bottom } = sheet;
  const small = captionSize(fontSize);
  const first = bottom + 4.4 * fontSize;
  const set = (line: string, y: number, look: { fontSize: number; fill: string; bold?: boolean }) =>
    textElement(document, line, { x: fontSize, y, ...look });
  return [
    ...sheet.title.map((line, i) => set(line, (1.5 + 1.4 * i) * fontSize, { fontSize, fill: INK, bold: true })),
    ...sheet.caption.map((line, i) => set(line, first + i * lineHeight(fontSize), { fontSize: small, fill: FRAME })),
  ];
}

function describe({ title, panel, cells }: FigureInput): string {
  const { x, series, facets } = layoutOf(panel);
  const against = `${panel.y || panel.errorName ? quantityOf(panel).name : 'test error'} against ${labelOf(x.path).name}`;
  const each = (what: string, axes: typeof series) =>
    axes.length > 0 ? `, one ${what} for each ${axes.map(({ path }) => labelOf(path).name).join(' and ')}` : '';
  const curves = each(
    'curve',
    series.filter((axis) => !facets.includes(axis)),
  );
  return `${title}: ${against}${curves}${each('frame', facets)}; ${startedCells(cells).length} simulated points beside their theory`;
}
