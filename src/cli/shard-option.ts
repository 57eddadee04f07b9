import { InvalidArgumentError } from 'commander';
import { MOST_SHARDS, type Shard } from '../engine/shard.ts';

/** Reads `I/N`. */
export function parseShard(text: string): Shard {
  const parts = /^(\d+)\/(\d+)$/.exec(text);
  const [index, count] = parts ? [Number(parts[1]), Number(parts[2])] : [0, 0];
  if (count < 1 || count > MOST_SHARDS || index < 1 || index > count)
    throw new InvalidArgumentError(`need I/N with 1 ≤ I ≤ N ≤ ${MOST_SHARDS}, such as 3/100.`);
  return { index, count };
}
