import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { TrialRange } from '../engine/coverage.ts';
import { type Shard, shardRange } from '../engine/shard.ts';
import type { Experiment, JsonObject } from '../experiment/experiment.ts';
import { experimentHash } from '../experiment/hash.ts';
import { parseExperiment } from '../experiment/parse.ts';
import type { AdapterDescription, Manifest } from '../experiment/results.ts';
import { type Target, TUNINGS } from '../kernels/tuning.ts';
import type { DeviceLimits } from '../program/cost.ts';
import { regimes } from '../regimes/index.ts';
import { outputError } from '../report/files-node.ts';
import { samplers } from '../samplers/index.ts';
import { CHECKPOINT } from './checkpoint-file.ts';
import { CliError, Exit } from './exit.ts';
import { journalsIn } from './journal-file.ts';
import { packageCommit, packageVersion } from './package.ts';
import { openToRead } from './stored.ts';
import { readHeader } from './trials-format.ts';
import { isRow } from './tuning.ts';

/*
 * What a run in shards leaves in its folder. Everything is below `shards/`, and no file has two writers:
 *
 *   run.json      what the folder was last asked for; written by rename
 *   plan.json     what the first shard that had a device settled for all of them; made once, whole
 *   0003-of-0100/ one `.trials` file for each attempt at this shard, and `under-way.checkpoint` where a batch takes long; written by rename
 */

/** `run.json` */
export interface RunFile {
  readonly format: 'collapse-run';
  readonly version: 1;
  readonly collapse: string;
  readonly commit: string | null;
  readonly backend: Manifest['backend'];
  /** Row of the tuning table that was asked for; null leaves it to the table. */
  readonly tuning: string | null;
  readonly shards: number;
  /** Of the experiment's canonical form. */
  readonly hash: string;
  /** The canonical form. */
  readonly experiment: JsonObject;
}

/** `plan.json` */
export interface PlanFile {
  readonly format: 'collapse-plan';
  readonly version: 1;
  readonly collapse: string;
  readonly backend: Manifest['backend'];
  readonly driver: string;
  readonly adapter: AdapterDescription | null;
  readonly precision: 'f32' | 'f64';
  /** Of the device: they decide which sampler draws what. */
  readonly limits: DeviceLimits;
  readonly target: Target;
  /** Row of the tuning table; absent where no device computes, or a browser does. */
  readonly tuning?: string | undefined;
  readonly jobs: readonly PlanFileJob[];
}

export interface PlanFileJob {
  /** `jobKey` */
  readonly key: string;
  /** Errors and statuses of a trial. */
  readonly recipes: number;
  readonly panel: string;
}

/** A job of the run, and how many trials of it are asked for. */
export interface AskedJob extends PlanFileJob {
  readonly trials: number;
}

const SHARDS = 'shards';

export const runPath = (folder: string) => join(folder, SHARDS, 'run.json');
const planPath = (folder: string) => join(folder, SHARDS, 'plan.json');

/** Whether a run in shards was begun in the folder. */
export const hasShards = (folder: string) => existsSync(runPath(folder));

export const shardName = ({ index, count }: Shard) => {
  const width = Math.max(4, String(count).length);
  return `${String(index).padStart(width, '0')}-of-${String(count).padStart(width, '0')}`;
};

/** Reads `run.json`; throws a `CliError` where there is none. */
export function readRun(folder: string): RunFile {
  if (!hasShards(folder))
    throw new CliError(
      Exit.wrongExperiment,
      `${folder} holds no run in shards (${runPath(folder)} is missing); collapse run FILE --shard I/N --out ${folder} or collapse submit begins one.`,
    );
  return readJson<RunFile>(runPath(folder), 'collapse-run');
}

export const experimentOf = ({ experiment }: Pick<RunFile, 'experiment'>): Experiment =>
  parseExperiment(experiment, regimes, [...samplers.keys()]);

/** What a command asks of a folder. */
export interface Asked {
  readonly experiment: Experiment;
  readonly backend: Manifest['backend'];
  readonly shards: number;
}

/**
 * Makes `run.json` say what is asked for. More or fewer trials, or another number of shards, go on with what is there; of another
 * experiment it throws a `CliError`.
 */
export function settleRun(folder: string, { experiment, backend, shards }: Asked): RunFile {
  const hash = experimentHash(experiment.file);
  const before = hasShards(folder) ? readRun(folder) : null;
  if (before?.hash === hash && before.shards === shards && before.backend === backend) return before;
  if (before && before.hash !== hash) refuseIfOther(folder, before, experiment, hash);
  if (before && before.backend !== backend && readPlan(folder))
    throw new CliError(
      Exit.wrongExperiment,
      `${folder} holds shards drawn with --backend ${before.backend}, and --backend ${backend} may draw other numbers; use the same, or another --out.`,
    );
  const run: RunFile = {
    format: 'collapse-run',
    version: 1,
    collapse: packageVersion,
    commit: packageCommit,
    backend,
    tuning: before ? before.tuning : askedRow(),
    shards,
    hash,
    experiment: experiment.file,
  };
  writeWhole(runPath(folder), run, renameSync);
  return run;
}

/** What `COLLAPSE_TUNING` asks of all shards; to measure is not for them, for equal machines may measure differently. */
function askedRow(): string | null {
  const asked = process.env.COLLAPSE_TUNING;
  if (!asked || asked === 'auto') return null;
  if (isRow(asked)) return asked;
  throw new CliError(
    Exit.wrongExperiment,
    `COLLAPSE_TUNING is '${asked}'; shards need ${Object.keys(TUNINGS).join(', ')}.`,
  );
}

function refuseIfOther(folder: string, before: RunFile, experiment: Experiment, hash: string): void {
  if (experimentHash(withoutTrials(before.experiment)) === experimentHash(withoutTrials(experiment.file))) return;
  throw new CliError(
    Exit.wrongExperiment,
    `${folder} holds the shards of another experiment: ${before.experiment.name} (${before.hash}), not ${experiment.name} (${hash}); ` +
      'only its trials may change. Use another --out.',
  );
}

/** All but how many trials are asked for. */
function withoutTrials({ trials: _, panels, ...rest }: JsonObject): JsonObject {
  if (!Array.isArray(panels)) return rest;
  return { ...rest, panels: panels.map((panel) => withoutTrials(panel as JsonObject)) };
}

/** What the first shard settled; null before there was one. */
export function readPlan(folder: string): PlanFile | null {
  return existsSync(planPath(folder)) ? readJson<PlanFile>(planPath(folder), 'collapse-plan') : null;
}

/** Settles the plan of all shards, unless another one has: the plan that holds is returned. */
export function settlePlan(folder: string, plan: Omit<PlanFile, 'format' | 'version' | 'collapse'>): PlanFile {
  const own: PlanFile = { format: 'collapse-plan', version: 1, collapse: packageVersion, ...plan };
  const before = readPlan(folder);
  if (before) return before;
  writeWhole(planPath(folder), own, linkOnce);
  return readPlan(folder)!;
}

/** Gives a whole file its name, if no other has it: of many processes at once the first one wins, on network file systems too. */
function linkOnce(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // File systems without links: a rename, which the last one wins; they are equal but for devices that differ.
    if (code !== 'EEXIST') renameSync(draft, path);
  }
  rmSync(draft, { force: true });
}

function writeWhole(path: string, content: object, place: (draft: string, path: string) => void): void {
  const draft = `${path}.${hostname()}.${process.pid}.tmp`;
  try {
    mkdirSync(join(path, '..'), { recursive: true });
    const file = openSync(draft, 'w');
    try {
      writeSync(file, `${JSON.stringify(content, null, 2)}\n`);
    } finally {
      closeSync(file);
    }
    place(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw outputError(path, error);
  }
}

function readJson<T extends { readonly format: string; readonly version: number }>(
  path: string,
  format: T['format'],
): T {
  let content: T;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new CliError(Exit.broken, `Cannot read ${path}: ${(error as Error).message}`);
  }
  if (content.format === format && content.version === 1) return content;
  throw new CliError(
    Exit.broken,
    `${path} is of format ${content.format} ${content.version}, not ${format} 1; a newer collapse-lab reads it.`,
  );
}

/** The jobs with the trials that are asked for. */
export function askedJobs(experiment: Experiment, { jobs }: PlanFile): readonly AskedJob[] {
  const trials = new Map(experiment.panels.map((panel) => [panel.name, panel.trials]));
  return jobs.map((job) => ({ ...job, trials: trials.get(job.panel) ?? 0 }));
}

/** All that a shard may draw lies in here. */
export function hullOf(trials: readonly number[], shard: Shard): TrialRange {
  const ranges = trials.map((one) => shardRange(one, shard));
  return { first: Math.min(...ranges.map(({ first }) => first)), end: Math.max(...ranges.map(({ end }) => end)) };
}

/** An attempt at a shard. */
export interface AttemptFile {
  readonly path: string;
  /** As its folder says. */
  readonly shard: Shard;
}

/** The files of all attempts, the newest first. */
export function attemptsIn(folder: string): readonly AttemptFile[] {
  const found: (AttemptFile & { readonly name: string })[] = [];
  for (const part of existsSync(join(folder, SHARDS)) ? readdirSync(join(folder, SHARDS)) : []) {
    const parts = /^(\d+)-of-(\d+)$/.exec(part);
    if (!parts) continue;
    const shard = { index: Number(parts[1]), count: Number(parts[2]) };
    for (const name of readdirSync(join(folder, SHARDS, part)))
      if (name.endsWith('.trials')) found.push({ path: join(folder, SHARDS, part, name), shard, name });
  }
  return found.sort((a, b) => (a.name < b.name ? 1 : a.name > b.name ? -1 : a.path < b.path ? -1 : 1));
}

/** All files with trials in a folder, in the order in which they count: attempts, the newest first, then what runs in one piece left. */
export function trialFiles(folder: string): readonly string[] {
  return [...attemptsIn(folder).map(({ path }) => path), ...journalsIn(folder).map((name) => join(folder, name))];
}

/** The files that may hold trials of a range. */
export function shardSources(folder: string, range: TrialRange): readonly string[] {
  return trialFiles(folder).filter((path) => {
    const file = openToRead(path);
    try {
      const shard = path.endsWith('.trials') ? readHeader(file)?.shard : undefined;
      return !shard || (shard.first < range.end && shard.end > range.first);
    } finally {
      closeSync(file);
    }
  });
}

/** The batch under way of a shard. */
export function checkpointPath(folder: string, shard: Shard): string {
  return join(dirname(attemptPath(folder, shard, new Date())), CHECKPOINT);
}

/** A path for this attempt, which no other has. */
export function attemptPath(folder: string, shard: Shard, start: Date): string {
  const own = join(folder, SHARDS, shardName(shard));
  try {
    mkdirSync(own, { recursive: true });
  } catch (error) {
    throw outputError(own, error);
  }
  const when = start.toISOString().replace(/[-:]/g, '');
  const who = `${hostname().replace(/[^A-Za-z0-9.-]/g, '_')}-${process.pid}`;
  return join(own, `${when}-${who}.trials`);
}
