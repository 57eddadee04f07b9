import { Launcher } from '../../src/gpu/launcher.ts';
import { targetOf } from '../../src/kernels/tuning.ts';
import { openProgram } from '../../src/program/open.ts';
import type { DivisorRecipe, Training } from '../../src/regimes/divisor-recipe.ts';
import type { NetworkRecipe } from '../../src/regimes/network-recipe.ts';
import type { Images } from '../../src/samplers/images/images.ts';
import { trainedSampler } from '../../src/samplers/networks/trained/index.ts';
import type { SamplerJob } from '../../src/samplers/sampler.ts';
import type { Block, Entry, OpenEntry } from '../block.ts';
import type { RowHead } from '../record.ts';
import type { Stage } from '../stage.ts';

/** Networks that are trained, by the sampler `trained`, from random numbers and images in bytes to test errors. */

/** `networks` of them take `steps` steps with batches of `batch` examples. */
interface Steps {
  readonly batch: number;
  readonly networks: number;
  readonly steps: number;
}

type Perceptron = Steps & { readonly inputs: number; readonly width: number };
type Encoder = Steps & {
  readonly positions: number;
  readonly symbols: number;
  readonly width: number;
  readonly hidden: number;
  readonly answers: number;
};

/** Steps of an epoch. */
const EPOCH = 10;

/** Two layers on images of MNIST's size, as in strong-fig7-right. */
export function perceptronBlock(stage: Stage): Block {
  const shape: Perceptron = {
    ...{ inputs: 784, width: 100, batch: 128, networks: 4 },
    steps: stage.quick ? EPOCH : 10 * EPOCH,
  };
  const images = stripes(EPOCH * shape.batch, 4, shape.inputs);
  const jobOf = (steps: number): SamplerJob<NetworkRecipe> => ({
    seed: 7,
    recipes: Array.from({ length: shape.networks }, (_, n) => perceptronRecipe(shape, n, steps)),
  });
  // Operations without a gradient by the images.
  const flops = 4 * shape.inputs * shape.width + 6 * shape.width * 10;
  return networkBlock(stage, 'perceptron', shape, flops, jobOf, images);
}

function perceptronRecipe({ inputs, width, batch }: Perceptron, network: number, steps: number): NetworkRecipe {
  const draw = (unit: string) => ({ unit, generation: 0 });
  const draws = { start: draw('start'), inputs: draw('images'), errors: draw('errors'), order: draw('order') };
  const rows = EPOCH * batch;
  const blocks = [{ rows, labels: 'truth', noise: 0.1 * (1 + network) }] as const;
  return {
    ...{ kind: 'network', preprocessing: 'unit', tests: 4 },
    population: { name: 'stripes', training: rows, test: 4, features: inputs },
    estimate: {
      training: { ...draws, blocks, width, batch, optimiser: 'sgd', rate: 0.1, heldOut: 0 },
      epochs: steps / EPOCH,
    },
  };
}

/** The encoder of tails-gcd-*. */
export function encoderBlock(stage: Stage): Block {
  const shape: Encoder = {
    ...{ positions: 8, symbols: 10, width: 32, hidden: 64, answers: 100, batch: 256, networks: 8 },
    steps: stage.quick ? EPOCH : 10 * EPOCH,
  };
  const jobOf = (steps: number): SamplerJob<DivisorRecipe> => ({
    seed: 7,
    recipes: Array.from({ length: shape.networks }, (_, n) => encoderRecipe(shape, n, steps)),
  });
  const { positions, width, hidden, answers } = shape;
  const flops = 6 * (2 * width * hidden + width * answers + positions * width);
  return networkBlock(stage, 'encoder', shape, flops, jobOf, null);
}

function encoderRecipe(
  { symbols, positions, width, hidden, answers, batch, networks }: Encoder,
  n: number,
  steps: number,
) {
  const draw = (unit: string) => ({ unit, generation: 0 });
  const training: Training = {
    ...{ start: draw('start'), pairs: draw('pairs'), examples: batch * steps, batch, rate: 0.004 },
    ...{ share: n / networks, generator: { known: [1, 2, 5, 10] } },
  };
  const recipe: DivisorRecipe = {
    ...{ kind: 'divisors', base: symbols, digits: positions / 2, answers, network: { width, hidden } },
    ...{ tests: batch, asked: draw('asked') },
    estimate: { training, examples: batch * steps, question: { kind: 'loss' } },
  };
  return recipe;
}

function networkBlock<Shape extends Perceptron | Encoder>(
  stage: Stage,
  name: 'perceptron' | 'encoder',
  shape: Shape,
  flopsPerUnit: number,
  jobOf: (steps: number) => SamplerJob<NetworkRecipe> | SamplerJob<DivisorRecipe>,
  images: Images | null,
): Block {
  const plain: Readonly<Record<string, number>> = { ...shape };
  const { steps: _, ...told } = plain;
  const head: Omit<RowHead, 'contestant'> = {
    ...{ group: 'networks', block: name, name, shape: told, unit: 'example' },
    ...{ flopsPerUnit, bytesPerUnit: 0 },
  };
  const units = shape.networks * shape.batch * shape.steps;
  const entry: Entry = {
    head: { ...head, contestant: 'collapse' },
    open: () => openNetworks(stage, jobOf, shape.steps, units, images),
  };
  return { name, entries: [entry], question: { case: name, shape: plain, head, units } };
}

async function openNetworks(
  stage: Stage,
  jobOf: (steps: number) => SamplerJob<NetworkRecipe> | SamplerJob<DivisorRecipe>,
  steps: number,
  units: number,
  images: Images | null,
): Promise<OpenEntry> {
  const sampler = trainedSampler(async () => images!);
  const launcher = new Launcher(stage.gpu, { kernels: stage.kernels });
  const open = (job: SamplerJob<NetworkRecipe> | SamplerJob<DivisorRecipe>) =>
    openProgram(sampler.program(job, targetOf(stage.gpu)), launcher, 1);
  const short = jobOf(EPOCH);
  const first = await open(short);
  const [found, wanted] = [await first.run(0, 1), await sampler.openReference(short).run(0, 1)];
  first.close();
  const value = Math.max(...found.errors.map((error, i) => Math.abs(error / wanted.errors[i]! - 1)));
  const source = await open(jobOf(steps));
  await source.run(0, 1);
  let next = 1;
  return {
    units,
    check: { what: 'relative distance from the reference after ten steps', value, bound: 1e-3 },
    sample: async () => {
      const start = performance.now();
      await source.run(next++, 1);
      return (performance.now() - start) / 1000;
    },
    close: () => {
      source.close();
      launcher.close();
    },
  };
}

/** Images whose digits are stripes of different widths, a fifth of each bright. */
function stripes(training: number, test: number, features: number): Images {
  const set = (count: number) => ({
    digits: Uint8Array.from({ length: count }, (_, i) => i % 10),
    pixels: Uint8Array.from({ length: count * features }, (_, at) =>
      ((at % features) * (1 + (Math.floor(at / features) % 10))) % 50 < 10 ? 100 + ((7919 * at) % 156) : 0,
    ),
  });
  return { training: set(training), test: set(test) };
}
