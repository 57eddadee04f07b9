import { PANEL, padded, wholeSides } from '../../kernels/linalg.ts';
import { type DeviceLimits, DeviceTooSmall, type JobCost } from '../sampler.ts';
import type { KernelPass, KernelSchedule } from './schedule.ts';

/** Floats that a block of the kernel matrix between a sample and other images may take. */
const CROSS_FLOATS = 2 ** 22;

/** Work of an operation, where 1 is one on the small matrices of other samplers: lavapipe does about 10 GFLOP/s here, not 2. */
const DENSE_WORK = 0.2;

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
  const work = passes.map((pass) => workOf(pass, schedule));
  const sum = (part: keyof ReturnType<typeof workOf>) => work.reduce((all, pass) => all + pass[part], 0);
  const testing = tested.map(
    ({ sample, count }) => 2 * world.tests * samples[sample]!.stride * (world.population.features + padded(count)),
  );
  const flops = testing.reduce((all, test) => all + test, sum('flops'));
  const bytes = 4 * Object.values(workspace).reduce((all, floats) => all + floats, 0);
  return {
    flopsPerTrial: flops,
    normalsPerTrial: sum('normals'),
    workPerTrial: DENSE_WORK * flops,
    largestBatch: 1,
    bytes: () => bytes,
    dispatchesPerBatch: Math.ceil(sum('dispatches') + tested.length * (1 + (2 * world.tests) / crossColumns(schedule))),
  };
}

/** What one pass costs, values of the samples that it labels included. */
function workOf({ pass, stride, labeller }: KernelPass, { world, samples }: KernelSchedule) {
  const { features } = world.population;
  const [sides, ridges] = [pass.sides.length, pass.ridges.length];
  const evaluated = labeller.targets.reduce((sum, { sample }) => sum + samples[sample]!.stride, 0);
  const values = 2 * evaluated * stride * (features + padded(labeller.fits.length));
  const factors = pass.factorReady ? 0 : stride ** 2 * features + ridges * (stride ** 3 / 3);
  return {
    flops: values + factors + 4 * stride ** 2 * sides * ridges,
    normals: pass.rows * sides,
    dispatches: 4 + 2 * sides + ridges * (2 + stride / PANEL) + 2 * labeller.targets.length,
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
