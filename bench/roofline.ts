import { type Command, Launcher } from '../src/gpu/launcher.ts';
import { copy, type MultiplyAddShape, multiplyAdd } from '../src/kernels/roofline.ts';
import { runOnce } from '../src/kernels/run-once.ts';
import { quantile } from '../src/statistics/quantiles.ts';
import type { Reading, Roofline } from './record.ts';
import { dispatch, type Stage, storageBuffer } from './stage.ts';
import { driftOf } from './statistics.ts';

/** A microkernel ready to run. */
interface Probe {
  readonly name: string;
  /** Operations or bytes per second, the median of some repeats. */
  measure(repeats: number): Promise<number>;
}

/** What the probes of one kind share and leave behind. */
class Bench {
  readonly stage: Stage;
  readonly launcher: Launcher;
  readonly #buffers: GPUBuffer[] = [];

  constructor(stage: Stage) {
    this.stage = stage;
    this.launcher = new Launcher(stage.gpu, { kernels: stage.kernels });
  }

  buffer(label: string, floats: number): GPUBuffer {
    const buffer = storageBuffer(this.stage.gpu, label, floats);
    this.#buffers.push(buffer);
    return buffer;
  }

  close(): void {
    for (const buffer of this.#buffers) buffer.destroy();
    this.launcher.close();
  }
}

/** Peaks as read first, and how to read the same ones again. */
export interface OpenRoofline {
  readonly first: Roofline;
  /** Reads again and closes. */
  finish(): Promise<Roofline>;
}

const REPEATS = 5;

/** How far two readings of one peak may lie apart. */
const allowedDrift = (software: boolean) => (software ? 0.25 : 0.05);

/**
 * Finds the fastest microkernel of each kind. `earlier` is what was read before by a measurement that this one goes on with; its
 * first readings then stay the first. Throws when a kernel computes something wrong.
 */
export async function openRoofline(stage: Stage, earlier: Roofline | null = null): Promise<OpenRoofline> {
  const benches = [new Bench(stage), new Bench(stage)] as const;
  const flops = await fastest(await multiplyAddProbes(benches[0]));
  const bytes = await fastest(await copyProbes(benches[1]));
  const rooflineOf = (flopsAfter: number | null, bytesAfter: number | null): Roofline => {
    const readings = {
      flops: readingOf(flops, flopsAfter, earlier?.flops),
      bytes: readingOf(bytes, bytesAfter, earlier?.bytes),
    };
    return {
      ...readings,
      drift: driftOf([readings.flops, readings.bytes]),
      allowedDrift: allowedDrift(stage.gpu.adapter.software),
      variants: [...flops.variants, ...bytes.variants],
    };
  };
  return {
    first: rooflineOf(null, null),
    finish: async () => {
      const after = [await flops.probe.measure(REPEATS), await bytes.probe.measure(REPEATS)] as const;
      for (const bench of benches) bench.close();
      return rooflineOf(...after);
    },
  };
}

interface Fastest {
  readonly probe: Probe;
  readonly perSecond: number;
  readonly variants: Roofline['variants'];
}

async function fastest(probes: readonly Probe[]): Promise<Fastest> {
  const variants: { readonly name: string; readonly perSecond: number }[] = [];
  for (const probe of probes) variants.push({ name: probe.name, perSecond: await probe.measure(1) });
  const best = variants.reduce((a, b) => (b.perSecond > a.perSecond ? b : a));
  const probe = probes.find(({ name }) => name === best.name)!;
  return { probe, variants, perSecond: await probe.measure(REPEATS) };
}

function readingOf({ probe, perSecond }: Fastest, after: number | null, earlier: Reading | undefined): Reading {
  const before = earlier?.before ?? perSecond;
  return { kernel: probe.name, before, after, peak: Math.max(before, perSecond, after ?? 0) };
}

async function multiplyAddProbes(bench: Bench): Promise<Probe[]> {
  const probes: Probe[] = [];
  const { quick } = bench.stage;
  for (const threads of quick ? [64] : [64, 256])
    for (const chains of quick ? [16] : [8, 16, 32])
      for (const components of quick ? ([4] as const) : ([1, 2, 4] as const))
        probes.push(await multiplyAddProbe(bench, { components, chains }, threads));
  return probes;
}

async function multiplyAddProbe(bench: Bench, shape: MultiplyAddShape, threads: number): Promise<Probe> {
  const definition = multiplyAdd(shape);
  await checkMultiplyAdd(bench, shape, threads);
  const invocations = bench.stage.small ? 2 ** 12 : 2 ** 20;
  const steps = 512;
  const work = 2 * steps * shape.chains * shape.components * invocations;
  const sums = bench.buffer('sums', invocations);
  const launch = { steps, factor: 0.999, summand: 0.5 };
  const grid = { groups: invocations / threads, work, constants: { THREADS: threads } };
  const command = await dispatch(bench.launcher, definition, { sums }, launch, grid);
  return probeOf(bench, `${definition.name}, ${threads} threads`, command, work);
}

/** With factor and summand 1 every chain counts its steps, in integers. */
async function checkMultiplyAdd({ stage, launcher }: Bench, shape: MultiplyAddShape, threads: number) {
  const definition = multiplyAdd(shape);
  const steps = 100;
  const { sums } = await runOnce(stage.gpu, launcher, definition, {
    buffers: { sums: new Float32Array(threads) },
    launch: { steps, factor: 1, summand: 1 } as never,
    groups: 1,
    constants: { THREADS: threads },
  });
  const { chains, components } = shape;
  new Float32Array(sums).forEach((sum, i) => {
    const expected = components * chains * ((i % 16) + steps + (chains - 1) / 2);
    if (sum !== expected) throw new Error(`${definition.name} gives ${sum} where ${expected} is right.`);
  });
}

/** A kernel's copy and the driver's own; whichever is faster is the peak. */
async function copyProbes(bench: Bench): Promise<Probe[]> {
  const { gpu, small } = bench.stage;
  const vectors = Math.min(small ? 2 ** 21 : 2 ** 26, Math.floor(gpu.device.limits.maxStorageBufferBindingSize / 16));
  const origin = bench.buffer('origin', 4 * vectors);
  const copied = bench.buffer('copied', 4 * vectors);
  await checkCopy(bench);
  const traffic = 32 * vectors;
  const grid = { groups: Math.ceil(vectors / 256), work: traffic };
  const byKernel = await dispatch(bench.launcher, copy, { origin, copied }, { count: vectors }, grid);
  const byDriver: Command = { kind: 'copy', from: origin, fromByte: 0, to: copied, toByte: 0, bytes: 16 * vectors };
  return [probeOf(bench, copy.name, byKernel, traffic), probeOf(bench, 'copyBufferToBuffer', byDriver, traffic)];
}

async function checkCopy({ stage, launcher }: Bench): Promise<void> {
  const origin = Float32Array.from({ length: 4096 }, (_, i) => Math.sqrt(i));
  const result = await runOnce(stage.gpu, launcher, copy, {
    buffers: { origin, copied: new Float32Array(4096) },
    launch: { count: 1024 } as never,
    groups: 4,
  });
  const copied = new Float32Array(result.copied);
  if (!origin.every((value, i) => copied[i] === value)) throw new Error('The copy kernel does not copy.');
}

function probeOf({ stage, launcher }: Bench, name: string, command: Command, perCommand: number): Probe {
  let times = 1;
  const once = async () => {
    const commands = Array.from({ length: times }, () => command);
    const start = performance.now();
    await launcher.execute(commands, 0, 1);
    return (performance.now() - start) / 1000;
  };
  return {
    name,
    measure: async (repeats) => {
      const seconds: number[] = [];
      let took = await once();
      while (took < 0.4 * stage.sampleSeconds && times < 2048) {
        times *= 2;
        took = await once();
      }
      for (let i = 0; i < repeats; i++) seconds.push(await once());
      return (times * perCommand) / quantile(seconds, 0.5);
    },
  };
}
