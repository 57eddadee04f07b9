import type { Kernel } from '../../gpu/kernel.ts';
import type { Command, Launcher } from '../../gpu/launcher.ts';
import { type FusedLayout, fusedDual, fusedPrimal } from '../../kernels/fused.ts';
import { padded } from '../../kernels/linalg.ts';
import { launchAddress } from '../address.ts';
import { type Pass, plainPass } from '../chain-schedule.ts';
import { NORMAL_WORK } from '../cost.ts';
import type { Schedule } from '../schedule.ts';
import type { Fusion } from './fusion.ts';
import { workOf } from './shape.ts';

/** Stands for "not kept" among the slots of a pass. */
const NONE = 0xffffffff;

/** Words the kernel reads besides its launch: slot and noise per side, then per ridge the penalty and the slots kept. */
function settingsOf(pass: Pass, { launch }: FusedLayout): Uint32Array {
  const width = 4 * launch.side_quads;
  const words = new Uint32Array(2 * width + pass.ridges.length * (1 + width)).fill(NONE, 2 * width);
  const floats = new Float32Array(words.buffer);
  for (const [s, { labels, noise }] of pass.sides.entries()) {
    words[2 * s] = labels;
    floats[2 * s + 1] = noise;
  }
  for (const [r, ridge] of pass.ridges.entries()) floats[2 * width + r * (1 + width)] = ridge * pass.rows;
  for (const { side, ridge, slot } of pass.outputs)
    if (slot !== null) words[2 * width + ridge * (1 + width) + 1 + side] = slot;
  return words;
}

/** The fused passes of one job on a device: their settings in one small buffer, and a dispatch for each. */
export class FusedPasses {
  readonly #fusion: Fusion;
  readonly #schedule: Schedule;
  readonly #seed: number;
  readonly #launcher: Launcher;
  readonly #settings: GPUBuffer;
  /** First word of each pass in the settings. */
  readonly #starts: readonly number[];

  constructor(schedule: Schedule, fusion: Fusion, seed: number, launcher: Launcher) {
    this.#fusion = fusion;
    this.#schedule = schedule;
    this.#seed = seed;
    this.#launcher = launcher;
    const settings = fusion.map((layout, i) => (layout ? settingsOf(plainPass(schedule.passes[i]!)!, layout) : null));
    let words = 0;
    this.#starts = settings.map((of) => {
      words += of?.length ?? 0;
      return words - (of?.length ?? 0);
    });
    const { device } = launcher.gpu;
    this.#settings = device.createBuffer({ label: 'settings', size: Math.max(16, 4 * words), usage: STORAGE_COPY_DST });
    for (const [i, of] of settings.entries())
      if (of) device.queue.writeBuffer(this.#settings, 4 * this.#starts[i]!, of.buffer as ArrayBuffer);
  }

  /** The dispatch of pass `index` for batches of `capacity` trials, or null if it is not fused. */
  async command(
    index: number,
    buffers: Readonly<Record<'scale' | 'models' | 'errors' | 'statuses', GPUBuffer>>,
    capacity: number,
  ): Promise<Command | null> {
    const layout = this.#fusion[index];
    if (!layout) return null;
    const pass = plainPass(this.#schedule.passes[index]!)!;
    const { dual, constants } = layout;
    const kernel = await this.#launcher.kernels.get(dual ? fusedDual : fusedPrimal, constants);
    const { scale, models, errors, statuses } = buffers;
    const bindings = kernel.bind({ scale, settings: this.#settings, models, errors, statuses });
    const { dimension } = this.#schedule;
    const { flops, normals } = workOf(this.#schedule.passes[index]!, dimension, layout);
    const errorsAddress = launchAddress(this.#seed, pass.sides[0]!.errors);
    return {
      kind: 'dispatch',
      kernel: kernel as unknown as Kernel,
      bindings,
      launch: {
        ...launchAddress(this.#seed, pass.inputs),
        errors_unit: errorsAddress.unit,
        errors_generation: errorsAddress.generation,
        rows: pass.rows,
        columns: dimension,
        order: Math.min(pass.rows, dimension),
        stride4: padded(dimension) / 4,
        ...layout.launch,
        sides: pass.sides.length,
        ridges: pass.ridges.length,
        trials: capacity,
        measured: pass.measured ? 1 : 0,
        settings: this.#starts[index]!,
        error_offset: pass.firstError * capacity,
        status_offset: pass.firstFactor * capacity,
      },
      groups: 1,
      layers: 1,
      trialsPerGroup: layout.launch.group_trials,
      work: flops + NORMAL_WORK * normals,
    };
  }

  close(): void {
    this.#settings.destroy();
  }
}

/** `GPUBufferUsage`. */
const STORAGE_COPY_DST = 0x80 | 0x8;
