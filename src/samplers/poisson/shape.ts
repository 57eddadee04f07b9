import { BINS_PER_GROUP } from '../../kernels/tokens.ts';
import { tokenLaw } from '../../regimes/discrete-law.ts';
import { type DeviceLimits, DeviceTooSmall, type JobCost } from '../sampler.ts';
import type { Look } from '../tokens/schedule.ts';
import type { TokenJob } from '../tokens/shape.ts';

/** Operations that take as long as one token's word and thresholds. */
const TOKEN_WORK = 20;

/** Trials of one dispatch, along y. */
const MOST_TRIALS = 65535;

/** Memory a batch may take, bytes: beyond it a larger batch gains nothing. */
const BATCH_BYTES = 2 ** 30;

/** What is looked at, each from one law. */
export function looksOf({ schedule }: TokenJob): readonly Look[] {
  return schedule.steps.flatMap((step) => (step.kind === 'look' ? [step.look] : []));
}

/** The law that a look's draws are from. */
export function lawAt({ schedule }: TokenJob, { parts }: Look) {
  const { draw, from } = schedule.streams[parts[0]!.stream]!;
  if (!('law' in from)) throw new Error('Poisson draws are from laws.');
  return { draw, law: tokenLaw(schedule.laws[from.law]!) };
}

export function poissonCost(job: TokenJob, limits: DeviceLimits): JobCost {
  const { tokens, schedule } = job;
  const binding = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const words = sharedWords(job);
  const largest = 4 * Math.max(...Object.values<number>(words));
  if (largest > binding) throw tooSmall(job, largest, binding);
  const looks = looksOf(job);
  const shared = 4 * Object.values<number>(words).reduce((a, b) => a + b, 0);
  // Sums are held twice more on their way to the host.
  const own = 3 * 16 * schedule.bins;
  return {
    flopsPerTrial: 0,
    normalsPerTrial: looks.length * tokens,
    workPerTrial: looks.reduce((sum, look) => sum + lookWork(job, look), 0),
    largestBatch: Math.max(1, Math.min(MOST_TRIALS, Math.floor((BATCH_BYTES - shared) / own))),
    bytes: (batch) => shared + batch * own,
    dispatchesPerBatch: looks.length,
  };
}

export const lookWork = ({ tokens }: TokenJob, { checkpoints }: Look): number =>
  TOKEN_WORK * Math.max(64, tokens) * Math.ceil(checkpoints.length / BINS_PER_GROUP);

/** Words of the buffers that all trials share: the thresholds of every look, and the masses. */
export function sharedWords(job: TokenJob): Record<string, number> {
  const { tokens } = job;
  const thresholds = looksOf(job).map(({ checkpoints }, l) => [thresholdsName(l), tokens * checkpoints.length]);
  return { ...Object.fromEntries(thresholds), masses: 2 * tokens };
}

export const thresholdsName = (look: number): `thresholds${number}` => `thresholds${look}`;

function tooSmall(job: TokenJob, needed: number, available: number): DeviceTooSmall {
  const bins = Math.max(2, ...looksOf(job).map(({ checkpoints }) => checkpoints.length));
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  return new DeviceTooSmall(
    `The thresholds of ${bins} sample sizes and ${job.tokens} tokens need ${mebibytes(needed)}; this device allows ` +
      `${mebibytes(available)} in one binding.`,
    [
      `a support of at most ${Math.floor(available / 4 / bins)} tokens`,
      ...(4 * job.tokens <= available ? [`at most ${Math.floor(available / 4 / job.tokens)} sample sizes`] : []),
      'an adapter with a larger maxStorageBufferBindingSize (see collapse doctor), or --backend reference',
    ],
  );
}
