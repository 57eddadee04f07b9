import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { regimes } from '../regimes/index.ts';
import { outlooks } from '../regimes/predict.ts';
import { type ComparedRun, type Comparison, compareRuns } from '../report/comparison.ts';
import { comparisonCsv, comparisonLine, comparisonNotes, comparisonRows } from '../report/comparison-table.ts';
import { jsonOf } from '../report/results-json.ts';
import { halfWidthOf } from '../statistics/difference.ts';
import { readRun } from './check.ts';
import { adapterName } from './device.ts';
import { canonical, differencesOf, type SettingDifference } from './earlier-run.ts';
import { CliError, Exit } from './exit.ts';
import { loadExperiment } from './load.ts';
import { StoredCells } from './stored-cells.ts';
import { complain, print } from './streams.ts';
import { csvLines, tableFormat, WRITERS } from './table.ts';

export interface CompareFlags {
  readonly format?: string;
  readonly panel?: string;
}

/**
 * `collapse compare A B`: two runs cell by cell. Resolves to 0 where no cell differs beyond what chance does in all of them together, else to 1.
 * Throws a `CliError` where they have no cell in common.
 */
export async function compareCommand(a: string, b: string, { format = 'text', panel }: CompareFlags): Promise<Exit> {
  const known = tableFormat(format, 'json');
  const folders = [await folderOf(a), await folderOf(b)] as const;
  const runs = [openRun(folders[0]), openRun(folders[1])] as const;
  try {
    const whole = compareRuns(...runs);
    if (whole.cells.length === 0)
      throw new CliError(
        Exit.wrongExperiment,
        `${folders.join(' and ')} have no cell in common. ${notesOf(whole, runs).join(' ')}`,
      );
    const comparison = panel === undefined ? whole : ofPanel(whole, panel);
    const { cells } = comparison;
    if (known === 'json') print(jsonText(folders, runs, comparison));
    else if (known === 'csv') print(csvLines(comparisonCsv(cells)).trimEnd());
    else print(WRITERS[known](comparisonRows(cells)).trimEnd());
    if (known === 'text')
      print(`\n${[headOf(folders), ...notesOf(comparison, runs), comparisonLine(comparison)].join('\n')}`);
    return cells.some(({ verdict }) => verdict === 'differ') ? Exit.checkFailed : Exit.ok;
  } finally {
    for (const { close } of runs) close();
  }
}

/** The folder of results that is named, or where those of an experiment are. */
export async function folderOf(spec: string): Promise<string> {
  if (basename(spec) === 'results.json') return dirname(spec);
  if (existsSync(spec) && statSync(spec).isDirectory()) return spec;
  if (!existsSync(spec) && spec.includes('/')) return spec;
  const { name } = await loadExperiment(spec);
  const folder = join('results', name);
  if (existsSync(join(folder, 'results.json'))) return folder;
  throw new CliError(
    Exit.wrongExperiment,
    `There are no results of ${spec} in ${folder}: collapse run ${spec} draws them.`,
  );
}

interface OpenRun extends ComparedRun {
  readonly close: () => void;
}

function openRun(folder: string): OpenRun {
  const { experiment, results } = readRun(folder);
  const known = new Map(experiment.panels.map((panel) => [panel.name, outlooks(panel, regimes)]));
  const stored = new StoredCells(folder, experiment, results, complain);
  return {
    experiment,
    results,
    outlook: (panel, at) => known.get(panel)!(at),
    trials: (panel, cell, term) => stored.of(panel, cell, term),
    close: () => stored.close(),
  };
}

function ofPanel({ cells, onlyInA, onlyInB, level }: Comparison, panel: string): Comparison {
  const own = <T extends { readonly panel: string }>(list: readonly T[]) => list.filter((one) => one.panel === panel);
  if (own(cells).length === 0)
    throw new CliError(
      Exit.wrongExperiment,
      `--panel ${panel}: both runs have cells of ${[...new Set(cells.map((cell) => cell.panel))].join(', ')}.`,
    );
  return { cells: own(cells), onlyInA: own(onlyInA), onlyInB: own(onlyInB), level };
}

const headOf = ([a, b]: readonly [string, string]) => `A: ${a}\nB: ${b}`;

/** What differs, and how that was judged. */
function notesOf(comparison: Comparison, [a, b]: readonly [ComparedRun, ComparedRun]): readonly string[] {
  const settings = settingsOf(a, b).map(({ path, earlier, now }) => `${path} ${earlier} in A, ${now} in B`);
  const sameSeed = a.results.manifest.seed === b.results.manifest.seed;
  const makers = [a, b].map(({ results: { manifest } }) => makerOf(manifest));
  return [
    settings.length === 0 ? 'The settings are the same.' : `The settings differ: ${settings.join('; ')}.`,
    ...(makers[0] === makers[1] ? [] : [`A was drawn by ${makers[0]}, B by ${makers[1]}.`]),
    ...comparisonNotes(comparison, sameSeed),
  ];
}

const settingsOf = (a: ComparedRun, b: ComparedRun): readonly SettingDifference[] =>
  differencesOf(canonical(a.results.experiment), canonical(b.results.experiment));

function makerOf({ adapter, samplers, version }: ComparedRun['results']['manifest']): string {
  const drawn = Object.entries(samplers).map(([name, number]) => `${name} ${number}`);
  return `${adapter ? adapterName(adapter) : 'the f64 reference'} (samplers ${drawn.join(', ')}; collapse-lab ${version})`;
}

function jsonText(
  [a, b]: readonly [string, string],
  runs: readonly [ComparedRun, ComparedRun],
  { cells, onlyInA, onlyInB, level }: Comparison,
): string {
  const withInterval = cells.map(({ difference, ...cell }) => {
    const { value, error, freedom } = difference;
    const half = halfWidthOf(difference);
    return { ...cell, difference: value, sem: error, freedom, low: value - half, high: value + half, z: value / error };
  });
  const settings = settingsOf(...runs).map(({ path, earlier, now }) => ({ path, a: earlier, b: now }));
  const ok = cells.every(({ verdict }) => verdict !== 'differ');
  return jsonOf({ ok, a, b, settings, level, cells: withInterval, onlyInA, onlyInB }, 2);
}
