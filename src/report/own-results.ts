import type { Experiment, Panel } from '../experiment/experiment.ts';
import type { CellResult, PanelResult, Results } from '../experiment/results.ts';
import { ResultsError } from './results-json.ts';

/** Problems beyond this many are counted. */
const MOST_PROBLEMS = 10;

/**
 * Throws a `ResultsError` unless the panels and cells of the results are those of the experiment, each once and in its order, and the
 * counts of their trials fit together and into it. Cells that a run has not reached are there, with no trials. `where` names the file.
 */
export function refuseForeign(experiment: Experiment, results: Results, where = 'results.json'): void {
  const problems = [
    ...panelProblems(experiment.panels, results.panels),
    ...manifestProblems(experiment.panels[0]!.seed, results),
  ];
  if (problems.length === 0) return;
  const shown = problems.slice(0, MOST_PROBLEMS).map((problem) => `  ${problem}`);
  const rest = problems.length > MOST_PROBLEMS ? [`  … and ${problems.length - MOST_PROBLEMS} more`] : [];
  const head = `${where} does not hold the cells of its own experiment, each once; it was changed after the run wrote it`;
  throw new ResultsError([`${head}:`, ...shown, ...rest].join('\n'));
}

function panelProblems(panels: readonly Panel[], found: readonly PanelResult[]): readonly string[] {
  const [wanted, given] = [panels.map(({ name }) => name), found.map(({ name }) => name)];
  if (!same(wanted, given)) return [`panels: found ${list(given)}, need ${list(wanted)}`];
  return panels.flatMap((panel, p) => cellsProblems(panel, found[p]!.cells));
}

function cellsProblems(panel: Panel, cells: readonly CellResult[]): readonly string[] {
  if (cells.length !== panel.cells.length)
    return [`panel ${panel.name}: found ${cells.length} cells, need ${panel.cells.length}`];
  return cells.flatMap((cell, i) => {
    const problems = [...placeProblems(panel.cells[i]!.at, cell.at), ...countProblems(panel, cell)];
    return problems.map((problem) => `panel ${panel.name}, cell ${i}: ${problem}`);
  });
}

function placeProblems(wanted: CellResult['at'], found: CellResult['at']): readonly string[] {
  const paths = Object.keys(wanted);
  const alike =
    Object.keys(found).length === paths.length &&
    paths.every((path) => Object.hasOwn(found, path) && found[path] === wanted[path]);
  return alike ? [] : [`found at ${JSON.stringify(found)}, need ${JSON.stringify(wanted)}`];
}

function countProblems(panel: Panel, cell: CellResult): readonly string[] {
  const found: string[] = [];
  const all = cell.trials + cell.failed;
  if (all > panel.trials) found.push(`found ${all} trials, which is more than the ${panel.trials} of the experiment`);
  if (cell.terms !== undefined && panel.y === undefined)
    found.push('found terms, which the experiment does not ask for');
  if (cell.terms === undefined && panel.y !== undefined) found.push('found no terms, which the experiment asks for');
  for (const [term, { trials, failed }] of Object.entries(cell.terms ?? {}))
    if (trials + failed !== all)
      found.push(`found ${trials + failed} trials of the ${term}, need ${all} as of the error`);
  return found;
}

function manifestProblems(seed: number, { manifest, panels }: Results): readonly string[] {
  const cells = panels.flatMap((panel) => panel.cells);
  const sum = (of: (cell: CellResult) => number) => cells.reduce((total, cell) => total + of(cell), 0);
  const { ok = 0, ...others } = manifest.statuses;
  const failed = Object.values(others).reduce((total, count) => total + count, 0);
  const [counted, missing] = [sum((cell) => cell.trials), sum((cell) => cell.failed)];
  const found: string[] = [];
  if (manifest.seed !== seed) found.push(`manifest.seed: found ${manifest.seed}, need ${seed} as in the experiment`);
  if (ok !== counted) found.push(`manifest.statuses.ok: found ${ok}, need ${counted}, the trials of all cells`);
  if (failed !== missing)
    found.push(`manifest.statuses: found ${failed} trials that failed, need ${missing}, those of all cells`);
  const strange = cells.find(({ sampler }) => !Object.hasOwn(manifest.samplers, sampler));
  if (strange) found.push(`found a cell by the sampler ${strange.sampler}, which manifest.samplers does not have`);
  return found;
}

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((x, i) => x === b[i]);

const list = (names: readonly string[]) => (names.length === 0 ? 'none' : names.join(', '));
