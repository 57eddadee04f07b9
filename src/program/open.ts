import { healthily } from '../gpu/gpu.ts';
import type { Command, Launcher } from '../gpu/launcher.ts';
import { ReadBack } from '../gpu/read-back.ts';
import { amountFor } from './amount.ts';
import type { BufferName, Program, ProgramBuffer, Step, Words } from './program.ts';
import { checked, rescued, unaccelerated } from './rescue.ts';
import { joined, type TrialBatch, type TrialSource } from './trials.ts';

/** `GPUBufferUsage`: storage, copy source and destination. */
const STORAGE = 0x80 | 0x4 | 0x8;

/** The buffers of a program on a device, with room for so many trials. Whoever binds it closes it. */
export class BoundProgram {
  readonly #buffers = new Map<string, GPUBuffer>();
  readonly #launcher: Launcher;
  readonly #room: number;

  constructor({ buffers }: Program, launcher: Launcher, room: number) {
    this.#launcher = launcher;
    this.#room = room;
    const { device } = launcher.gpu;
    try {
      for (const [label, buffer] of buffers) {
        const words = buffer.kind === 'each' ? buffer.words * room : buffer.words;
        this.#buffers.set(label, device.createBuffer({ label, size: Math.max(16, 4 * words), usage: STORAGE }));
        const contents = contentsOf(buffer, room);
        if (contents) this.write(label as BufferName, 0, contents);
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  buffer(name: string): GPUBuffer {
    const buffer = this.#buffers.get(name);
    if (!buffer) throw new Error(`The program has no buffer ${name}.`);
    return buffer;
  }

  write(name: BufferName, offset: number, words: Words): void {
    this.#launcher.gpu.device.queue.writeBuffer(this.buffer(name), 4 * offset, words as Uint32Array<ArrayBuffer>);
  }

  /** Compiles the kernels of some steps, each once per device, and binds them. */
  commands(steps: readonly Step[]): Promise<Command[]> {
    return Promise.all(steps.map((step) => this.#command(step)));
  }

  async #command(step: Step): Promise<Command> {
    const number = (amount: Parameters<typeof amountFor>[0]) => amountFor(amount, this.#room);
    switch (step.kind) {
      case 'clear':
        return { kind: 'clear', buffer: this.buffer(step.buffer) };
      case 'copy': {
        const [from, to] = [step.from, step.to].map(
          ({ buffer, offset }) => [this.buffer(buffer), 4 * number(offset)] as const,
        );
        const [[source, fromByte], [target, toByte]] = [from!, to!];
        return { kind: 'copy', from: source, fromByte, to: target, toByte, bytes: 4 * number(step.words) };
      }
      case 'dispatch': {
        const { groups, layers, work, trialsPerGroup } = step;
        const kernel = await this.#launcher.kernels.get(step.kernel, step.constants);
        const bindings = kernel.bind(mapped(step.buffers, (name) => this.buffer(name)));
        const launch = mapped(step.launch, number);
        const packed = trialsPerGroup === null ? {} : { trialsPerGroup };
        return { kind: 'dispatch', kernel, bindings, launch, groups, layers, work, ...packed };
      }
      default:
        return step satisfies never;
    }
  }

  close(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
  }
}

/** What an entry becomes, name by name. */
function mapped<T, U>(entries: Readonly<Record<string, T>>, become: (entry: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, become(entry)]));
}

function contentsOf(buffer: ProgramBuffer, room: number): Words | null {
  if (buffer.kind === 'shared') return buffer.contents?.() ?? null;
  const { start } = buffer;
  if (!start) return null;
  const all = new (start.constructor as Float32ArrayConstructor | Uint32ArrayConstructor)(start.length * room);
  for (let trial = 0; trial < room; trial++) all.set(start, trial * start.length);
  return all;
}

/**
 * Allocates, compiles and binds a program for batches of at most `capacity` trials, and draws them; only results come back.
 * Rejects with what the device reports.
 */
export async function openProgram(program: Program, launcher: Launcher, capacity: number): Promise<TrialSource> {
  const { fallback } = program;
  if (!fallback) return openDevice(program, launcher, capacity);
  const { source, reason, check, floors } = fallback;
  if (reason) return unaccelerated(source(), capacity);
  const device = await openDevice(program, launcher, capacity);
  return rescued(check ? checked(device, await openDevice(check, launcher, capacity)) : device, source(), floors);
}

async function openDevice(program: Program, launcher: Launcher, capacity: number): Promise<TrialSource> {
  const { gpu } = launcher;
  const { host, results } = program.form;
  const room = host ? 1 : capacity;
  const bound = new BoundProgram(program, launcher, room);
  try {
    const commands = await bound.commands(program.steps);
    const feed = host ? await host((name, offset, words) => bound.write(name, offset, words)) : null;
    gpu.assertHealthy();
    const back = new ReadBack(
      gpu,
      results.map((name) => bound.buffer(name)),
    );
    const close = () => {
      back.close();
      bound.close();
    };
    const source = { ...batchSource(program, launcher, commands, back, room), close };
    return feed ? oneByOne(source, feed, capacity) : source;
  } catch (error) {
    bound.close();
    throw error;
  }
}

/** Draws a batch at a time; the next one may be asked for while one is under way. */
function batchSource(
  { form }: Program,
  launcher: Launcher,
  commands: readonly Command[],
  back: ReadBack,
  capacity: number,
): Omit<TrialSource, 'close'> {
  let given: Promise<unknown> = Promise.resolve();
  const run = async (first: number, count: number): Promise<TrialBatch> => {
    const copies = back.next();
    const launched = given.then(() => launcher.submit([...commands, ...copies.commands], first, count));
    given = launched.catch(() => {});
    await (await launched).finished;
    return copies.read((contents) => form.read(contents, first, count, capacity));
  };
  return {
    capacity,
    run: (first, count) => healthily(launcher.gpu, () => run(first, count)),
    ready: () => given.then(() => {}),
  };
}

/** Feeds every trial before it is drawn: there is nothing to gain from asking ahead. */
function oneByOne({ run, close }: TrialSource, feed: (trial: number) => void, capacity: number): TrialSource {
  return {
    capacity,
    run: async (first, count) => {
      const batches: TrialBatch[] = [];
      for (let trial = first; trial < first + count; trial++) {
        feed(trial);
        batches.push(await run(trial, 1));
      }
      return joined(first, batches);
    },
    close,
  };
}
