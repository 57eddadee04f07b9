import type { BufferType, KernelDefinition } from '../../gpu/kernel.ts';
import type { Command, Launcher } from '../../gpu/launcher.ts';
import * as kernels from '../../kernels/jacobi.ts';
import { launchAddress } from '../address.ts';
import { NORMAL_WORK } from '../cost.ts';
import { openDeviceSource } from '../device-source.ts';
import { dispatchOf } from '../dispatch.ts';
import type { TrialSource } from '../sampler.ts';
import * as shape from './shape.ts';
import type { BlockFit, Plan, Shift, Visit } from './visits.ts';

type Buffers = Readonly<Record<keyof ReturnType<typeof shape.workspaceOf> | 'fits' | `deviations${number}`, GPUBuffer>>;

/** The Jacobi sampler on the device. One lane per trial and fit; only test errors come back. */
export function openJacobiGpu(plan: Plan, seed: number, launcher: Launcher, capacity: number): Promise<TrialSource> {
  const workspace = shape.workspaceOf(plan);
  return openDeviceSource({ schedule: plan, workspace, constants: constantsOf(plan) }, launcher, capacity, (buffers) =>
    new Recorder(plan, seed, launcher, buffers, capacity).record(),
  );
}

/** The fits of all visits, one after the other, and what each shift is made of. */
function constantsOf({ shifts, visits }: Plan): Record<'fits' | `deviations${number}`, Float32Array> {
  const constants: Record<'fits' | `deviations${number}`, Float32Array> = {
    fits: Float32Array.from(visits.flatMap(({ fits }) => fits.flatMap(numbersOf))),
  };
  for (const [i, { deviations }] of shifts.entries()) constants[`deviations${i}`] = Float32Array.from(deviations);
  return constants;
}

const numbersOf = ({ weights, noises, labels, slot, error }: BlockFit) => [
  ...weights,
  ...noises,
  ...labels,
  slot ?? -1,
  error ?? -1,
];

/** Turns a plan into the list of commands of one batch: the shifts, then of every visit its draw and its fits. */
class Recorder {
  readonly #commands: Command[] = [];
  readonly #plan: Plan;
  readonly #seed: number;
  readonly #launcher: Launcher;
  readonly #buffers: Buffers;
  readonly #capacity: number;

  constructor(plan: Plan, seed: number, launcher: Launcher, buffers: Buffers, capacity: number) {
    this.#plan = plan;
    this.#seed = seed;
    this.#launcher = launcher;
    this.#buffers = buffers;
    this.#capacity = capacity;
  }

  async record(): Promise<readonly Command[]> {
    for (const [i, shift] of this.#plan.shifts.entries())
      if (shift.scale !== 0) await this.#shift(shift, this.#buffers[`deviations${i}`]!);
    let firstFit = 0;
    for (const visit of this.#plan.visits) {
      await this.#form(visit);
      await this.#fits(visit, firstFit);
      firstFit += visit.fits.length;
    }
    return this.#commands;
  }

  /** Models that no kernel writes do not deviate: buffers are created as zeros. */
  async #shift({ draw, slot, scale }: Shift, deviations: GPUBuffer): Promise<void> {
    const { models } = this.#buffers;
    const columns = this.#plan.dimension;
    const launch = { ...launchAddress(this.#seed, draw), columns, slot, scale };
    await this.#run(kernels.shiftLength, { deviations, models }, 1, columns * NORMAL_WORK, launch);
  }

  async #form({ rows, draw }: Visit): Promise<void> {
    const { forms } = this.#buffers;
    const columns = this.#plan.dimension;
    const levels = shape.levelsOf(rows, columns);
    const [first_tail, second_tail] = shape.tailsOf(rows, columns);
    const items = Math.ceil(levels / 2) + 1;
    await this.#run(kernels.jacobiForm, { forms }, items, shape.LEVEL_NORMALS * (levels + 1) * NORMAL_WORK, {
      ...launchAddress(this.#seed, draw),
      levels,
      columns,
      first_rows: rows[0],
      second_rows: rows[1],
      first_tail,
      second_tail,
    });
  }

  async #fits({ rows, fits: { length } }: Visit, first_fit: number): Promise<void> {
    const { forms, fits, models, errors } = this.#buffers;
    const levels = shape.levelsOf(rows, this.#plan.dimension);
    const work = shape.FIT_FLOPS * levels * length;
    await this.#run(kernels.jacobiFit, { forms, fits, models, errors }, length, work, { levels, first_fit });
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
