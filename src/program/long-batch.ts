import type { Command, Launcher, LaunchReport } from '../gpu/launcher.ts';
import { readBuffer } from '../gpu/read-back.ts';
import type { BoundProgram } from './bound.ts';
import { type Checkpoint, type CheckpointKeeper, MOST_CHECKPOINT_BYTES } from './checkpoint.ts';
import { type BufferName, fingerprintOf, type Program } from './program.ts';
import type { EarlyResults } from './trials.ts';

/** Milliseconds between two looks at what cells have. */
const EARLY_MS = 200;

/** What a long batch is told and tells. */
export interface LongWatch {
  readonly signal: AbortSignal | undefined;
  readonly onShare: (share: number) => void;
  /** Told now and then of cells that have their results. */
  readonly onEarly: (early: EarlyResults) => void;
  readonly keeper: CheckpointKeeper | null;
}

/** Commands from a mark of the program to the next. */
interface Segment {
  readonly commands: readonly Command[];
  /** Steps that are done after it. */
  readonly end: number;
  readonly work: number;
}

/** Draws batches that take long from mark to mark, where they can stop, be kept, and be taken up again. */
export class LongBatches {
  readonly #program: Program;
  readonly #launcher: Launcher;
  readonly #bound: BoundProgram;
  readonly #capacity: number;
  readonly #segments: readonly Segment[];
  readonly #work: number;
  readonly #fingerprint: string;
  #taken = false;

  constructor(
    program: Program,
    launcher: Launcher,
    bound: BoundProgram,
    commands: readonly Command[],
    capacity: number,
  ) {
    this.#program = program;
    this.#launcher = launcher;
    this.#bound = bound;
    this.#capacity = capacity;
    const ends = [...program.marks.filter((mark) => mark > 0 && mark < commands.length), commands.length];
    this.#segments = ends.map((end, i) => {
      const own = commands.slice(ends[i - 1] ?? 0, end);
      return { commands: own, end, work: own.reduce((sum, one) => sum + (one.kind === 'dispatch' ? one.work : 0), 0) };
    });
    this.#work = this.#segments.reduce((sum, { work }) => sum + work, 0);
    this.#fingerprint = fingerprintOf(program);
  }

  /**
   * All steps but those that a checkpoint has done, then `last`. Not whole where the signal was aborted: then it stopped at a mark, and that is
   * kept.
   */
  async run(
    first: number,
    count: number,
    last: readonly Command[],
    { signal, onShare, onEarly, keeper }: LongWatch,
  ): Promise<{ readonly finished: Promise<unknown>; readonly whole: boolean }> {
    const from = this.#takeUp(first, count, keeper);
    const rest = this.#segments.filter(({ end }) => end > from);
    let done = this.#work - rest.reduce((sum, { work }) => sum + work, 0);
    let kept = performance.now();
    let told = kept;
    let known = 0;
    const reports: Promise<LaunchReport>[] = [];
    for (const [i, { commands, end, work }] of rest.entries()) {
      const before = done;
      const { finished } = await this.#launcher.submit(
        [...commands, ...(i === rest.length - 1 ? last : [])],
        first,
        count,
        {
          onShare: (share) => onShare((before + share * work) / this.#work),
        },
      );
      done += work;
      reports.push(finished);
      if (i === rest.length - 1) break;
      const stopped = signal?.aborted ?? false;
      if (keeper && (stopped || performance.now() - kept > keeper.every)) {
        await finished;
        await this.#keep(first, count, end, keeper);
        kept = performance.now();
      }
      const cells = this.#knownAfter(end);
      if (!stopped && cells > known && performance.now() - told > EARLY_MS) {
        await finished;
        onEarly(await this.#early(first, count, end));
        known = cells;
        told = performance.now();
      }
      if (stopped) return { finished: Promise.all(reports), whole: false };
    }
    return { finished: Promise.all(reports), whole: true };
  }

  #isKnown(error: number, steps: number): boolean {
    return (this.#program.writtenBy.get(error) ?? Number.POSITIVE_INFINITY) <= steps;
  }

  #knownAfter(steps: number): number {
    return (this.#program.form.errorOf ?? []).filter((error) => this.#isKnown(error, steps)).length;
  }

  async #early(first: number, count: number, steps: number): Promise<EarlyResults> {
    const { form, buffers } = this.#program;
    const bytes = (name: string) => 4 * buffers.get(name)!.words * this.#capacity;
    const contents: ArrayBuffer[] = [];
    for (const name of form.results)
      contents.push(await readBuffer(this.#launcher.gpu, this.#bound.buffer(name), bytes(name)));
    const batch = form.read(contents, first, count, this.#capacity);
    return { batch, known: form.errorOf!.map((error) => this.#isKnown(error, steps)) };
  }

  /** Steps that are done already. */
  #takeUp(first: number, count: number, keeper: CheckpointKeeper | null): number {
    const last = keeper?.last;
    if (!last || this.#taken || !this.#isOurs(last, first, count)) return 0;
    this.#taken = true;
    let at = 0;
    for (const [name, bytes] of this.#state()) {
      this.#bound.write(
        name,
        0,
        new Uint32Array(last.state.buffer.slice(last.state.byteOffset + at, last.state.byteOffset + at + bytes)),
      );
      at += bytes;
    }
    return last.steps;
  }

  #isOurs(checkpoint: Checkpoint, first: number, count: number): boolean {
    return (
      checkpoint.program === this.#fingerprint &&
      checkpoint.first === first &&
      checkpoint.count === count &&
      checkpoint.capacity === this.#capacity &&
      checkpoint.state.length === this.#bytes() &&
      this.#segments.some(({ end }) => end === checkpoint.steps)
    );
  }

  async #keep(first: number, count: number, steps: number, keeper: CheckpointKeeper): Promise<void> {
    if (this.#bytes() > MOST_CHECKPOINT_BYTES) {
      keeper.tooLarge(this.#bytes());
      return;
    }
    const state = new Uint8Array(this.#bytes());
    let at = 0;
    for (const [name, bytes] of this.#state()) {
      state.set(new Uint8Array(await readBuffer(this.#launcher.gpu, this.#bound.buffer(name), bytes)), at);
      at += bytes;
    }
    await keeper.save({ first, count, capacity: this.#capacity, program: this.#fingerprint, steps, state });
  }

  #bytes(): number {
    return this.#state().reduce((sum, [, bytes]) => sum + bytes, 0);
  }

  #state(): readonly (readonly [BufferName, number])[] {
    const { buffers, form } = this.#program;
    return (form.state ?? []).map((name) => [name as BufferName, 4 * buffers.get(name)!.words * this.#capacity]);
  }
}
