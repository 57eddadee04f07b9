import type { BufferType, KernelDefinition } from '../gpu/kernel.ts';
import type { Amount } from './amount.ts';
import type { TrialBatch, TrialSource } from './trials.ts';

/**
 * What a sampler compiles a job to: buffers by name, and the commands of one batch with the work of each. It knows neither a
 * device nor how many trials a batch has, so that it can be counted, printed and compared without one; `openProgram` binds it.
 */

/** A buffer of the program; only `Program` makes names. */
export type BufferName = string & { readonly [named]: true };
declare const named: unique symbol;

/** Words that are 32 bits wide. */
export type Words = Float32Array | Uint32Array;

/** Words of every trial, or of all trials together. */
export type ProgramBuffer =
  | {
      readonly kind: 'each';
      words: number;
      /** What stands in the first words of the buffer before the first batch, for every trial one after the other. */
      start: Words | null;
    }
  | { readonly kind: 'shared'; readonly words: number; readonly contents: (() => Words) | null };

/** How a dispatch is spread over a batch, as in `Dispatch`, and what it costs a trial. */
export interface Grid {
  readonly groups: number;
  /** 1 where absent. */
  readonly layers?: number;
  readonly trialsPerGroup?: number;
  readonly constants?: Readonly<Record<string, number | boolean>>;
  /** Floating-point operations of the algorithm: GEMM 2mnk, Gram T m^2, Cholesky m^3/3; 0 where absent. */
  readonly flops?: number;
  /** Standard normals, or tokens; 0 where absent. */
  readonly normals?: number;
  /** Operations that take as long; where absent those over the kernel's rate, a normal counting as `NORMAL_WORK`. */
  readonly work?: number;
}

export interface DispatchStep extends Required<Omit<Grid, 'trialsPerGroup' | 'constants'>> {
  readonly kind: 'dispatch';
  readonly kernel: KernelDefinition;
  readonly buffers: Readonly<Record<string, BufferName>>;
  readonly trialsPerGroup: number | null;
  readonly constants: Readonly<Record<string, number | boolean>>;
  readonly launch: Readonly<Record<string, Amount>>;
}

/** A place in a buffer, in words. */
export interface Place {
  readonly buffer: BufferName;
  readonly offset: Amount;
}

export type Step =
  | DispatchStep
  | { readonly kind: 'copy'; readonly from: Place; readonly to: Place; readonly words: Amount }
  | { readonly kind: 'clear'; readonly buffer: BufferName };

/** Operations a normal costs, in floating-point operations that take equally long (counted from the shader). */
export const NORMAL_WORK = 40;

/** Writes words into a buffer, from a place of it on. */
export type Write = (buffer: BufferName, offset: number, words: Words) => void;

/** What the host adds: words that all trials share, written once, and then those of each trial before it is drawn. */
export type Host = (write: Write) => Promise<(trial: number) => void>;

/** What a program is apart from its buffers and steps. */
export interface ProgramForm {
  /** Buffers that come back after every batch, and the test errors and statuses they mean. */
  readonly results: readonly string[];
  read(contents: readonly ArrayBuffer[], first: number, count: number, capacity: number): TrialBatch;
  /** Changes of the experiment, in words, that would make a buffer fit into a binding of so many words. */
  changesFor(buffer: string, words: number): readonly string[];
  /** What is said to need so much memory; 'One trial' where absent. */
  readonly subject?: string;
  /** With it trials are drawn one by one. */
  readonly host?: Host;
}

/** Who draws in f64, with the same integers, what a device cannot. */
export interface Fallback {
  source(): TrialSource;
  /** Why it draws all trials, in half a sentence; absent or null where it draws only those that the device marks. */
  readonly reason?: string | null;
  /** The same trials in a slower and more exact way, where some may be wrong without a mark. */
  readonly check?: Program | null;
  /** By cell: a test error below it is marked. */
  readonly floors?: readonly number[];
}

export class Program {
  readonly form: ProgramForm;
  readonly steps: Step[] = [];
  #fallback: Fallback | null = null;
  readonly #buffers = new Map<string, ProgramBuffer>();

  constructor(form: ProgramForm) {
    this.form = form;
  }

  get buffers(): ReadonlyMap<string, ProgramBuffer> {
    return this.#buffers;
  }

  get fallback(): Fallback | null {
    return this.#fallback;
  }

  /** This program, with someone who draws what the device cannot. */
  redrawn(fallback: Fallback): this {
    this.#fallback = fallback;
    return this;
  }

  /** So many words for every trial, zeros before the first batch; as many as the step that asks for most. */
  buffer(name: string, words: number): BufferName {
    const known = this.#buffers.get(name);
    if (!known) this.#buffers.set(name, { kind: 'each', words, start: null });
    else if (known.kind === 'each') known.words = Math.max(known.words, words);
    else throw new Error(`${name} is shared by all trials.`);
    return name as BufferName;
  }

  /** The same, with these words at its beginning for every trial. No step may write them where it does not mean to for good. */
  startingWith(name: string, words: number, start: Words): BufferName {
    const buffer = this.buffer(name, words);
    const known = this.#buffers.get(name)!;
    if (known.kind === 'each') known.start = start;
    return buffer;
  }

  /** Words that all trials share: worked out when a device wants them, or zeros. */
  shared(name: string, words: number, contents: (() => Words) | null = null): BufferName {
    if (!this.#buffers.has(name)) this.#buffers.set(name, { kind: 'shared', words, contents });
    return name as BufferName;
  }

  /** Words that are known already. */
  constant(name: string, contents: Words): BufferName {
    return this.shared(name, contents.length, () => contents);
  }

  dispatch<B extends Record<string, BufferType>, L extends Record<string, 'u32' | 'f32'>>(
    kernel: KernelDefinition<B, L>,
    buffers: Readonly<Record<keyof B, BufferName>>,
    grid: Grid,
    launch: Readonly<Record<keyof L, Amount>>,
  ): void {
    const { groups, layers = 1, trialsPerGroup = null, constants = {}, flops = 0, normals = 0 } = grid;
    const { work = flops / kernel.rate + NORMAL_WORK * normals } = grid;
    const costs = { flops, normals, work };
    const definition = kernel as unknown as KernelDefinition;
    this.steps.push({
      kind: 'dispatch',
      kernel: definition,
      buffers,
      launch,
      groups,
      layers,
      trialsPerGroup,
      constants,
      ...costs,
    });
  }

  copy(from: Place, to: Place, words: Amount): void {
    this.steps.push({ kind: 'copy', from, to, words });
  }

  clear(buffer: BufferName): void {
    this.steps.push({ kind: 'clear', buffer });
  }
}
