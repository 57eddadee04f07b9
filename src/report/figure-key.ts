import * as Plot from '@observablehq/plot';
import type { DrawnSeries } from './figure-data.ts';
import { type OverlaidRun, runLook } from './figure-runs.ts';
import type { SeriesStyle } from './series.ts';
import { estimatedWidth, svgElement, textElement } from './svg-text.ts';

/** A line of the key: a mark on its line, and a name. */
export interface KeyText {
  readonly text: string;
  readonly color: string;
  readonly ink: string;
  readonly symbol: SeriesStyle['symbol'];
  /** Of the line of theory; null where there is none. */
  readonly dash: string | null;
}

/** The same in its place: the left end of the line, on which the mark stands; pixels of the sheet. */
export interface KeyEntry extends KeyText {
  readonly x: number;
  readonly y: number;
}

interface KeyOf {
  /** Whether curves are named at their ends. */
  readonly named: boolean;
  readonly runs: { readonly name: string; readonly others: readonly OverlaidRun[] } | undefined;
}

/** Letters and lines that stand for no curve. */
const NEUTRAL = '#555555';

/** Names of curves where they are not at their ends, and of runs where colours do not tell them. */
export function keyOf(series: readonly DrawnSeries[], { named, runs }: KeyOf): readonly KeyText[] {
  return [...(named ? [] : curveEntries(series)), ...runEntries(series, runs)];
}

interface Placed {
  readonly entries: readonly KeyEntry[];
  readonly height: number;
}

export const NO_KEY: Placed = { entries: [], height: 0 };

/** Lines of a key in rows that fit the width. */
export function inRows(
  texts: readonly KeyText[],
  { left, top, width, fontSize }: Readonly<Record<'left' | 'top' | 'width' | 'fontSize', number>>,
): Placed {
  if (texts.length === 0) return NO_KEY;
  const entries: KeyEntry[] = [];
  let [x, row] = [left, 0];
  for (const one of texts) {
    const wide = 3.4 * fontSize + estimatedWidth(one.text, fontSize);
    if (x > left && x + wide > left + width) [x, row] = [left, row + 1];
    entries.push({ ...one, x, y: top + (1.5 * row + 0.6) * fontSize });
    x += wide + 0.8 * fontSize;
  }
  return { entries, height: Math.round(1.5 * (row + 1) * fontSize + 0.3 * fontSize) };
}

function curveEntries(series: readonly DrawnSeries[]): readonly KeyText[] {
  const seen = new Map<string, KeyText>();
  for (const { name, style, theory, look } of series)
    if (name !== null && !seen.has(name))
      seen.set(name, { text: name, ...style, dash: theory.length > 0 ? look.dash : null });
  return [...seen.values()];
}

/** Where curves take the colours, runs take the marks. */
function runEntries(series: readonly DrawnSeries[], runs: KeyOf['runs']): readonly KeyText[] {
  if (runs === undefined || runsAreCurves(series, runs.others.length + 1)) return [];
  return [runs.name, ...runs.others.map(({ name }) => name)].map((text, run) => {
    const drawn = series.some((one) => one.run === run && one.theory.length > 0);
    const { symbol, dash } = runLook(run);
    return { text, color: NEUTRAL, ink: NEUTRAL, symbol, dash: drawn ? dash : null };
  });
}

/** Whether each run has a name and a colour of its own. */
function runsAreCurves(series: readonly DrawnSeries[], runs: number): boolean {
  const names = new Set(series.map(({ name }) => name));
  return (
    names.size === runs &&
    series.every(({ name, run }) => series.every((one) => (one.run === run) === (one.name === name)))
  );
}

/** Marks of the key, placed from the corner of a frame. */
export function keyMarks(
  entries: readonly KeyEntry[],
  corner: { readonly left: number; readonly top: number },
  { fontSize, radius }: { readonly fontSize: number; readonly radius: number },
): Plot.Markish[] {
  return entries.map(({ x, y, color, symbol }) =>
    Plot.dot([0], {
      frameAnchor: 'top-left',
      dx: x + 1.2 * fontSize - corner.left,
      dy: y - corner.top,
      symbol,
      r: radius,
      fill: color,
      stroke: 'white',
      strokeWidth: 0.8,
      className: 'key',
    }),
  );
}

/** Lines and names of the key. */
export function keyLines(entries: readonly KeyEntry[], fontSize: number, document: Document): readonly SVGElement[] {
  return entries.flatMap(({ text, x, y, color, ink, dash }) => {
    const look = {
      class: 'key-line',
      fill: 'none',
      stroke: color,
      'stroke-width': 1.4,
      'stroke-dasharray': dash ?? '',
    };
    const line = svgElement(document, 'path', { d: `M${x},${y}h${2.4 * fontSize}`, ...look });
    const name = textElement(document, text, { x: x + 2.9 * fontSize, y: y + 0.36 * fontSize, fontSize, fill: ink });
    return [...(dash === null ? [] : [line]), name];
  });
}
