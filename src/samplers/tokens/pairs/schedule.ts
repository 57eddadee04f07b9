import type { Law } from '../../../regimes/discrete-recipe.ts';
import type { Draw } from '../../../regimes/draw.ts';
import {
  type Decoding,
  isPairModel,
  type PairModel,
  type PairRecipe,
  type PairSample,
  trainingsBehind,
} from '../../../regimes/pair-recipe.ts';

/** Sequences that come one after another out of one origin. */
export interface PairStream {
  readonly draw: Draw;
  readonly from: { readonly law: number } | { readonly model: number };
}

/** Counts grow until so many sequences of the streams of the line are in them; then models and cells look at them. */
export interface PairState {
  /** By stream of the line, in its order. */
  readonly sizes: readonly number[];
  readonly models: readonly number[];
  readonly cells: readonly number[];
}

/** States that grow out of one another. */
export interface PairLine {
  readonly streams: readonly number[];
  readonly states: readonly PairState[];
}

export interface PairSchedule {
  /** What all recipes of the job have in common. */
  readonly world: Omit<PairRecipe, 'training'>;
  readonly laws: readonly Law[];
  readonly streams: readonly PairStream[];
  readonly decodings: readonly Decoding[];
  /** Each after those whose models it draws from. */
  readonly lines: readonly PairLine[];
  /** Where a model is kept; a place is free again after the last line that needs it. */
  readonly slots: readonly number[];
  readonly slotCount: number;
  /** Sequences of the largest training set. */
  readonly longest: number;
  readonly cells: number;
}

/** Compiles the recipes of one job. */
export function pairScheduleOf(recipes: readonly PairRecipe[]): PairSchedule {
  const catalogue = new Catalogue();
  recipes.forEach((recipe, cell) => {
    catalogue.look(recipe.training).cells.push(cell);
  });
  const lines = catalogue.lines();
  const { training: _, ...world } = recipes[0]!;
  const { laws, streams, decodings } = catalogue;
  return {
    world,
    laws,
    streams,
    decodings,
    lines,
    ...slotsOf(lines, streams, decodings.length),
    ...extent(lines, recipes),
  };
}

function extent(lines: readonly PairLine[], recipes: readonly PairRecipe[]) {
  const totals = lines.flatMap(({ states }) => states.map(({ sizes }) => sizes.reduce((a, b) => a + b, 0)));
  return { longest: totals.reduce((a, b) => Math.max(a, b), 0), cells: recipes.length };
}

interface Look {
  /** Streams by number, ascending, with their sizes. */
  readonly portions: readonly (readonly [stream: number, size: number])[];
  readonly models: number[];
  readonly cells: number[];
}

/** Numbers laws, streams and models, each model after those it was trained on, and collects the training sets that are looked at. */
class Catalogue {
  readonly laws: Law[] = [];
  readonly streams: PairStream[] = [];
  readonly decodings: Decoding[] = [];
  readonly #looks = new Map<string, Look>();
  /** By identity: what is behind a training set is walked once. */
  readonly #lookOf = new Map<readonly PairSample[], Look>();
  readonly #numbers = new Map<string, number>();

  /** The look at a training set, and at those of the models behind it. */
  look(training: readonly PairSample[]): Look {
    const met = new Map<PairSample['from'], number>();
    const looks = trainingsBehind(training).map((samples) => this.#lookAt(samples, met));
    return looks.at(-1)!;
  }

  /** Models that it is drawn from were looked at before; `met` keeps their numbers. */
  #lookAt(training: readonly PairSample[], met: Map<PairSample['from'], number>): Look {
    const portions = training
      .map((sample) => [this.#stream(sample, met), sample.size] as const)
      .sort(([a], [b]) => a - b);
    const key = JSON.stringify(portions);
    const look = this.#looks.get(key) ?? { portions, models: [], cells: [] };
    this.#looks.set(key, look);
    this.#lookOf.set(training, look);
    return look;
  }

  #stream({ draw, from }: PairSample, met: Map<PairSample['from'], number>): number {
    const origin = isPairModel(from)
      ? { model: met.get(from) ?? this.#model(from, met) }
      : { law: this.#number('law', from, () => this.laws.push(from)) };
    return this.#number('stream', [draw.unit, draw.generation, origin], () =>
      this.streams.push({ draw, from: origin }),
    );
  }

  #model(model: PairModel, met: Map<PairSample['from'], number>): number {
    const look = this.#lookOf.get(model.training)!;
    const number = this.#number('model', [look.portions, model.decoding], () => {
      const count = this.decodings.push(model.decoding);
      look.models.push(count - 1);
      return count;
    });
    met.set(model, number);
    return number;
  }

  /** The number under which something is known; a new one is the last of a list, which it is pushed to. */
  #number(kind: string, what: unknown, push: () => number): number {
    const key = `${kind} ${JSON.stringify(what)}`;
    const known = this.#numbers.get(key) ?? push() - 1;
    this.#numbers.set(key, known);
    return known;
  }

  /** Looks at the same streams, as far as each has at least as much of every stream as the one before. */
  lines(): readonly PairLine[] {
    const groups = new Map<string, Look[]>();
    for (const look of this.#looks.values()) {
      const key = look.portions.map(([stream]) => stream).join();
      const group = groups.get(key);
      if (group) group.push(look);
      else groups.set(key, [look]);
    }
    const total = ({ portions }: Look) => portions.reduce((sum, [, size]) => sum + size, 0);
    const lines = [...groups.values()].flatMap((looks) => {
      const rows: Look[][] = [];
      for (const look of looks.toSorted((a, b) => total(a) - total(b))) {
        const row = rows.find((one) => one.at(-1)!.portions.every(([, size], s) => size <= look.portions[s]![1]));
        if (row) row.push(look);
        else rows.push([look]);
      }
      return rows;
    });
    return this.#ordered(lines).map((looks) => ({
      streams: looks[0]!.portions.map(([stream]) => stream),
      states: looks.map(({ portions, models, cells }) => ({ sizes: portions.map(([, size]) => size), models, cells })),
    }));
  }

  /** Lines by how many models stand behind them; a model's number is above those of the models behind it. */
  #ordered(lines: readonly (readonly Look[])[]): readonly (readonly Look[])[] {
    const lookOf = new Map(
      [...this.#looks.values()].flatMap((look) => look.models.map((model) => [model, look] as const)),
    );
    const depths: number[] = [];
    const depthOf = ({ portions }: Look): number =>
      portions.reduce((depth, [stream]) => {
        const { from } = this.streams[stream]!;
        return 'model' in from ? Math.max(depth, 1 + depths[from.model]!) : depth;
      }, 0);
    for (const model of this.decodings.keys()) depths.push(depthOf(lookOf.get(model)!));
    const ordered = lines.map((looks) => ({ looks, depth: depthOf(looks[0]!) }));
    return ordered.sort((a, b) => a.depth - b.depth).map(({ looks }) => looks);
  }
}

function slotsOf(lines: readonly PairLine[], streams: readonly PairStream[], models: number) {
  const lastUse = new Map<number, number>();
  for (const [at, line] of lines.entries())
    for (const stream of line.streams) {
      const { from } = streams[stream]!;
      if ('model' in from) lastUse.set(from.model, at);
    }
  const endingAt = new Map<number, number[]>();
  for (const [model, at] of lastUse) {
    const ending = endingAt.get(at);
    if (ending) ending.push(model);
    else endingAt.set(at, [model]);
  }
  const slots = new Array<number>(models).fill(0);
  const free: number[] = [];
  let slotCount = 0;
  for (const [at, { states }] of lines.entries()) {
    for (const model of states.flatMap((state) => state.models)) slots[model] = free.pop() ?? slotCount++;
    for (const model of endingAt.get(at) ?? []) free.push(slots[model]!);
  }
  return { slots, slotCount };
}
