import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, Exit } from './exit.ts';

/** What was asked for when a run was submitted; the next `submit` of its folder asks for the same. */
export interface SlurmOptions {
  readonly atOnce?: number | undefined;
  readonly time?: string | undefined;
  readonly gres?: string | undefined;
  /** Passed on to sbatch as they are. */
  readonly sbatch?: readonly string[] | undefined;
}

/** One submission. */
export interface SlurmJob {
  readonly id: string;
  readonly merge: string;
  readonly shards: number;
  /** Numbers of the shards, as sbatch has them. */
  readonly array: string;
  readonly when: string;
}

/** `slurm/jobs.json` */
export interface SlurmJobs {
  readonly options: SlurmOptions;
  readonly jobs: readonly SlurmJob[];
}

export const slurmFolder = (folder: string) => join(folder, 'slurm');
export const jobsPath = (folder: string) => join(slurmFolder(folder), 'jobs.json');

export function readSlurmJobs(folder: string): SlurmJobs {
  if (!existsSync(jobsPath(folder))) return { options: {}, jobs: [] };
  try {
    return JSON.parse(readFileSync(jobsPath(folder), 'utf8'));
  } catch (error) {
    throw new CliError(Exit.broken, `Cannot read ${jobsPath(folder)}: ${(error as Error).message}`);
  }
}

/** A shard in the queue. */
export interface QueuedTask {
  readonly job: string;
  /** Such as PENDING or RUNNING. */
  readonly state: string;
}

/** What of a run's submissions is in the queue, by shard: one squeue, none where nothing was submitted. */
export function tasksInQueue({ jobs }: SlurmJobs, shards: number): ReadonlyMap<number, QueuedTask> {
  const own = jobs.filter((job) => job.shards === shards);
  const tasks = new Map<number, QueuedTask>();
  if (own.length === 0) return tasks;
  const text = slurm('squeue', ['-r', '-h', '-j', own.map(({ id }) => id).join(','), '-o', '%F %K %T']);
  // Without squeue, or where it knows none of these jobs any more, nothing is in the queue as far as can be seen.
  for (const line of text?.split('\n') ?? []) {
    const [job, task, state] = line.trim().split(/\s+/);
    if (job && state && /^\d+$/.test(task ?? '')) tasks.set(Number(task), { job, state });
  }
  return tasks;
}

/** Largest number of an array's task; null where Slurm does not tell. */
export function largestTask(): number | null {
  const found = /^MaxArraySize\s*=\s*(\d+)/m.exec(slurm('scontrol', ['show', 'config']) ?? '');
  return found && Number(found[1]) - 1;
}

/** What a command of Slurm prints; null where it fails or is not there. */
function slurm(command: string, args: readonly string[]): string | null {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 60_000 });
  } catch {
    return null;
  }
}

/** Resolves to the id that sbatch gives the job. */
export function sbatch(args: readonly string[]): string {
  try {
    const text = execFileSync('sbatch', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    // `id;cluster` where there are several clusters.
    return text.trim().split(';')[0]!;
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string };
    throw new CliError(Exit.broken, `sbatch refused the job: ${stderr?.trim() || message}`);
  }
}

export const hasSbatch = () => slurm('sbatch', ['--version']) !== null;

/** Seconds of a time limit as Slurm writes it: `M`, `M:S`, `H:M:S`, `D-H`, `D-H:M`, `D-H:M:S`; null for anything else. */
export function secondsOf(time: string): number | null {
  const parts = /^(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?$/.exec(time);
  if (!parts) return null;
  const [days, a, b, c] = parts.slice(1).map((part) => (part === undefined ? null : Number(part)));
  if (days != null) return ((days * 24 + a!) * 60 + (b ?? 0)) * 60 + (c ?? 0);
  if (c != null) return (a! * 60 + b!) * 60 + c;
  return a! * 60 + (b ?? 0);
}
