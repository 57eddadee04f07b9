import type { TrialRange } from './coverage.ts';
import { Drawing, type DrawingOptions } from './drawing.ts';
import type { RunOutcome } from './events.ts';
import { type Shard, shardRange } from './shard.ts';

export interface ShardOptions extends Omit<DrawingOptions, 'journal'> {
  readonly shard: Shard;
  readonly journal: Required<DrawingOptions>['journal'];
  /** Trials of a job that there are already, wherever they lie; the journal's `past` is not read. */
  readonly covered: (job: string, recipes: number) => readonly TrialRange[];
}

export type ShardOutcome = Pick<RunOutcome, 'outcome' | 'error'>;

/** Draws what a shard's range of every job lacks, and keeps nothing of it in memory: the journal has it. */
export async function drawShard({ shard, covered, ...options }: ShardOptions): Promise<ShardOutcome> {
  const { jobs } = options.plan;
  const ranges = jobs.map(({ trials }) => shardRange(trials, shard));
  const drawing = new Drawing(options, ranges, { add: () => [], meanwhile: async () => {}, snapshot: () => [] });
  for (const [j, { job }] of jobs.entries()) drawing.pass(j, covered(drawing.keys[j]!, job.recipes.length));
  return drawing.all();
}
