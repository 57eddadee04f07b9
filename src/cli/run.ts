import { accessSync, constants, existsSync, mkdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Backend } from '../engine/backend.ts';
import type { Progress, RunOutcome } from '../engine/events.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { experimentHash } from '../experiment/hash.ts';
import type { Results } from '../experiment/results.ts';
import type { Plan } from '../plan/plan.ts';
import { eventLoop, inTurns, PATIENCE_MS } from '../plan/turns.ts';
import { TrialStatus } from '../program/trials.ts';
import { TERM_RECIPES } from '../regimes/terms.ts';
import { outputError, writeAtomically, writeFigure, writeReport } from '../report/files-node.ts';
import { OutputError } from '../report/output-error.ts';
import { parquetOf } from '../report/parquet.ts';
import { resultsJson } from '../report/results-json.ts';
import { adapterName, backendName, type OpenedBackend, openBackend } from './device.ts';
import { Exit } from './exit.ts';
import { holdFolder } from './folder-lock.ts';
import { interruptible } from './interrupt.ts';
import { JournalFile } from './journal-file.ts';
import { type Changes, loadExperiment } from './load.ts';
import { figureSteps, tableSteps } from './output.ts';
import { ProgressLine } from './progress.ts';
import { simulate } from './simulate.ts';
import { countedTrials } from './trials-file.ts';

export interface RunFlags extends Changes {
  readonly out?: string;
  readonly backend: string;
  readonly resume?: boolean;
  readonly targetSem?: number;
  readonly trialsFile?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** `collapse run`: loads, runs, writes the report, prints the table. Resolves to the exit code. */
export async function runCommand(spec: string, flags: RunFlags): Promise<Exit> {
  const backend = backendName(flags.backend);
  const experiment = await loadExperiment(spec, flags);
  const folder = flags.out ?? join('results', experiment.name);
  openFolder(folder, experiment);
  const leave = holdFolder(folder);
  try {
    return await runInto(folder, experiment, backend, flags);
  } finally {
    leave();
  }
}

async function runInto(
  folder: string,
  experiment: Experiment,
  backend: ReturnType<typeof backendName>,
  flags: RunFlags,
): Promise<Exit> {
  const say = (text: string) => {
    if (!flags.quiet) process.stderr.write(`${text}\n`);
  };
  const line = new ProgressLine();
  const journal = new JournalFile(folder, {
    resume: flags.resume ?? false,
    experiment: experimentHash(experiment.file),
    // Not talk: what was thought finished is not.
    warn: (text) => {
      line.end();
      process.stderr.write(`${text}\n`);
    },
  });
  const { signal, release } = interruptible(() => {
    line.end();
    process.stderr.write('Stopping after the batch under way; press Ctrl-C again to stop at once.\n');
  });
  try {
    const onProgress = (progress: Progress) => {
      if (!flags.quiet) line.show(progress);
    };
    const targetSem = flags.targetSem ? { targetSem: flags.targetSem } : {};
    const settle = (opened: OpenedBackend, plan: Plan) => settleTuning(opened, plan, journal, say);
    const opened = await openBackend(backend, experiment);
    say(opened.sentence);
    const outcome = withMakers(
      await simulate(experiment, opened, { journal, signal, onProgress, settle, ...targetSem }),
    );
    line.end();
    await writeReport(folder, { results: outcome.results, figures: [] });
    const table = flags.json ? null : await inTurns(tableSteps(experiment, outcome.results), signal);
    process.stdout.write(flags.json ? resultsJson(outcome.results) : (table?.value ?? ''));
    const drawn = await drawFigures(folder, experiment, outcome.results, signal);
    if (outcome.results.manifest.resumed)
      say(
        'Batches of an earlier run come from another device or tuning; they agree within the error bounds, not bit for bit.',
      );
    if (drawn) say(`Results, table and figures are in ${folder}.`);
    else say(`Results and table are in ${folder}; collapse draw ${folder} draws the figures.`);
    journal.end(outcome.outcome);
    if (flags.trialsFile) await writeTrials(folder, outcome, journal);
    return drawn ? exitOf(outcome, folder) : exitOf({ ...outcome, outcome: 'stopped' }, folder);
  } finally {
    line.end();
    release();
    await journal.close();
  }
}

/** Resolves to whether all were drawn; once stopped, those that take long are not. */
async function drawFigures(
  folder: string,
  experiment: Experiment,
  results: Results,
  signal: AbortSignal,
): Promise<boolean> {
  const figures = await inTurns(figureSteps(experiment, results), signal);
  const start = performance.now();
  for (const figure of figures?.value ?? []) {
    await eventLoop();
    if (signal.aborted && performance.now() - start > PATIENCE_MS) return false;
    await writeFigure(folder, figure);
  }
  return figures !== null;
}

/** Last of all: it is the largest file and can be made again from the journal. */
async function writeTrials(folder: string, outcome: RunOutcome, journal: JournalFile): Promise<void> {
  const index = journal.index();
  const trials = countedTrials(outcome.jobs, index);
  await writeAtomically(join(folder, 'trials.parquet'), parquetOf(trials, outcome.results, TrialStatus));
  index.close();
}

/** Chooses the row of the tuning table, that of the run that is resumed if it can, and signs the journal with it. */
async function settleTuning(
  opened: OpenedBackend,
  plan: Plan,
  journal: JournalFile,
  say: (text: string) => void,
): Promise<Backend> {
  const { adapter } = opened.backend;
  if (!adapter) return opened.backend;
  const name = adapterName(adapter);
  const work = plan.jobs.reduce((sum, { cost, trials }) => sum + cost.workPerTrial * trials, 0);
  const last = journal.lastMaker();
  const tuned = await opened.tuned?.({ work, kept: last?.adapter === name ? last.tuning : undefined });
  if (tuned) say(tuned.sentence);
  const backend = tuned?.backend ?? opened.backend;
  journal.signAs({ adapter: name, ...(backend.tuning ? { tuning: backend.tuning } : {}) });
  return backend;
}

/** Puts into the manifest who computed what was taken up from earlier runs, where that was anyone else. */
function withMakers(run: RunOutcome): RunOutcome {
  const { manifest } = run.results;
  const ours = manifest.adapter && { adapter: adapterName(manifest.adapter), tuning: manifest.tuning };
  const others = run.makers.filter(({ adapter, tuning }) => adapter !== ours?.adapter || tuning !== ours.tuning);
  if (others.length === 0) return run;
  return { ...run, results: { ...run.results, manifest: { ...manifest, resumed: others } } };
}

/** Bytes of the journal per trial and recipe, at most: f64 and a status byte. */
const JOURNAL_BYTES = 9;

function exitOf({ outcome, error, results }: RunOutcome, folder: string): Exit {
  if (outcome === 'complete') {
    const lost = results.panels
      .flatMap(({ cells }) => cells)
      .filter(({ trials, failed }) => trials === 0 && failed > 0);
    if (lost.length === 0) return Exit.ok;
    process.stderr.write(`Every trial failed in ${lost.length} of the cells: they have no results.\n`);
    return Exit.checkFailed;
  }
  if (outcome === 'stopped') {
    process.stderr.write(`Stopped. What was finished is in ${folder}; run again with --resume to go on.\n`);
    return Exit.stopped;
  }
  process.stderr.write(
    `The run broke: ${error!.name}: ${error!.message}\nWhat was finished is in ${folder}; run again with --resume to go on.\n`,
  );
  return Exit.broken;
}

/** Finds out before computing whether the results can be written at all. */
function openFolder(folder: string, experiment: Experiment): void {
  try {
    makeFolder(resolve(folder));
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw outputError(join(folder, 'results.json'), error);
  }
  const needed = experiment.panels.reduce(
    (sum, { cells, trials, y }) => sum + JOURNAL_BYTES * (y ? TERM_RECIPES : 1) * cells.length * trials,
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
