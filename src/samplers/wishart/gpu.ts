import type { Command, Launcher } from '../../gpu/launcher.ts';
import { leastSquares, triangularDesign } from '../../kernels/wishart.ts';
import type { Pass, Schedule, Side } from '../direct/schedule.ts';
import { NORMAL_WORK } from '../direct/shape.ts';
import { type GramBuffers, GramCommands, type Vectors } from '../gram-commands.ts';
import { openGramSource } from '../gram-source.ts';
import type { TrialSource } from '../sampler.ts';
import { hasRidge, workspaceOf } from './shape.ts';

/** The Wishart sampler on the device: as `direct`, on the triangular factor of each design. */
export function openWishartGpu(
  schedule: Schedule,
  seed: number,
  launcher: Launcher,
  capacity: number,
): Promise<TrialSource> {
  return openGramSource<never>(schedule, workspaceOf(schedule), launcher, capacity, (buffers) =>
    new Recorder(schedule, seed, launcher, buffers, capacity).record(),
  );
}

/** Turns a schedule into the list of commands of one batch. */
class Recorder {
  readonly #schedule: Schedule;
  readonly #commands: GramCommands;
  readonly #buffers: GramBuffers;
  readonly #capacity: number;
  /** Padded dimension: row length of every vector and matrix. */
  readonly #stride: number;

  constructor(schedule: Schedule, seed: number, launcher: Launcher, buffers: GramBuffers, capacity: number) {
    this.#schedule = schedule;
    this.#commands = new GramCommands(schedule, seed, launcher, buffers, capacity);
    this.#buffers = buffers;
    this.#capacity = capacity;
    this.#stride = this.#commands.features;
  }

  async record(): Promise<readonly Command[]> {
    this.#commands.list.push({ kind: 'clear', buffer: this.#buffers.statuses });
    await this.#commands.truth();
    for (const pass of this.#schedule.passes) await this.#pass(pass);
    return this.#commands.list;
  }

  async #pass(pass: Pass): Promise<void> {
    const { dimension } = this.#schedule;
    const { sides, solutions } = this.#buffers;
    if (hasRidge(pass)) await this.#data(pass);
    for (const [r, ridge] of pass.ridges.entries()) {
      if (ridge === 0) for (const s of pass.sides.keys()) await this.#leastSquares(pass, s);
      else {
        await this.#commands.factor(this.#stride, dimension, ridge * pass.rows, pass.firstFactor + r);
        await this.#commands.solve(this.#stride, pass.sides.length, sides);
      }
      if (pass.measured) await this.#commands.measure(pass, solutions, r);
      this.#commands.keep(pass, solutions, r);
    }
  }

  /** Draws R, and from it the Gram matrix R'R and the moments R'(R w + noise z), z being Q' g. */
  async #data(pass: Pass): Promise<void> {
    const { dimension } = this.#schedule;
    const { scale, design, labels, sides } = this.#buffers;
    const stride4 = this.#stride / 4;
    const items = dimension * stride4;
    await this.#commands.run(
      triangularDesign,
      { scale, design },
      { groups: Math.ceil(items / 64), work: 2 * items * NORMAL_WORK },
      { ...this.#commands.address(pass.inputs), samples: pass.rows, columns: dimension, stride4 },
    );
    const block = { rows: dimension, stride: this.#stride };
    await this.#commands.gram(block, 0, true);
    for (const [s, side] of pass.sides.entries()) {
      const y = this.#vectors(labels, s);
      await this.#commands.product(block, this.#model(side), y);
      await this.#commands.noise(side, 0, dimension, y);
      await this.#commands.adjoint(block, y, this.#vectors(sides, s), 0);
    }
  }

  async #leastSquares(pass: Pass, s: number): Promise<void> {
    const { scale, models, solutions } = this.#buffers;
    const side = pass.sides[s]!;
    const stride4 = this.#stride / 4;
    await this.#commands.run(
      leastSquares,
      { scale, models, estimates: solutions },
      { groups: Math.ceil(stride4 / 64), work: 2 * this.#stride * NORMAL_WORK },
      {
        ...this.#commands.address(pass.inputs),
        samples: pass.rows,
        columns: this.#schedule.dimension,
        stride4,
        model_offset4: this.#model(side).offset / 4,
        estimate_offset4: this.#vectors(solutions, s).offset / 4,
        noise: side.noise,
      },
    );
  }

  #model(side: Side): Vectors {
    return this.#vectors(this.#buffers.models, side.labels);
  }

  /** Vectors number `index` of all trials. */
  #vectors(buffer: GPUBuffer, index: number): Vectors {
    return { buffer, offset: index * this.#capacity * this.#stride, stride: this.#stride };
  }
}
