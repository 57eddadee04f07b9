import type { BufferType, KernelDefinition } from '../../gpu/kernel.ts';
import type { Command, Launcher } from '../../gpu/launcher.ts';
import * as kernels from '../../kernels/pairs.ts';
import { launchAddress } from '../address.ts';
import { dispatchOf, type Grid } from '../dispatch.ts';
import type { TrialSource } from '../sampler.ts';
import { openSource } from '../source.ts';
import { bitsOf } from '../tokens/masses.ts';
import { powersOf, shareBounds } from './decoding.ts';
import type { PairLine } from './schedule.ts';
import {
  drawWork,
  measureWork,
  modelName,
  modelWork,
  mostCounts,
  type PairJob,
  perTrial,
  powersName,
  shared,
  tableName,
  temperaturesOf,
} from './shape.ts';
import { lawsOf, tablesOf, turnsOf } from './world.ts';

type Buffers = Readonly<Record<string, GPUBuffer>>;

/** The pairs sampler on a device: draws, counts and models stay there, errors come back. */
export function openPairsGpu(job: PairJob, seed: number, launcher: Launcher, capacity: number): Promise<TrialSource> {
  const own = Object.entries(perTrial(job)).map(([name, words]) => [name, words * capacity]);
  const words: Record<string, number> = { ...Object.fromEntries(own), ...shared(job), nothing: 1 };
  const { cells, world } = job.schedule;
  return openSource<string>(
    {
      words,
      contents: contentsOf(job),
      record: (buffers) => new Recorder(job, seed, launcher, buffers, capacity).record(),
      results: ['errors'],
      read: ([contents], first, count) => {
        const rows = new Float32Array(contents!);
        const errors = Float64Array.from({ length: cells * count }, (_, i) => {
          const error = rows[Math.floor(i / count) * capacity + (i % count)]!;
          return world.measure.kind === 'perplexity' ? Math.exp(error) : error;
        });
        return { first, count, errors, statuses: new Uint8Array(errors.length) };
      },
    },
    launcher,
    capacity,
  );
}

function contentsOf({ schedule }: PairJob): Record<string, Float32Array | Uint32Array> {
  const { world, laws } = schedule;
  const tables = laws.map((law, l) => {
    const [contexts, ranks] = tablesOf(world, law);
    return [tableName(l), Uint32Array.from([...contexts.words, ...ranks.words])];
  });
  const powers = temperaturesOf(schedule).map((temperature) => [
    powersName(temperature),
    powersOf(temperature, mostCounts(schedule)),
  ]);
  return {
    ...Object.fromEntries(tables),
    ...Object.fromEntries(powers),
    turns: turnsOf(world),
    laws: Float32Array.from(lawsOf(world)),
  };
}

class Recorder {
  readonly #commands: Command[] = [];
  readonly #job: PairJob;
  readonly #seed: number;
  readonly #launcher: Launcher;
  readonly #buffers: Buffers;
  readonly #capacity: number;

  constructor(job: PairJob, seed: number, launcher: Launcher, buffers: Buffers, capacity: number) {
    this.#job = job;
    this.#seed = seed;
    this.#launcher = launcher;
    this.#buffers = buffers;
    this.#capacity = capacity;
  }

  async record(): Promise<readonly Command[]> {
    for (const line of this.#job.schedule.lines) await this.#line(line);
    return this.#commands;
  }

  async #line({ streams, states }: PairLine): Promise<void> {
    this.#commands.push({ kind: 'clear', buffer: this.#buffers.counts! });
    for (const [at, { sizes, models, cells }] of states.entries()) {
      for (const [s, stream] of streams.entries()) await this.#draw(stream, states[at - 1]?.sizes[s] ?? 0, sizes[s]!);
      for (const model of models) await this.#model(model);
      if (cells.length > 0) await this.#measure(cells);
    }
  }

  async #draw(stream: number, first: number, end: number): Promise<void> {
    if (end === first) return;
    const { schedule, contexts, tokens } = this.#job;
    const { draw, from } = schedule.streams[stream]!;
    const { nothing, turns, counts } = this.#buffers;
    const [table, model] =
      'law' in from
        ? [this.#buffers[tableName(from.law)], nothing]
        : [nothing, this.#buffers[modelName(schedule.slots[from.model]!)]];
    const context_bits = bitsOf(contexts);
    await this.#run(
      kernels.pairDraws,
      { table: table!, turns: turns!, model: model!, counts: counts! },
      {
        groups: Math.ceil((end - first) / kernels.SEQUENCES_PER_GROUP),
        work: drawWork(this.#job, stream, end - first),
        constants: { FROM_MODEL: 'model' in from },
      },
      {
        ...launchAddress(this.#seed, draw),
        first,
        end,
        length: schedule.world.length,
        contexts,
        tokens,
        context_bits,
        rank_bits: bitsOf(tokens),
        ranks: 2 ** (1 + context_bits),
      },
    );
  }

  async #model(number: number): Promise<void> {
    const { schedule, contexts, tokens } = this.#job;
    const { temperature, topP, crossing } = schedule.decodings[number]!;
    const { counts, nothing } = this.#buffers;
    const model = this.#buffers[modelName(schedule.slots[number]!)]!;
    const powers = temperature === 1 ? nothing! : this.#buffers[powersName(temperature)]!;
    const kept = crossing === 'kept';
    const [share_high, share_low] = shareBounds(topP)[kept ? 'least' : 'most'];
    await this.#run(
      kernels.pairModel,
      { counts: counts!, powers, model },
      {
        groups: contexts,
        work: modelWork(this.#job, topP),
        constants: { POWERS: temperature !== 1, TOP_P: topP < 1, CROSSING: kept },
      },
      { contexts, tokens, share_high, share_low },
    );
    await this.#run(kernels.pairContexts, { model }, { groups: 1, work: 4 * contexts }, { contexts, tokens });
  }

  async #measure(cells: readonly number[]): Promise<void> {
    const { schedule, contexts, tokens } = this.#job;
    const { measure } = schedule.world;
    const { counts, laws, parts, errors } = this.#buffers;
    await this.#run(
      kernels.pairMeasure,
      { counts: counts!, laws: laws!, parts: parts! },
      { groups: contexts, work: measureWork(this.#job), constants: { LOSS: measure.kind === 'perplexity' } },
      { contexts, tokens, clip: measure.kind === 'perplexity' ? measure.clip : 0 },
    );
    for (const cell of cells)
      await this.#run(
        kernels.pairTotal,
        { parts: parts!, errors: errors! },
        { groups: 1, work: contexts },
        { contexts, cell, trials: this.#capacity },
      );
  }

  async #run<B extends Record<string, BufferType>, L extends Record<string, 'u32' | 'f32'>>(
    definition: KernelDefinition<B, L>,
    buffers: Record<keyof B, GPUBuffer>,
    grid: Grid,
    launch: Record<keyof L, number>,
  ): Promise<void> {
    this.#commands.push(await dispatchOf(this.#launcher, definition, buffers, grid, launch));
  }
}
