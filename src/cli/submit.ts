import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Experiment } from '../experiment/experiment.ts';
import { experimentHash } from '../experiment/hash.ts';
import { drawnBy, planExperiment, REFERENCE_LIMITS } from '../plan/plan.ts';
import { regimes } from '../regimes/index.ts';
import { outputError, writeAtomically } from '../report/files-node.ts';
import { samplersWith } from '../samplers/index.ts';
import { backendName } from './device.ts';
import { CliError, Exit } from './exit.ts';
import { imagesFromDisk } from './images-file.ts';
import type { Changes } from './load.ts';
import { openFolder } from './out-folder.ts';
import { expectedOf } from './plan.ts';
import { duration } from './progress.ts';
import { targetOf } from './shard.ts';
import { type Asked, hasShards, readRun, settleRun } from './shard-files.ts';
import { numbersText, shellQuoted } from './shard-progress.ts';
import {
  hasSbatch,
  jobsPath,
  largestTask,
  readSlurmJobs,
  type SlurmJobs,
  type SlurmOptions,
  sbatch,
  secondsOf,
  slurmFolder,
  tasksInQueue,
} from './slurm.ts';
import { mergeScript, type ScriptInput, shardScript } from './slurm-script.ts';
import { statusOf } from './status.ts';
import { complain, print } from './streams.ts';

export interface SubmitFlags extends Changes {
  readonly shards?: number;
  readonly out?: string;
  readonly backend?: string;
  readonly atOnce?: number;
  readonly time?: string;
  readonly gres?: string;
  readonly dryRun?: boolean;
}

/** `collapse submit`: one array job for the shards that are missing, one job that merges them, and that is all. Resolves to the exit code. */
export async function submitCommand(spec: string, options: readonly string[], flags: SubmitFlags): Promise<Exit> {
  const { experiment, folder, run: before } = await targetOf(spec, flags, flags.out);
  const shards = flags.shards ?? before?.shards;
  if (shards === undefined)
    throw new CliError(Exit.wrongExperiment, '--shards N: into how many parts is the run to be cut?');
  const present = hasSbatch();
  refuseTooMany(shards, present);
  const backend = backendName(flags.backend ?? before?.backend ?? 'node');
  warnOfSmallShards(experiment, shards, backend);
  const known = readSlurmJobs(folder);
  const missing = flags.dryRun
    ? missingAsOfNow(folder, experiment, shards)
    : beginRun(folder, { experiment, backend, shards });
  if (missing.length === 0) {
    print(`All ${shards} shards are complete; collapse merge ${shellQuoted(folder)} writes the results.`);
    return Exit.ok;
  }
  const queued = tasksInQueue(known, shards);
  const wanted = missing.filter((shard) => !queued.has(shard));
  const waiting = [...new Set([...queued.values()].map(({ job }) => job))];
  if (wanted.length === 0) {
    print(
      `Shards ${numbersText(
        [...queued.keys()].sort((a, b) => a - b),
        ', ',
      )} are in the queue already, as job ${waiting.join(', ')}.`,
    );
    return Exit.ok;
  }
  const asked = withDefaults(flags, options, known.options);
  const submission = new Submission(
    { folder: resolve(folder), shards, adapter: process.env.COLLAPSE_ADAPTER },
    experiment,
    asked,
  );
  const array = numbersText(wanted);
  if (flags.dryRun || !present) {
    print(submission.text(array, waiting));
    if (flags.dryRun) return Exit.ok;
    complain(
      'There is no sbatch on this machine: nothing was submitted. docs/scale-out.md has recipes for other schedulers.',
    );
    return Exit.noDevice;
  }
  submission.write();
  const id = sbatch(submission.arrayArguments(array));
  // Told before anything else can fail: it runs.
  const job = { id, merge: '', shards, array, when: new Date().toISOString() };
  await remember(folder, known, asked, job);
  const merge = sbatch(submission.mergeArguments([id, ...waiting]));
  await remember(folder, known, asked, { ...job, merge });
  print(
    `Job ${id} draws ${wanted.length === 1 ? 'shard' : 'shards'} ${numbersText(wanted, ', ')} of ${shards}; job ${merge} merges them when it has ended. ` +
      `collapse status ${shellQuoted(folder)} tells how far they are.`,
  );
  return Exit.ok;
}

/** Writes down what is asked for; the shards that are missing of it. */
function beginRun(folder: string, asked: Asked): readonly number[] {
  openFolder(folder, asked.experiment);
  return statusOf(folder, settleRun(folder, asked)).missing.shards;
}

/** The same without writing anything. */
function missingAsOfNow(folder: string, experiment: Experiment, shards: number): readonly number[] {
  const run = hasShards(folder) ? readRun(folder) : null;
  if (run?.shards === shards && run.hash === experimentHash(experiment.file))
    return statusOf(folder, run).missing.shards;
  return Array.from({ length: shards }, (_, i) => i + 1);
}

function refuseTooMany(shards: number, present: boolean): void {
  const most = present ? largestTask() : null;
  if (most === null || shards <= most) return;
  const why =
    most < 1 ? 'allows no job arrays (MaxArraySize)' : `numbers the tasks of an array up to ${most} (MaxArraySize)`;
  throw new CliError(Exit.wrongExperiment, `--shards ${shards}: this Slurm ${why}; use at most ${Math.max(0, most)}.`);
}

/** Opening every job costs a shard some seconds. */
const LEAST_TRIALS = 64;
const LEAST_SECONDS = 300;

function warnOfSmallShards(experiment: Experiment, shards: number, backend: ReturnType<typeof backendName>): void {
  const trials = Math.min(...experiment.panels.map((panel) => panel.trials));
  if (trials < LEAST_TRIALS * shards)
    complain(
      `Shards this small start more often than they draw: ${trials} trials in ${shards} shards; use fewer, or more --trials.`,
    );
  const samplers = samplersWith(imagesFromDisk());
  const plan = planExperiment(experiment, regimes, samplers, REFERENCE_LIMITS);
  const adapter = backend === 'reference' ? null : { software: false };
  const all = drawnBy(plan).reduce((sum, { cost, trials: each }) => sum + expectedOf(cost, each, adapter).seconds, 0);
  const seconds = all / shards;
  if (seconds < LEAST_SECONDS)
    complain(
      `A shard is about ${duration(seconds)} of work (a guess), and starting one costs some seconds; fewer would do.`,
    );
}

function withDefaults(flags: SubmitFlags, options: readonly string[], before: SlurmOptions): SlurmOptions {
  const { atOnce = before.atOnce, time = before.time, gres = before.gres } = flags;
  return { atOnce, time, gres, sbatch: options.length > 0 ? options : (before.sbatch ?? []) };
}

async function remember(
  folder: string,
  known: SlurmJobs,
  options: SlurmOptions,
  job: SlurmJobs['jobs'][number],
): Promise<void> {
  const content: SlurmJobs = { options, jobs: [...known.jobs, job] };
  await writeAtomically(jobsPath(folder), `${JSON.stringify(content, null, 2)}\n`);
}

/** Seconds before the time limit at which a shard is told to save. */
const LEAD_SECONDS = 120;

class Submission {
  readonly #input: ScriptInput;
  readonly #name: string;
  readonly #options: SlurmOptions;

  constructor(input: ScriptInput, experiment: Experiment, options: SlurmOptions) {
    this.#input = input;
    this.#name = experiment.name;
    this.#options = options;
  }

  write(): void {
    try {
      mkdirSync(slurmFolder(this.#input.folder), { recursive: true });
      writeFileSync(this.#path('shard.sh'), shardScript(this.#input));
      writeFileSync(this.#path('merge.sh'), mergeScript(this.#input));
    } catch (error) {
      throw outputError(this.#path('shard.sh'), error);
    }
  }

  arrayArguments(array: string): readonly string[] {
    const { atOnce, time, gres, sbatch: own = [] } = this.#options;
    const limit = time === undefined ? null : secondsOf(time);
    const lead = limit === null ? LEAD_SECONDS : Math.min(LEAD_SECONDS, Math.floor(limit / 4));
    return [
      '--parsable',
      `--job-name=collapse-${this.#name}`,
      `--array=${array}${atOnce === undefined ? '' : `%${atOnce}`}`,
      '--requeue',
      '--open-mode=append',
      `--signal=B:USR1@${lead}`,
      '--cpus-per-task=2',
      `--output=${this.#log('%a.log')}`,
      ...(time === undefined ? [] : [`--time=${time}`]),
      ...(gres === undefined ? [] : [`--gres=${gres}`]),
      ...own,
      this.#path('shard.sh'),
    ];
  }

  mergeArguments(after: readonly string[]): readonly string[] {
    const { sbatch: own = [] } = this.#options;
    return [
      '--parsable',
      `--job-name=collapse-${this.#name}-merge`,
      `--dependency=afterany:${after.join(':')}`,
      '--open-mode=append',
      `--output=${this.#log('merge.log')}`,
      ...own,
      this.#path('merge.sh'),
    ];
  }

  /** All that would be submitted. */
  text(array: string, waiting: readonly string[]): string {
    const line = (args: readonly string[]) => ['sbatch', ...args].map(shellQuoted).join(' ');
    return [
      line(this.arrayArguments(array)),
      line(this.mergeArguments(['ID', ...waiting])),
      '',
      `── ${this.#path('shard.sh')}`,
      shardScript(this.#input),
      `── ${this.#path('merge.sh')}`,
      mergeScript(this.#input).trimEnd(),
    ].join('\n');
  }

  #path(name: string): string {
    return join(slurmFolder(this.#input.folder), name);
  }

  /** sbatch puts numbers in place of what stands behind a %. */
  #log(name: string): string {
    return join(slurmFolder(this.#input.folder).replaceAll('%', '%%'), name);
  }
}
