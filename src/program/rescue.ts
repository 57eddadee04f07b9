import { joined, type TrialBatch, type TrialSource, TrialStatus } from './trials.ts';

/** How long the event loop may stand still, milliseconds. */
const PATIENCE = 50;

/**
 * What a device draws, with every trial that it marks drawn again by the f64 reference: same integers, so that the trial is the same
 * one. Marked trials are not like others, and a mean without them is the mean of something else. A cell's error below its floor
 * counts as marked.
 */
export function rescued(device: TrialSource, reference: TrialSource, floors: readonly number[] = []): TrialSource {
  const run = async (first: number, count: number): Promise<TrialBatch> => {
    const batch = await device.run(first, count);
    for (const [cell, floor] of floors.entries())
      for (let i = cell * count; i < (cell + 1) * count; i++)
        if (batch.errors[i]! < floor) batch.statuses[i] = TrialStatus.nonFinite;
    const isMarked = (trial: number) => {
      for (let i = trial; i < batch.statuses.length; i += count) if (batch.statuses[i] !== TrialStatus.ok) return true;
      return false;
    };
    return redrawn(batch, isMarked, reference);
  };
  return { ...device, run };
}

/** Relative difference of two computations of a test error that is taken for their rounding. */
const AGREE = 1e-4;

/**
 * A source whose trials a second one, slower and more exact, computes as well. Where they agree the first one's numbers stand, else
 * those of the second; what the second marks is marked.
 */
export function checked(plain: TrialSource, exact: TrialSource): TrialSource {
  const run = async (first: number, count: number): Promise<TrialBatch> => {
    const batch = await plain.run(first, count);
    const { errors, statuses } = await exact.run(first, count);
    for (let i = 0; i < errors.length; i++) {
      const agree = batch.statuses[i] === TrialStatus.ok && Math.abs(batch.errors[i]! / errors[i]! - 1) <= AGREE;
      if (!agree) batch.errors[i] = errors[i]!;
      batch.statuses[i] = statuses[i]!;
    }
    return batch;
  };
  const close = () => {
    plain.close();
    exact.close();
  };
  return { capacity: plain.capacity, run, close };
}

/** The f64 reference where a device is asked for: in batches of the device's size, and without holding up the event loop. */
export function unaccelerated(reference: TrialSource, capacity: number): TrialSource {
  const run = async (first: number, count: number): Promise<TrialBatch> => {
    const trials: TrialBatch[] = [];
    await drawnOneByOne(
      reference,
      Array.from({ length: count }, (_, trial) => first + trial),
      (one) => trials.push(one),
    );
    return joined(first, trials);
  };
  return { capacity, run, close: () => reference.close() };
}

/** The batch with what the reference says in the place of every result that is not `ok`. */
async function redrawn(
  batch: TrialBatch,
  wanted: (trial: number) => boolean,
  reference: TrialSource,
): Promise<TrialBatch> {
  const { first, count, statuses } = batch;
  const marked = Array.from({ length: count }, (_, trial) => trial).filter(wanted);
  if (marked.length === 0) return batch;
  const errors = Float64Array.from(batch.errors);
  await drawnOneByOne(
    reference,
    marked.map((trial) => first + trial),
    (one) => {
      for (let cell = 0; cell < one.errors.length; cell++) {
        const at = cell * count + one.first - first;
        if (statuses[at] === TrialStatus.ok) continue;
        errors[at] = one.errors[cell]!;
        statuses[at] = one.statuses[cell]!;
      }
    },
  );
  return { ...batch, errors };
}

/** Hands over trial after trial of the reference, and lets the event loop turn now and then. */
async function drawnOneByOne(reference: TrialSource, trials: readonly number[], take: (one: TrialBatch) => void) {
  let since = performance.now();
  for (const trial of trials) {
    take(await reference.run(trial, 1));
    if (performance.now() - since < PATIENCE) continue;
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  }
}
