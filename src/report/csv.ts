import type { PanelResult } from '../experiment/results.ts';
import { columnsOf, type Field } from './columns.ts';

/** `table.csv` (RFC 4180): one line for each cell, numbers in full double precision, nothing where there is no number. */
export function csvOf(panels: readonly PanelResult[]): string {
  const columns = columnsOf(panels);
  const rows = panels.flatMap(({ name, cells }) =>
    cells.map((cell) => columns.map(({ value }) => quoted(value(name, cell)))),
  );
  const lines = [columns.map(({ name }) => quoted(name)), ...rows].map((fields) => fields.join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function quoted(field: Field): string {
  const text = field === null ? '' : String(field);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
