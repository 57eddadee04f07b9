import type { Law } from '../../regimes/discrete-recipe.ts';
import type { Draw } from '../../regimes/draw.ts';
import {
  type Decoding,
  isPairModel,
  type PairModel,
  type PairRecipe,
  type PairSample,
} from '../../regimes/pair-recipe.ts';

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
  return { longest: Math.max(...totals), cells: recipes.length };
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
  readonly #numbers = new Map<string, number>();

  look(training: readonly PairSample[]): Look {
    const portions = training.map((sample) => [this.#stream(sample), sample.size] as const).sort(([a], [b]) => a - b);
    const key = JSON.stringify(portions);
    const look = this.#looks.get(key) ?? { portions, models: [], cells: [] };
    this.#looks.set(key, look);
    return look;
  }

  #stream({ draw, from }: PairSample): number {
    const origin = isPairModel(from)
      ? { model: this.#model(from) }
      : { law: this.#number('law', from, () => this.laws.push(from)) };
    return this.#number('stream', [draw.unit, draw.generation, origin], () =>
      this.streams.push({ draw, from: origin }),
    );
  }

  #model({ training, decoding }: PairModel): number {
    const look = this.look(training);
    return this.#number('model', [look.portions, decoding], () => {
      const count = this.decodings.push(decoding);
      look.models.push(count - 1);
      return count;
    });
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
      groups.set(key, [...(groups.get(key) ?? []), look]);
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

  /** Lines by how many models stand behind them. */
  #ordered(lines: readonly (readonly Look[])[]): readonly (readonly Look[])[] {
    const looks = [...this.#looks.values()];
    const depthOf = ({ portions }: Look): number =>
      portions.reduce((depth, [stream]) => {
        const { from } = this.streams[stream]!;
        if (!('model' in from)) return depth;
        return Math.max(depth, 1 + depthOf(looks.find(({ models }) => models.includes(from.model))!));
      }, 0);
    return lines.toSorted((a, b) => depthOf(a[0]!) - depthOf(b[0]!));
  }
}

function slotsOf(lines: readonly PairLine[], streams: readonly PairStream[], models: number) {
  const lastUse = new Map<number, number>();
  for (const [at, line] of lines.entries())
    for (const stream of line.streams) {
      const { from } = streams[stream]!;
      if ('model' in from) lastUse.set(from.model, at);
    }
  const slots = new Array<number>(models).fill(0);
  const free: number[] = [];
  let slotCount = 0;
  for (const [at, { states }] of lines.entries()) {
    for (const model of states.flatMap((state) => state.models)) slots[model] = free.pop() ?? slotCount++;
    for (const [model, last] of lastUse) if (last === at) free.push(slots[model]!);
  }
  return { slots, slotCount };
}
