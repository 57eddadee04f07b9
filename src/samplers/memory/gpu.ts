import type { BufferType, KernelDefinition } from '../../gpu/kernel.ts';
import type { Command, Launcher } from '../../gpu/launcher.ts';
import * as kernels from '../../kernels/memory.ts';
import { tokenLaw } from '../../regimes/discrete-law.ts';
import { launchAddress } from '../address.ts';
import { dispatchOf, type Grid } from '../dispatch.ts';
import type { TrialSource } from '../sampler.ts';
import { openSource } from '../source.ts';
import { bitsOf, massWords, tableOf, WHOLE } from '../tokens/masses.ts';
import {
  associationWork,
  drawWork,
  EMBEDDINGS,
  type MemoryJob,
  perTrial,
  productWork,
  recallWork,
  rowsOf,
  shared,
  tableName,
  wordsOf,
} from './shape.ts';

/** The memory sampler on a device: counts and embeddings stay there, masses of wrong tokens come back. */
export function openMemoryGpu(
  job: MemoryJob,
  seed: number,
  launcher: Launcher,
  capacity: number,
): Promise<TrialSource> {
  const own = Object.entries<number>(perTrial(job)).map(([name, words]) => [name, words * capacity]);
  const words: Record<string, number> = { ...Object.fromEntries(own), ...shared(job) };
  const tables = job.lines.map(({ law }, line) => [tableName(line), tableOf(tokenLaw(law), job.tokens).words]);
  return openSource<string>(
    {
      words,
      contents: { masses: massWords(tokenLaw(job.world.truth), job.tokens), ...Object.fromEntries(tables) },
      record: (buffers) => new Recorder(job, seed, launcher, buffers, capacity).record(),
      results: ['sums'],
      read: ([contents], first, count) => {
        const sums = new Uint32Array(contents!);
        const errors = Float64Array.from({ length: job.cells * count }, (_, at) => {
          const [cell, trial] = [Math.floor(at / count), at % count];
          const limb = (l: number) => sums[(4 * cell + l) * capacity + trial]! * 2 ** (12 * l);
          return (limb(0) + limb(1) + limb(2) + limb(3)) / WHOLE;
        });
        return { first, count, errors, statuses: new Uint8Array(errors.length) };
      },
    },
    launcher,
    capacity,
  );
}

class Recorder {
  readonly #commands: Command[] = [];
  readonly #job: MemoryJob;
  readonly #seed: number;
  readonly #launcher: Launcher;
  readonly #buffers: Readonly<Record<string, GPUBuffer>>;
  readonly #capacity: number;

  constructor(
    job: MemoryJob,
    seed: number,
    launcher: Launcher,
    buffers: Readonly<Record<string, GPUBuffer>>,
    capacity: number,
  ) {
    this.#job = job;
    this.#seed = seed;
    this.#launcher = launcher;
    this.#buffers = buffers;
    this.#capacity = capacity;
  }

  async record(): Promise<readonly Command[]> {
    const { tokens, world, lines } = this.#job;
    const { sums, counts, tokenProducts, labelProducts } = this.#buffers;
    this.#commands.push({ kind: 'clear', buffer: sums! });
    await this.#embed();
    await this.#multiply(0, tokens, tokenProducts!);
    await this.#multiply(tokens, world.labels, labelProducts!);
    for (const [number, { draw, states }] of lines.entries()) {
      this.#commands.push({ kind: 'clear', buffer: counts! });
      let drawn = 0;
      for (const { size, cells } of states) {
        await this.#run(
          kernels.memoryDraws,
          { table: this.#buffers[tableName(number)]!, counts: counts! },
          { groups: 1 + Math.ceil((size - drawn) / kernels.MEMORY_DRAWS_PER_GROUP), work: drawWork(size - drawn) },
          { ...launchAddress(this.#seed, draw), first: drawn, end: size, tokens, bits: bitsOf(tokens) },
        );
        drawn = size;
        for (const cell of cells) await this.#recall(cell, size);
      }
    }
    return this.#commands;
  }

  async #embed(): Promise<void> {
    const rows = rowsOf(this.#job);
    const words = wordsOf(this.#job);
    await this.#run(
      kernels.memoryEmbeddings,
      { signs: this.#buffers.signs! },
      { groups: Math.ceil((rows * Math.ceil(words / 4)) / 64), work: 20 * rows * words },
      { ...launchAddress(this.#seed, EMBEDDINGS), rows, words, dimension: this.#job.world.dimension },
    );
  }

  async #multiply(offset: number, count: number, products: GPUBuffer): Promise<void> {
    await this.#run(
      kernels.memoryProducts,
      { signs: this.#buffers.signs!, products },
      { groups: Math.ceil(count / 4) * Math.ceil(count / 64), work: productWork(this.#job, count) },
      { rows: rowsOf(this.#job), words: wordsOf(this.#job), dimension: this.#job.world.dimension, offset, count },
    );
  }

  async #recall(cell: number, draws: number): Promise<void> {
    const { tokens, world } = this.#job;
    const { labels, dimension, weights } = world;
    const { counts, tokenProducts, labelProducts, associations, stored, masses, sums } = this.#buffers;
    await this.#run(
      kernels.memoryAssociations,
      { counts: counts!, tokens: tokenProducts!, associations: associations!, stored: stored! },
      { groups: Math.ceil(tokens / 64), work: associationWork(this.#job), constants: { SEEN: weights === 'seen' } },
      { tokens, labels },
    );
    await this.#run(
      kernels.memoryRecall,
      { associations: associations!, stored: stored!, labels: labelProducts!, masses: masses!, sums: sums! },
      { groups: Math.ceil(tokens / kernels.RECALLED_PER_GROUP), work: recallWork(this.#job, draws) },
      { trials: this.#capacity, tokens, labels, stride: kernels.memoryStride(dimension), cell },
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
