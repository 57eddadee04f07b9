import { jobKey } from '../engine/journal.ts';
import { mergeSteps } from '../engine/merge.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { Results } from '../experiment/results.ts';
import { type Plan, planSteps } from '../plan/plan.ts';
import { eventLoop, inTurns, MOST_BUSY_MS } from '../plan/turns.ts';
import { regimes } from '../regimes/index.ts';
import { samplersWith } from '../samplers/index.ts';
import { CliError, Exit } from './exit.ts';
import { FileTrials } from './file-trials.ts';
import { holdFolder } from './folder-lock.ts';
import { imagesFromDisk } from './images-file.ts';
import { interruptible } from './interrupt.ts';
import { removeDrafts } from './out-folder.ts';
import { packageCommit, packageVersion } from './package.ts';
import { ProgressLine } from './progress.ts';
import { exitOfResults, publish, withMakers, writeTrials } from './publish.ts';
import {
  type AskedJob,
  askedJobs,
  experimentOf,
  type PlanFile,
  type RunFile,
  readPlan,
  readRun,
  trialFiles,
} from './shard-files.ts';
import { type Missing, missingOf, missingText, remedyText } from './shard-progress.ts';
import { damageText, readStored } from './stored.ts';
import { complain } from './streams.ts';
import { TrialsIndex } from './trials-index.ts';

export interface MergeFlags {
  readonly partial?: boolean;
  readonly trialsFile?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `collapse merge`: writes from the shards in a folder what one run would have written. Resolves to the exit code. */
export async function mergeCommand(folder: string, flags: MergeFlags): Promise<Exit> {
  const run = readRun(folder);
  const leave = holdFolder(folder);
  const { signal, release } = interruptible(() =>
    complain('Stopping; nothing is lost, merge again to have the results.'),
  );
  const line = new ProgressLine(flags.quiet);
  try {
    removeDrafts(folder);
    return await merge(folder, run, flags, { signal, line });
  } finally {
    line.end();
    release();
    leave();
  }
}

async function merge(
  folder: string,
  run: RunFile,
  flags: MergeFlags,
  { signal, line }: { readonly signal: AbortSignal; readonly line: ProgressLine },
): Promise<Exit> {
  const experiment = experimentOf(run);
  const settled = readPlan(folder);
  if (!settled) {
    const all = Array.from({ length: run.shards }, (_, i) => i + 1);
    const command = remedyText(folder, { shards: all, trials: 0, of: 0, byShard: [] }, run.shards);
    throw new CliError(Exit.incomplete, `None of the ${run.shards} shards has drawn anything yet. ${command}`);
  }
  const jobs = askedJobs(experiment, settled);
  const { index, start } = await indexOf(folder, jobs, signal);
  const stored = new FileTrials(
    jobs.map(({ key, recipes, trials }) => ({ key, recipes, counted: [{ first: 0, end: trials }] })),
    index,
  );
  try {
    const missing = missingOf(jobs, (j) => stored.counted(j), run.shards);
    if (missing.trials > 0 && !flags.partial)
      throw new CliError(
        Exit.incomplete,
        `${missingText(missing, run.shards)}\n${remedyText(folder, missing, run.shards)} --partial takes what is there.`,
      );
    const plan = await planOf(experiment, settled, signal);
    const merged = await inTurns(
      mergeSteps({ plan, regimes, stored, provenance: provenanceOf(settled), start }),
      signal,
      (phase) => line.show(phase),
    );
    line.end();
    if (!merged) throw new CliError(Exit.stopped, 'Stopped before anything was written.');
    const results = withShards(withMakers(merged.value, index.makers(jobs)), run, missing);
    const say = (text: string) => {
      if (!flags.quiet) complain(text);
    };
    if (missing.trials > 0) complain(`${missingText(missing, run.shards)} These results are of the others alone.`);
    const drawn = await publish(folder, experiment, results, { json: flags.json ?? false, signal, say, line });
    if (flags.trialsFile) await writeTrials(folder, { jobs: recordsOf(plan, jobs, stored), results }, index);
    return drawn ? exitOfResults(results) : Exit.stopped;
  } finally {
    stored.close();
    index.close();
  }
}

/** Where all trials stand, each checked; and when the first of them was drawn. */
async function indexOf(
  folder: string,
  jobs: readonly AskedJob[],
  signal: AbortSignal,
): Promise<{ readonly index: TrialsIndex; readonly start: Date }> {
  const index = new TrialsIndex();
  const keys = new Set(jobs.map(({ key }) => key));
  let first = Number.POSITIVE_INFINITY;
  let since = performance.now();
  for (const path of trialFiles(folder)) {
    const damage: string[] = [];
    for (const stored of readStored(path, damage, (key) => keys.has(key))) {
      index.add(stored);
      first = Math.min(first, Date.parse(stored.rows.source.header?.start ?? ''));
      if (performance.now() - since < MOST_BUSY_MS) continue;
      await eventLoop();
      if (signal.aborted) throw new CliError(Exit.stopped, 'Stopped before anything was written.');
      since = performance.now();
    }
    if (damage.length > 0)
      complain(`${path} cannot be trusted in full: ${damageText(damage)}. What is lost with it counts as missing.`);
  }
  return { index, start: new Date(Number.isFinite(first) ? first : Date.now()) };
}

/** The plan that the shards were drawn by, on whatever machine. */
async function planOf(experiment: Experiment, settled: PlanFile, signal: AbortSignal): Promise<Plan> {
  const samplers = samplersWith(imagesFromDisk());
  const { limits, target } = settled;
  const steps = planSteps(experiment, regimes, samplers, limits, target, Number.POSITIVE_INFINITY);
  const plan = await inTurns(steps, signal);
  if (!plan) throw new CliError(Exit.stopped, 'Stopped before anything was written.');
  const { jobs } = plan.value;
  const same =
    jobs.length === settled.jobs.length &&
    jobs.every((job, j) => jobKey(job, settled.precision) === settled.jobs[j]!.key);
  if (same) return plan.value;
  throw new CliError(
    Exit.wrongExperiment,
    `This version of collapse-lab draws other numbers than the one that drew the shards (${settled.collapse}); merge with that one.`,
  );
}

function provenanceOf({ backend, driver, adapter, tuning }: PlanFile) {
  return { version: packageVersion, commit: packageCommit, backend, driver, adapter, tuning };
}

function withShards(results: Results, { shards: count }: RunFile, missing: Missing): Results {
  const shards = missing.trials > 0 ? { count, missing: missing.shards } : { count };
  return { ...results, manifest: { ...results.manifest, shards } };
}

const recordsOf = (plan: Plan, jobs: readonly AskedJob[], stored: FileTrials) =>
  plan.jobs.map(({ panel, cells, job }, j) => ({
    key: jobs[j]!.key,
    panel: panel.name,
    cells: cells.map((cell) => panel.cells[cell]!.at),
    recipes: job.recipes.length,
    counted: stored.counted(j),
  }));
