import { unknownName } from '../experiment/problem.ts';
import { checkAgainstTheory } from '../library/report.ts';
import { csvOf } from '../report/csv.ts';
import { aligned, tableRows } from '../report/table.ts';
import { latexTable, markdownTable, TABLE_FORMATS, type TableFormat } from '../report/table-formats.ts';
import { readRun } from './check.ts';
import { CliError, Exit } from './exit.ts';

/** CSV as a terminal may have it, lines ended as its own are: a lone return would steer it. */
export const csvLines = (csv: string): string => csv.replaceAll('\r\n', '\n');

/** What rows of text become. */
export const WRITERS = { text: aligned, markdown: markdownTable, latex: latexTable } as const;

/** `collapse table DIR`: the table of a run again, for a terminal or for a paper. */
export function tableText(
  folder: string,
  { format = 'text', panel }: { readonly format?: string; readonly panel?: string },
): string {
  const known = tableFormat(format);
  const { experiment, results } = readRun(folder);
  const names = results.panels.map(({ name }) => name);
  if (panel !== undefined && !names.includes(panel))
    throw new CliError(Exit.wrongExperiment, `--panel: ${unknownName('panel', panel, names)}`);
  const panels = results.panels.filter(({ name }) => panel === undefined || name === panel);
  if (known === 'csv') return csvLines(csvOf(panels));
  const report = checkAgainstTheory(experiment, results);
  const cells = report.cells.filter((cell) => panel === undefined || cell.panel === panel);
  const rows = tableRows(panels, { ...report, cells });
  return WRITERS[known](rows);
}

/** Reads `--format`: one of the formats of a table, or of `more`. Throws a `CliError`. */
export function tableFormat<More extends string = never>(name: string, ...more: readonly More[]): TableFormat | More {
  const known = [...TABLE_FORMATS, ...more].find((format) => format === name);
  if (known === undefined)
    throw new CliError(Exit.wrongExperiment, `--format: ${unknownName('format', name, [...TABLE_FORMATS, ...more])}`);
  return known;
}
