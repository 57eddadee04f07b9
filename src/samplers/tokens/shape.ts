import { BINS_PER_GROUP, DRAWS_PER_GROUP, TOKENS_PER_GROUP } from '../../kernels/tokens.ts';
import { tokenLaw } from '../../regimes/discrete-law.ts';
import type { DiscreteRecipe } from '../../regimes/discrete-recipe.ts';
import { type DeviceLimits, DeviceTooSmall, type JobCost } from '../sampler.ts';
import { bitsOf } from './masses.ts';
import { type Step, type TokenSchedule, tokenScheduleOf } from './schedule.ts';

/** Operations that take as long as a draw from a table, one from a sample, and a token that is cleared and looked at. */
const LAW_WORK = 15;
const MEMBER_WORK = 45;
const TOKEN_WORK = 8;

/** Memory a batch may take, bytes: beyond it a larger batch gains nothing. */
const BATCH_BYTES = 2 ** 30;

/** Trials of one dispatch, along y. */
const MOST_TRIALS = 65535;

/** A compiled job and the tokens that have a name in it; the lump is token `tokens`. */
export interface TokenJob {
  readonly schedule: TokenSchedule;
  readonly tokens: number;
}

export function tokenJobOf(recipes: readonly Pick<DiscreteRecipe, 'truth' | 'training'>[]): TokenJob {
  const schedule = tokenScheduleOf(recipes);
  const tokens = [schedule.truth, ...schedule.laws]
    .map((law) => tokenLaw(law).support)
    .reduce((a, b) => Math.max(a, b));
  return { schedule, tokens };
}

/** Words per trial of the buffers that every trial has to itself: which tokens it has seen, samples that are kept, masses seen. */
export function perTrial({ schedule, tokens }: TokenJob) {
  const kept = Object.fromEntries(
    Array.from({ length: schedule.slots }, (_, slot) => [keptName(slot), schedule.longest]),
  );
  return { seen: tokens, sums: 4 * schedule.bins, ...kept };
}

export const keptName = (slot: number): `kept${number}` => `kept${slot}`;

/** Words of the buffers that all trials share. */
export function shared({ schedule, tokens }: TokenJob) {
  const tables = Object.fromEntries(schedule.laws.map((_, law) => [tableName(law), 2 ** (1 + bitsOf(tokens))]));
  return { masses: 2 * tokens, checkpoints: schedule.bins, ...tables };
}

export const tableName = (law: number): `table${number}` => `table${law}`;

/** What a job costs. Throws `DeviceTooSmall`. */
export function tokenCost(job: TokenJob, limits: DeviceLimits): JobCost {
  const binding = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const [own, common] = [perTrial(job), shared(job)];
  for (const [name, words] of Object.entries<number>({ ...own, ...common }))
    if (4 * words > binding) throw tooSmall(job, name, 4 * words, binding);
  const sum = (words: Readonly<Record<string, number>>) => Object.values(words).reduce((a, b) => a + b, 0);
  // Masses seen are held twice more on their way to the host.
  const bytes = 4 * (sum(own) + 2 * own.sums);
  const largest = Math.max(...Object.values<number>(own));
  const work = job.schedule.steps.map((step) => stepWork(step, job));
  const total = (part: keyof (typeof work)[number]) => work.reduce((all, one) => all + one[part], 0);
  return {
    flopsPerTrial: 0,
    normalsPerTrial: total('draws'),
    workPerTrial: total('work'),
    largestBatch: Math.max(
      1,
      Math.min(MOST_TRIALS, Math.floor(binding / (4 * largest)), Math.floor((BATCH_BYTES - 4 * sum(common)) / bytes)),
    ),
    bytes: (batch) => batch * bytes + 4 * sum(common),
    dispatchesPerBatch: total('dispatches'),
  };
}

/** Draws of one trial, and operations that take as long. */
function stepWork(step: Step, job: TokenJob) {
  const parts = step.kind === 'keep' ? [step] : step.look.parts;
  const draws = parts.reduce((all, { size }) => all + size, 0);
  const drawing = parts.reduce((all, { stream, size }) => all + drawWork(job, stream, size), 0);
  if (step.kind === 'keep') return { draws, work: drawing, dispatches: 1 };
  return { draws, work: drawing + lookWork(job, step.look.checkpoints.length), dispatches: parts.length + 1 };
}

export function drawWork({ schedule }: TokenJob, stream: number, size: number): number {
  const work = 'law' in schedule.streams[stream]!.from ? LAW_WORK : MEMBER_WORK;
  return work * Math.max(size, DRAWS_PER_GROUP / 16);
}

export function lookWork({ tokens }: TokenJob, bins: number): number {
  return TOKEN_WORK * Math.max(tokens, TOKENS_PER_GROUP / 16) * Math.ceil(bins / BINS_PER_GROUP);
}

function tooSmall({ schedule }: TokenJob, buffer: string, needed: number, available: number): DeviceTooSmall {
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const words = Math.floor(available / 4);
  const kept = `at most ${words} samples in every generation that another is drawn from`;
  const fewer: Record<string, string> = {
    seen: `a support of at most ${words} tokens`,
    masses: `a support of at most ${Math.floor(words / 2)} tokens`,
    sums: `at most ${Math.floor((schedule.cells.length * words) / (4 * schedule.bins))} cells that share draws`,
    checkpoints: `at most ${words} cells that share draws`,
  };
  const tables = `a support of at most ${2 ** Math.floor(Math.log2(words / 2)) - 1} tokens`;
  return new DeviceTooSmall(
    `One trial needs ${mebibytes(needed)} in the buffer "${buffer}"; this device allows ${mebibytes(available)} in one binding.`,
    [
      fewer[buffer] ?? (buffer.startsWith('kept') ? kept : tables),
      'an adapter with a larger maxStorageBufferBindingSize (see collapse doctor), or --backend reference',
    ],
  );
}
