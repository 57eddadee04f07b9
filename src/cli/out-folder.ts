import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Experiment } from '../experiment/experiment.ts';
import { TERM_RECIPES } from '../regimes/terms.ts';
import { outputError } from '../report/files-node.ts';
import { OutputError } from '../report/output-error.ts';

/** Bytes of the journal per trial and recipe, at most: f64 and a status byte. */
const JOURNAL_BYTES = 9;

/** Finds out before computing whether the results can be written at all, and this share of the journal. */
export function openFolder(folder: string, experiment: Experiment, share = 1): void {
  try {
    makeFolder(resolve(folder));
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw outputError(join(folder, 'results.json'), error);
  }
  const needed = experiment.panels.reduce(
    (sum, { cells, trials, y }) => sum + share * JOURNAL_BYTES * (y ? TERM_RECIPES : 1) * cells.length * trials,
    2 ** 20,
  );
  const { bavail, bsize } = statfsSync(folder);
  if (needed > bavail * bsize) {
    const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
    throw new OutputError(
      `The journal of this run needs about ${gib(needed)}, and ${folder} has ${gib(bavail * bsize)} left; ` +
        'use fewer --trials, one --panel, or another --out.',
    );
  }
}

/** Parents first and one at a time: Node's recursive mkdir never returns on file systems that refuse new folders with ENOENT. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** Milliseconds after which nobody writes a draft any more whose process cannot be seen. */
const STALE_MS = 10_000;

/** Removes what processes that were killed had begun to write (`writeAtomically`); the folder is held. */
export function removeDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    const draft = /\.(\d+)\.tmp$/.exec(name);
    if (!draft || isAlive(Number(draft[1]))) continue;
    const path = join(folder, name);
    const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - touched > STALE_MS) rmSync(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
