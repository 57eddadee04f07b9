import type { Command, Launcher } from '../../gpu/launcher.ts';
import { leastSquares } from '../../kernels/wishart.ts';
import type { Pass, Schedule, Side } from '../chain-schedule.ts';
import { NORMAL_WORK } from '../cost.ts';
import { type Corrections, conditionsOf } from '../direct/conditioning.ts';
import { type CorrectedBuffers, type CorrectionBuffer, correct, distancesTo, type System } from '../direct/correct.ts';
import { GramCommands, type Vectors } from '../gram-commands.ts';
import { openGramSource } from '../gram-source.ts';
import type { TrialSource } from '../sampler.ts';
import { hasRidge, wishartCorrections, workspaceOf } from './shape.ts';

/** The Wishart sampler on the device: as `direct`, on the triangular factor of each design. */
export function openWishartGpu(
  schedule: Schedule,
  seed: number,
  launcher: Launcher,
  capacity: number,
  corrections: Corrections = wishartCorrections(schedule),
): Promise<TrialSource> {
  const workspace = workspaceOf(schedule, corrections);
  return openGramSource<CorrectionBuffer>(schedule, workspace, launcher, capacity, (buffers) => {
    const commands = new GramCommands(schedule, seed, launcher, buffers, capacity);
    return new Recorder(schedule, commands, buffers, capacity, corrections).record();
  });
}

/** Turns a schedule into the list of commands of one batch. */
class Recorder {
  readonly #schedule: Schedule;
  readonly #commands: GramCommands;
  readonly #buffers: CorrectedBuffers;
  readonly #capacity: number;
  readonly #corrections: Corrections;
  /** Padded dimension: row length of every vector and matrix. */
  readonly #stride: number;

  constructor(
    schedule: Schedule,
    commands: GramCommands,
    buffers: CorrectedBuffers,
    capacity: number,
    corrections: Corrections,
  ) {
    this.#schedule = schedule;
    this.#commands = commands;
    this.#buffers = buffers;
    this.#capacity = capacity;
    this.#corrections = corrections;
    this.#stride = commands.features;
  }

  async record(): Promise<readonly Command[]> {
    this.#commands.list.push({ kind: 'clear', buffer: this.#buffers.statuses });
    await this.#commands.truth();
    const conditions = conditionsOf(this.#schedule);
    for (const [index, pass] of this.#schedule.passes.entries())
      await this.#pass(pass, this.#corrections[index]!, conditions[index]!);
    return this.#commands.list;
  }

  async #pass(pass: Pass, corrections: readonly number[], conditions: readonly number[]): Promise<void> {
    const { dimension } = this.#schedule;
    const { sides, solutions, estimates } = this.#buffers;
    if (hasRidge(pass)) await this.#data(pass);
    for (const [r, ridge] of pass.ridges.entries()) {
      const steps = corrections[r]!;
      if (ridge === 0) for (const s of pass.sides.keys()) await this.#leastSquares(pass, s);
      else {
        await this.#commands.factor(this.#stride, dimension, ridge * pass.rows, pass.firstFactor + r);
        await this.#commands.solve(this.#stride, pass.sides.length, sides);
        if (steps > 0) await this.#correct(pass, r, steps, conditions[r]!);
      }
      const fitted = steps > 0 ? estimates : solutions;
      if (pass.measured) await this.#commands.measure(pass, fitted, r);
      this.#commands.keep(pass, fitted, r);
    }
  }

  /** Draws R, and from it the Gram matrix R'R and the moments. */
  async #data(pass: Pass): Promise<void> {
    const { dimension } = this.#schedule;
    const { design, sides } = this.#buffers;
    const rows = { into: 0, held: dimension, columns: dimension, stride: this.#stride, factor: 1, scaleOffset: 0 };
    await this.#commands.triangle(design, { draw: pass.inputs, ...rows }, pass.rows);
    await this.#commands.gram({ rows: dimension, stride: this.#stride }, 0, true);
    const models = pass.sides.map((side) => this.#model(side));
    await this.#moments(pass, models, sides);
  }

  /** R'(R w + noise z) for the models w, z being Q' g. */
  async #moments(pass: Pass, models: readonly Vectors[], into: GPUBuffer): Promise<void> {
    const { dimension } = this.#schedule;
    const block = { rows: dimension, stride: this.#stride };
    for (const [s, side] of pass.sides.entries()) {
      const y = this.#vectors(this.#buffers.labels, s);
      await this.#commands.product(block, models[s]!, y);
      await this.#commands.noise(side, 0, dimension, y);
      await this.#commands.moments(block, y, this.#vectors(into, s), 0);
    }
  }

  /** As in `direct`, with R in place of the design. */
  async #correct(pass: Pass, r: number, steps: number, kappa: number): Promise<void> {
    const { dimension } = this.#schedule;
    const { labels, estimates, distances, residuals, directions } = this.#buffers;
    const apart = pass.sides.map((_, s) => this.#vectors(distances, s));
    const penalty = pass.ridges[r]! * pass.rows;
    const system: System = {
      pass,
      factor: pass.firstFactor + r,
      matrix: { order: dimension, penalty, weight: pass.rows, least: 0, kappa },
      dual: false,
      penalty,
      stride: this.#stride,
      unknowns: estimates,
      residuals: async (add) => {
        const slots = pass.sides.map(({ labels }) => labels);
        await distancesTo(this.#commands, this.#buffers, this.#capacity, slots, 0, add);
        await this.#moments(pass, apart, residuals);
      },
      images: async (take) => {
        const block = { rows: dimension, stride: this.#stride };
        for (const s of pass.sides.keys())
          await this.#commands.product(block, this.#vectors(directions, s), this.#vectors(labels, s));
        await take(this.#vectors(labels, 0), dimension, 0);
      },
      advance: () => Promise.resolve(),
      step: () => Promise.resolve(directions),
    };
    await correct(this.#commands, this.#buffers, this.#capacity, this.#schedule.spectrum, system, steps);
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
