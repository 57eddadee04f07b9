import type { BufferType, KernelDefinition } from '../../gpu/kernel.ts';
import type { Command, Launcher } from '../../gpu/launcher.ts';
import * as kernels from '../../kernels/bidiagonal.ts';
import type { Draw } from '../../regimes/recipe.ts';
import { launchAddress, truthDraw } from '../address.ts';
import type { Pass, Schedule } from '../chain-schedule.ts';
import { NORMAL_WORK } from '../cost.ts';
import { openDeviceSource } from '../device-source.ts';
import { dispatchOf } from '../dispatch.ts';
import type { TrialSource } from '../sampler.ts';
import { penaltyOf, truthSize } from './scaling.ts';
import * as shape from './shape.ts';

type Buffers = Readonly<Record<keyof shape.Workspace | `penalties${number}`, GPUBuffer>>;

/** The bidiagonal sampler on the device. One lane per trial; only test errors come back. */
export function openBidiagonalGpu(
  schedule: Schedule,
  seed: number,
  launcher: Launcher,
  capacity: number,
): Promise<TrialSource> {
  const job = { schedule, workspace: shape.workspaceOf(schedule), constants: penaltiesOf(schedule) };
  return openDeviceSource(job, launcher, capacity, (buffers) =>
    new Recorder(schedule, seed, launcher, buffers, capacity).record(),
  );
}

/** Of every pass with a ridge, `penalties` and its number: the penalty of each ridge, padded with ones. */
function penaltiesOf(schedule: Schedule): Record<`penalties${number}`, Float32Array> {
  const all: Record<`penalties${number}`, Float32Array> = {};
  for (const [p, pass] of schedule.passes.entries()) {
    if (!shape.hasRidge(pass)) continue;
    const values = new Float32Array(shape.paddedRidges(pass)).fill(1);
    values.set(pass.ridges.map((ridge) => penaltyOf(schedule, pass, ridge)));
    all[`penalties${p}`] = values;
  }
  return all;
}

/** Turns a schedule into the list of commands of one batch: per design its numbers, its responses, then the steps. */
class Recorder {
  readonly #commands: Command[] = [];
  readonly #schedule: Schedule;
  readonly #seed: number;
  readonly #launcher: Launcher;
  readonly #buffers: Buffers;
  readonly #capacity: number;

  constructor(schedule: Schedule, seed: number, launcher: Launcher, buffers: Buffers, capacity: number) {
    this.#schedule = schedule;
    this.#seed = seed;
    this.#launcher = launcher;
    this.#buffers = buffers;
    this.#capacity = capacity;
  }

  async record(): Promise<readonly Command[]> {
    await this.#truth();
    for (const [p, pass] of this.#schedule.passes.entries()) {
      await this.#direction(pass);
      if (shape.hasRidge(pass)) await this.#ridge(pass, this.#buffers[`penalties${p}`]!);
      if (pass.ridges.includes(0)) await this.#ridgeless(pass);
      await this.#steps(pass);
    }
    return this.#commands;
  }

  /** Slot 0 is the truth, which does not deviate from itself: buffers are created as zeros. */
  async #truth(): Promise<void> {
    const { norms } = this.#buffers;
    const { truth, dimension } = this.#schedule;
    const size = truthSize(this.#schedule);
    if (truth.kind !== 'gaussian') {
      this.#launcher.gpu.device.queue.writeBuffer(norms, 0, new Float32Array(this.#capacity).fill(size));
      return;
    }
    const launch = { ...this.#address(truthDraw(dimension)), columns: dimension, size };
    await this.#run(kernels.truthNorm, { norms }, 1, shape.SCALAR_NORMALS * NORMAL_WORK, launch);
  }

  async #direction(pass: Pass): Promise<void> {
    const launch = { ...this.#address(pass.inputs), columns: this.#schedule.dimension };
    const { directions } = this.#buffers;
    await this.#run(kernels.haarDirection, { directions }, 1, shape.SCALAR_NORMALS * NORMAL_WORK, launch);
  }

  async #ridge(pass: Pass, penalties: GPUBuffer): Promise<void> {
    const { rows, responses } = this.#buffers;
    const order = shape.orderOf(pass, this.#schedule.dimension);
    const size = { samples: pass.rows, columns: this.#schedule.dimension };
    const blocks = Math.ceil(order / 4);
    const draws = (1 + 2 * shape.CHI_NORMALS) * order * NORMAL_WORK;
    await this.#run(kernels.bidiagonalRows, { rows }, blocks, draws, { ...this.#address(pass.inputs), ...size });
    const width = shape.widthOf(pass);
    const padded = shape.paddedRidges(pass);
    const args = [{ rows, penalties, responses }, padded / width, shape.ROW_FLOPS * order * padded, size] as const;
    await (width === 4 ? this.#run(kernels.ridgeResponse4, ...args) : this.#run(kernels.ridgeResponse, ...args));
  }

  async #ridgeless(pass: Pass): Promise<void> {
    const { responses } = this.#buffers;
    await this.#run(kernels.ridgelessResponse, { responses }, 1, shape.SCALAR_NORMALS * NORMAL_WORK, {
      ...this.#address(pass.inputs),
      samples: pass.rows,
      columns: this.#schedule.dimension,
      ridge: pass.ridges.indexOf(0),
      width: shape.widthOf(pass),
    });
  }

  async #steps(pass: Pass): Promise<void> {
    for (const output of pass.outputs)
      if (output.slot !== null) await this.#step(pass, output.side, { first_ridge: output.ridge, slot: output.slot });
    if (pass.measured)
      for (const side of pass.sides.keys())
        await this.#step(
          pass,
          side,
          { error_offset: pass.firstError + side, error_step: pass.sides.length },
          pass.ridges.length,
        );
  }

  /** What a fit does with a model, for `items` ridges. */
  async #step(
    pass: Pass,
    side: number,
    to: Partial<Record<'first_ridge' | 'slot' | 'error_offset' | 'error_step', number>>,
    items = 1,
  ) {
    const { norms, responses, directions, deviations, errors } = this.#buffers;
    const { labels, noise } = pass.sides[side]!;
    await this.#run(
      kernels.deviationStep,
      { norms, responses, directions, deviations, errors },
      items,
      shape.STEP_FLOPS * items,
      {
        width: shape.widthOf(pass),
        labels,
        noise,
        first_ridge: 0,
        slot: kernels.NONE,
        error_offset: kernels.NONE,
        error_step: 0,
        ...to,
      },
    );
  }

  #address(draw: Draw) {
    return launchAddress(this.#seed, draw);
  }

  async #run<B extends Record<string, BufferType>, L extends Record<string, 'u32' | 'f32'>>(
    definition: KernelDefinition<B, L>,
    buffers: Record<keyof B, GPUBuffer>,
    items: number,
    work: number,
    launch: Omit<Record<keyof L, number>, 'trials' | 'items'>,
  ): Promise<void> {
    const grid = { groups: items, trialsPerGroup: kernels.TRIALS_PER_GROUP, work };
    const whole = { ...launch, items, trials: this.#capacity } as Record<keyof L, number>;
    this.#commands.push(await dispatchOf(this.#launcher, definition, buffers, grid, whole));
  }
}
