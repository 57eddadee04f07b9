import { gapsIn, type TrialRange, trialsIn, within } from '../engine/coverage.ts';
import { shardRange } from '../engine/shard.ts';
import type { AskedJob } from './shard-files.ts';

/** What is missing of a run in shards. */
export interface Missing {
  /** Shards that are incomplete, by number. */
  readonly shards: readonly number[];
  /** Trials that are missing, summed over jobs, and of how many. */
  readonly trials: number;
  readonly of: number;
  /** By shard, from 1 on: trials that there are, and that there are to be. */
  readonly byShard: readonly { readonly done: number; readonly total: number }[];
}

/** Holds what there is of every job, disjoint and in order, against what is asked for. */
export function missingOf(
  jobs: readonly AskedJob[],
  counted: (job: number) => readonly TrialRange[],
  count: number,
): Missing {
  const byShard = Array.from({ length: count }, () => ({ done: 0, total: 0 }));
  for (const [j, { trials }] of jobs.entries()) {
    const there = within(counted(j), { first: 0, end: trials });
    const whole = gapsIn(there, { first: 0, end: trials }).length === 0;
    let from = 0;
    for (const [i, shard] of byShard.entries()) {
      const range = shardRange(trials, { index: i + 1, count });
      shard.total += range.end - range.first;
      if (whole) {
        shard.done += range.end - range.first;
        continue;
      }
      // Both are in order: what ends before this shard does not matter to the next one either.
      while (from < there.length && there[from]!.end <= range.first) from++;
      for (let k = from; k < there.length && there[k]!.first < range.end; k++)
        shard.done += trialsIn(within([there[k]!], range));
    }
  }
  const total = byShard.reduce((sum, shard) => sum + shard.total, 0);
  const done = byShard.reduce((sum, shard) => sum + shard.done, 0);
  const shards = byShard.flatMap(({ done, total }, i) => (done < total ? [i + 1] : []));
  return { shards, trials: total - done, of: total, byShard };
}

/** `3,17-20`, as Slurm has it too. */
export function numbersText(numbers: readonly number[], comma = ','): string {
  const parts: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let last = i;
    while (numbers[last + 1] === numbers[last]! + 1) last++;
    parts.push(last === i ? String(numbers[i]) : `${numbers[i]}-${numbers[last]}`);
    i = last + 1;
  }
  return parts.join(comma);
}

/** 1 000 000 */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ' ');

/** `Shards 3, 17-20 of 100 are incomplete: 12 400 of 1 000 000 trials are missing.` */
export function missingText({ shards, trials, of }: Missing, count: number): string {
  const [noun, verb] = shards.length === 1 ? ['Shard', 'is'] : ['Shards', 'are'];
  return `${noun} ${numbersText(shards, ', ')} of ${count} ${verb} incomplete: ${grouped(trials)} of ${grouped(of)} trials are missing.`;
}

/** Two commands that draw what is missing. */
export function remedyText(folder: string, { shards }: Missing, count: number): string {
  const quoted = shellQuoted(folder);
  const each = shards.length > 1 ? ', and so on,' : '';
  return `\`collapse submit ${quoted}\`, or \`collapse run ${quoted} --shard ${shards[0]}/${count}\`${each} draws them.`;
}

/** As a word of a shell. */
export function shellQuoted(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
