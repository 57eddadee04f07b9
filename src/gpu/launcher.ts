import type { Gpu } from './gpu.ts';
import { type Kernel, KernelCache, LAUNCH_BYTES } from './kernel.ts';
import type { PassClock } from './pass-clock.ts';

/**
 * One kernel over a batch: `groups` workgroups along x for every trial (y) and layer (z). Where a workgroup serves
 * `trialsPerGroup` trials, one per lane, it is `groups` workgroups for every such block of trials, all along x: workgroup
 * g works on item g % groups of block g / groups.
 */
export interface Dispatch {
  readonly kind: 'dispatch';
  readonly kernel: Kernel;
  readonly bindings: GPUBindGroup;
  /** Launch parameters besides `first_group` and `first_trial`. */
  readonly launch: Readonly<Record<string, number>>;
  readonly groups: number;
  readonly layers: number;
  readonly trialsPerGroup?: number;
  /** Floating-point operations per trial, or as many as would take equally long. */
  readonly work: number;
}

export type Command =
  | Dispatch
  | {
      readonly kind: 'copy';
      readonly from: GPUBuffer;
      readonly fromByte: number;
      readonly to: GPUBuffer;
      readonly toByte: number;
      readonly bytes: number;
    }
  | { readonly kind: 'clear'; readonly buffer: GPUBuffer };

/** What one batch cost, for progress and benchmarks. */
export interface LaunchReport {
  readonly submits: number;
  readonly dispatches: number;
  readonly longestSubmitSeconds: number;
}

/** Commands that the device has been given. */
export interface Launched {
  readonly finished: Promise<LaunchReport>;
}

/** What is of use where commands take long. */
export interface Watching {
  /** Told after each submit which share of the work is done. */
  readonly onShare?: ((share: number) => void) | undefined;
}

export interface LauncherOptions {
  /** Length of a submit. */
  readonly targetSeconds?: number;
  /** Kernels compiled for this device before, to be shared; own ones by default. */
  readonly kernels?: KernelCache;
  /** Times every pass; the caller closes it. */
  readonly clock?: PassClock | null;
}

const MAX_GROUPS = 65535;

/** Commands of a submit: small ones take longer than their operations tell. */
const MOST_COMMANDS = 1024;
const UNIFORM_COPY_DST = 0x40 | 0x8;

/**
 * Runs command lists in submits of about `targetSeconds`, whatever the device's speed: the rate is measured as it goes,
 * a dispatch that would take longer is cut along x, and at most two submits are under way, so that the driver's watchdog
 * and the desktop never wait.
 */
export class Launcher {
  readonly kernels: KernelCache;
  readonly gpu: Gpu;
  readonly #targetSeconds: number;
  readonly #clock: PassClock | null;
  /** Operations per second, a running average over submits. */
  #rate: number;
  /** Submits that nobody has waited for yet, and when the last one to end did. */
  readonly #underWay: Promise<number>[] = [];
  #lastEnd = 0;
  #uniforms: GPUBuffer | null = null;
  #uniformGroup: GPUBindGroup | null = null;

  constructor(gpu: Gpu, { targetSeconds = 0.04, kernels, clock = null }: LauncherOptions = {}) {
    this.gpu = gpu;
    this.#clock = clock;
    this.kernels = kernels ?? new KernelCache(gpu.device);
    this.#targetSeconds = targetSeconds;
    this.#rate = gpu.adapter.software ? 3e9 : 1e11;
  }

  get rate(): number {
    return this.#rate;
  }

  /** Runs the commands for trials `firstTrial .. firstTrial + trials - 1`. Resolves when the device has finished. */
  async execute(commands: readonly Command[], firstTrial: number, trials: number): Promise<LaunchReport> {
    return (await this.submit(commands, firstTrial, trials)).finished;
  }

  /**
   * The same, but resolves as soon as the device has been given everything, with at most one submit not done yet: more can
   * be submitted meanwhile. One call at a time.
   */
  async submit(
    commands: readonly Command[],
    firstTrial: number,
    trials: number,
    { onShare }: Watching = {},
  ): Promise<Launched> {
    const pieces = commands.flatMap((command) => this.#cut(command, trials));
    const whole = pieces.reduce((sum, piece) => sum + piece.work, 0);
    let done = 0;
    const launches = pieces.filter((piece) => piece.command.kind === 'dispatch');
    this.#writeLaunches(launches, firstTrial);
    const submits: Promise<number>[] = [];
    let readClock: (() => Promise<void>) | undefined;
    let slot = 0;
    let next = 0;
    while (next < pieces.length) {
      const encoder = this.gpu.device.createCommandEncoder();
      let work = 0;
      let pass: GPUComputePassEncoder | null = null;
      const end = next + MOST_COMMANDS;
      do {
        const piece = pieces[next++]!;
        const { command } = piece;
        if (command.kind === 'dispatch') {
          pass ??= encoder.beginComputePass(this.#clock ? { timestampWrites: this.#clock.writes() } : {});
          pass.setPipeline(command.kernel.pipeline);
          pass.setBindGroup(0, command.bindings);
          pass.setBindGroup(1, this.#uniformGroup!, [slot++ * LAUNCH_BYTES]);
          pass.dispatchWorkgroups(piece.groups, command.trialsPerGroup ? 1 : trials, command.layers);
        } else {
          pass?.end();
          pass = null;
          if (command.kind === 'clear') encoder.clearBuffer(command.buffer);
          else encoder.copyBufferToBuffer(command.from, command.fromByte, command.to, command.toByte, command.bytes);
        }
        work += piece.work;
      } while (next < Math.min(end, pieces.length) && work + pieces[next]!.work <= this.#rate * this.#targetSeconds);
      pass?.end();
      if (next === pieces.length) readClock = this.#clock?.collect(encoder);
      const sent = this.#send(encoder.finish(), work);
      submits.push(sent);
      if (onShare)
        void sent.then(() => {
          done += work;
          onShare(done / whole);
        });
      if (this.#underWay.length > 1) await this.gpu.wait(this.#underWay.shift()!);
    }
    const report = async (): Promise<LaunchReport> => {
      const seconds = await this.gpu.wait(Promise.all(submits));
      await readClock?.();
      return { submits: submits.length, dispatches: launches.length, longestSubmitSeconds: Math.max(0, ...seconds) };
    };
    return { finished: report() };
  }

  /** Submits so much work and learns from how long it takes: the seconds, waiting for earlier submits left out. */
  #send(commands: GPUCommandBuffer, work: number): Promise<number> {
    const { queue } = this.gpu.device;
    const start = performance.now();
    queue.submit([commands]);
    const done = queue.onSubmittedWorkDone().then(() => {
      const end = performance.now();
      const seconds = (end - Math.max(start, this.#lastEnd)) / 1000;
      this.#lastEnd = end;
      // Shorter submits measure the queue's latency, not the device.
      if (seconds > this.#targetSeconds / 8) this.#rate += 0.3 * (work / seconds - this.#rate);
      else if (seconds > 0) this.#rate = Math.max(this.#rate, Math.min(2 * this.#rate, work / seconds));
      return seconds;
    });
    this.#underWay.push(done);
    return done;
  }

  close(): void {
    this.#uniforms?.destroy();
    this.#uniforms = null;
  }

  #cut(command: Command, trials: number): Piece[] {
    if (command.kind !== 'dispatch') return [{ command, first: 0, groups: 0, work: 0 }];
    const work = command.work * trials;
    const { trialsPerGroup } = command;
    const total = command.groups * (trialsPerGroup ? Math.ceil(trials / trialsPerGroup) : 1);
    const cuts = Math.max(
      Math.ceil(total / MAX_GROUPS),
      Math.min(total, Math.ceil(work / (this.#rate * this.#targetSeconds))),
    );
    const size = Math.ceil(total / cuts);
    const pieces: Piece[] = [];
    for (let first = 0; first < total; first += size) {
      const groups = Math.min(size, total - first);
      pieces.push({ command, first, groups, work: (work * groups) / total });
    }
    return pieces;
  }

  #writeLaunches(launches: readonly Piece[], firstTrial: number): void {
    const { device } = this.gpu;
    const bytes = launches.length * LAUNCH_BYTES;
    if (!this.#uniforms || this.#uniforms.size < bytes) {
      this.#uniforms?.destroy();
      this.#uniforms = device.createBuffer({
        label: 'launches',
        size: Math.max(bytes, 65536),
        usage: UNIFORM_COPY_DST,
      });
      this.#uniformGroup = device.createBindGroup({
        label: 'launches',
        layout: this.kernels.launchLayout,
        entries: [{ binding: 0, resource: { buffer: this.#uniforms, size: LAUNCH_BYTES } }],
      });
    }
    const data = new DataView(new ArrayBuffer(bytes));
    launches.forEach(({ command, first }, slot) => {
      if (command.kind !== 'dispatch') return;
      let at = slot * LAUNCH_BYTES;
      for (const [name, type] of Object.entries(command.kernel.definition.launch)) {
        const value = name === 'first_group' ? first : name === 'first_trial' ? firstTrial : command.launch[name];
        if (value === undefined)
          throw new Error(`${command.kernel.definition.name}: launch parameter ${name} is missing`);
        if (type === 'f32') data.setFloat32(at, value, true);
        else data.setUint32(at, value, true);
        at += 4;
      }
    });
    device.queue.writeBuffer(this.#uniforms, 0, data.buffer);
  }
}

interface Piece {
  readonly command: Command;
  readonly first: number;
  readonly groups: number;
  readonly work: number;
}
