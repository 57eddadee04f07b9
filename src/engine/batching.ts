import type { JobCost } from '../program/cost.ts';
import type { TrialBatch, TrialSource } from '../program/trials.ts';

/** Wall-clock length of a batch the engine aims at: long enough to fill the device, short enough to stop quickly. */
const BATCH_SECONDS = 0.3;

/** Of a batch of many dispatches, so that starting one, some 0.1 ms on any driver, does not show; and the longest of all. */
const SECONDS_PER_DISPATCH = 2.5e-3;
const MOST_SECONDS = 4;

export function batchSeconds({ dispatchesPerBatch }: Pick<JobCost, 'dispatchesPerBatch'>): number {
  return Math.min(MOST_SECONDS, Math.max(BATCH_SECONDS, dispatchesPerBatch * SECONDS_PER_DISPATCH));
}

/** First batch of a job: what the launcher's rate so far promises, on the careful side. */
export function firstBatch(cost: JobCost, rate: number, largest: number, trials: number): number {
  return clamp(Math.floor((0.7 * batchSeconds(cost) * rate) / cost.workPerTrial), largest, trials);
}

/** Capacity to go on with after trials took so long each; reopening pays only for a real gain. */
export function nextCapacity(
  capacity: number,
  secondsPerTrial: number,
  cost: JobCost,
  largest: number,
  remaining: number,
): number {
  const ideal = clamp(Math.floor(batchSeconds(cost) / secondsPerTrial), largest, remaining);
  return ideal >= 2 * capacity ? ideal : capacity;
}

function clamp(batch: number, largest: number, trials: number): number {
  return Math.max(1, Math.min(batch, largest, trials));
}

/** A batch, the seconds it took beyond those before it, and the first trial that nobody has asked for yet. */
export interface TimedBatch {
  readonly batch: TrialBatch;
  readonly seconds: number;
  readonly next: number;
}

/**
 * A source's batches in order from trial `first`, each of the `countFrom` trials wanted when it starts; 0 ends them. With
 * `ahead` the next one starts before one is read back and counted, as soon as the device has no more to be given, so that
 * it never waits for the host; what has been started is always handed over, as far as it went before the signal.
 */
export async function* batchesOf(
  source: TrialSource,
  first: number,
  countFrom: (first: number) => number,
  ahead: boolean,
  signal?: AbortSignal,
): AsyncGenerator<TimedBatch, void> {
  let next = first;
  let since = 0;
  const start = (): Promise<TrialBatch> | null => {
    const count = countFrom(next);
    if (count === 0) return null;
    const run = source.run(next, count, signal);
    // Awaited later; until then a failure is nobody's.
    run.catch(() => {});
    next += count;
    return run;
  };
  let following: Promise<TrialBatch> | null = null;
  try {
    for (;;) {
      if (!following) since = performance.now();
      const current = following ?? start();
      if (!current) return;
      following = null;
      if (ahead && source.ready) {
        await source.ready();
        following = start();
      }
      const batch = await current;
      if (batch.count === 0) return;
      const end = performance.now();
      yield { batch, seconds: (end - since) / 1000, next };
      since = end;
    }
  } finally {
    await following?.catch(() => {});
  }
}
