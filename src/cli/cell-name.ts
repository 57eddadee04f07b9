import type { Cell, Experiment, Panel } from '../experiment/experiment.ts';
import { unknownName } from '../experiment/problem.ts';
import { keysOf } from '../experiment/symbols.ts';
import { labelOf } from '../report/labels.ts';
import { plain } from '../statistics/uncertain.ts';
import { CliError, Exit } from './exit.ts';

export interface CellFlags {
  readonly panel?: string;
  /** `PANEL/path=value` or `symbol=value`, separated by commas. */
  readonly cell?: string;
}

export interface NamedCell {
  readonly panel: Panel;
  /** Index into the panel's cells. */
  readonly place: number;
}

/** How far a number asked for may be from the one meant, relative to it: tables round. */
const CLOSE = 0.01;

/**
 * The one cell that is meant: `PANEL/path=value,path=value`, values as tables round them; the panel may be named apart, or left out where there is
 * one, and axes of one value too. Throws a `CliError` that says what there is.
 */
export function cellNamed({ panels }: Experiment, { panel: name, cell = '' }: CellFlags): NamedCell {
  const slash = cell.includes('=') || cell === '' ? cell.lastIndexOf('/') : cell.length;
  const [head, numbers] =
    slash < 0 ? [undefined, cell] : [cell.slice(0, slash).replace(/\/$/, ''), cell.slice(slash + 1)];
  if (name !== undefined && head !== undefined && name !== head)
    throw new CliError(Exit.wrongExperiment, `--cell ${cell} is not of --panel ${name}.`);
  const panel = panelOf(panels, name ?? head);
  return { panel, place: placeOf(panel, numbers) };
}

function panelOf(panels: readonly Panel[], name: string | undefined): Panel {
  const names = panels.map((panel) => panel.name);
  if (name === undefined && panels.length > 1)
    throw new CliError(Exit.wrongExperiment, `--cell PANEL/…: PANEL is one of ${names.join(', ')}.`);
  const panel = name === undefined ? panels[0] : panels.find((one) => one.name === name);
  if (!panel) throw new CliError(Exit.wrongExperiment, `--cell: ${unknownName('panel', name!, names)}`);
  return panel;
}

function placeOf(panel: Panel, text: string): number {
  const parts = text.split(',').filter((part) => part.trim() !== '');
  const asked = parts.map((part) => pairOf(panel, part));
  const matching = panel.cells.flatMap(({ at }, i) =>
    asked.every(([path, value]) => Math.abs(at[path]! - value) <= CLOSE * Math.abs(at[path]!)) ? [i] : [],
  );
  if (matching.length === 1) return matching[0]!;
  const closest = nearestOf(panel.cells, matching, asked);
  if (closest !== null) return closest;
  const axes = panel.axes.filter(({ values }) => values.length > 1);
  const choices = axes.map(({ path, values }) => `${labelOf(path).symbol} (${path}): ${values.map(plain).join(', ')}`);
  const found = matching.length === 0 ? 'no cell is there' : `${matching.length} cells are meant`;
  throw new CliError(
    Exit.wrongExperiment,
    `--cell${text === '' ? '' : ` ${text}`}: ${found}. Name one of each, as in --cell ${panel.name}/${axes.map(({ path, values }) => `${path}=${plain(values[0]!)}`).join(',')}:\n${choices.map((choice) => `  ${choice}`).join('\n')}`,
  );
}

/** Of several cells that are near what is asked for the nearest, where every axis is named. */
function nearestOf(cells: readonly Cell[], matching: readonly number[], asked: readonly (readonly [string, number])[]) {
  const named = new Set(asked.map(([path]) => path));
  if (matching.length === 0 || !Object.keys(cells[matching[0]!]!.at).every((path) => named.has(path))) return null;
  const distance = (i: number) =>
    asked.reduce((sum, [path, value]) => sum + Math.abs(cells[i]!.at[path]! - value) / Math.abs(value || 1), 0);
  return matching.reduce((best, i) => (distance(i) < distance(best) ? i : best));
}

function pairOf(panel: Panel, part: string): readonly [string, number] {
  const [name = '', value = ''] = part.split('=').map((piece) => piece.trim());
  const path = pathOf(panel, name);
  const number = Number(value);
  if (value === '' || Number.isNaN(number))
    throw new CliError(Exit.wrongExperiment, `--cell ${part}: need ${path}=NUMBER.`);
  return [path, number];
}

/** The axis that is meant: by its path, its symbol in tables, the end of its path, or what papers call it on a keyboard. */
function pathOf({ axes }: Panel, name: string): string {
  const paths = axes.map(({ path }) => path);
  const readings = [
    (path: string) => path === name || labelOf(path).symbol === name,
    (path: string) => path.endsWith(`.${name}`),
    (path: string) => keysOf(name).some((key) => path === key || path.endsWith(`.${key}`)),
  ];
  for (const fits of readings) {
    const found = paths.filter(fits);
    if (found.length === 1) return found[0]!;
    if (found.length > 1) throw new CliError(Exit.wrongExperiment, `--cell: ${name} may be ${found.join(' or ')}.`);
  }
  throw new CliError(Exit.wrongExperiment, `--cell: ${unknownName('axis', name, paths)}`);
}
