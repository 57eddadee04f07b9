import type { CellResult, PanelResult } from '../experiment/results.ts';
import { STATISTIC_HEADS, shownStatistics } from '../statistics/summary.ts';
import { plain, uncertain } from '../statistics/uncertain.ts';
import type { CellCheck, CheckReport } from './check.ts';
import { axisPaths } from './columns.ts';
import { labelOf, shortNumber } from './labels.ts';
import type { PrintedCheck, PrintedVerdict } from './printed.ts';
import { partsOf } from './quantity.ts';
import type { RelationCheck } from './relations.ts';
import type { Verdict } from './verdict.ts';

const MARKS: Readonly<Record<Verdict, string>> = {
  agrees: '✓',
  disagrees: '✗ disagrees',
  'all failed': '✗ all failed',
  'most failed': '✗ most failed',
  censored: 'censored',
  'below rounding': 'below rounding',
  'too noisy': 'too noisy',
  'heavy tail': 'heavy tail',
  'too few trials': 'too few trials',
  'no theory': 'no theory',
  'theory fault': 'theory fault',
  'no mean': 'no mean',
};

/** The results as aligned text for a terminal. */
export const tableOf = (panels: readonly PanelResult[], check: CheckReport | null = null): string =>
  aligned(tableRows(panels, check));

/**
 * The rows of a table, the first its head: the mean with one standard error in the last digits, theory beside it. With a check the last
 * column is its verdict.
 */
export function tableRows(
  panels: readonly PanelResult[],
  check: CheckReport | null = null,
): readonly (readonly string[])[] {
  const all = panels.flatMap(({ cells }) => cells);
  const paths = axisPaths(all);
  const apart = all.some(({ terms }) => terms);
  const heads = ['panel', ...(apart ? ['part'] : []), ...paths.map((path) => labelOf(path).symbol)];
  const header = [...heads, ...RESULT_HEADS, ...(check === null ? [] : ['verdict'])];
  let index = 0;
  const rows = panels.flatMap(({ name, cells }) =>
    cells.flatMap(partsOf).map(({ part, cell }) => {
      const named = apart ? [name, part ?? 'error'] : [name];
      return [...named, ...placeFields(cell, paths), ...resultFields(cell), ...verdictFields(check?.cells[index++])];
    }),
  );
  return [header, ...rows];
}

const PRINTED_MARKS: Readonly<Record<PrintedVerdict, string>> = {
  agrees: '✓',
  disagrees: '✗ disagrees',
  misprint: 'misprint',
  'settings unknown': 'settings unknown',
  'not tested': 'not tested',
  'no mean': 'no mean',
  'too few trials': 'too few trials',
};

function reasonOf({ verdict, misprint, unsettled, instead }: PrintedCheck): string | undefined {
  switch (verdict) {
    case 'misprint':
      return misprint;
    case 'settings unknown':
      return unsettled;
    case 'not tested':
      return `${misprint ?? unsettled}; say what is right with \`instead\``;
    case 'disagrees':
      return instead === undefined ? undefined : `declared to be ${insteadText(instead)}`;
    default:
      return undefined;
  }
}

function insteadText(instead: NonNullable<PrintedCheck['instead']>): string {
  return typeof instead === 'number' ? plain(instead) : `${plain(instead[0])} … ${plain(instead[1])}`;
}

/** Values printed in the publication beside the simulation and the theory in their places, as aligned text. */
export function printedTable(printed: readonly PrintedCheck[]): string {
  const paths = axisPaths(printed);
  const heads = ['panel', ...paths.map((path) => labelOf(path).symbol), 'printed', 'read to', 'mean (SE)', 'theory'];
  const rows = printed.map((one) => [
    one.panel,
    ...placeFields(one, paths),
    plain(one.value),
    `${plain(100 * one.within)} %`,
    uncertain(one.mean, one.sem),
    plain(one.theory),
    [PRINTED_MARKS[one.verdict], reasonOf(one)].filter((text) => text !== undefined).join(': '),
  ]);
  return aligned([[...heads, 'verdict'], ...rows]);
}

/** What should hold between cells beside what does, as aligned text. */
export function relationTable(relations: readonly RelationCheck[]): string {
  const paths = axisPaths(relations);
  const heads = ['panel', ...paths.map((path) => labelOf(path).symbol), 'mean (SE)', 'sum (SE)', 'within', 'verdict'];
  const rows = relations.map((one) => [
    one.panel,
    ...placeFields(one, paths),
    uncertain(one.mean, one.sem),
    uncertain(one.sum, one.sumSem),
    `${plain(100 * one.within)} %`,
    `${PRINTED_MARKS[one.verdict]}: ${one.says}`,
  ]);
  return aligned([heads, ...rows]);
}

/** Places of a cell or of a printed value; empty where its panel has no such axis. */
export function placeFields({ at }: Pick<CellResult, 'at'>, paths: readonly string[]): readonly string[] {
  return paths.map((path) => (at[path] === undefined ? '' : plainPower(at[path])));
}

/** Heads of what a table says of a cell, wherever people read it. */
export const RESULT_HEADS: readonly string[] = ['trials', 'failed', ...STATISTIC_HEADS, 'theory', 'z'];

/** What stands below `RESULT_HEADS`. */
export function resultFields(cell: CellResult): readonly string[] {
  const { trials, failed, theory, z } = cell;
  return [
    String(trials),
    String(failed),
    ...shownStatistics(cell),
    plain(theory?.value ?? null),
    z === null || !Number.isFinite(z) ? '–' : z.toFixed(1),
  ];
}

/** A terminal has no superscripts. */
export function plainPower(value: number): string {
  return shortNumber(value)
    .replace(/(\d)·10\^\{(.*)\}/, '$1e$2')
    .replace(/10\^\{(.*)\}/, '1e$1')
    .replaceAll('−', '-');
}

function verdictFields(check: CellCheck | undefined): readonly string[] {
  if (check === undefined) return [];
  const broken = check.inconsistencies.length > 0 ? [`✗ ${check.inconsistencies.join('; ')}`] : [];
  const by = check.by === 'median' ? ' by median' : '';
  return [broken[0] ?? `${MARKS[check.verdict]}${by}`];
}

/** The first column and the last go left, numbers right. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const last = rows[0]!.length - 1;
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const pad = (text: string, column: number) =>
    column === 0 || (column === last && rows[0]![last] === 'verdict')
      ? text.padEnd(widths[column]!)
      : text.padStart(widths[column]!);
  return rows.map((row) => `${row.map(pad).join('  ').trimEnd()}\n`).join('');
}
