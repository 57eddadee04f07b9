import { unknownName } from '../experiment/problem.ts';
import { checkAgainstTheory } from '../library/report.ts';
import { csvOf } from '../report/csv.ts';
import { aligned, tableRows } from '../report/table.ts';
import { latexTable, markdownTable, TABLE_FORMATS, type TableFormat } from '../report/table-formats.ts';
import { readRun } from './check.ts';
import { CliError, Exit } from './exit.ts';

/** `collapse table DIR`: the table of a run again, for a terminal or for a paper. */
export function tableText(
  folder: string,
  { format = 'text', panel }: { readonly format?: string; readonly panel?: string },
): string {
  if (!isFormat(format))
    throw new CliError(Exit.wrongExperiment, `--format: ${unknownName('format', format, TABLE_FORMATS)}`);
  const { experiment, results } = readRun(folder);
  const names = results.panels.map(({ name }) => name);
  if (panel !== undefined && !names.includes(panel))
    throw new CliError(Exit.wrongExperiment, `--panel: ${unknownName('panel', panel, names)}`);
  const panels = results.panels.filter(({ name }) => panel === undefined || name === panel);
  if (format === 'csv') return csvOf(panels);
  const report = checkAgainstTheory(experiment, results);
  const cells = report.cells.filter((cell) => panel === undefined || cell.panel === panel);
  const rows = tableRows(panels, { ...report, cells });
  return { text: aligned, markdown: markdownTable, latex: latexTable }[format](rows);
}

function isFormat(name: string): name is TableFormat {
  return TABLE_FORMATS.some((format) => format === name);
}
