import * as kernels from '../../../kernels/pairs.ts';
import { TRIALS } from '../../../program/amount.ts';
import { type BufferName, Program } from '../../../program/program.ts';
import { launchAddress } from '../../address.ts';
import { bitsOf } from '../masses.ts';
import { powersOf, shareBounds } from './decoding.ts';
import type { PairLine, PairSchedule } from './schedule.ts';
import { contextsOf, lawsOf, tablesOf, tableWords, tokensOf, turnsOf } from './world.ts';

/** Operations that take as long as a pair from a law, one from a model, and a count that is looked at. */
const LAW_WORK = 37;
const MODEL_WORK = { near: 112, far: 200 };
const COUNT_WORK = 4;
/** Words of a model that a processor keeps near. */
const NEAR_WORDS = 2 ** 14;
/** And a workgroup for a context, whose lanes wait for each other. */
const CONTEXT_WORK = 6000;

/** Draws, counts and models stay on the device, errors come back. */
export function pairsProgram(schedule: PairSchedule, seed: number): Program {
  return new PairSteps(schedule, seed).all();
}

class PairSteps {
  readonly #schedule: PairSchedule;
  readonly #seed: number;
  readonly #contexts: number;
  readonly #tokens: number;
  readonly #program: Program;
  /** Stands for what a kernel does not read. */
  readonly #nothing: BufferName;

  constructor(schedule: PairSchedule, seed: number) {
    this.#schedule = schedule;
    this.#seed = seed;
    this.#contexts = contextsOf(schedule.world);
    this.#tokens = tokensOf(schedule.world);
    this.#program = new Program({
      ...formOf(schedule),
      changesFor: (buffer, words) => [
        buffer.startsWith('powers')
          ? `at most ${Math.floor(words / 2)} draws, or the temperature 1`
          : `at most ${Math.floor(words / this.#contexts) - 1} tokens with ${this.#contexts} contexts`,
      ],
    });
    this.#nothing = this.#program.shared('nothing', 1);
  }

  all(): Program {
    for (const line of this.#schedule.lines) this.#line(line);
    return this.#program;
  }

  #line({ streams, states }: PairLine): void {
    this.#program.clear(this.#counts);
    for (const [at, { sizes, models, cells }] of states.entries()) {
      for (const [s, stream] of streams.entries()) this.#draw(stream, states[at - 1]?.sizes[s] ?? 0, sizes[s]!);
      for (const model of models) this.#decode(model);
      if (cells.length > 0) this.#measure(cells);
    }
  }

  #draw(stream: number, first: number, end: number): void {
    if (end === first) return;
    const { draw, from } = this.#schedule.streams[stream]!;
    const { length } = this.#schedule.world;
    const [contexts, tokens] = [this.#contexts, this.#tokens];
    const [table, model] =
      'law' in from ? [this.#table(from.law), this.#nothing] : [this.#nothing, this.#model(from.model)];
    const turns = this.#program.shared('turns', 2 * contexts, () => turnsOf(this.#schedule.world));
    const context_bits = bitsOf(contexts);
    const each = 'law' in from ? LAW_WORK : MODEL_WORK[contexts * tokens > NEAR_WORDS ? 'far' : 'near'];
    this.#program.dispatch(
      kernels.pairDraws,
      { table, turns, model, counts: this.#counts },
      {
        groups: Math.ceil((end - first) / kernels.SEQUENCES_PER_GROUP),
        normals: (end - first) * length,
        work: each * length * Math.max(end - first, 64),
        constants: { FROM_MODEL: 'model' in from },
      },
      {
        ...launchAddress(this.#seed, draw),
        first,
        end,
        length,
        contexts,
        tokens,
        context_bits,
        rank_bits: bitsOf(tokens),
        ranks: 2 ** (1 + context_bits),
      },
    );
  }

  /** What a generator makes of its counts. */
  #decode(number: number): void {
    const { temperature, topP, crossing } = this.#schedule.decodings[number]!;
    const [contexts, tokens] = [this.#contexts, this.#tokens];
    const model = this.#model(number);
    const kept = crossing === 'kept';
    const [share_high, share_low] = shareBounds(topP)[kept ? 'least' : 'most'];
    const looks = topP < 1 ? 1 + Math.log2(this.#mostCounts) / 3.5 : 4;
    this.#program.dispatch(
      kernels.pairModel,
      { counts: this.#counts, powers: temperature === 1 ? this.#nothing : this.#powers(temperature), model },
      {
        groups: contexts,
        work: contexts * (COUNT_WORK * tokens * looks + CONTEXT_WORK),
        constants: { POWERS: temperature !== 1, TOP_P: topP < 1, CROSSING: kept },
      },
      { contexts, tokens, share_high, share_low },
    );
    this.#program.dispatch(kernels.pairContexts, { model }, { groups: 1, work: 4 * contexts }, { contexts, tokens });
  }

  #measure(cells: readonly number[]): void {
    const { world } = this.#schedule;
    const [contexts, tokens] = [this.#contexts, this.#tokens];
    const { measure } = world;
    const parts = this.#program.buffer('parts', contexts);
    const laws = this.#program.shared('laws', contexts * (tokens + 1), () => Float32Array.from(lawsOf(world)));
    const errors = this.#program.buffer('errors', this.#schedule.cells);
    this.#program.dispatch(
      kernels.pairMeasure,
      { counts: this.#counts, laws, parts },
      {
        groups: contexts,
        work: contexts * (2 * COUNT_WORK * tokens + CONTEXT_WORK),
        constants: { LOSS: measure.kind === 'perplexity' },
      },
      { contexts, tokens, clip: measure.kind === 'perplexity' ? measure.clip : 0 },
    );
    const grid = { groups: 1, work: contexts };
    for (const cell of cells)
      this.#program.dispatch(kernels.pairTotal, { parts, errors }, grid, { contexts, cell, trials: TRIALS });
  }

  get #counts(): BufferName {
    return this.#program.buffer('counts', this.#contexts * this.#tokens);
  }

  #model(number: number): BufferName {
    return this.#program.buffer(`model${this.#schedule.slots[number]!}`, this.#contexts * (this.#tokens + 1));
  }

  #table(law: number): BufferName {
    const { world, laws } = this.#schedule;
    const contents = () => Uint32Array.from(tablesOf(world, laws[law]!).flatMap(({ words }) => [...words]));
    return this.#program.shared(`table${law}`, tableWords(world), contents);
  }

  #powers(temperature: number): BufferName {
    const most = this.#mostCounts;
    return this.#program.shared(`powers${temperature}`, 2 * most, () => powersOf(temperature, most));
  }

  /** No count is larger. */
  get #mostCounts(): number {
    return this.#schedule.longest * this.#schedule.world.length;
  }
}

const formOf = ({ cells, world }: PairSchedule): Pick<Program['form'], 'results' | 'read'> => ({
  results: ['errors'],
  read: ([contents], first, count, capacity) => {
    const rows = new Float32Array(contents!);
    const errors = Float64Array.from({ length: cells * count }, (_, i) => {
      const error = rows[Math.floor(i / count) * capacity + (i % count)]!;
      return world.measure.kind === 'perplexity' ? Math.exp(error) : error;
    });
    return { first, count, errors, statuses: new Uint8Array(errors.length) };
  },
});
