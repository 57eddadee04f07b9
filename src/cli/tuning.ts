import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Gpu } from '../gpu/gpu.ts';
import { cachedFolder } from '../gpu/node/cache.ts';
import { autotune, type Verdict } from '../kernels/autotune.ts';
import { canRun, TUNINGS, type TuningName, tuningName } from '../kernels/tuning.ts';
import { packageRoot } from './package.ts';

/**
 * Operations from which on a run in Node measures the rows of the tuning table first: half a minute on the fastest GPU (1e13
 * per second), longer on others, so that the 0.3 s of measuring are at most 1 %. Not on software drivers: for them the table
 * was measured, and compiling the other rows takes them seconds.
 */
export const WORTH_MEASURING = 3e14;

/** The row of the tuning table a run works with. */
export interface Choice {
  readonly row: TuningName;
  /** Half a sentence for the user. */
  readonly because: string;
}

export interface Wish {
  /** `COLLAPSE_TUNING`: a row, or `auto`. */
  readonly asked: string | undefined;
  /** Operations of the run. */
  readonly work: number;
  /** Row of the run that is resumed, if it ran on this adapter. */
  readonly kept?: string | undefined;
}

/** Where the other caches of the project lie as well. */
const CACHE = join(packageRoot, 'node_modules', '.cache', 'collapse-lab');

/**
 * The row asked for; else that of the run that is resumed; else the fastest one measured where that pays or `auto` asks for
 * it; else the table's.
 */
export async function chooseTuning(gpu: Gpu, { asked, work, kept }: Wish, cache = CACHE): Promise<Choice> {
  const own = tuningName(gpu);
  if (asked && asked !== 'auto') return { row: own, because: 'as COLLAPSE_TUNING asks' };
  if (kept && isRow(kept) && canRun(kept, gpu)) return { row: kept, because: 'as in the run that is resumed' };
  const pays = !gpu.adapter.software && work >= WORTH_MEASURING;
  if (asked !== 'auto' && !pays) return { row: own, because: 'from the table' };
  const verdict = await measuredOnce(gpu, asked === 'auto' ? Number.POSITIVE_INFINITY : undefined, cache);
  return { row: verdict.row, because: `measured: ${timesText(verdict)}` };
}

/** `portable 3.1 ms, gpu 2.2 ms` */
export function timesText({ milliseconds }: Verdict): string {
  const rows = Object.entries(milliseconds);
  return rows.map(([name, time]) => `${name} ${time.toFixed(1)} ms`).join(', ');
}

/** What was measured on this adapter and driver, now or by an earlier run. */
async function measuredOnce(gpu: Gpu, patience: number | undefined, cache: string): Promise<Verdict> {
  const folder = await cachedFolder(cache, cacheName(gpu), async (into) => {
    const verdict = await autotune(gpu, patience);
    await writeFile(join(into, 'verdict.json'), `${JSON.stringify({ ...identity(gpu), ...verdict }, null, 2)}\n`);
  });
  const { row, milliseconds } = JSON.parse(readFileSync(join(folder, 'verdict.json'), 'utf8')) as Verdict;
  return { row, milliseconds };
}

/** The driver's version stands in the description; other rows are another question. */
function identity({ adapter: { vendor, architecture, device, description } }: Gpu) {
  return { adapter: { vendor, architecture, device, description }, rows: TUNINGS };
}

function cacheName(gpu: Gpu): string {
  return `tuning-${createHash('sha256')
    .update(JSON.stringify(identity(gpu)))
    .digest('hex')
    .slice(0, 16)}`;
}

export const isRow = (name: string): name is TuningName => name in TUNINGS;
