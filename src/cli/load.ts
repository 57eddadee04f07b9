import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Experiment, JsonObject } from '../experiment/experiment.ts';
import { readJson5 } from '../experiment/json.ts';
import { decodeLink, isLink } from '../experiment/link.ts';
import { applyOverrides, override, selectPanel } from '../experiment/overrides.ts';
import { parseExperiment } from '../experiment/parse.ts';
import { ExperimentError, unknownName } from '../experiment/problem.ts';
import { regimes } from '../regimes/index.ts';
import { samplers } from '../samplers/index.ts';
import { experimentsFolder } from './package.ts';

/** What the command line changes of an experiment. */
export interface Changes {
  readonly set?: readonly string[];
  readonly trials?: number;
  readonly seed?: number;
  readonly sampler?: string;
  readonly panel?: string;
}

/** Names of the experiments that come with the package. */
export function experimentNames(): readonly string[] {
  return readdirSync(experimentsFolder)
    .filter((file) => file.endsWith('.json5'))
    .map((file) => basename(file, '.json5'))
    .sort();
}

/** Reads a name, a file, a link or a folder of results, applies the changes and parses. Throws `ExperimentError`. */
export async function loadExperiment(spec: string, changes: Changes = {}): Promise<Experiment> {
  return parseExperiment(applyChanges(await readSpec(spec), changes), regimes, [...samplers.keys()]);
}

async function readSpec(spec: string): Promise<JsonObject> {
  if (isLink(spec)) {
    const link = await decodeLink(spec);
    const file = link.kind === 'file' ? link.file : readShipped(link.preset);
    return applyOverrides(file, link.overrides);
  }
  const folder = basename(spec) === 'results.json' ? dirname(spec) : spec;
  if (existsSync(join(folder, 'results.json')) && !experimentNames().includes(spec))
    return (await import('./check.ts')).readRun(folder).experiment.file;
  if (/\.json5?$/.test(spec) || spec.includes('/')) return readFile(spec);
  return readNamed(spec);
}

/** What the user typed may also be a file of this machine. */
function readNamed(name: string): JsonObject {
  return !experimentNames().includes(name) && existsSync(name) ? readFile(name) : readShipped(name);
}

/** A link comes from a stranger: it names experiments that come with the program, and no file. */
function readShipped(name: string): JsonObject {
  const names = experimentNames();
  if (names.includes(name)) return readFile(join(experimentsFolder, `${name}.json5`));
  throw new ExperimentError([{ path: 'experiment', message: unknownName('experiment', name, names) }]);
}

function readFile(path: string): JsonObject {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const whys: Record<string, string> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder, without a results.json',
    };
    const why = whys[code ?? ''] ?? `it cannot be read (${code})`;
    throw new ExperimentError([
      { path, message: `${why}; collapse list names the experiments that come with the program` },
    ]);
  }
  return readJson5(text);
}

function applyChanges(raw: JsonObject, { set = [], trials, seed, sampler, panel }: Changes): JsonObject {
  let file = applyOverrides(raw, set);
  if (trials !== undefined) file = override(file, 'trials', trials);
  if (seed !== undefined) file = override(file, 'seed', seed);
  if (sampler !== undefined) file = override(file, 'sampler', sampler);
  return panel === undefined ? file : selectPanel(file, panel);
}
