import { closeSync, existsSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { type TrialRange, union } from '../engine/coverage.ts';
import { Exit } from './exit.ts';
import { processSpace } from './folder-lock.ts';
import { duration } from './progress.ts';
import {
  type AskedJob,
  askedJobs,
  attemptsIn,
  experimentOf,
  type RunFile,
  readPlan,
  readRun,
  trialFiles,
} from './shard-files.ts';
import { grouped, type Missing, missingOf, numbersText, remedyText } from './shard-progress.ts';
import { readSlurmJobs, tasksInQueue } from './slurm.ts';
import { openToRead } from './stored.ts';
import { print } from './streams.ts';
import { type Header, skimTrials } from './trials-format.ts';

/** Milliseconds without a sign of life after which an attempt counts as silent: four heartbeats. */
const SILENT_MS = 120_000;

type State = 'complete' | 'running' | 'silent' | 'stopped' | 'failed' | 'queued' | 'not begun';

/** What the last attempt at a shard left. */
interface Attempt {
  readonly path: string;
  readonly header: Header | null;
  /** Null where it has none: it runs, or was killed. */
  readonly end: { readonly outcome: string; readonly why: string } | null;
  readonly touched: Date;
  /** Trials of jobs in its file. */
  readonly drawn: number;
}

export interface ShardsStatus {
  readonly folder: string;
  readonly experiment: string;
  readonly shards: number;
  readonly trials: number;
  readonly of: number;
  /** Numbers of the shards by their state. */
  readonly states: Readonly<Record<State, readonly number[]>>;
  /** Trials per second of those that run. */
  readonly rate: number;
  /** Null while nothing runs. */
  readonly secondsLeft: number | null;
  /** Where shards run. */
  readonly hosts: readonly string[];
  readonly lastFailure: {
    readonly shard: number;
    readonly host: string;
    readonly when: string;
    readonly why: string;
  } | null;
}

/** `collapse status`: how far the shards in a folder are. Resolves to the exit code. */
export function statusCommand(folder: string, { json }: { readonly json?: boolean }): Exit {
  const run = readRun(folder);
  const { status, missing } = statusOf(folder, run);
  print(json ? JSON.stringify(status, null, 2) : statusText(status, missing));
  return missing.shards.length === 0 && status.of > 0 ? Exit.ok : Exit.incomplete;
}

/** Reads heads of records, no numbers: kilobytes of any run. */
export function statusOf(folder: string, run: RunFile): { readonly status: ShardsStatus; readonly missing: Missing } {
  const settled = readPlan(folder);
  const jobs = settled ? askedJobs(experimentOf(run), settled) : [];
  const { counted, attempts } = skimmed(folder, jobs, run.shards);
  const missing = settled ? missingOf(jobs, (j) => counted[j]!, run.shards) : nothingOf(run.shards);
  const queue = tasksInQueue(readSlurmJobs(folder), run.shards);
  const now = Date.now();
  const states: Record<State, number[]> = {
    complete: [],
    running: [],
    queued: [],
    silent: [],
    stopped: [],
    failed: [],
    'not begun': [],
  };
  const incomplete = new Set(missing.shards);
  const running: Attempt[] = [];
  for (let shard = 1; shard <= run.shards; shard++) {
    const last = attempts.get(shard);
    const state = incomplete.has(shard) ? stateOf(last, queue.get(shard)?.state, now) : 'complete';
    states[state].push(shard);
    if (state === 'running' && last) running.push(last);
  }
  const rate = running.reduce((sum, { drawn, header, touched }) => sum + rateOf(drawn, header, touched), 0);
  const status = {
    folder,
    experiment: String(run.experiment.name),
    shards: run.shards,
    trials: missing.of - missing.trials,
    of: missing.of,
    states,
    rate,
    secondsLeft: rate > 0 ? missing.trials / rate : null,
    hosts: [...new Set(running.flatMap(({ header }) => header?.host ?? []))].sort(),
    lastFailure: failureIn([...attempts]),
  };
  return { status, missing };
}

function rateOf(drawn: number, header: Header | null, touched: Date): number {
  const seconds = header ? (touched.getTime() - Date.parse(header.start)) / 1000 : 0;
  return seconds > 0 ? drawn / seconds : 0;
}

const nothingOf = (count: number): Missing => ({
  shards: Array.from({ length: count }, (_, i) => i + 1),
  trials: 0,
  of: 0,
  byShard: [],
});

/** What there is of every job, and the newest attempt at each shard of the run's own number. */
function skimmed(
  folder: string,
  jobs: readonly AskedJob[],
  shards: number,
): { readonly counted: readonly (readonly TrialRange[])[]; readonly attempts: ReadonlyMap<number, Attempt> } {
  const ranges = new Map<string, TrialRange[]>();
  const attempts = new Map<number, Attempt>();
  const own = new Map(attemptsIn(folder).map((attempt) => [attempt.path, attempt.shard]));
  for (const path of trialFiles(folder)) {
    if (!path.endsWith('.trials')) continue;
    const attempt = skim(path, ranges);
    const shard = own.get(path);
    if (shard?.count === shards && !attempts.has(shard.index)) attempts.set(shard.index, attempt);
  }
  return { counted: jobs.map(({ key, recipes }) => union(ranges.get(`${key} ${recipes}`) ?? [])), attempts };
}

function skim(path: string, ranges: Map<string, TrialRange[]>): Attempt {
  const file = openToRead(path);
  try {
    let header: Header | null = null;
    let end: Attempt['end'] = null;
    let drawn = 0;
    for (const found of skimTrials(file)) {
      if (found.kind === 'header') header = found.header;
      if (found.kind === 'end') end = found;
      if (found.kind !== 'batch') continue;
      const { job, recipes, first, count } = found;
      drawn += count;
      const known = ranges.get(`${job} ${recipes}`) ?? [];
      const last = known.at(-1);
      if (last?.end === first) known[known.length - 1] = { first: last.first, end: first + count };
      else known.push({ first, end: first + count });
      ranges.set(`${job} ${recipes}`, known);
    }
    return { path, header, end, drawn, touched: statSync(path).mtime };
  } finally {
    closeSync(file);
  }
}

function stateOf(last: Attempt | undefined, queued: string | undefined, now: number): State {
  if (queued === 'PENDING') return 'queued';
  if (!last) return queued ? 'running' : 'not begun';
  if (last.end) {
    if (queued) return 'running';
    return last.end.outcome === 'broken' ? 'failed' : 'stopped';
  }
  if (isGone(last.header)) return queued ? 'running' : 'silent';
  return now - last.touched.getTime() < SILENT_MS ? 'running' : 'silent';
}

/** On this machine it can be seen that a process has ended; not on another one, nor in another container. */
function isGone(header: Header | null): boolean {
  if (!header || header.host !== hostname() || header.space !== processSpace()) return false;
  return !existsSync(`/proc/${header.pid}`);
}

function failureIn(attempts: readonly (readonly [number, Attempt])[]): ShardsStatus['lastFailure'] {
  const failed = attempts.filter(([, { end }]) => end?.outcome === 'broken');
  const latest = failed.sort(([, a], [, b]) => b.touched.getTime() - a.touched.getTime())[0];
  if (!latest) return null;
  const [shard, { header, end, touched }] = latest;
  return { shard, host: header?.host ?? 'unknown', when: touched.toISOString(), why: end!.why };
}

const WORDS: Readonly<Record<State, string>> = {
  complete: 'complete',
  running: 'running',
  queued: 'waiting in the queue',
  silent: 'silent: killed, or on a machine that cannot be seen',
  stopped: 'stopped, saved',
  failed: 'failed',
  'not begun': 'not begun',
};

function statusText(status: ShardsStatus, missing: Missing): string {
  const { folder, experiment, shards, trials, of, states, rate, secondsLeft, hosts, lastFailure } = status;
  const share = of === 0 ? '' : ` (${Math.floor((100 * trials) / of)} %)`;
  const lines = [`${experiment} in ${folder}: ${grouped(trials)} of ${grouped(of)} trials${share}`];
  for (const [state, numbers] of Object.entries(states) as [State, readonly number[]][])
    if (numbers.length > 0)
      lines.push(`${String(numbers.length).padStart(8)} of ${shards} ${WORDS[state]}: ${numbersText(numbers, ', ')}`);
  if (rate > 0) {
    const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left at this rate`;
    lines.push(`${rate >= 100 ? rate.toFixed(0) : rate.toPrecision(2)} trials/s on ${hosts.join(', ')}${left}`);
  }
  if (lastFailure) {
    const { shard, host, when, why } = lastFailure;
    lines.push(`Last failure: shard ${shard} on ${host} at ${when}: ${why}`);
  }
  if (missing.shards.length === 0) lines.push(`Complete: collapse merge ${folder} writes the results.`);
  else if (states.running.length + states.queued.length < missing.shards.length)
    lines.push(remedyText(folder, notUnderWay(status, missing), shards));
  return lines.join('\n');
}

function notUnderWay({ states }: ShardsStatus, missing: Missing): Missing {
  const busy = new Set([...states.running, ...states.queued]);
  return { ...missing, shards: missing.shards.filter((shard) => !busy.has(shard)) };
}
