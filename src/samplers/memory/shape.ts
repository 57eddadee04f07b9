import { tokenLaw } from '../../regimes/discrete-law.ts';
import type { AssociationRecipe, Law } from '../../regimes/discrete-recipe.ts';
import type { Draw } from '../../regimes/draw.ts';
import { type DeviceLimits, DeviceTooSmall, type JobCost } from '../sampler.ts';
import { bitsOf } from '../tokens/masses.ts';

/** Operations that take as long as a draw, a word of two rows compared, an association recalled, and one scored for a label. */
const DRAW_WORK = 60;
const WORD_WORK = 4;
const RECALL_WORK = 4;
const SCORE_WORK = 4;

/** Memory a batch may take, bytes: beyond it a larger batch gains nothing. */
const BATCH_BYTES = 2 ** 30;

/** Trials of one dispatch, along y. */
const MOST_TRIALS = 65535;

/** Where the embeddings of tokens stand, then those of labels: the same in all cells. */
export const EMBEDDINGS: Draw = { unit: 'memory/embeddings', generation: 0 };

/** Draws that go on from one number of them to the next. */
export interface MemoryLine {
  readonly draw: Draw;
  readonly law: Law;
  /** Ascending, with the cells that look at each. */
  readonly states: readonly { readonly size: number; readonly cells: readonly number[] }[];
}

export interface MemoryJob {
  readonly world: Omit<AssociationRecipe, 'training'>;
  readonly tokens: number;
  readonly lines: readonly MemoryLine[];
  readonly cells: number;
}

export function memoryJobOf(recipes: readonly AssociationRecipe[]): MemoryJob {
  const { training: _, ...world } = recipes[0]!;
  const groups = new Map<string, { draw: Draw; law: Law; sizes: Map<number, number[]> }>();
  for (const [cell, { training }] of recipes.entries()) {
    const { draw, from, size } = training[0]!;
    const key = JSON.stringify([draw.unit, draw.generation, from]);
    const group = groups.get(key) ?? { draw, law: from as Law, sizes: new Map() };
    groups.set(key, group);
    group.sizes.set(size, [...(group.sizes.get(size) ?? []), cell]);
  }
  const lines = [...groups.values()].map(({ draw, law, sizes }) => ({
    draw,
    law,
    states: [...sizes].sort(([a], [b]) => a - b).map(([size, cells]) => ({ size, cells })),
  }));
  return { world, tokens: tokenLaw(world.truth).support, lines, cells: recipes.length };
}

export const rowsOf = ({ tokens, world }: MemoryJob): number => tokens + world.labels;
export const wordsOf = ({ world }: MemoryJob): number => Math.ceil(world.dimension / 32);

/** Words per trial of the buffers that every trial has to itself. */
export function perTrial(job: MemoryJob) {
  const { tokens, world, cells } = job;
  return {
    counts: tokens,
    signs: rowsOf(job) * wordsOf(job),
    tokenProducts: tokens * tokens,
    labelProducts: world.labels * world.labels,
    associations: world.labels * tokens,
    stored: world.labels,
    sums: 4 * cells,
  };
}

export const tableName = (line: number): `table${number}` => `table${line}`;

/** Words of the buffers that all trials share. */
export function shared({ tokens, lines }: MemoryJob): Readonly<Record<string, number>> {
  const tables = lines.map((_, line) => [tableName(line), 2 ** (1 + bitsOf(tokens))]);
  return { masses: 2 * tokens, ...Object.fromEntries(tables) };
}

export const drawWork = (draws: number): number => DRAW_WORK * Math.max(draws, 64);
export const productWork = (job: MemoryJob, count: number): number => (WORD_WORK * count * count * wordsOf(job)) / 2;
export const associationWork = ({ tokens, world }: MemoryJob): number => RECALL_WORK * tokens * (tokens + world.labels);
/** A memory of so many draws: labels of which none was drawn are scored, but store nothing. */
export const recallWork = ({ tokens, world: { labels } }: MemoryJob, draws: number): number =>
  SCORE_WORK * tokens * labels * Math.min(labels, tokens, draws);

/** What a job costs. Throws `DeviceTooSmall`. */
export function memoryCost(job: MemoryJob, limits: DeviceLimits): JobCost {
  const binding = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const [own, common] = [perTrial(job), shared(job)];
  for (const [name, words] of Object.entries<number>({ ...own, ...common }))
    if (4 * words > binding) throw tooSmall(name, 4 * words, binding);
  const sum = (words: Readonly<Record<string, number>>) => Object.values(words).reduce((a, b) => a + b, 0);
  // Sums are held twice more on their way to the host.
  const bytes = 4 * (sum(own) + 2 * own.sums);
  const draws = job.lines.reduce((all, { states }) => all + states.at(-1)!.size, 0);
  const looks = job.lines.flatMap(({ states }) => states);
  return {
    flopsPerTrial: 0,
    normalsPerTrial: draws,
    workPerTrial:
      drawWork(draws) +
      productWork(job, job.tokens) +
      productWork(job, job.world.labels) +
      looks.reduce((all, { size, cells }) => all + cells.length * (associationWork(job) + recallWork(job, size)), 0),
    largestBatch: Math.max(
      1,
      Math.min(
        MOST_TRIALS,
        Math.floor(binding / (4 * Math.max(...Object.values<number>(own)))),
        Math.floor((BATCH_BYTES - 4 * sum(common)) / bytes),
      ),
    ),
    bytes: (batch) => batch * bytes + 4 * sum(common),
    dispatchesPerBatch: 3 + looks.length + 2 * job.cells,
  };
}

function tooSmall(buffer: string, needed: number, available: number): DeviceTooSmall {
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  return new DeviceTooSmall(
    `One trial needs ${mebibytes(needed)} in the buffer "${buffer}"; this device allows ${mebibytes(available)} in one binding.`,
    [
      changeFor(buffer, available / 4),
      'an adapter with a larger maxStorageBufferBindingSize (see collapse doctor), or --backend reference',
    ],
  );
}

/** What would make a buffer fit into a binding of so many words. */
function changeFor(buffer: string, words: number): string {
  const side = Math.floor(Math.sqrt(words));
  switch (buffer) {
    case 'signs':
      return 'a smaller dimension';
    case 'labelProducts':
      return `at most ${side} labels`;
    case 'associations':
      return `fewer tokens or labels, at most ${Math.floor(words)} of one times the other`;
    default:
      return `a support of at most ${side} tokens`;
  }
}
