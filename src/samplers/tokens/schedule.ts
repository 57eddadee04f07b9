import { type DiscreteRecipe, isSample, type Law, type Sample, samplesOf } from '../../regimes/discrete-recipe.ts';
import type { Draw } from '../../regimes/draw.ts';

/** The draws of one name, one after the other: a cell that needs n of them takes the first n, and the longest cell sets where they end. */
export interface Stream {
  readonly draw: Draw;
  /** Number of the law it is drawn from, or of a stream whose first `size` draws make a histogram. */
  readonly from: { readonly law: number } | { readonly stream: number; readonly size: number };
}

/** Draws of a stream from its beginning on. */
export interface Part {
  readonly stream: number;
  readonly size: number;
  /** Position of its first draw among all training data. */
  readonly offset: number;
}

/** One look at training data: fixed parts, then one that is looked at at several sizes. */
export interface Look {
  /** The last one goes as far as any cell. */
  readonly parts: readonly Part[];
  /** Rising numbers of draws, all parts together, after which the mass unseen is wanted. */
  readonly checkpoints: readonly number[];
  /** Number of the first checkpoint among those of all looks. */
  readonly firstBin: number;
}

/** What is done with a stream: draws that histograms are made of are kept in a slot until the last of them is drawn. */
export type Step =
  | { readonly kind: 'keep'; readonly stream: number; readonly size: number; readonly slot: number }
  | {
      readonly kind: 'look';
      readonly look: Look;
      /** The stream's own draws are kept on the way, where the look begins with them. */
      readonly keep: { readonly size: number; readonly slot: number } | null;
    };

/** Everything one trial does, for all cells of a job. */
export interface TokenSchedule {
  readonly truth: Law;
  readonly laws: readonly Law[];
  readonly streams: readonly Stream[];
  readonly steps: readonly Step[];
  /** Slot of every stream that is kept. */
  readonly slotOf: ReadonlyMap<number, number>;
  readonly slots: number;
  /** Longest sample that is kept. */
  readonly longest: number;
  readonly bins: number;
  /** First and last bin of the look that a cell's training data are in: their sum is the mass seen. */
  readonly cells: readonly { readonly firstBin: number; readonly lastBin: number }[];
}

/** Compiles the recipes of one job, which share the truth. */
export function tokenScheduleOf(recipes: readonly Pick<DiscreteRecipe, 'truth' | 'training'>[]): TokenSchedule {
  const catalogue = new Catalogue();
  for (const recipe of recipes) for (const sample of samplesOf(recipe)) catalogue.stream(sample);
  const { laws, streams, kept } = catalogue;
  const { looks, cells } = looksOf(recipes, catalogue);
  const { steps, slotOf, slots } = arrange(streams, looks, kept);
  return {
    truth: recipes[0]!.truth,
    laws,
    streams,
    steps,
    slotOf,
    slots,
    longest: Math.max(0, ...kept.values()),
    bins: looks.reduce((sum, { checkpoints }) => sum + checkpoints.length, 0),
    cells,
  };
}

/** Numbers laws and streams, those that others are drawn from first. */
class Catalogue {
  readonly laws: Law[] = [];
  readonly streams: Stream[] = [];
  /** Draws of a stream that histograms are made of. */
  readonly kept = new Map<number, number>();
  readonly #lawNumbers = new Map<string, number>();
  readonly #streamNumbers = new Map<string, number>();
  /** By identity, so that long chains are walked once. */
  readonly #met = new Map<Sample, number>();

  stream(sample: Sample): number {
    const met = this.#met.get(sample) ?? this.#number(sample);
    this.#met.set(sample, met);
    return met;
  }

  #number({ draw, from }: Sample): number {
    const origin = isSample(from) ? this.#histogram(from) : { law: this.#law(from) };
    const key = JSON.stringify([draw.unit, draw.generation, origin]);
    const known = this.#streamNumbers.get(key) ?? this.streams.push({ draw, from: origin }) - 1;
    this.#streamNumbers.set(key, known);
    return known;
  }

  #histogram(sample: Sample) {
    const stream = this.stream(sample);
    this.kept.set(stream, Math.max(sample.size, this.kept.get(stream) ?? 0));
    return { stream, size: sample.size };
  }

  #law(law: Law): number {
    const key = JSON.stringify(law);
    const known = this.#lawNumbers.get(key) ?? this.laws.push(law) - 1;
    this.#lawNumbers.set(key, known);
    return known;
  }
}

interface Portion {
  readonly stream: number;
  readonly size: number;
}

/** Cells whose training data differ in the size of one sample alone are one look. */
function looksOf(recipes: readonly Pick<DiscreteRecipe, 'training'>[], catalogue: Catalogue) {
  const portions = recipes.map(({ training }) =>
    training.map((sample): Portion => ({ stream: catalogue.stream(sample), size: sample.size })),
  );
  const sizes = new Map<number, Set<number>>();
  for (const { stream, size } of portions.flat()) sizes.set(stream, (sizes.get(stream) ?? new Set()).add(size));
  const variety = ({ stream }: Portion) => sizes.get(stream)!.size;
  const ordered = portions.map((all) => all.toSorted((a, b) => variety(a) - variety(b) || a.stream - b.stream));
  const groups = new Map<string, Portion[][]>();
  const keyOf = (all: readonly Portion[]) => JSON.stringify([all.slice(0, -1), all.at(-1)!.stream]);
  for (const all of ordered) {
    const group = groups.get(keyOf(all));
    if (group) group.push(all);
    else groups.set(keyOf(all), [all]);
  }
  let firstBin = 0;
  const looks = new Map<string, Look>();
  for (const [key, group] of groups) {
    const look = lookOf(group, firstBin);
    looks.set(key, look);
    firstBin += look.checkpoints.length;
  }
  const cells = ordered.map((all) => {
    const look = looks.get(keyOf(all))!;
    const total = all.reduce((sum, { size }) => sum + size, 0);
    return { firstBin: look.firstBin, lastBin: look.firstBin + look.checkpoints.indexOf(total) };
  });
  return { looks: [...looks.values()], cells };
}

function lookOf(group: readonly (readonly Portion[])[], firstBin: number): Look {
  const fixed = group[0]!.slice(0, -1);
  const ends = [...new Set(group.map((all) => all.at(-1)!.size))].sort((a, b) => a - b);
  let offset = 0;
  const parts = [...fixed, { stream: group[0]!.at(-1)!.stream, size: ends.at(-1)! }].map((portion) => {
    const part = { ...portion, offset };
    offset += portion.size;
    return part;
  });
  const before = parts.at(-1)!.offset;
  return { parts, checkpoints: ends.map((size) => before + size), firstBin };
}

/** Puts looks behind the streams they need, and gives every stream that is kept a slot for as long as it is needed. */
function arrange(streams: readonly Stream[], looks: readonly Look[], kept: ReadonlyMap<number, number>) {
  const lastStream = ({ parts }: Look) => Math.max(...parts.map((part) => part.stream));
  const dueAt = listsBy(looks, lastStream);
  const due = (stream: number) => dueAt.get(stream) ?? [];
  const lastUse = new Map<number, number>();
  const use = (stream: number, at: number) => {
    const { from } = streams[stream]!;
    if ('stream' in from) lastUse.set(from.stream, Math.max(at, lastUse.get(from.stream) ?? 0));
  };
  const steps: Step[] = [];
  const slotOf = new Map<number, number>();
  const free: number[] = [];
  let slots = 0;
  for (const stream of streams.keys()) {
    use(stream, stream);
    for (const look of due(stream)) for (const part of look.parts) use(part.stream, stream);
  }
  const endingAt = listsBy([...lastUse], ([, last]) => last);
  for (const stream of streams.keys()) {
    const size = kept.get(stream);
    if (size !== undefined) slotOf.set(stream, free.pop() ?? slots++);
    const slot = slotOf.get(stream);
    let pending = size === undefined || slot === undefined ? null : { size, slot };
    for (const look of due(stream)) {
      const [only] = look.parts;
      const along = pending && look.parts.length === 1 && only!.size >= pending.size;
      steps.push({ kind: 'look', look, keep: along ? pending : null });
      if (along) pending = null;
    }
    if (pending) steps.push({ kind: 'keep', stream, ...pending });
    for (const [source] of endingAt.get(stream) ?? []) free.push(slotOf.get(source)!);
  }
  return { steps, slotOf, slots };
}

function listsBy<T>(items: readonly T[], key: (item: T) => number): ReadonlyMap<number, readonly T[]> {
  const lists = new Map<number, T[]>();
  for (const item of items) {
    const list = lists.get(key(item));
    if (list) list.push(item);
    else lists.set(key(item), [item]);
  }
  return lists;
}
