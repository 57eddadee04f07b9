import type { Experiment, Panel, Term } from '../experiment/experiment.ts';
import { TERMS } from '../experiment/experiment.ts';
import type { BesideTheory, CellResult, Results } from '../experiment/results.ts';
import { type Difference, pairedOf, probabilityOf, welchOf } from '../statistics/difference.ts';
import type { Outlook } from '../theory/outlook.ts';
import { axisPaths } from './columns.ts';
import { FEWEST_TRIALS, missingTrials } from './verdict.ts';

/** A run that is compared with another one. */
export interface ComparedRun {
  readonly experiment: Experiment;
  readonly results: Results;
  readonly outlook: (panel: string, at: CellResult['at']) => Outlook;
  /** Of a cell, or of a term of its error, by trial, NaN where one failed; null where the trials are not kept. */
  readonly trials: (panel: string, cell: number, term: Term | null) => Float64Array | null;
}

/**
 * What can be said of two means. `differ` alone is a disagreement; `equal`: trial by trial; `below rounding`: they differ by less than single
 * precision moves a mean. The others judge nothing, and say why.
 */
export type ComparisonVerdict =
  | 'agree'
  | 'differ'
  | 'equal'
  | 'below rounding'
  | 'too few trials'
  | 'no mean'
  | 'heavy tail'
  | 'trials missing';

/** Verdicts that a comparison comes to where it judges. */
const JUDGED: ReadonlySet<ComparisonVerdict> = new Set(['agree', 'differ', 'equal', 'below rounding']);
export const isJudged = ({ verdict }: Pick<ComparedCell, 'verdict'>): boolean => JUDGED.has(verdict);

type MeanOf = Pick<BesideTheory, 'mean' | 'sem' | 'trials'>;

/** A cell of both runs, or a term of it. */
export interface ComparedCell {
  readonly panel: string;
  readonly at: CellResult['at'];
  /** null: the test error itself. */
  readonly term: Term | null;
  readonly a: MeanOf;
  readonly b: MeanOf;
  /** Of A less B. */
  readonly difference: Difference;
  readonly by: 'paired' | 'Welch';
  /** Trials that both have, where they are paired. */
  readonly pairs: number | null;
  readonly verdict: ComparisonVerdict;
}

export interface Comparison {
  readonly cells: readonly ComparedCell[];
  /** Cells that the other run does not have. */
  readonly onlyInA: readonly Place[];
  readonly onlyInB: readonly Place[];
  /** Probability below which a difference counts, so that all cells together are wrong once in `1 / FAMILY`. */
  readonly level: number;
}

export interface Place {
  readonly panel: string;
  readonly at: CellResult['at'];
}

/** Probability that any cell of two runs that do not differ is said to (Bonferroni: however cells depend on each other). */
export const FAMILY = 0.01;

/** How far arithmetic moves a mean, relative to it. */
const ROUNDING = { f32: 1e-5, f64: 1e-12 } as const;

/** Holds two runs against each other, cell by cell. */
export function compareRuns(a: ComparedRun, b: ComparedRun): Comparison {
  const sameSeed = a.results.manifest.seed === b.results.manifest.seed;
  const precision = [a, b].some(({ results }) => results.manifest.adapter !== null) ? 'f32' : 'f64';
  const { matched, onlyInA, onlyInB } = matchCells(a.experiment, b.experiment);
  const cells = matched.flatMap((match) => compareCell(a, b, match, sameSeed));
  const tested = cells.filter((cell) => cell.verdict === 'agree').length;
  const level = FAMILY / Math.max(1, tested);
  const judged = cells.map((cell) =>
    cell.verdict === 'agree' ? { ...cell, verdict: verdictOf(cell, level, ROUNDING[precision]) } : cell,
  );
  return { cells: judged, onlyInA, onlyInB, level };
}

interface Match {
  readonly panels: readonly [number, number];
  readonly cells: readonly [number, number];
}

/** Cells of panels of the same name, or of the only ones, where all that is swept in either has the same value. */
function matchCells(a: Experiment, b: Experiment) {
  const matched: Match[] = [];
  const only = { a: [] as Place[], b: [] as Place[] };
  const lone = a.panels.length === 1 && b.panels.length === 1;
  const partner = (p: number) => (lone ? 0 : b.panels.findIndex(({ name }) => name === a.panels[p]!.name));
  const taken = new Set<string>();
  for (const [p, panel] of a.panels.entries()) {
    const q = partner(p);
    const other = b.panels[q];
    const paths = axisPaths([...panel.cells, ...(other?.cells ?? [])]);
    const theirs = new Map(other?.cells.map((_, j) => [keyOf(other, j, paths), j]));
    for (const [i, { at }] of panel.cells.entries()) {
      const key = keyOf(panel, i, paths);
      const j = key === null ? undefined : theirs.get(key);
      if (j === undefined) only.a.push({ panel: panel.name, at });
      else {
        matched.push({ panels: [p, q], cells: [i, j] });
        taken.add(`${q} ${j}`);
      }
    }
  }
  for (const [q, { name, cells }] of b.panels.entries())
    for (const [j, { at }] of cells.entries()) if (!taken.has(`${q} ${j}`)) only.b.push({ panel: name, at });
  return { matched, onlyInA: only.a, onlyInB: only.b };
}

/** Digits to which swept numbers are told apart: ranges written in two ways differ by rounding. */
const DIGITS = 12;

/** The values of these paths at a cell, swept there or not; null where it has no such number. */
function keyOf(panel: Panel, cell: number, paths: readonly string[]): string | null {
  const { at, parameters } = panel.cells[cell]!;
  const values = paths.map((path) => at[path] ?? numberAt(parameters, path.split('.')));
  return values.includes(null) ? null : values.map((value) => value!.toPrecision(DIGITS)).join(' ');
}

function numberAt(node: unknown, [key, ...rest]: readonly string[]): number | null {
  if (key === undefined) return typeof node === 'number' ? node : null;
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return null;
  return numberAt((node as Readonly<Record<string, unknown>>)[key], rest);
}

/** A matched cell, then those of its terms that both have; `agree` stands for all that is to be judged. */
function compareCell(a: ComparedRun, b: ComparedRun, match: Match, sameSeed: boolean): readonly ComparedCell[] {
  const [one, other] = [a, b].map((run, side) => {
    const panel = run.results.panels[match.panels[side]!]!;
    return { name: panel.name, cell: panel.cells[match.cells[side]!]! };
  }) as [Side, Side];
  const trials = (term: Term | null) => {
    const [ours, theirs] = [a, b].map((run, side) =>
      sameSeed ? run.trials([one, other][side]!.name, match.cells[side]!, term) : null,
    );
    return ours && theirs ? commonOf(ours, theirs) : null;
  };
  const outlooks = [a.outlook(one.name, one.cell.at), b.outlook(other.name, other.cell.at)] as const;
  const terms = one.cell.terms && other.cell.terms ? TERMS : [];
  return [null, ...terms].map((term) => {
    const [x, y] = [partOf(one.cell, term), partOf(other.cell, term)];
    const common = trials(term);
    return {
      panel: one.name,
      at: one.cell.at,
      term,
      a: meanOf(x),
      b: meanOf(y),
      difference: common ? pairedOf(...common) : welchOf(x, y),
      by: common ? 'paired' : 'Welch',
      pairs: common ? common[0].length : null,
      verdict: unjudged(one.cell, other.cell, term, outlooks, common?.[0].length ?? Math.min(x.trials, y.trials)),
    };
  });
}

interface Side {
  readonly name: string;
  readonly cell: CellResult;
}

/** A term of a cell that has it; null: its test error. */
const partOf = (cell: CellResult, term: Term | null): BesideTheory => (term === null ? cell : cell.terms![term]);

const meanOf = ({ mean, sem, trials }: MeanOf): MeanOf => ({ mean, sem, trials });

/** The errors of the trials that ended well in both. */
function commonOf(a: Float64Array, b: Float64Array): readonly [Float64Array, Float64Array] | null {
  const length = Math.min(a.length, b.length);
  const both = Array.from({ length }, (_, t) => t).filter((t) => !Number.isNaN(a[t]) && !Number.isNaN(b[t]));
  if (both.length === 0) return null;
  return [Float64Array.from(both, (t) => a[t]!), Float64Array.from(both, (t) => b[t]!)];
}

function unjudged(
  a: CellResult,
  b: CellResult,
  term: Term | null,
  outlooks: readonly [Outlook, Outlook],
  trials: number,
): ComparisonVerdict {
  if (missingTrials(a, outlooks[0]) !== null || missingTrials(b, outlooks[1]) !== null) return 'trials missing';
  if (![a.mean, b.mean].every(Number.isFinite) && a.trials > 1 && b.trials > 1) return 'no mean';
  if (trials < FEWEST_TRIALS) return 'too few trials';
  // The bias is the error without noise, whose variance is finite.
  if (term !== 'bias' && outlooks.some(({ tail }) => tail !== null)) return 'heavy tail';
  return 'agree';
}

function verdictOf({ a, b, by, difference }: ComparedCell, level: number, rounding: number): ComparisonVerdict {
  const { value, error } = difference;
  if (by === 'paired' && value === 0 && error === 0) return 'equal';
  const probability = probabilityOf(difference);
  // Both are exact where nothing is random: then any difference counts.
  const differ = error > 0 ? probability <= level : value !== 0;
  if (!differ) return 'agree';
  return Math.abs(value) <= rounding * Math.max(Math.abs(a.mean), Math.abs(b.mean)) ? 'below rounding' : 'differ';
}
