import * as Plot from '@observablehq/plot';
import { type DrawnSeries, type MarkPoint, startedCells } from './figure-data.ts';
import { seriesLabels } from './figure-labels.ts';
import { arrange, captionSize, type Drawing, type FigureInput, lineHeight } from './figure-layout.ts';
import { levelLines } from './figure-levels.ts';
import { guideMarks } from './guides.ts';
import { labelOf } from './labels.ts';
import { inQuantity, quantityOf } from './quantity.ts';
import { layoutOf } from './series.ts';
import { FONT_FAMILY, raiseSuperscripts, textElement } from './svg-text.ts';
import { tickLines } from './ticks.ts';

export { FIGURE_WIDTHS, type FigureInput, type FigureWidth } from './figure-layout.ts';

const INK = '#1a1a1a';
const FRAME = '#555555';
const GRID = '#e4e4e4';

/** The figure of one panel as a bare SVG; the same in a page and, with a DOM handed in, in Node. */
export function panelFigure(whole: FigureInput, document: Document): SVGSVGElement {
  const input = inQuantity(whole);
  const drawing = arrange(input);
  const svg = plot(drawing, describe(input), document);
  raiseSuperscripts(svg, document);
  const ticks = tickLines(drawing, input.ticks ?? [], document);
  svg.append(...titleAndCaption(drawing, document), ...ticks, ...seriesLabels(drawing, document));
  return svg;
}

function plot(drawing: Drawing, ariaLabel: string, document: Document): SVGSVGElement {
  const { width, height, fontSize, margin, x, y } = drawing;
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
      ...guideMarks(drawing.guides, captionSize(fontSize)),
      ...drawing.series.flatMap(leadingLine),
      ...drawing.series.flatMap(theoryLine),
      ...drawing.series.flatMap((one) => simulation(one, 0.3 * fontSize)),
      ...drawing.series.flatMap((one) => printedRings(one, 0.55 * fontSize)),
    ],
  }) as SVGSVGElement;
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  return svg;
}

function axes({ x, y, xLabel, yLabel, yOffset, fontSize }: Drawing): Plot.Markish[] {
  const common = { color: INK, labelArrow: 'none', labelAnchor: 'center', fontSize } as const;
  const minor = { tickSize: 3, stroke: FRAME, fill: 'none' } as const;
  return [
    Plot.gridX(x.major, { stroke: GRID, strokeOpacity: 1 }),
    Plot.gridY(y.major, { stroke: GRID, strokeOpacity: 1 }),
    Plot.frame({ stroke: FRAME }),
    Plot.axisX(x.minor, minor),
    Plot.axisY(y.minor, minor),
    // Not `tickFormat`: over less than two decades a log scale would leave some of its texts out.
    Plot.axisX(x.major, { ...common, text: x.format, label: xLabel, labelOffset: 3 * fontSize }),
    Plot.axisY(y.major, { ...common, text: y.format, label: yLabel, labelOffset: yOffset }),
  ];
}

function theoryLine({ theory, style }: DrawnSeries): Plot.Markish[] {
  const look = { stroke: style.color, strokeWidth: 1.4, strokeDasharray: '5 3' };
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

function simulation({ marks, style }: DrawnSeries, r: number): Plot.Markish[] {
  const bars = marks.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));
  const dots = (hollow: boolean) => marks.filter((mark: MarkPoint) => mark.hollow === hollow);
  const shape = { x: 'x', y: 'y', symbol: style.symbol, r };
  // A band at each mean and none between means: what lies there was not simulated. Quantiles of a median are bars.
  const [band, quantiles] = [false, true].map((hollow) => bars.filter((mark) => mark.hollow === hollow));
  const interval = { x: 'x', y1: 'low', y2: 'high' };
  return [
    Plot.ruleX(band!, { ...interval, stroke: style.color, strokeWidth: 3 * r, strokeOpacity: 0.35, className: 'band' }),
    Plot.ruleX(quantiles!, { ...interval, stroke: style.color, strokeWidth: 1.2, className: 'interval' }),
    Plot.dot(dots(false), { ...shape, fill: style.color, stroke: 'white', strokeWidth: 0.8, className: 'mean' }),
    Plot.dot(dots(true), { ...shape, fill: 'white', stroke: style.color, strokeWidth: 1.3, className: 'median' }),
  ];
}

function titleAndCaption(drawing: Drawing, document: Document): readonly SVGElement[] {
  const { fontSize, margin, height } = drawing;
  const small = captionSize(fontSize);
  const first = height - margin.bottom + 4.4 * fontSize;
  const set = (line: string, y: number, look: { fontSize: number; fill: string; bold?: boolean }) =>
    textElement(document, line, { x: fontSize, y, ...look });
  return [
    ...drawing.title.map((line, i) => set(line, (1.5 + 1.4 * i) * fontSize, { fontSize, fill: INK, bold: true })),
    ...drawing.caption.map((line, i) => set(line, first + i * lineHeight(fontSize), { fontSize: small, fill: FRAME })),
  ];
}

function describe({ title, panel, cells }: FigureInput): string {
  const { x, series } = layoutOf(panel);
  const against = `${panel.y || panel.errorName ? quantityOf(panel).name : 'test error'} against ${labelOf(x.path).name}`;
  const curves =
    series.length > 0 ? `, one curve for each ${series.map(({ path }) => labelOf(path).name).join(' and ')}` : '';
  return `${title}: ${against}${curves}; ${startedCells(cells).length} simulated points beside their theory`;
}
