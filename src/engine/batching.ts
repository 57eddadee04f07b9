/** Wall-clock length of a batch the engine aims at: long enough to fill the device, short enough to stop quickly. */
const BATCH_SECONDS = 0.7;

/** First batch of a job: what the launcher's rate so far promises, on the careful side. */
export function firstBatch(workPerTrial: number, rate: number, largest: number, trials: number): number {
  return clamp(Math.floor((0.3 * BATCH_SECONDS * rate) / workPerTrial), largest, trials);
}

/** Capacity to go on with after a batch of `count` trials took `seconds`; reopening pays only for a real gain. */
export function nextCapacity(capacity: number, secondsPerTrial: number, largest: number, remaining: number): number {
  const ideal = clamp(Math.floor(BATCH_SECONDS / secondsPerTrial), largest, remaining);
  return ideal >= 2 * capacity ? ideal : capacity;
}

function clamp(batch: number, largest: number, trials: number): number {
  return Math.max(1, Math.min(batch, largest, trials));
}
