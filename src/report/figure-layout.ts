import type { Level, Panel } from '../experiment/experiment.ts';
import type { CellResult, FitResult } from '../experiment/results.ts';
import type { CaptionParts, Provenance } from './caption.ts';
import type { DrawnSeries } from './figure-data.ts';
import type { KeyEntry } from './figure-key.ts';
import type { OverlaidRun } from './figure-runs.ts';
import type { Guide } from './guides.ts';
import type { AxisScale } from './scale.ts';
import { round } from './svg-text.ts';
import type { TheoryPoint } from './theory-curve.ts';

/** Column widths in CSS pixels (96 to the inch): NeurIPS 5.5 in, one ICML column 3.25 in; one of two on a page, which grows a little. */
export const FIGURE_WIDTHS = { default: 640, neurips: 528, page: 420, icml: 312 } as const;
/** By name, or in CSS pixels. */
export type FigureWidth = keyof typeof FIGURE_WIDTHS | number;

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
  /** Other runs on the same axes, and what this one is called beside them. */
  readonly runs?: { readonly name: string; readonly others: readonly OverlaidRun[] } | undefined;
}

/** A place on a curve that is marked by an upright tick. */
export interface Tick {
  readonly x: number;
  readonly y: number;
  /** As `seriesOf` names it. */
  readonly series: string | null;
  readonly kind: 'theory' | 'simulation' | 'rule';
}

/** One frame on its sheet: all that its parts need to know of each other. */
export interface Drawing {
  /** Of the sheet. */
  readonly width: number;
  readonly height: number;
  readonly fontSize: number;
  /** From the edges of the sheet to the frame. */
  readonly margin: { readonly top: number; readonly right: number; readonly bottom: number; readonly left: number };
  readonly x: AxisScale;
  readonly y: AxisScale;
  /** Empty where the sheet names the axis for several frames. */
  readonly xLabel: string;
  readonly yLabel: string;
  /** From the frame to the name of the y axis. */
  readonly yOffset: number;
  /** Whether numbers stand along the axes. */
  readonly numbered: { readonly x: boolean; readonly y: boolean };
  /** Whether curves are named at their ends. */
  readonly named: boolean;
  /** Of a mark, pixels. */
  readonly radius: number;
  readonly series: readonly DrawnSeries[];
  /** Those within the y axis. */
  readonly levels: readonly Level[];
  readonly guides: readonly Guide[];
}

/** A text on a sheet, its baseline at y; turned texts run upwards. */
export interface PlacedText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle';
  readonly bold?: boolean;
  readonly turned?: boolean;
}

/** A whole figure before it is drawn. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly fontSize: number;
  readonly frames: readonly Drawing[];
  /** Names of frames, and of axes that several frames share. */
  readonly texts: readonly PlacedText[];
  readonly key: readonly KeyEntry[];
  readonly title: readonly string[];
  readonly caption: readonly string[];
  /** Where the lowest frame ends. */
  readonly bottom: number;
  /** What the caption says, sentence by sentence. */
  readonly parts: CaptionParts;
}

/** Pixels of a width. */
export const pixelsOf = (width: FigureWidth): number => (typeof width === 'number' ? width : FIGURE_WIDTHS[width]);

export const fontSizeFor = (width: number): number => (width < 400 ? 10 : width < 600 ? 11 : 12);
export const captionSize = (fontSize: number) => round(0.84 * fontSize);
export const lineHeight = (fontSize: number) => 1.35 * captionSize(fontSize);
/** Smaller in frames side by side. */
export const markRadius = (fontSize: number, columns = 1): number => (columns > 1 ? 0.24 : 0.3) * fontSize;
