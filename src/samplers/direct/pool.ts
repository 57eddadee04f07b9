import type { Launcher } from '../../gpu/launcher.ts';
import { chosenRows, gatheredDesign, gatheredLabels } from '../../kernels/design.ts';
import { streamKey } from '../address.ts';
import { NORMAL_WORK } from '../cost.ts';
import type { GramCommands, Vectors } from '../gram-commands.ts';
import type { Pass, Schedule, Side } from '../schedule.ts';
import { slotsOf } from './shape.ts';
import { indexOf } from './slices.ts';

/** Where the rows of a pass are described in the table. */
interface Place {
  readonly parts: number;
  /** By side. */
  readonly labels: readonly number[];
}

/** What fits to a random part of their data need: a table of the parts it is taken from, and of what labels them. */
export class Pools {
  readonly #table: GPUBuffer;
  readonly #places: ReadonlyMap<Pass, Place>;

  constructor(schedule: Schedule, spectra: readonly (readonly number[])[], seed: number, launcher: Launcher) {
    const words: number[] = [];
    const place = (entries: readonly (readonly number[])[]) => {
      const start = words.length;
      words.push(...entries.flat());
      return start;
    };
    this.#places = new Map(
      schedule.passes
        .filter(({ design }) => design.subsample)
        .map((pass) => [
          pass,
          {
            parts: place(partsOf(pass, spectra, seed)),
            labels: pass.sides.map((side, s) => place(labelsOf(side, s, pass.sides.length, seed))),
          },
        ]),
    );
    const { device } = launcher.gpu;
    const bytes = Math.max(16, 4 * words.length);
    this.#table = device.createBuffer({ label: 'pools', size: bytes, usage: STORAGE_COPY_DST });
    device.queue.writeBuffer(this.#table, 0, Uint32Array.from(words));
  }

  /** Which rows of all parts a pass sees. */
  async choose(commands: GramCommands, { design, rows }: Pass, picks: GPUBuffer, trials: number): Promise<void> {
    const pool = poolOf(design);
    await commands.run(
      chosenRows,
      { picks },
      { groups: 1, trialsPerGroup: 64, work: 10 * pool },
      { ...commands.address(design.subsample!.draw), pool, rows, trials },
    );
  }

  async draw(
    commands: GramCommands,
    pass: Pass,
    { scale, picks, design }: Readonly<Record<'scale' | 'picks' | 'design', GPUBuffer>>,
    held: Held,
  ): Promise<void> {
    const { transposed, stride, rows, columns } = held;
    const items = transposed ? stride * Math.ceil(columns / 4) : (rows * stride) / 4;
    await commands.run(
      gatheredDesign,
      { scale, picks, table: this.#table, design },
      { groups: Math.ceil(items / 64), work: 4 * items * NORMAL_WORK, constants: { TRANSPOSED: transposed } },
      {
        ...commands.address(pass.design.subsample!.draw),
        ...{ first: held.first, rows, chosen: pass.rows, columns, stride },
        parts: this.#places.get(pass)!.parts,
        part_count: pass.design.parts.length,
      },
    );
  }

  /** Labels of side `s`: by models, or where `apart` is 1 by distances to the estimates. */
  async label(
    commands: GramCommands,
    pass: Pass,
    s: number,
    { picks, design, models }: Readonly<Record<'picks' | 'design' | 'models', GPUBuffer>>,
    held: Held & { readonly apart: 0 | 1; readonly layers: number },
    y: Vectors,
  ): Promise<void> {
    const { transposed, stride, rows, columns, apart, layers } = held;
    const covered = transposed ? y.stride : rows;
    await commands.run(
      gatheredLabels,
      { picks, table: this.#table, design, models, labels: y.buffer },
      { groups: Math.ceil(covered / 64), work: 2 * rows * columns, constants: { TRANSPOSED: transposed } },
      {
        ...commands.address(pass.design.subsample!.draw),
        ...{ first: held.first, rows, chosen: pass.rows, columns, stride, covered, apart, layers },
        labels: this.#places.get(pass)!.labels[s]!,
        label_count: pass.sides[s]!.labels.length,
        features: commands.features,
        offset: y.offset,
        label_stride: y.stride,
      },
    );
  }

  close(): void {
    this.#table.destroy();
  }
}

/** The chosen rows that are held. */
interface Held {
  readonly transposed: boolean;
  /** Chosen rows that stand before. */
  readonly first: number;
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
}

const poolOf = ({ parts }: Pass['design']) => parts.reduce((sum, { rows }) => sum + rows, 0);

function partsOf({ design }: Pass, spectra: readonly (readonly number[])[], seed: number): number[][] {
  let start = 0;
  return design.parts.map((part) => {
    const [, , unit, generation] = streamKey(seed, part.inputs);
    const entry = [start, unit, generation, part.first, indexOf(spectra, part) * spectra[0]!.length];
    start += part.rows;
    return entry;
  });
}

function labelsOf(side: Side, s: number, sides: number, seed: number): number[][] {
  const slots = slotsOf(side);
  return side.labels.map(({ row, rows, labels, noise, errors, first }) => {
    const [, , unit, generation] = streamKey(seed, errors);
    const distance = slots.indexOf(labels) * sides + s;
    return [row, rows, labels, distance, wordOf(noise), unit, generation, first];
  });
}

/** The bits of an f32. */
const wordOf = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0]!;

/** `GPUBufferUsage`. */
const STORAGE_COPY_DST = 0x80 | 0x8;
