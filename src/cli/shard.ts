import { rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Backend } from '../engine/backend.ts';
import { gapsIn, type TrialRange, union } from '../engine/coverage.ts';
import { drawShard, type ShardOutcome } from '../engine/draw-shard.ts';
import { jobKey, type Maker } from '../engine/journal.ts';
import { type Shard, shardRange } from '../engine/shard.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { type Plan, planSteps } from '../plan/plan.ts';
import { inTurns } from '../plan/turns.ts';
import type { DeviceLimits } from '../program/cost.ts';
import { regimes } from '../regimes/index.ts';
import { samplersWith } from '../samplers/index.ts';
import { CheckpointFile } from './checkpoint-file.ts';
import { adapterName, backendName, type OpenedBackend, openForShard } from './device.ts';
import { CliError, Exit } from './exit.ts';
import { failureOf } from './failure.ts';
import { processSpace } from './folder-lock.ts';
import { imagesFromDisk } from './images-file.ts';
import { interruptible } from './interrupt.ts';
import { type Changes, experimentNames, loadExperiment } from './load.ts';
import { openFolder } from './out-folder.ts';
import { ProgressLine } from './progress.ts';
import {
  type AskedJob,
  askedJobs,
  attemptPath,
  checkpointPath,
  experimentOf,
  hasShards,
  hullOf,
  type PlanFile,
  type RunFile,
  readPlan,
  readRun,
  settlePlan,
  settleRun,
  shardSources,
} from './shard-files.ts';
import { damageText, readStored } from './stored.ts';
import { complain } from './streams.ts';
import type { Header } from './trials-format.ts';
import { TrialsWriter } from './trials-writer.ts';

export interface ShardFlags extends Changes {
  readonly shard: Shard;
  readonly out?: string;
  readonly backend?: string;
  readonly quiet?: boolean;
}

/** What a command works on: an experiment, or the folder of a run in shards. */
export interface Target {
  readonly experiment: Experiment;
  readonly folder: string;
  /** What the folder was asked for before; null where an experiment is named. */
  readonly run: RunFile | null;
}

/** Resolves a name, a file, a link, the folder of a run in shards or its `run.json`. */
export async function targetOf(spec: string, changes: Changes, out: string | undefined): Promise<Target> {
  const folder = folderOf(spec);
  if (folder === null) {
    const experiment = await loadExperiment(spec, changes);
    return { experiment, folder: out ?? join('results', experiment.name), run: null };
  }
  const run = readRun(folder);
  const named = Object.keys(changes).filter((key) => key !== 'set' || (changes.set ?? []).length > 0);
  const changed = named.filter((key) => ['set', 'trials', 'seed', 'sampler', 'panel'].includes(key));
  if (changed.length > 0)
    throw new CliError(
      Exit.wrongExperiment,
      `--${changed[0]} changes an experiment, and ${folder} is the folder of a run; name the experiment and --out ${folder}.`,
    );
  if (out !== undefined && out !== folder)
    throw new CliError(Exit.wrongExperiment, `--out ${out}: the run in ${folder} goes on there; leave --out away.`);
  return { experiment: experimentOf(run), folder, run };
}

/** Null where the text names no folder of a run; an experiment's name is one, whatever folder is called so too. */
function folderOf(spec: string): string | null {
  const found = statSync(spec, { throwIfNoEntry: false });
  if (found?.isDirectory()) return hasShards(spec) || !experimentNames().includes(spec) ? spec : null;
  return found && basename(spec) === 'run.json' && basename(dirname(spec)) === 'shards' ? dirname(dirname(spec)) : null;
}

/** `collapse run --shard I/N`: draws what the shard lacks, below `shards/` of the folder, and nothing else. Resolves to the exit code. */
export async function shardCommand(spec: string, flags: ShardFlags): Promise<Exit> {
  const { shard } = flags;
  const line = new ProgressLine(flags.quiet);
  const { signal, release } = interruptible(() => {
    line.end();
    complain('Stopping after the batch under way; press Ctrl-C again to stop at once.');
  });
  try {
    const { experiment, folder, run: before } = await targetOf(spec, changesOf(flags), flags.out);
    openFolder(folder, experiment, 1 / shard.count);
    const backend = backendName(flags.backend ?? before?.backend ?? 'node');
    const run = settleRun(folder, { experiment, backend, shards: shard.count });
    const work = { folder, experiment, run, shard };
    const say = (text: string) => {
      if (!flags.quiet) complain(text);
    };
    const settled = readPlan(folder);
    if (settled && isComplete(shard, askedJobs(experiment, settled), coverageFor(work, settled))) {
      say(`Shard ${shard.index}/${shard.count} in ${folder} is complete.`);
      return Exit.ok;
    }
    return await draw(work, { signal, say, line });
  } finally {
    line.end();
    release();
  }
}

function changesOf({ set, trials, seed, sampler, panel }: Changes): Changes {
  const all = { set, trials, seed, sampler, panel };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** A shard of a run in a folder. */
interface Work {
  readonly folder: string;
  readonly experiment: Experiment;
  readonly run: RunFile;
  readonly shard: Shard;
}

interface Talk {
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  readonly line: ProgressLine;
}

type Coverage = (key: string, recipes: number) => readonly TrialRange[];

/** What there is of the jobs that this shard may draw from, whatever wrote it; says what is damaged. */
function coverageFor({ folder, experiment, shard }: Work, { jobs }: Pick<PlanFile, 'jobs'>): Coverage {
  const hull = hullOf(
    experiment.panels.map(({ trials }) => trials),
    shard,
  );
  const keys = new Set(jobs.map(({ key }) => key));
  const wanted = (key: string, { first, end }: TrialRange) => keys.has(key) && first < hull.end && end > hull.first;
  const ranges = new Map<string, TrialRange[]>();
  for (const path of shardSources(folder, hull)) {
    const damage: string[] = [];
    for (const { job, batch } of readStored(path, damage, wanted)) {
      const name = `${job} ${batch.errors.length / batch.count}`;
      const known = ranges.get(name) ?? [];
      known.push({ first: batch.first, end: batch.first + batch.count });
      ranges.set(name, known);
    }
    if (damage.length > 0)
      complain(
        `${path} cannot be trusted in full: ${damageText(damage)}. What this shard lost with it is drawn again.`,
      );
  }
  return (key, recipes) => union(ranges.get(`${key} ${recipes}`) ?? []);
}

function isComplete(shard: Shard, jobs: readonly AskedJob[], covered: Coverage): boolean {
  return jobs.every(
    ({ key, recipes, trials }) => gapsIn(covered(key, recipes), shardRange(trials, shard)).length === 0,
  );
}

async function draw(work: Work, talk: Talk): Promise<Exit> {
  const { experiment, run, shard } = work;
  const attempt = new Attempt(work, new Date());
  try {
    const opened = await openForShard(run.backend, experiment);
    try {
      talk.say(opened.sentence);
      const { backend, plan, settled } = await planned(work, opened, talk.signal);
      for (const { sampler, job } of plan.jobs) await sampler.prepare?.(job);
      const by = makerOf(backend);
      attempt.begin(by);
      const checkpoints = new CheckpointFile(checkpointPath(work.folder, shard), { resume: true, warn: complain });
      if (by) checkpoints.signAs(by);
      const outcome = await drawShard({
        plan,
        backend,
        shard,
        covered: coverageFor(work, settled),
        journal: { past: [], append: (entry) => attempt.append(entry), checkpoints },
        signal: talk.signal,
        onProgress: (progress) => talk.line.show(progress),
      });
      talk.line.end();
      return attempt.end(outcome, talk.say);
    } finally {
      await opened.close();
    }
  } catch (error) {
    attempt.fail(error);
    throw error;
  } finally {
    await attempt.close();
  }
}

/** What this shard draws with: as the first shard settled it, which may be this one. */
async function planned(
  work: Work,
  opened: OpenedBackend,
  signal: AbortSignal,
): Promise<{ readonly backend: Backend; readonly plan: Plan; readonly settled: PlanFile }> {
  const { folder, run } = work;
  const before = readPlan(folder);
  if (before) refuseOtherPrecision(folder, opened.backend, before);
  const backend = inRowOfRun(opened, before ? before.tuning : run.tuning);
  const plan = await planOf(work, backend, before?.limits, signal);
  const settled = before ?? settlePlan(folder, planFile(opened, backend, plan));
  // Another shard may have been first at this moment, on another device.
  const other = backend.tuning !== settled.tuning || NAMES.some((name) => backend.limits[name] > settled.limits[name]);
  if (!before && other) return planned(work, opened, signal);
  refuseOtherPlan(folder, backend, plan, settled);
  return { backend, plan, settled };
}

/** The row of the tuning table is that of the run: measured on each machine it might be another one. */
function inRowOfRun({ backend, inRow }: OpenedBackend, row: string | null | undefined): Backend {
  if (!inRow || !row) return backend;
  const chosen = inRow(row);
  if (chosen) return chosen;
  throw new CliError(
    Exit.noDevice,
    `The shards of this run compute with row ${row} of the tuning table, which ${adapterName(backend.adapter!)} cannot: its device ` +
      'has no subgroups.',
  );
}

/** Planned within what the first shard's device allowed, so that all of them take the same samplers. */
async function planOf(
  { experiment }: Work,
  { limits, target }: Backend,
  others: DeviceLimits | undefined,
  signal: AbortSignal,
): Promise<Plan> {
  const samplers = samplersWith(imagesFromDisk());
  const common = sharedLimits(limits, others);
  const steps = planSteps(experiment, regimes, samplers, common, target, Number.POSITIVE_INFINITY);
  const plan = await inTurns(steps, signal);
  if (!plan) throw new CliError(Exit.stopped, 'Stopped before anything was drawn.');
  return plan.value;
}

const NAMES = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupsPerDimension',
] as const satisfies readonly (keyof DeviceLimits)[];

const limitsOf = (limits: DeviceLimits) =>
  Object.fromEntries(NAMES.map((name) => [name, limits[name]])) as unknown as DeviceLimits;

function sharedLimits(own: DeviceLimits, others: DeviceLimits | undefined): DeviceLimits {
  const least = NAMES.map((name) => [name, Math.min(own[name], others?.[name] ?? Number.POSITIVE_INFINITY)]);
  return Object.fromEntries(least) as unknown as DeviceLimits;
}

function planFile(opened: OpenedBackend, backend: Backend, plan: Plan): Parameters<typeof settlePlan>[1] {
  return {
    backend: opened.name,
    driver: opened.driver,
    adapter: backend.adapter,
    precision: backend.precision,
    limits: limitsOf(backend.limits),
    target: backend.target,
    ...(backend.tuning ? { tuning: backend.tuning } : {}),
    jobs: plan.jobs.map((job) => ({
      key: jobKey(job, backend.precision),
      recipes: job.job.recipes.length,
      panel: job.panel.name,
    })),
  };
}

function refuseOtherPrecision(folder: string, { precision }: Backend, settled: PlanFile): void {
  if (precision === settled.precision) return;
  throw new CliError(
    Exit.wrongExperiment,
    `The shards in ${folder} are drawn in ${settled.precision}, and this backend computes in ${precision}; use --backend ${settled.backend}.`,
  );
}

function refuseOtherPlan(folder: string, { precision, limits }: Backend, plan: Plan, settled: PlanFile): void {
  const same = plan.jobs.every((job, j) => jobKey(job, precision) === settled.jobs[j]?.key);
  if (same && plan.jobs.length === settled.jobs.length) return;
  const small = NAMES.find((name) => limits[name] < settled.limits[name]);
  if (small)
    throw new CliError(
      Exit.noDevice,
      `This device is too small for the shards in ${folder}: its ${small} is ${limits[small]}, that of the first one's was ` +
        `${settled.limits[small]}, and it would draw by other samplers.`,
    );
  throw new CliError(
    Exit.wrongExperiment,
    `This version of collapse-lab draws other numbers than the one that began the shards in ${folder} (${settled.collapse}); use that ` +
      'one, or another --out.',
  );
}

function makerOf({ adapter, tuning }: Backend): Maker | undefined {
  return adapter ? { adapter: adapterName(adapter), ...(tuning ? { tuning } : {}) } : undefined;
}

/** Seconds between two signs of life in a long batch. */
const HEARTBEAT_SECONDS = 30;

/** This attempt at a shard: its file, made when the first batch may come or when there is a failure to tell. */
class Attempt {
  readonly #work: Work;
  readonly #start: Date;
  #writer: TrialsWriter | null = null;
  #pulse: NodeJS.Timeout | undefined;
  #drawn = 0;
  #ended = false;
  #leavesNothing = false;

  constructor(work: Work, start: Date) {
    this.#work = work;
    this.#start = start;
  }

  begin(by?: Maker): void {
    const { folder, experiment, run, shard } = this.#work;
    const hull = hullOf(
      experiment.panels.map(({ trials }) => trials),
      shard,
    );
    const job =
      process.env.SLURM_ARRAY_JOB_ID && `${process.env.SLURM_ARRAY_JOB_ID}_${process.env.SLURM_ARRAY_TASK_ID}`;
    const space = processSpace();
    const header: Header = {
      experiment: run.hash,
      by,
      host: hostname(),
      pid: process.pid,
      start: this.#start.toISOString(),
      ...(space ? { space } : {}),
      shard: { ...shard, ...hull, ...(job ? { job } : {}) },
    };
    const remedy = 'free some space and start the shard again';
    this.#writer = new TrialsWriter(attemptPath(folder, shard, this.#start), header, remedy);
    this.#pulse = setInterval(() => this.#writer?.touch(), 1000 * HEARTBEAT_SECONDS).unref();
  }

  append(entry: Parameters<TrialsWriter['append']>[0]): void {
    this.#writer!.append(entry);
    this.#drawn += entry.batch.count;
  }

  end({ outcome, error }: ShardOutcome, say: (text: string) => void): Exit {
    const { folder, shard } = this.#work;
    const name = `Shard ${shard.index}/${shard.count}`;
    if (outcome === 'broken') {
      if (error instanceof CliError) throw error;
      const why = `${error!.name}: ${error!.message}`;
      throw new CliError(
        Exit.broken,
        `${name} broke: ${why}\nWhat was finished is in ${folder}; the same command goes on.`,
      );
    }
    this.#writer!.end(outcome);
    this.#ended = true;
    this.#leavesNothing = this.#drawn === 0;
    if (outcome === 'complete') {
      say(`${name} in ${folder} is complete.`);
      return Exit.ok;
    }
    complain(`${name} stopped. What was finished is in ${folder}; the same command goes on.`);
    return Exit.stopped;
  }

  /** Leaves word of why it failed, where the user is not the one to mend it. */
  fail(error: unknown): void {
    const { exit, message } = failureOf(error);
    if (this.#ended || exit === Exit.wrongExperiment || exit === Exit.stopped) return;
    try {
      if (!this.#writer) this.begin();
      this.#writer!.end('broken', message);
      this.#ended = true;
    } catch {
      // A full disk is what it failed of, as like as not.
    }
  }

  /** Sends what was written to the disk itself. An attempt that was stopped before its first batch leaves nothing. */
  async close(): Promise<void> {
    clearInterval(this.#pulse);
    await this.#writer?.close();
    if (this.#leavesNothing) rmSync(this.#writer!.path, { force: true });
  }
}
