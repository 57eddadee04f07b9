import type { BufferType, KernelDefinition } from '../../gpu/kernel.ts';
import type { Command, Launcher } from '../../gpu/launcher.ts';
import * as kernels from '../../kernels/tokens.ts';
import { tokenLaw } from '../../regimes/discrete-law.ts';
import { launchAddress } from '../address.ts';
import { dispatchOf, type Grid } from '../dispatch.ts';
import type { TrialSource } from '../sampler.ts';
import { openSource } from '../source.ts';
import { massesSeen, tokenBatch } from './batch.ts';
import { bitsOf, massWords, tableOf } from './masses.ts';
import type { Look, Part } from './schedule.ts';
import { drawWork, keptName, lookWork, perTrial, shared, type TokenJob, tableName } from './shape.ts';

type Buffers = Readonly<Record<string, GPUBuffer>>;

/** Where draws are kept that later ones are drawn from. */
interface Keeping {
  readonly size: number;
  readonly slot: number;
}

/** The tokens sampler on a device: draws, first positions and masses stay there, sums of masses come back. */
export function openTokensGpu(job: TokenJob, seed: number, launcher: Launcher, capacity: number): Promise<TrialSource> {
  const own = Object.entries<number>(perTrial(job)).map(([name, words]) => [name, words * capacity]);
  const words: Record<string, number> = { ...Object.fromEntries(own), ...shared(job), nothing: 1, nowhere: 1 };
  return openSource<string>(
    {
      words,
      contents: contentsOf(job),
      record: (buffers) => new Recorder(job, seed, launcher, buffers, capacity).record(),
      results: ['sums'],
      read: ([sums], first, count) =>
        tokenBatch(job.schedule, first, count, massesSeen(new Uint32Array(sums!), capacity)),
    },
    launcher,
    capacity,
  );
}

function contentsOf({ schedule, tokens }: TokenJob): Record<string, Uint32Array> {
  const tables = schedule.laws.map((law, l) => [tableName(l), tableOf(tokenLaw(law), tokens).words]);
  const checkpoints = new Uint32Array(schedule.bins);
  for (const step of schedule.steps)
    if (step.kind === 'look') checkpoints.set(step.look.checkpoints, step.look.firstBin);
  return { ...Object.fromEntries(tables), masses: massWords(tokenLaw(schedule.truth), tokens), checkpoints };
}

class Recorder {
  readonly #commands: Command[] = [];
  readonly #job: TokenJob;
  readonly #seed: number;
  readonly #launcher: Launcher;
  readonly #buffers: Buffers;
  readonly #capacity: number;

  constructor(job: TokenJob, seed: number, launcher: Launcher, buffers: Buffers, capacity: number) {
    this.#job = job;
    this.#seed = seed;
    this.#launcher = launcher;
    this.#buffers = buffers;
    this.#capacity = capacity;
  }

  async record(): Promise<readonly Command[]> {
    this.#commands.push({ kind: 'clear', buffer: this.#buffers.sums! });
    for (const step of this.#job.schedule.steps) {
      if (step.kind === 'keep') await this.#draw({ ...step, offset: 0 }, step, false);
      else await this.#look(step.look, step.keep);
    }
    return this.#commands;
  }

  async #look({ parts, checkpoints, firstBin }: Look, keep: Keeping | null): Promise<void> {
    const { seen, masses, checkpoints: ends, sums } = this.#buffers;
    this.#commands.push({ kind: 'clear', buffer: seen! });
    for (const part of parts) await this.#draw(part, keep, true);
    const { tokens } = this.#job;
    const bins = checkpoints.length;
    await this.#run(
      kernels.tokenMasses,
      { seen: seen!, masses: masses!, checkpoints: ends!, sums: sums! },
      {
        groups: Math.ceil(tokens / kernels.TOKENS_PER_GROUP),
        layers: Math.ceil(bins / kernels.BINS_PER_GROUP),
        work: lookWork(this.#job, bins),
      },
      { trials: this.#capacity, tokens, first_bin: firstBin, bins },
    );
  }

  async #draw({ stream, size, offset }: Part, keep: Keeping | null, marked: boolean): Promise<void> {
    const { schedule, tokens } = this.#job;
    const { draw, from } = schedule.streams[stream]!;
    const { nothing, nowhere, seen } = this.#buffers;
    const [table, source, sourceSize] =
      'law' in from
        ? [this.#buffers[tableName(from.law)], nothing, 1]
        : [nothing, this.#buffers[keptName(schedule.slotOf.get(from.stream)!)], from.size];
    await this.#run(
      kernels.tokenDraws,
      { table: table!, source: source!, kept: keep ? this.#buffers[keptName(keep.slot)]! : nowhere!, seen: seen! },
      {
        groups: Math.ceil(size / kernels.DRAWS_PER_GROUP),
        work: drawWork(this.#job, stream, size),
        constants: { FROM_SAMPLE: 'stream' in from },
      },
      {
        ...launchAddress(this.#seed, draw),
        size,
        bits: bitsOf(tokens),
        source_size: sourceSize,
        refused: 2 ** 32 % sourceSize,
        kept_size: keep?.size ?? 0,
        stride: schedule.longest,
        tokens,
        offset,
        marked: Number(marked),
      },
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
