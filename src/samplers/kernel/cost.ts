import { PANEL, padded } from '../../kernels/linalg.ts';
import { NORMAL_WORK, type Work } from '../cost.ts';
import { type DeviceLimits, DeviceTooSmall, type JobCost } from '../sampler.ts';
import type { KernelPass, KernelSchedule } from './schedule.ts';
import { crossColumns, heldFeatures, most, workspaceOf } from './shape.ts';

/** Work of an operation, where 1 is one on the small matrices of other samplers: lavapipe does about 10 GFLOP/s here, not 2. */
const DENSE_WORK = 0.2;

/** What a job costs. Throws `DeviceTooSmall`. */
export function kernelCost(schedule: KernelSchedule, limits: DeviceLimits): JobCost {
  const workspace = workspaceOf(schedule);
  const binding = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  for (const [name, floats] of Object.entries(workspace))
    if (4 * floats > binding) throw tooSmall(schedule, name, 4 * floats, binding);
  const { samples, passes, tested } = schedule;
  const evaluations = [...passes.flatMap((pass) => labelled(pass, schedule)), ...tests(schedule)];
  const work = [...passes.map((pass) => fitWork(pass, schedule)), ...evaluations];
  const sum = (part: keyof Work) => work.reduce((all, { [part]: some }) => all + some, 0);
  const bytes = 4 * Object.values(workspace).reduce((all, floats) => all + floats, 0);
  return {
    flopsPerTrial: sum('flops'),
    normalsPerTrial: sum('normals'),
    workPerTrial: DENSE_WORK * sum('flops') + NORMAL_WORK * sum('normals'),
    largestBatch: 1,
    bytes: () => bytes,
    dispatchesPerBatch: Math.ceil(sum('dispatches') + tested.length + samples.length),
  };
}

/** Kernel matrix, factors and solutions of one pass. */
function fitWork({ pass, stride }: KernelPass, schedule: KernelSchedule): Work {
  const { world, outputs } = schedule;
  const { features: pixels } = world.population;
  const { features = 0 } = pass.design.projection ?? {};
  const [sides, ridges] = [pass.sides.length * outputs, pass.ridges.length];
  const blocks = features > 0 ? Math.ceil(features / heldFeatures(schedule)) : 0;
  const products = features > 0 ? features * stride * (2 * pixels + stride) : stride ** 2 * pixels;
  return {
    flops: (pass.factorReady ? 0 : products + ridges * (stride ** 3 / 3)) + 4 * stride ** 2 * sides * ridges,
    normals: pass.rows * sides + (pass.factorReady ? 0 : features * pixels),
    dispatches: 2 + 3 * blocks + 2 * sides + ridges * (2 + stride / PANEL),
  };
}

/** Values of the fits of a pass, at the samples that they label. */
function labelled({ pass, stride, labeller }: KernelPass, schedule: KernelSchedule): readonly Work[] {
  const { samples } = schedule;
  const { features = 0 } = pass.design.projection ?? {};
  const { fits, targets } = labeller;
  return targets.map(({ sample }) => evaluationWork(features, stride, fits.length, samples[sample]!.stride, schedule));
}

/** Values of all fits that are tested, at the tests. */
function tests(schedule: KernelSchedule): readonly Work[] {
  const { world, samples, tested } = schedule;
  return tested.map(({ sample, projection, count }) =>
    evaluationWork(projection?.features ?? 0, samples[sample]!.stride, count, world.tests, schedule),
  );
}

function evaluationWork(
  features: number,
  points: number,
  fits: number,
  images: number,
  schedule: KernelSchedule,
): Work {
  const { world, outputs } = schedule;
  const { features: pixels } = world.population;
  const columns = padded(fits * outputs);
  if (features === 0) {
    const dispatches = 2 * Math.ceil(images / crossColumns(schedule));
    return { flops: 2 * images * points * (pixels + columns), normals: 0, dispatches };
  }
  return {
    flops: 2 * features * (points + images) * (pixels + columns),
    normals: features * pixels,
    dispatches: 5 * Math.ceil(features / heldFeatures(schedule)),
  };
}

function tooSmall({ world, samples }: KernelSchedule, buffer: string, needed: number, available: number) {
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const features = world.population.features;
  const others = samples.reduce((sum, { stride }) => sum + stride, 0) - most(samples.map(({ stride }) => stride));
  const whole = (rows: number) => Math.floor(rows / PANEL) * PANEL;
  const rows = whole(Math.min(Math.sqrt(available / 4), available / 4 / features - others));
  const changes: Partial<Record<string, string>> = {
    tests: `at most ${whole(available / 4 / features)} tests`,
    predictions: 'fewer cells, or fewer tests',
  };
  return new DeviceTooSmall(
    `One trial needs ${mebibytes(needed)} in the buffer "${buffer}"; this device allows ${mebibytes(available)} in one binding.`,
    [
      changes[buffer] ?? `at most ${rows} samples in every fit`,
      'an adapter with a larger maxStorageBufferBindingSize (see collapse doctor), or --backend reference',
    ],
  );
}
