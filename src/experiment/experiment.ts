/**
 * A resolved experiment: every default filled in, every sweep expanded to cells. This is what the rest of the
 * program works on; how a file or a link becomes one is in `parse.ts`.
 */

/** Where the published figure stands. */
export interface Source {
  readonly arxiv: string;
  readonly figure?: string | undefined;
}

/** Which axis of the sweep runs along x and which one makes the series; `y` is the statistic drawn. */
export interface FigureChoice {
  readonly x: string;
  readonly series?: string | undefined;
  /** Which axis has a frame for each of its values, side by side; `NO_FACET`: all curves are in one. Default: any that one frame cannot hold. */
  readonly facet?: string | undefined;
  /** Errors that are marked by a line across the figure, for instance that of predicting zero. */
  readonly levels?: readonly Level[] | undefined;
  /** Default: logarithmic, except over a linear x where the errors span less than a factor ten. */
  readonly errors?: 'log' | 'linear' | undefined;
}

/** In place of an axis: no frames side by side; and, in a file, those that one frame needs. */
export const NO_FACET = 'none';
export const AUTO_FACET = 'auto';

/** The parts of a mean test error by what causes them: ridge and inputs, label noise of the last fit, that of the generators. */
export const TERMS = ['bias', 'variance', 'collapse'] as const;
export type Term = (typeof TERMS)[number];

export type Level = { readonly y: number; readonly label: string };

/** A value that a publication prints or plots for a cell of the panel. */
export interface Expected {
  /** Index into the panel's cells. */
  readonly cell: number;
  readonly value: number;
  /** How far the value can be off as read from print, relative to it. */
  readonly within: number;
  /** Why the print is wrong, where it is. */
  readonly misprint?: string | undefined;
  /** Which settings of the figure are not given, where the value hangs on them. */
  readonly unsettled?: string | undefined;
  /** What the simulation gives where the print is wrong or its settings unknown: a value, or two that it lies between. */
  readonly instead?: number | readonly [low: number, high: number] | undefined;
}

/** A cell whose mean should be the sum of multiples of the means of others. */
export interface Relation {
  /** Index into the panel's cells. */
  readonly cell: number;
  /** What the sum is, in words. */
  readonly says: string;
  readonly sum: readonly { readonly panel: string; readonly cell: number; readonly times: number }[];
  /** How far the mean may be off, relative to the sum. */
  readonly within: number;
}

/** Curves along T whose exponent is fitted. */
export interface FitRequest {
  /** First and last T; null for the whole curve. */
  readonly window: readonly [low: number, high: number] | null;
  /** Swept numbers that the curve must have. */
  readonly at: Readonly<Record<string, number>>;
  /** Where given, the fit is of what the curve adds to the one where these numbers are changed. */
  readonly over: Readonly<Record<string, number>> | null;
  /** Largest spread of the theory's slope within the window. */
  readonly tolerance: number;
}

/** One swept number: its dotted path in the file and the values it takes, in file order. */
export interface Axis {
  readonly path: string;
  readonly values: readonly number[];
  /** Spacing the file asked for; decides whether a figure uses a log axis. */
  readonly spacing: 'log' | 'linear' | 'list';
}

/** One point of the sweep. `parameters` is the regime's own resolved type: plain numbers, no sweeps left. */
export interface Cell {
  /** Value of every axis at this cell, keyed by path, `generations` always included where the regime has it. */
  readonly at: Readonly<Record<string, number>>;
  readonly parameters: unknown;
}

export interface Panel {
  readonly name: string;
  readonly regime: string;
  readonly axes: readonly Axis[];
  readonly cells: readonly Cell[];
  readonly figure: FigureChoice | null;
  /** The term that is drawn, whether anything varies or not; with it all terms are simulated. Absent: the error itself. */
  readonly y?: Term | undefined;
  /** What the test error is called, where it is not called that. */
  readonly errorName?: string | undefined;
  /** Absent where the file gives none. */
  readonly expected?: readonly Expected[] | undefined;
  readonly relations?: readonly Relation[] | undefined;
  /** Absent where the file asks for none. */
  readonly fit?: readonly FitRequest[] | undefined;
  /** Monte-Carlo trials per cell. */
  readonly trials: number;
  /** Non-negative integer below 2^53. */
  readonly seed: number;
  /** A sampler's name, or `auto`. */
  readonly sampler: string;
}

export interface Experiment {
  readonly name: string;
  readonly title: string;
  readonly source: Source | null;
  readonly panels: readonly Panel[];
  /** The file in canonical form: defaults written out, sweeps as the author wrote them. Parsing it again gives this experiment. */
  readonly file: JsonObject;
}

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}
