import { join } from 'node:path';
import type { Backend } from '../engine/backend.ts';
import type { Progress, RunOutcome } from '../engine/events.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { experimentHash } from '../experiment/hash.ts';
import { drawnBy, type Plan } from '../plan/plan.ts';
import type { FigureWidth } from '../report/figure.ts';
import { figureDrawer } from '../report/files-node.ts';
import { adapterName, backendName, type OpenedBackend, openBackend } from './device.ts';
import { refuseOverwriting, removeEarlier } from './earlier-run.ts';
import { Exit } from './exit.ts';
import { figureWidth } from './figure-width.ts';
import { holdFolder } from './folder-lock.ts';
import { interruptible } from './interrupt.ts';
import { JournalFile } from './journal-file.ts';
import { type Changes, loadExperiment } from './load.ts';
import { openFolder, removeDrafts } from './out-folder.ts';
import { expectedText } from './plan.ts';
import { ProgressLine } from './progress.ts';
import { exitOfResults, publish, withMakers, writeTrials } from './publish.ts';
import { simulate } from './simulate.ts';
import { TheoryBeforehand } from './theory-beforehand.ts';

export interface RunFlags extends Changes {
  readonly out?: string;
  readonly backend?: string;
  readonly resume?: boolean;
  /** Replaces results of another setting. */
  readonly force?: boolean;
  readonly targetSem?: number;
  readonly trialsFile?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly width?: string;
}

/** `collapse run`: loads, runs, writes the report, prints the table. Resolves to the exit code. */
export async function runCommand(spec: string, flags: RunFlags): Promise<Exit> {
  const backend = backendName(flags.backend ?? 'node');
  const width = flags.width === undefined ? undefined : figureWidth(flags.width);
  const experiment = await loadExperiment(spec, flags);
  const folder = flags.out ?? join('results', experiment.name);
  openFolder(folder, experiment);
  const leave = holdFolder(folder);
  removeDrafts(folder);
  try {
    if (!flags.force) refuseOverwriting(folder, experiment);
    return await runInto(folder, experiment, backend, { ...flags, figureWidth: width });
  } finally {
    leave();
  }
}

async function runInto(
  folder: string,
  experiment: Experiment,
  backend: ReturnType<typeof backendName>,
  flags: RunFlags & { readonly figureWidth: FigureWidth | undefined },
): Promise<Exit> {
  const say = (text: string) => {
    if (!flags.quiet) process.stderr.write(`${text}\n`);
  };
  const line = new ProgressLine(flags.quiet);
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
  let theory = null as TheoryBeforehand | null;
  try {
    const onProgress = (progress: Progress) => line.show(progress);
    const targetSem = flags.targetSem ? { targetSem: flags.targetSem } : {};
    const settle = (opened: OpenedBackend, plan: Plan) => {
      const expected = flags.resume ? null : expectedText(plan, opened.backend.adapter);
      if (expected) say(expected);
      void figureDrawer();
      theory ??= new TheoryBeforehand(experiment, signal);
      return settleTuning(opened, plan, journal, say);
    };
    const opened = await openBackend(backend, experiment);
    say(opened.sentence);
    const run = await simulate(experiment, opened, { journal, signal, onProgress, settle, ...targetSem });
    const outcome = { ...run, results: withMakers(run.results, run.makers) };
    line.end();
    removeEarlier(folder);
    const drawn = await publish(folder, experiment, outcome.results, {
      json: flags.json ?? false,
      width: flags.figureWidth,
      signal,
      say,
      line,
      theory,
    });
    journal.end(outcome.outcome);
    if (flags.trialsFile) await writeTrials(folder, outcome, journal.index());
    return drawn ? exitOf(outcome, folder) : exitOf({ ...outcome, outcome: 'stopped' }, folder);
  } finally {
    theory?.stop();
    line.end();
    release();
    await journal.close();
  }
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
  const work = drawnBy(plan).reduce((sum, { cost, trials }) => sum + cost.workPerTrial * trials, 0);
  const last = journal.lastMaker();
  const tuned = await opened.tuned?.({ work, kept: last?.adapter === name ? last.tuning : undefined });
  if (tuned) say(tuned.sentence);
  const backend = tuned?.backend ?? opened.backend;
  journal.signAs({ adapter: name, ...(backend.tuning ? { tuning: backend.tuning } : {}) });
  return backend;
}

function exitOf({ outcome, error, results }: RunOutcome, folder: string): Exit {
  if (outcome === 'complete') {
    return exitOfResults(results);
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
