import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Experiment, JsonObject, JsonValue } from '../experiment/experiment.ts';
import { equalJson } from '../experiment/json.ts';
import { parseExperiment } from '../experiment/parse.ts';
import type { Results } from '../experiment/results.ts';
import { regimes } from '../regimes/index.ts';
import { FIGURE_FILES, fileNameOf } from '../report/files-node.ts';
import { parseResults } from '../report/results-json.ts';
import { drawnLeaves } from '../web/leaves.ts';
import { printValue } from '../web/print.ts';
import { CliError, Exit } from './exit.ts';

/** What is in a folder from the run before: never replaced without a word by another setting, never mixed with what comes after. */

/** Differences beyond this many are counted. */
const MOST_NAMED = 4;

/** The results in the folder; null where there are none, or none that can be read. */
export function earlierResults(folder: string): Results | null {
  const path = join(folder, 'results.json');
  if (!existsSync(path)) return null;
  try {
    return parseResults(readFileSync(path, 'utf8'), path);
  } catch {
    return null;
  }
}

/** Refuses a folder whose results are of another setting, the number of trials aside. Throws a `CliError` that names what differs. */
export function refuseOverwriting(folder: string, experiment: Experiment): void {
  const results = earlierResults(folder);
  if (!results) return;
  const differences = differencesOf(canonical(results.experiment), experiment.file);
  const [first] = differences;
  if (!first) return;
  const named = differences
    .slice(0, MOST_NAMED)
    .map(({ path, earlier, now }) => `${path} ${earlier} there, ${now} here`);
  const more = differences.length > MOST_NAMED ? `; and ${differences.length - MOST_NAMED} more` : '';
  throw new CliError(
    Exit.wrongExperiment,
    `${folder} has results of another setting: ${named.join('; ')}${more}.\n` +
      `Use --out ${folder}-${nameFrom(first)} or another folder; --force replaces them.`,
  );
}

/** What the figure of all panels is called. */
export const panelsName = ({ name }: Pick<Experiment, 'name'> | JsonObject): string => `${String(name)}-panels`;

/** Removes figures and single trials of the run before, so that nothing stale stands beside new results. Journals stay. */
export function removeEarlier(folder: string): void {
  const results = earlierResults(folder);
  const drawn = results ? [...results.panels.map(({ name }) => name), panelsName(results.experiment)] : [];
  const figures = drawn.flatMap((name) => FIGURE_FILES.map((end) => fileNameOf(name) + end));
  for (const name of [...figures, 'trials.parquet']) {
    try {
      rmSync(join(folder, name), { force: true });
    } catch {
      // What cannot be removed cannot be written either, and that is said.
    }
  }
}

/** With defaults as they are now; as it stands where it can no longer be read. */
export function canonical(file: JsonObject): JsonObject {
  try {
    return parseExperiment(file, regimes).file;
  } catch {
    return file;
  }
}

/** A value that two settings do not have in common, as text. */
export interface SettingDifference {
  readonly path: string;
  readonly earlier: string;
  readonly now: string;
}

/** What of two canonical files numbers depend on and differs, the number of trials aside. */
export function differencesOf(earlier: JsonObject, now: JsonObject): readonly SettingDifference[] {
  const [before, after] = [valuesOf(earlier), valuesOf(now)];
  const text = (value: JsonValue | undefined) => (value === undefined ? 'nothing' : printValue(value));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => !equalJson(before.get(path) ?? null, after.get(path) ?? null))
    .map((path) => ({ path, earlier: text(before.get(path)), now: text(after.get(path)) }));
}

function valuesOf(file: JsonObject): ReadonlyMap<string, JsonValue> {
  const leaves = drawnLeaves(file).filter(({ path }) => path !== 'trials');
  return new Map(leaves.map(({ panel, path, value }) => [panel === null ? path : `${panel}: ${path}`, value]));
}

/** Part of the name of a folder: the last key, and its value if that is short. */
function nameFrom({ path, now }: SettingDifference): string {
  const key = path.split(/[.:\s]+/).at(-1)!;
  return /^[\w.+-]{1,12}$/.test(now) ? `${key}-${now}` : `other-${key}`;
}
