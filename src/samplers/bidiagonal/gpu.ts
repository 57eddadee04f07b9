import type { BufferType, Kernel, KernelDefinition } from '../../gpu/kernel.ts';
import { type Command, type Launcher, readBuffer } from '../../gpu/launcher.ts';
import * as kernels from '../../kernels/bidiagonal.ts';
import type { Draw } from '../../regimes/recipe.ts';
import { streamKey, truthDraw } from '../address.ts';
import { batchOf } from '../batch.ts';
import type { Pass, Schedule } from '../direct/schedule.ts';
import { NORMAL_WORK } from '../direct/shape.ts';
import type { TrialSource } from '../sampler.ts';
import { penaltyOf, truthSize } from './scaling.ts';
import * as shape from './shape.ts';

/** `GPUBufferUsage`: storage, copy source and destination. */
const STORAGE = 0x80 | 0x4 | 0x8;

type Buffers = Record<keyof shape.Workspace, GPUBuffer> & { readonly penalties: ReadonlyMap<Pass, GPUBuffer> };

/** The bidiagonal sampler on the device. One lane per trial; only test errors come back. */
export async function openBidiagonalGpu(
  schedule: Schedule,
  seed: number,
  launcher: Launcher,
  capacity: number,
): Promise<TrialSource> {
  const { gpu } = launcher;
  const buffers = createBuffers(schedule, gpu.device, capacity);
  const close = () => {
    const { penalties, ...workspace } = buffers;
    for (const buffer of [...penalties.values(), ...Object.values(workspace)]) buffer.destroy();
  };
  try {
    const commands = await new Recorder(schedule, seed, launcher, buffers, capacity).record();
    gpu.assertHealthy();
    return {
      capacity,
      run: async (first, count) => {
        await launcher.execute(commands, first, count);
        const errors = new Float32Array(await readBuffer(gpu, buffers.errors, buffers.errors.size));
        return batchOf(
          schedule.cells,
          first,
          count,
          (error, trial) => errors[error * capacity + trial]!,
          () => false,
        );
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function createBuffers(schedule: Schedule, device: GPUDevice, capacity: number): Buffers {
  const create = (label: string, floats: number) =>
    device.createBuffer({ label, size: Math.max(16, 4 * floats), usage: STORAGE });
  const workspace = Object.fromEntries(
    Object.entries(shape.workspaceOf(schedule)).map(([label, floats]) => [label, create(label, floats * capacity)]),
  ) as Record<keyof shape.Workspace, GPUBuffer>;
  const penalties = new Map<Pass, GPUBuffer>();
  for (const pass of schedule.passes.filter(shape.hasRidge)) {
    const values = new Float32Array(shape.paddedRidges(pass)).fill(1);
    values.set(pass.ridges.map((ridge) => penaltyOf(schedule, pass, ridge)));
    const buffer = create('penalties', values.length);
    device.queue.writeBuffer(buffer, 0, values);
    penalties.set(pass, buffer);
  }
  return { ...workspace, penalties };
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
    for (const pass of this.#schedule.passes) {
      await this.#direction(pass);
      if (shape.hasRidge(pass)) await this.#ridge(pass, this.#buffers.penalties.get(pass)!);
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
    const [seed_low, seed_high, unit, generation] = streamKey(this.#seed, draw);
    return { seed_low, seed_high, unit, generation };
  }

  async #run<B extends Record<string, BufferType>, L extends Record<string, 'u32' | 'f32'>>(
    definition: KernelDefinition<B, L>,
    buffers: Record<keyof B, GPUBuffer>,
    items: number,
    work: number,
    launch: Omit<Record<keyof L, number>, 'trials' | 'items'>,
  ): Promise<void> {
    const kernel = await this.#launcher.kernels.get(definition);
    this.#commands.push({
      kind: 'dispatch',
      kernel: kernel as unknown as Kernel,
      bindings: kernel.bind(buffers),
      launch: { ...launch, items, trials: this.#capacity } as Record<string, number>,
      groups: items,
      layers: 1,
      trialsPerGroup: kernels.TRIALS_PER_GROUP,
      work,
    });
  }
}
