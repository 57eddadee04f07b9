import { PANEL, padded, wholeSides } from '../../kernels/linalg.ts';
import { type DeviceLimits, DeviceTooSmall, type JobCost } from '../sampler.ts';
import type { KernelSchedule } from './schedule.ts';

/** Floats that a block of the kernel matrix between a sample and other images may take. */
const CROSS_FLOATS = 2 ** 22;

/** Work of an operation of kernel-matrix.wgsl, where one of a factorisation is 1: it reads much less for each. */
export const PRODUCT_WORK = 0.3;

/** Images beside which a sample's kernel matrix is held at a time. */
export function crossColumns({ world, samples }: KernelSchedule): number {
  const rows = most(samples.map(({ stride }) => stride));
  const fitting = Math.max(64, Math.floor(CROSS_FLOATS / rows / 64) * 64);
  return Math.min(fitting, padded(Math.max(world.tests, rows)));
}

const most = (counts: readonly number[]) => Math.max(0, ...counts);

/** Floats of every buffer. One trial is worked on at a time. */
export function workspaceOf(schedule: KernelSchedule) {
  const { world, fits, samples, passes, tested, valueRows } = schedule;
  const images = samples.reduce((sum, { stride }) => sum + stride, 0);
  const stride = most(passes.map((pass) => pass.stride));
  const sides = most(fits.passes.map((pass) => pass.sides.length));
  const tests = padded(world.tests);
  const labellers = passes.map(({ labeller, stride }) => stride * padded(labeller.fits.length));
  return {
    digits: world.population.features * images,
    norms: images,
    tests: world.population.features * tests,
    testNorms: tests,
    testLabels: tests,
    testScale: tests,
    gram: stride ** 2,
    matrix: stride ** 2,
    inverses: PANEL * stride,
    sides: sides * stride,
    unknowns: wholeSides(sides) * stride,
    solutions: sides * stride,
    statuses: fits.factors,
    values: valueRows * valueStride(schedule),
    cross: most(samples.map((sample) => sample.stride)) * crossColumns(schedule),
    weights: most(labellers),
    testWeights: most(tested.map(({ sample, count }) => samples[sample]!.stride * padded(count))),
    predictions: most(tested.map(({ count }) => padded(count))) * tests,
    errors: fits.errors,
  };
}

export type KernelBuffer = keyof ReturnType<typeof workspaceOf>;

export const valueStride = ({ samples }: KernelSchedule) => most(samples.map(({ stride }) => stride));

/** What a job costs. Throws `DeviceTooSmall`. */
export function kernelCost(schedule: KernelSchedule, limits: DeviceLimits): JobCost {
  const workspace = workspaceOf(schedule);
  const binding = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  for (const [name, floats] of Object.entries(workspace))
    if (4 * floats > binding) throw tooSmall(schedule, name, 4 * floats, binding);
  const { world, samples, passes, tested } = schedule;
  const depth = world.population.features;
  const passWork = passes.map(({ pass, sample, stride, labeller }) => {
    const sides = pass.sides.length * pass.ridges.length;
    const evaluated = labeller.targets.reduce((sum, target) => sum + samples[target.sample]!.stride, 0);
    const values = 2 * evaluated * stride * (depth + padded(labeller.fits.length));
    const factored = pass.factorReady ? 0 : pass.ridges.length * (stride ** 3 / 3);
    return {
      products: values + (pass.factorReady ? 0 : stride ** 2 * depth),
      solves: factored + 4 * stride ** 2 * sides,
      normals: pass.rows * pass.sides.length,
      dispatches: 4 + pass.sides.length * 2 + pass.ridges.length * (2 + stride / PANEL) + 2 * labeller.targets.length,
      sample,
    };
  });
  const sum = (part: 'products' | 'solves' | 'normals' | 'dispatches') =>
    passWork.reduce((all, work) => all + work[part], 0);
  const testing = tested.reduce(
    (all, { sample, count }) => all + 2 * world.tests * samples[sample]!.stride * (depth + padded(count)),
    0,
  );
  const bytes = 4 * Object.values(workspace).reduce((all, floats) => all + floats, 0);
  return {
    flopsPerTrial: sum('products') + sum('solves') + testing,
    normalsPerTrial: sum('normals'),
    workPerTrial: PRODUCT_WORK * (sum('products') + testing) + sum('solves'),
    largestBatch: 1,
    bytes: () => bytes,
    dispatchesPerBatch: Math.ceil(sum('dispatches') + tested.length * (1 + (2 * world.tests) / crossColumns(schedule))),
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
