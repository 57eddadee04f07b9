import type { Kernel } from '../gpu/kernel.ts';
import type { Command, Launcher } from '../gpu/launcher.ts';
import { amountFor } from './amount.ts';
import type { BufferName, Program, ProgramBuffer, Step, Words } from './program.ts';

/** `GPUBufferUsage`: storage, copy source and destination. */
const STORAGE = 0x80 | 0x4 | 0x8;

/** The buffers of a program on a device, with room for so many trials. Whoever binds it closes it. */
export class BoundProgram {
  readonly #buffers = new Map<string, GPUBuffer>();
  /** By kernel and names of buffers: a training takes the same steps ten thousand times. */
  readonly #bindings = new Map<Kernel, Map<string, GPUBindGroup>>();
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
    const known = new Map<Step, Promise<Command>>();
    return Promise.all(
      steps.map((step) => {
        const command = known.get(step) ?? this.#command(step);
        known.set(step, command);
        return command;
      }),
    );
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
        const bindings = this.#bound(kernel, step.buffers);
        const launch = mapped(step.launch, number);
        const packed = trialsPerGroup === null ? {} : { trialsPerGroup };
        return { kind: 'dispatch', kernel, bindings, launch, groups, layers, work, ...packed };
      }
      default:
        return step satisfies never;
    }
  }

  #bound(kernel: Kernel, buffers: Readonly<Record<string, BufferName>>): GPUBindGroup {
    const known = this.#bindings.get(kernel) ?? new Map<string, GPUBindGroup>();
    this.#bindings.set(kernel, known);
    const key = JSON.stringify(buffers);
    const bindings = known.get(key) ?? kernel.bind(mapped(buffers, (name) => this.buffer(name)));
    known.set(key, bindings);
    return bindings;
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
