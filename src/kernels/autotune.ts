import type { Gpu } from '../gpu/gpu.ts';
import type { Kernel } from '../gpu/kernel.ts';
import { type Dispatch, Launcher } from '../gpu/launcher.ts';
import { choleskyPanel, choleskySolve, choleskySteps, SIDES } from './cholesky.ts';
import { PANEL } from './tiles.ts';
import { canRun, gramDispatch, TUNINGS, type Tuning, type TuningName, tableRow, targetOf, tuningOf } from './tuning.ts';

/** What the rows of the tuning table took on a device. */
export interface Verdict {
  readonly row: TuningName;
  /** Fastest of several turns, milliseconds; rows that the device cannot run or whose kernels were not ready are absent. */
  readonly milliseconds: Readonly<Partial<Record<TuningName, number>>>;
}

/** Longest that the measurement may take, milliseconds. */
export const MEASURING = 150;

/** Longest that kernels of other rows than the device's own are waited for, milliseconds; with `MEASURING` 0.3 s in all. */
export const COMPILING = 150;

/** A row takes the place of the device's own only if it takes less than this share of its time: noise must not decide. */
const CLEARLY_FASTER = 0.9;

/** Turns after which the fastest is known well enough. */
const MOST_TURNS = 7;

/**
 * Measures a Gram matrix, its factor and a solve with every row of the tuning table, the rows taking turns. The kernels of the
 * device's own row are not counted: a run needs them anyway.
 */
export async function autotune(gpu: Gpu, patience: number = COMPILING): Promise<Verdict> {
  const own = tableRow(gpu);
  const others = (Object.keys(TUNINGS) as TuningName[]).filter((name) => name !== own && canRun(name, gpu));
  const target = targetOf(gpu);
  const tuned = (tuning: TuningName) => tuningOf({ ...target, tuning });
  const launcher = new Launcher(gpu);
  const size = sizeFor(gpu);
  const buffers = buffersFor(gpu, size);
  try {
    const first = { name: own, commands: await commandsOf(tuned(own), launcher, buffers, size), best: Infinity };
    await launcher.execute(first.commands, 0, size.trials);
    const ready = await Promise.all(
      others.map(async (name) => {
        const commands = await within(patience, commandsOf(tuned(name), launcher, buffers, size));
        return commands && { name, commands, best: Infinity };
      }),
    );
    const rows = [first, ...ready.filter((row) => row !== null)];
    // The first turn warms up: drivers may compile only when a kernel is launched.
    for (const row of rows) await launcher.execute(row.commands, 0, size.trials);
    const end = performance.now() + MEASURING;
    for (let turn = 0; turn < MOST_TURNS && (turn < 2 || performance.now() < end); turn++) {
      for (const row of rows) {
        const start = performance.now();
        await launcher.execute(row.commands, 0, size.trials);
        row.best = Math.min(row.best, performance.now() - start);
      }
    }
    gpu.assertHealthy();
    return verdictOf(own, Object.fromEntries(rows.map(({ name, best }) => [name, best])));
  } finally {
    launcher.close();
    for (const buffer of Object.values(buffers)) buffer.destroy();
  }
}

/** The fastest row if it is clearly faster than the device's own, else that one. */
export function verdictOf(own: TuningName, milliseconds: Verdict['milliseconds']): Verdict {
  const rows = Object.entries(milliseconds) as [TuningName, number][];
  const [name, least] = rows.reduce((a, b) => (b[1] < a[1] ? b : a));
  return { row: least < CLEARLY_FASTER * milliseconds[own]! ? name : own, milliseconds };
}

/** null if it takes longer. */
function within<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value | null> {
  if (milliseconds === Infinity) return promise;
  const late = new Promise<null>((resolve) => {
    setTimeout(() => resolve(null), milliseconds);
  });
  return Promise.race([promise, late]);
}

interface Size {
  readonly stride: number;
  readonly rows: number;
  readonly trials: number;
}

/** About 10 ms of a small GPU, or of two cores. */
function sizeFor({ adapter }: Gpu): Size {
  return adapter.software ? { stride: 128, rows: 128, trials: 2 } : { stride: 256, rows: 512, trials: 64 };
}

/** `GPUBufferUsage.STORAGE` */
const STORAGE = 0x80;

/** All zero: the penalty makes the matrix that of the identity. */
function buffersFor({ device }: Gpu, { stride, rows, trials }: Size) {
  const buffer = (floats: number) =>
    device.createBuffer({ label: 'autotune', size: 4 * floats * trials, usage: STORAGE });
  return {
    design: buffer(rows * stride),
    gram: buffer(stride * stride),
    matrix: buffer(stride * stride),
    inverses: buffer(stride * PANEL),
    statuses: buffer(1),
    sides: buffer(SIDES * stride),
    unknowns: buffer(SIDES * stride),
    solutions: buffer(SIDES * stride),
  };
}

async function commandsOf(
  tuning: Tuning,
  { kernels }: Launcher,
  buffers: ReturnType<typeof buffersFor>,
  { stride, rows, trials }: Size,
): Promise<Dispatch[]> {
  const LANES = tuning.lanes;
  const stride4 = stride / 4;
  const { kernel, groups, constants, launch } = gramDispatch(tuning, stride, false);
  const [gram, panel, solve] = await Promise.all([
    kernels.get(kernel, constants),
    kernels.get(choleskyPanel[tuning.rows], { LANES }),
    kernels.get(choleskySolve[tuning.rows], { LANES }),
  ]);
  const common = { kind: 'dispatch', layers: 1, work: 0 } as const;
  return [
    {
      ...common,
      kernel: gram as unknown as Kernel,
      bindings: gram.bind(buffers),
      groups,
      launch: { ...launch, rows, accumulate: 0 },
    },
    ...choleskySteps(stride, LANES).map((step) => {
      if ('end' in step) throw new Error('A matrix of this order has no blocks.');
      const { begun, panel4, panels, groups: each } = step;
      return {
        ...common,
        kernel: panel as unknown as Kernel,
        bindings: panel.bind({ ...buffers, diagonals: buffers.gram }),
        groups: each,
        launch: { stride4, begun, panel4, panels, order: stride, penalty: 1, status_offset: 0, trials },
      };
    }),
    {
      ...common,
      kernel: solve as unknown as Kernel,
      bindings: solve.bind(buffers),
      groups: 1,
      launch: { stride4, layers: trials, count: SIDES },
    },
  ];
}
