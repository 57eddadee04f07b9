import type { PairRecipe } from '../../regimes/pair-recipe.ts';
import { type DeviceLimits, DeviceTooSmall, type JobCost } from '../sampler.ts';
import { type PairSchedule, pairScheduleOf } from './schedule.ts';
import { contextsOf, tableWords, tokensOf } from './world.ts';

/** Operations that take as long as a pair from a law, one from a model, and a count that is looked at. */
const LAW_WORK = 70;
const MODEL_WORK = 200;
const COUNT_WORK = 4;

/** Memory a batch may take, bytes: beyond it a larger batch gains nothing. */
const BATCH_BYTES = 2 ** 30;

/** Trials of one dispatch, along y. */
const MOST_TRIALS = 65535;

export interface PairJob {
  readonly schedule: PairSchedule;
  readonly contexts: number;
  readonly tokens: number;
}

export function pairJobOf(recipes: readonly PairRecipe[]): PairJob {
  const schedule = pairScheduleOf(recipes);
  return { schedule, contexts: contextsOf(schedule.world), tokens: tokensOf(schedule.world) };
}

export const modelName = (slot: number): `model${number}` => `model${slot}`;
export const tableName = (law: number): `table${number}` => `table${law}`;
export const powersName = (temperature: number): `powers${number}` => `powers${temperature}`;

/** Words per trial of the buffers that every trial has to itself. */
export function perTrial({ schedule, contexts, tokens }: PairJob): Readonly<Record<string, number>> {
  const models = Array.from({ length: schedule.slotCount }, (_, slot) => [modelName(slot), contexts * (tokens + 1)]);
  return { counts: contexts * tokens, parts: contexts, errors: schedule.cells, ...Object.fromEntries(models) };
}

/** Words of the buffers that all trials share. */
export function shared({ schedule, contexts, tokens }: PairJob): Readonly<Record<string, number>> {
  const tables = schedule.laws.map((_, law) => [tableName(law), tableWords(schedule.world)]);
  const powers = temperaturesOf(schedule).map((temperature) => [powersName(temperature), 2 * mostCounts(schedule)]);
  return {
    turns: 2 * contexts,
    laws: contexts * (tokens + 1),
    ...Object.fromEntries(tables),
    ...Object.fromEntries(powers),
  };
}

/** The temperatures that are not 1. */
export const temperaturesOf = ({ decodings }: PairSchedule): readonly number[] => [
  ...new Set(decodings.map(({ temperature }) => temperature).filter((temperature) => temperature !== 1)),
];

/** No count is larger. */
export const mostCounts = ({ longest, world }: PairSchedule): number => longest * world.length;

export function drawWork({ schedule }: PairJob, stream: number, sequences: number): number {
  const work = 'law' in schedule.streams[stream]!.from ? LAW_WORK : MODEL_WORK;
  return work * schedule.world.length * Math.max(sequences, 64);
}

export function modelWork({ contexts, tokens, schedule }: PairJob, topP: number): number {
  return COUNT_WORK * contexts * tokens * (topP < 1 ? 4 + Math.log2(mostCounts(schedule)) : 4);
}

export const measureWork = ({ contexts, tokens }: PairJob): number => 2 * COUNT_WORK * contexts * tokens;

/** What a job costs. Throws `DeviceTooSmall`. */
export function pairCost(job: PairJob, limits: DeviceLimits): JobCost {
  const binding = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const [own, common] = [perTrial(job), shared(job)];
  for (const [name, words] of Object.entries({ ...own, ...common }))
    if (4 * words > binding) throw tooSmall(job, name, 4 * words, binding);
  const sum = (words: Readonly<Record<string, number>>) => Object.values(words).reduce((a, b) => a + b, 0);
  // Errors are held twice more on their way to the host.
  const bytes = 4 * (sum(own) + 2 * own.errors!);
  const { draws, work, dispatches } = workOf(job);
  return {
    flopsPerTrial: 0,
    normalsPerTrial: draws,
    workPerTrial: work,
    largestBatch: Math.max(
      1,
      Math.min(
        MOST_TRIALS,
        Math.floor(binding / (4 * Math.max(...Object.values(own)))),
        Math.floor((BATCH_BYTES - 4 * sum(common)) / bytes),
      ),
    ),
    bytes: (batch) => batch * bytes + 4 * sum(common),
    dispatchesPerBatch: dispatches,
  };
}

function workOf(job: PairJob) {
  const { lines, world } = job.schedule;
  let [draws, work, dispatches] = [0, 0, 0];
  for (const { streams, states } of lines)
    for (const [at, { sizes, models, cells }] of states.entries()) {
      for (const [s, stream] of streams.entries()) {
        const fresh = sizes[s]! - (states[at - 1]?.sizes[s] ?? 0);
        if (fresh === 0) continue;
        draws += fresh * world.length;
        work += drawWork(job, stream, fresh);
        dispatches++;
      }
      for (const model of models) work += modelWork(job, job.schedule.decodings[model]!.topP);
      work += cells.length > 0 ? measureWork(job) : 0;
      dispatches += 2 * models.length + (cells.length > 0 ? 1 + cells.length : 0);
    }
  return { draws, work, dispatches };
}

function tooSmall({ contexts }: PairJob, buffer: string, needed: number, available: number): DeviceTooSmall {
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const words = Math.floor(available / 4);
  const change = buffer.startsWith('powers')
    ? `at most ${Math.floor(words / 2)} draws, or the temperature 1`
    : `at most ${Math.floor(words / contexts) - 1} tokens with ${contexts} contexts`;
  return new DeviceTooSmall(
    `One trial needs ${mebibytes(needed)} in the buffer "${buffer}"; this device allows ${mebibytes(available)} in one binding.`,
    [change, 'an adapter with a larger maxStorageBufferBindingSize (see collapse doctor), or --backend reference'],
  );
}
