import { wholeSides } from '../../../kernels/cholesky.ts';
import { padded, RUN } from '../../../kernels/tiles.ts';
import type { BufferName, Program } from '../../../program/program.ts';
import type { KernelSchedule } from './schedule.ts';

/** Floats that a block of the kernel matrix between a sample and other images may take. */
const CROSS_FLOATS = 2 ** 22;

/** Images beside which a sample's kernel matrix is held at a time. */
export function crossColumns({ world, samples }: KernelSchedule): number {
  const rows = most(samples.map(({ stride }) => stride));
  const fitting = Math.max(64, Math.floor(CROSS_FLOATS / rows / 64) * 64);
  return Math.min(fitting, padded(Math.max(world.tests, rows)));
}

export const most = (counts: readonly number[]) => Math.max(0, ...counts);

/** Random features that are held at a time: whole runs, so that no sum depends on it. */
const HELD_FEATURES = 4 * RUN;

export function heldFeatures({ passes }: KernelSchedule): number {
  return Math.min(HELD_FEATURES, padded(most(passes.map(({ pass }) => pass.design.projection?.features ?? 0))));
}

/** Floats of every buffer. One trial is worked on at a time. */
function workspaceOf(schedule: KernelSchedule) {
  const { world, outputs, fits, samples, passes, tested, valueRows } = schedule;
  const images = samples.reduce((sum, { stride }) => sum + stride, 0);
  const stride = most(passes.map((pass) => pass.stride));
  const sides = outputs * most(fits.passes.map((pass) => pass.sides.length));
  const tests = padded(world.tests);
  const labellers = passes.map(({ labeller, stride }) => stride * padded(labeller.fits.length * outputs));
  const held = heldFeatures(schedule);
  const columns = [...passes.map(({ labeller }) => labeller.fits.length), ...tested.map(({ count }) => count)];
  return {
    digits: world.population.features * images,
    norms: images,
    tests: world.population.features * tests,
    testNorms: tests,
    testLabels: outputs * tests,
    testScale: outputs * tests,
    sides: sides * stride,
    unknowns: wholeSides(sides) * stride,
    solutions: sides * stride,
    statuses: fits.factors,
    values: valueRows * valueStride(schedule),
    cross: held > 0 ? 0 : valueStride(schedule) * crossColumns(schedule),
    directions: held * world.population.features,
    pointFeatures: held * valueStride(schedule),
    imageFeatures: held * Math.max(tests, valueStride(schedule)),
    coefficients: held * padded(most(columns) * outputs),
    weights: most(labellers),
    testWeights: most(tested.map(({ sample, count }) => samples[sample]!.stride * padded(count * outputs))),
    predictions: most(tested.map(({ count }) => padded(count * outputs))) * tests,
    errors: fits.errors,
  };
}

export type KernelBuffers = Readonly<Record<keyof ReturnType<typeof workspaceOf>, BufferName>>;

export function buffersOf(program: Program, schedule: KernelSchedule): KernelBuffers {
  const words = Object.entries<number>(workspaceOf(schedule));
  return Object.fromEntries(words.map(([name, count]) => [name, program.buffer(name, count)])) as KernelBuffers;
}

export const valueStride = ({ samples }: KernelSchedule) => most(samples.map(({ stride }) => stride));
