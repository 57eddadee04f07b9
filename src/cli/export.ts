import { existsSync } from 'node:fs';
import type { Experiment, Panel } from '../experiment/experiment.ts';
import type { Results } from '../experiment/results.ts';
import { LITERAL, numpyScript, unwritable } from '../library/numpy-script.ts';
import { recipeOf } from '../plan/jobs.ts';
import { regimes } from '../regimes/index.ts';
import { writeAtomically } from '../report/files-node.ts';
import { labelOf } from '../report/labels.ts';
import { samplers } from '../samplers/index.ts';
import { plain } from '../statistics/uncertain.ts';
import { type CellFlags, cellNamed } from './cell-name.ts';
import { readRun } from './check.ts';
import { folderOf } from './compare.ts';
import { CliError, Exit } from './exit.ts';
import { StoredCells } from './stored-cells.ts';
import { complain, print } from './streams.ts';

export interface ExportFlags extends CellFlags {
  readonly out?: string;
  /** Replaces a file. */
  readonly force?: boolean;
}

/** Trials of which the script has the recorded errors. */
const SHOWN = 50;

/**
 * `collapse export DIR --cell …`: a program in NumPy that draws the trials of one cell. Throws a `CliError` where none, or more than one, is meant,
 * and where the cell is no regression.
 */
export async function exportCommand(spec: string, { out, force, ...cell }: ExportFlags): Promise<Exit> {
  if (out !== undefined && !force && existsSync(out))
    throw new CliError(Exit.wrongExperiment, `${out} is there already; name another file, or --force replaces it.`);
  const folder = await folderOf(spec);
  const { experiment, results } = readRun(folder);
  const { panel, place } = cellNamed(experiment, cell);
  const script = scriptOf(folder, { experiment, results, panel, place });
  if (out === undefined) print(script.trimEnd());
  else {
    await writeAtomically(out, script);
    complain(`Wrote ${out}: python3 ${out} draws its trials.`);
  }
  return Exit.ok;
}

interface Meant {
  readonly experiment: Experiment;
  readonly results: Results;
  readonly panel: Panel;
  readonly place: number;
}

function scriptOf(folder: string, { experiment, results, panel, place }: Meant): string {
  const recipe = recipeOf(regimes.get(panel.regime)!, panel.cells[place]!);
  if (recipe.kind !== 'linear')
    throw new CliError(
      Exit.wrongExperiment,
      `${panel.regime} is no linear regression; only those are written in NumPy.`,
    );
  const result = results.panels.find((one) => one.name === panel.name)!.cells[place]!;
  const { at, sampler, trials, mean, sem, median } = result;
  const where = placeText(at);
  const title = `${experiment.title}: panel ${panel.name}${where === '' ? '' : `, ${where}`} (regime ${panel.regime}).`;
  const reason = unwritable(recipe);
  if (reason) throw new CliError(Exit.wrongExperiment, `No program draws ${title.replace(/\.$/, '')}: ${reason}.`);
  const isOwn = results.manifest.samplers[sampler] === samplers.get(sampler)?.version;
  const literal = LITERAL.has(sampler) && isOwn;
  const errors = literal ? recordedErrors(folder, experiment, results, panel, place) : [];
  return numpyScript(recipe, { title, seed: panel.seed, sampler, trials, mean, sem, median, errors, literal });
}

function recordedErrors(folder: string, experiment: Experiment, results: Results, panel: Panel, place: number) {
  const stored = new StoredCells(folder, experiment, results, complain);
  try {
    return [...(stored.of(panel.name, place, null) ?? [])].slice(0, SHOWN);
  } finally {
    stored.close();
  }
}

const placeText = (at: Readonly<Record<string, number>>): string =>
  Object.entries(at)
    .map(([path, value]) => `${labelOf(path).symbol} = ${plain(value)}`)
    .join(', ');
