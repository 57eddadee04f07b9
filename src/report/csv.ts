import type { PanelResult } from '../experiment/results.ts';
import { columnsOf, type Field } from './columns.ts';

/** `table.csv` (RFC 4180): one line for each cell, numbers in full double precision, nothing where there is no number. */
export function csvOf(panels: readonly PanelResult[]): string {
  const columns = columnsOf(panels);
  const rows = panels.flatMap(({ name, cells }) => cells.map((cell) => columns.map(({ value }) => value(name, cell))));
  return csvText([columns.map(({ name }) => name), ...rows]);
}

/** Rows of fields as CSV (RFC 4180); NaN and infinities are empty. */
export function csvText(rows: readonly (readonly Field[])[]): string {
  return rows.map((fields) => `${fields.map(quoted).join(',')}\r\n`).join('');
}

function quoted(field: Field): string {
  const text = field === null || (typeof field === 'number' && !Number.isFinite(field)) ? '' : String(field);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
