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
  /** Operations that the kernel does; where absent those of the algorithm, a normal counting as `NORMAL_WORK`. */
  readonly work?: number;
}

export interface DispatchStep extends Required<Omit<Grid, 'trialsPerGroup' | 'constants' | 'work'>> {
  readonly kind: 'dispatch';
  readonly kernel: KernelDefinition;
  readonly buffers: Readonly<Record<string, BufferName>>;
  readonly trialsPerGroup: number | null;
  readonly operations: number;
  /** Operations over the rate of the kernel: equal work takes equally long, whatever the kernel. */
  readonly work: number;
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

/** What the host adds: words that all trials share, written once, and then those of each trial, at its place in the batch, before it is drawn. */
export type Host = (write: Write) => Promise<(trial: number, place: number) => void>;

/** What a program is apart from its buffers and steps. */
export interface ProgramForm {
  /** Buffers that come back after every batch, and the test errors and statuses they mean. */
  readonly results: readonly string[];
  read(contents: readonly ArrayBuffer[], first: number, count: number, capacity: number): TrialBatch;
  /** Changes of the experiment, in words, that would make a buffer fit into a binding of so many words. */
  changesFor(buffer: string, words: number): readonly string[];
  /** What is said to need so much memory; 'One trial' where absent. */
  readonly subject?: string;
  /** A trial may take minutes: once its run is to stop, a batch ends at a mark of the program, without its trials. */
  readonly long?: boolean;
  /** Buffers of each trial that the steps after a mark need of those before it: with them a long batch can be taken up again. */
  readonly state?: readonly string[];
  /** By cell the number of its test error, where the program says when that is there (`Program.written`). */
  readonly errorOf?: readonly number[];
  /** With it trials are drawn one by one, unless it feeds whole batches. */
  readonly host?: Host;
  readonly feedsBatches?: boolean;
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

/** Work of a trial beyond which nobody wants to know the rest of a program. */
let mostWork = Number.POSITIVE_INFINITY;

/** Whether programs keep their steps, which may be a million, or an account of them alone. */
let keepsSteps = true;

class TooMuchWork extends Error {}

/**
 * What `build` makes, unless a program in it comes to more work for a trial than so much: then null, as soon as it does. The programs are good for
 * `programWork` alone: they keep no steps.
 */
export function unlessMoreWork<T>(most: number, build: () => T): T | null {
  const before = [mostWork, keepsSteps] as const;
  mostWork = most;
  keepsSteps = false;
  try {
    return build();
  } catch (error) {
    if (error instanceof TooMuchWork) return null;
    throw error;
  } finally {
    [mostWork, keepsSteps] = before;
  }
}

/** Operations of a trial between two marks, at least, a step counting as so many besides those that it does: starting one takes time too. */
const MARKED_WORK = 5e8;
const STEP_WORK = 5e5;

export class Program {
  readonly form: ProgramForm;
  readonly steps: Step[] = [];
  /** Numbers of steps after which a long batch may stop and be taken up again. */
  readonly marks: number[] = [];
  /** By number of a test error the step after which it is there. */
  readonly writtenBy = new Map<number, number>();
  #marked = 0;
  #fallback: Fallback | null = null;
  #work = 0;
  readonly #buffers = new Map<string, ProgramBuffer>();

  constructor(form: ProgramForm) {
    this.form = form;
  }

  get buffers(): ReadonlyMap<string, ProgramBuffer> {
    return this.#buffers;
  }

  /** Work of a trial so far. */
  get work(): number {
    return this.#work;
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
  ): DispatchStep {
    const { groups, layers = 1, trialsPerGroup = null, constants = {}, flops = 0, normals = 0 } = grid;
    const { work: operations = flops + NORMAL_WORK * normals } = grid;
    const step: DispatchStep = {
      kind: 'dispatch',
      kernel: kernel as unknown as KernelDefinition,
      buffers,
      launch,
      groups,
      layers,
      trialsPerGroup,
      constants,
      ...{ flops, normals, operations, work: operations / kernel.rate },
    };
    this.repeat(step);
    return step;
  }

  /** A dispatch once more: programs of a million steps hold few that differ. */
  repeat(step: DispatchStep): void {
    this.#work += step.work;
    if (this.#work > mostWork) throw new TooMuchWork();
    if (keepsSteps) this.steps.push(step);
  }

  copy(from: Place, to: Place, words: Amount): void {
    if (!keepsSteps) return;
    this.steps.push({ kind: 'copy', from, to, words });
  }

  clear(buffer: BufferName): void {
    if (!keepsSteps) return;
    this.steps.push({ kind: 'clear', buffer });
  }

  /** Here these test errors are there. */
  written(first: number, count: number): void {
    for (let error = first; error < first + count; error++) this.writtenBy.set(error, this.steps.length);
  }

  /** Here all that later steps need is in the state. Marks that follow each other too closely are none. */
  mark(): void {
    const work = this.#work + STEP_WORK * this.steps.length;
    if (work - this.#marked < MARKED_WORK) return;
    this.#marked = work;
    this.marks.push(this.steps.length);
  }
}

/** What a checkpoint must have in common with the program that takes it up: the sizes of its state, how many steps it has, and where it is marked. */
export function fingerprintOf({ buffers, steps, marks, form }: Program): string {
  const sizes = (form.state ?? []).map((name) => `${name} ${buffers.get(name)?.words}`);
  return [...sizes, `${steps.length} steps`, `marks ${marks.length} to ${marks.at(-1) ?? 0}`].join(', ');
}
