import type { BufferType, KernelDefinition } from '../../gpu/kernel.ts';
import type { Command, Launcher } from '../../gpu/launcher.ts';
import { truth as truthKernel } from '../../kernels/design.ts';
import * as kernels from '../../kernels/krylov.ts';
import type { Draw } from '../../regimes/recipe.ts';
import { launchAddress, truthDraw } from '../address.ts';
import type { Pass, Schedule, Side } from '../chain-schedule.ts';
import { NORMAL_WORK } from '../cost.ts';
import { openDeviceSource } from '../device-source.ts';
import { dispatchOf, type Grid } from '../dispatch.ts';
import { type TrialSource, TrialStatus } from '../sampler.ts';
import { deviationDraw } from './address.ts';
import { stepsOf, TOLERANCE } from './convergence.ts';
import * as shape from './shape.ts';

type Buffers = Readonly<Record<keyof shape.Workspace | 'scale' | 'inverses', GPUBuffer>>;

/** The Krylov sampler on the device: one workgroup per trial and ridge. */
export function openKrylovGpu(
  schedule: Schedule,
  seed: number,
  launcher: Launcher,
  capacity: number,
): Promise<TrialSource> {
  const scale = new Float32Array(shape.strideOf(schedule.dimension));
  scale.set(schedule.spectrum.map(Math.sqrt));
  const inverses = new Float32Array(scale.length);
  inverses.set(schedule.spectrum.map((s) => 1 / s));
  const job = {
    schedule,
    workspace: shape.workspaceOf(schedule),
    constants: { scale, inverses },
    brokenStatus: TrialStatus.notConverged,
  };
  return openDeviceSource(job, launcher, capacity, (buffers) =>
    new Recorder(schedule, seed, launcher, buffers, capacity).record(),
  );
}

/** Where a step of the chain leaves its results. */
type StepTarget = Partial<Record<'slot' | 'error_offset', number>>;

/** Turns a schedule into the list of commands of one batch. */
class Recorder {
  readonly #commands: Command[] = [];
  readonly #schedule: Schedule;
  readonly #seed: number;
  readonly #launcher: Launcher;
  readonly #buffers: Buffers;
  /** Trials of a batch. */
  readonly #trials: number;
  readonly #systems: 2 | 3;
  readonly #directions: number;
  /** Padded dimension. */
  readonly #stride: number;

  constructor(schedule: Schedule, seed: number, launcher: Launcher, buffers: Buffers, trials: number) {
    this.#schedule = schedule;
    this.#seed = seed;
    this.#launcher = launcher;
    this.#buffers = buffers;
    this.#trials = trials;
    this.#systems = shape.systemsOf(schedule);
    this.#directions = shape.capacityOf(schedule);
    this.#stride = shape.strideOf(schedule.dimension);
  }

  async record(): Promise<readonly Command[]> {
    const { statuses, variances } = this.#buffers;
    this.#commands.push({ kind: 'clear', buffer: statuses }, { kind: 'clear', buffer: variances });
    await this.#truth();
    await this.#deviation();
    for (const pass of this.#schedule.passes) {
      for (const output of pass.outputs)
        if (output.slot !== null) await this.#step(pass, pass.sides[output.side]!, { slot: output.slot });
      if (shape.hasRidge(pass)) await this.#ridge(pass);
      if (pass.measured && pass.ridges.includes(0)) await this.#leastSquares(pass, pass.ridges.indexOf(0));
    }
    return this.#commands;
  }

  async #truth(): Promise<void> {
    const { models } = this.#buffers;
    const { truth, dimension } = this.#schedule;
    if (truth.kind === 'coefficients') {
      const rows = new Float32Array(this.#stride * this.#trials);
      for (let trial = 0; trial < this.#trials; trial++) rows.set(truth.values, trial * this.#stride);
      this.#launcher.gpu.device.queue.writeBuffer(models, 0, rows);
      return;
    }
    const size = truth.kind === 'sphere' ? truth.norm : Math.sqrt(truth.variance);
    const launch = { ...this.#address(truthDraw(dimension)), columns: dimension, stride: this.#stride, size };
    const constants = { SPHERE: truth.kind === 'sphere' };
    await this.#run(truthKernel, { models }, { groups: 1, work: dimension * NORMAL_WORK, constants }, launch);
  }

  async #deviation(): Promise<void> {
    const { scale, models, vectors, lengths } = this.#buffers;
    const { dimension } = this.#schedule;
    await this.#run(
      kernels.krylovDeviation,
      { scale, models, vectors, lengths },
      { groups: 1, work: dimension * NORMAL_WORK },
      {
        ...this.#address(deviationDraw(dimension)),
        columns: dimension,
        stride: this.#stride,
        arrays: kernels.ARRAYS,
      },
    );
  }

  async #step(pass: Pass, { labels, noise }: Side, target: StepTarget): Promise<void> {
    const { lengths, variances, errors } = this.#buffers;
    await this.#run(
      kernels.krylovChain,
      { lengths, variances, errors },
      { groups: 1, work: 2 * NORMAL_WORK, trialsPerGroup: 64 },
      {
        ...this.#address(pass.inputs),
        trials: this.#trials,
        samples: pass.rows,
        columns: this.#schedule.dimension,
        labels,
        noise,
        slot: kernels.NONE,
        error_offset: kernels.NONE,
        ...target,
      },
    );
  }

  async #ridge(pass: Pass): Promise<void> {
    await this.#rows(pass);
    for (const [r, ridge] of pass.ridges.entries()) if (ridge > 0) await this.#solve(pass, ridge, r);
    if (pass.measured) await this.#measure(pass);
  }

  /** After the ridges, whose test errors are worked out for all at once. */
  async #leastSquares(pass: Pass, r: number): Promise<void> {
    for (const [s, side] of pass.sides.entries())
      await this.#step(pass, side, { error_offset: this.#errorOffset(pass, r, s) });
  }

  async #rows(pass: Pass): Promise<void> {
    const { rows, chis } = this.#buffers;
    const { dimension } = this.#schedule;
    const directions = shape.directionsOfPass(this.#schedule, pass, this.#systems);
    const columns4 = this.#stride / 4;
    await this.#run(
      kernels.krylovRows,
      { rows, chis },
      { groups: Math.ceil((directions * columns4) / 64), work: directions * dimension * NORMAL_WORK },
      {
        ...this.#address(pass.inputs),
        samples: pass.rows,
        columns: dimension,
        columns4,
        directions,
        capacity: this.#directions,
      },
    );
  }

  /** Directions, what the design makes of them, a step of the solver; and again, for as many directions as there is room. */
  async #solve(pass: Pass, ridge: number, r: number): Promise<void> {
    const { inverses, rows, chis, vectors, basis, products, coefficients, states, responses, statuses } = this.#buffers;
    const { spectrum, dimension } = this.#schedule;
    const directions = shape.directionsOf(spectrum, pass.rows, ridge, this.#systems);
    const common = {
      half_lanes: kernels.LANES / 2,
      systems: this.#systems,
      columns4: this.#stride / 4,
      capacity: this.#directions,
    };
    const work = shape.stepFlops(this.#systems * stepsOf(spectrum, pass.rows, ridge), dimension) / 4;
    const grid = { groups: 1, work };
    const problem = { weight: pass.rows, penalty: pass.rows * ridge };
    const goal = { tolerance: TOLERANCE, status_offset: (pass.firstFactor + r) * this.#trials };
    const solution = { trials: this.#trials, response_offset: kernels.RESPONSES * r * this.#trials };
    await this.#run(kernels.krylovBegin, { inverses, rows, vectors, states }, grid, {
      ...common,
      ...problem,
      known: 0,
    });
    for (let known = 0; known + this.#systems < directions; known += this.#systems) {
      const launch = { ...common, known };
      for (const attempt of [0, 1])
        await this.#run(kernels.krylovDirections, { rows, vectors, basis, products, coefficients, states }, grid, {
          ...launch,
          attempt,
        });
      await this.#run(kernels.krylovReveal, { rows, chis, basis, states, products, coefficients }, grid, launch);
      await this.#run(kernels.krylovAdvance, { inverses, rows, basis, coefficients, vectors, states, statuses }, grid, {
        ...common,
        ...problem,
        ...goal,
        known: known + this.#systems,
      });
    }
    await this.#run(kernels.krylovAnswer, { vectors, responses }, grid, { ...common, ...solution, known: 0 });
  }

  async #measure(pass: Pass): Promise<void> {
    const { chis, responses, variances, errors } = this.#buffers;
    const items = pass.ridges.length;
    for (const [s, { labels, noise }] of pass.sides.entries())
      await this.#run(
        kernels.krylovMeasure,
        { chis, responses, variances, errors },
        { groups: items, work: 15 * items, trialsPerGroup: 64 },
        {
          items,
          trials: this.#trials,
          capacity: this.#directions,
          labels,
          noise,
          error_offset: this.#errorOffset(pass, 0, s),
          error_step: pass.sides.length * this.#trials,
        },
      );
  }

  #errorOffset(pass: Pass, ridge: number, side: number): number {
    return (pass.firstError + ridge * pass.sides.length + side) * this.#trials;
  }

  #address(draw: Draw) {
    return launchAddress(this.#seed, draw);
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
