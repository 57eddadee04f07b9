import type { TrialRange } from './coverage.ts';

/** One of `count` parts of a run, numbered from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** More shards would be too many for the files of a folder, and trials times shards no exact number. */
export const MOST_SHARDS = 100_000;

/** Trials ⌊T(I − 1)/N⌋ up to ⌊T·I/N⌋ of T: together those of all shards tile 0 … T, and they differ in length by one at most. */
export function shardRange(trials: number, { index, count }: Shard): TrialRange {
  return { first: Math.floor((trials * (index - 1)) / count), end: Math.floor((trials * index) / count) };
}
