/**
 * Plan. What the kernel sampler rests on, without a device:
 * - choose: distinct images in range, fewer of them are the beginning of more, all of them a permutation; other trials and keys
 *   choose others; every image is equally likely at every place (chi-squared)
 * - preprocessing: by the definition on numbers computed by hand
 * - random features: their mean product is near the arc-cosine kernel; the reference gives what ridge regression on the features
 *   themselves gives (Cholesky's normal equations, labels put together here), parts labelled by another fit and by the truth
 * - label errors of ten numbers are told apart
 * - IDX files: sizes and data of a file made here; wrong type, cut header, missing bytes, files that do not go together
 * - the schedule: one sample for all T, generators' values computed once for the largest, one factor per T and ridge, also for
 *   any share of synthetic labels
 * - without files: the sentence names the command
 * - cost: refused by name where a buffer exceeds a binding, with a number of samples that does fit; what cannot be drawn
 */

import { describe, expect, it } from 'vitest';
import { type DeviceLimits, DeviceTooSmall } from '../../src/program/cost.ts';
import { cholesky, choleskySolve } from '../../src/reference/linalg.ts';
import { normalsAt, Purpose } from '../../src/reference/normal.ts';
import { streamKey } from '../../src/samplers/address.ts';
import { choose } from '../../src/samplers/images/choose.ts';
import { IdxError, imageSet, readIdx } from '../../src/samplers/images/idx.ts';
import {
  errorsOf,
  featuresOf,
  ImagesAbsent,
  labelsOf,
  outputsOf,
  scalingOf,
} from '../../src/samplers/images/images.ts';
import { kernelSampler } from '../../src/samplers/images/kernel/index.ts';
import { directionsOf, reluFeatures } from '../../src/samplers/images/kernel/reference.ts';
import { kernelScheduleOf } from '../../src/samplers/images/kernel/schedule.ts';
import { samplers } from '../../src/samplers/index.ts';
import { refusalOf } from '../../src/samplers/sampler.ts';
import { idxFile } from '../support/idx.ts';
import { kernelRecipes, mixtureRecipes, RBF, syntheticImages } from '../support/images.ts';
import { costOn } from '../support/programs.ts';

const key = [1, 0, 77, 0] as const;

describe('choose', () => {
  it('draws without replacement, fewer as the beginning of more', () => {
    const all = choose(key, 4, 50, 50);
    expect([...all].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect([...choose(key, 4, 50, 13)]).toEqual([...all.subarray(0, 13)]);
    expect([...choose(key, 5, 50, 50)]).not.toEqual([...all]);
    expect([...choose([1, 0, 77, 1], 4, 50, 50)]).not.toEqual([...all]);
  });

  it('prefers no image at any place', () => {
    const trials = 6000;
    const counts = Array.from({ length: 6 }, () => new Float64Array(6));
    for (let trial = 0; trial < trials; trial++)
      choose(key, trial, 6, 6).forEach((image, place) => {
        counts[place]![image]!++;
      });
    // Five degrees of freedom at each of six places: the 1 % point, shared among them, is 18.2.
    for (const row of counts) {
      const chi2 = row.reduce((sum, n) => sum + (n - trials / 6) ** 2 / (trials / 6), 0);
      expect(chi2).toBeLessThan(18.2);
    }
  });
});

describe('preprocessing', () => {
  // By image: means 1.5 and 5, standard deviations .5 and 2. By pixel: means 2 and 4.5, mean variance (1 + 6.25) / 2.
  const set = { pixels: Uint8Array.of(1, 2, 3, 7), digits: Uint8Array.of(3, 8) };
  const rows = [1, 0];

  it.each([
    ['image', [-1, 1, -1, 1]],
    ['pixel', [1, 2.5, -1, -2.5].map((x) => x / Math.sqrt(7.25 / 2))],
    ['unit', [3, 7, 1, 2].map((x) => x / 255)],
    ['bytes', [3, 7, 1, 2]],
  ] as const)('%s', (preprocessing, expected) => {
    const features = featuresOf(set, rows, scalingOf(preprocessing, set, 2), 2);
    expect(features).toHaveLength(4);
    features.forEach((x, i) => {
      expect(x).toBeCloseTo(expected[i]!, 6);
    });
  });

  it('makes images of one colour zero', () => {
    const flat = { pixels: Uint8Array.of(9, 9, 9, 9), digits: Uint8Array.of(1, 2) };
    for (const preprocessing of ['image', 'pixel'] as const)
      expect([...featuresOf(flat, [0, 1], scalingOf(preprocessing, flat, 2), 2)]).toEqual([0, 0, 0, 0]);
  });

  it.each(['image', 'pixel'] as const)('gives pixels of mean 0 and mean square 1: %s', (preprocessing) => {
    const { training } = syntheticImages({ name: '', training: 300, test: 1, features: 20 });
    const all = featuresOf(training, [...training.digits.keys()], scalingOf(preprocessing, training, 20), 20);
    expect(all.reduce((sum, x) => sum + x * x, 0) / all.length).toBeCloseTo(1, 5);
    expect(all.reduce((sum, x) => sum + x, 0) / all.length).toBeCloseTo(0, 5);
  });

  it('codes odd and even', () => {
    expect([...labelsOf(set, rows, 'signs')]).toEqual([-1, 1]);
    expect([...labelsOf(set, rows, 'bits')]).toEqual([0, 1]);
  });

  it('codes digits as ten numbers with errors of their own', () => {
    const labels = Array.from({ length: outputsOf('one-hot') }, (_, digit) => [
      ...labelsOf(set, rows, 'one-hot', digit),
    ]);
    expect(labels.map(([first]) => first)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
    expect(labels.map(([, second]) => second)).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    const draw = { unit: 'a', generation: 2 };
    const keys = labels.map((_, digit) => streamKey(5, errorsOf(draw, 'one-hot', digit)).join());
    expect(new Set(keys).size).toBe(10);
    expect(errorsOf(draw, 'signs', 0)).toEqual(draw);
  });
});

describe('random features', () => {
  it('have the arc-cosine kernel in the mean', () => {
    // Cho and Saul, 2009: E max(0, s'x) max(0, s'y) = |x| |y| (sin t + (pi - t) cos t) / (2 pi), s ~ N(0, I), t the angle.
    const [x, y] = [Float64Array.of(1, 2, -1, 0.5), Float64Array.of(-0.5, 1, 1, 2)];
    const directions = directionsOf(key, 3, 40_000, 4);
    for (const [a, b] of [
      [x, y],
      [x, x],
      [y, y.map((value) => -value)],
    ] as const) {
      const [length, angle] = [
        Math.sqrt(inner(a, a) * inner(b, b)),
        Math.acos(inner(a, b) / Math.sqrt(inner(a, a) * inner(b, b))),
      ];
      const exact = (length * (Math.sin(angle) + (Math.PI - angle) * Math.cos(angle))) / (2 * Math.PI * 4);
      const mean = inner(reluFeatures(directions, a), reluFeatures(directions, b));
      // A product of two has standard deviation below 3 |x| |y| / (2 * 4).
      expect(Math.abs(mean - exact)).toBeLessThan((4 * 3 * length) / (8 * Math.sqrt(40_000)));
    }
  });

  it('are what the reference fits', async () => {
    const small = { name: 'stripes', training: 60, test: 20, features: 12 };
    const [features, rows, trial, seed] = [9, 16, 4, 11];
    const recipes = mixtureRecipes({ population: small, rows: [rows], fractions: [0.25], features, ridges: [0.1] });
    const { errors } = await sampler.openReference({ seed, recipes }).run(trial, 1);

    const { training, test } = syntheticImages(small);
    const scaling = scalingOf('image', training, 12);
    const draw = (unit: string) => streamKey(seed, { unit, generation: 0 });
    const phi = (set: typeof training, images: ArrayLike<number>, unit: string, m: number) => {
      const directions = directionsOf(draw(`${unit}/features`), trial, m, 12);
      const pixels = featuresOf(set, images, scaling, 12);
      return Array.from(images, (_, i) => reluFeatures(directions, pixels.subarray(12 * i, 12 * i + 12)));
    };
    const images = choose(draw('generator'), trial, 60, 20);
    const others = choose(draw('downstream'), trial, 60, rows);
    const [generator, own] = [phi(training, images, 'generator', 30), phi(training, others, 'downstream', features)];
    const [seen, tested] = [
      phi(training, others, 'generator', 30),
      phi(test, [...test.digits.keys()], 'downstream', features),
    ];
    let sum = 0;
    for (let digit = 0; digit < 10; digit++) {
      const teacher = primal(generator, labelsOf(training, images, 'one-hot', digit), 0.05);
      const y = Float64Array.from(labelsOf(training, others, 'one-hot', digit));
      const stream = draw(`downstream/output ${digit}`);
      for (let i = 12; i < rows; i++)
        y[i] = inner(teacher, seen[i]!) + 0.3 * normalsAt(stream, trial, i >> 2, 0, Purpose.noise)[i & 3]!;
      const w = primal(own, y, 0.1);
      tested.forEach((z, i) => {
        sum += (inner(w, z) - (test.digits[i] === digit ? 1 : 0)) ** 2;
      });
    }
    expect(errors[0]).toBeCloseTo(sum / 200, 10);
  });
});

/** Coefficients v that minimise (1/n) sum (v'z - y)^2 + ridge |v|^2, z the features of the kernel's sum. */
function primal(features: readonly Float64Array[], y: ArrayLike<number>, ridge: number): Float64Array {
  const m = features[0]!.length;
  const gram = new Float64Array(m * m);
  const moments = new Float64Array(m);
  features.forEach((z, i) => {
    for (let a = 0; a < m; a++) {
      moments[a]! += z[a]! * y[i]!;
      for (let b = 0; b < m; b++) gram[a * m + b]! += z[a]! * z[b]!;
    }
  });
  for (let a = 0; a < m; a++) gram[a * m + a]! += ridge * features.length;
  const factorisation = cholesky(gram, m);
  if (factorisation.kind !== 'ok') throw new Error('not positive');
  return choleskySolve(factorisation.factor, moments);
}

const inner = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('IDX files', () => {
  const images = idxFile(
    [2, 2, 3],
    Uint8Array.from({ length: 12 }, (_, i) => 20 * i),
  );
  const labels = idxFile([2], Uint8Array.of(7, 4));

  it('are read', () => {
    const { pixels, digits } = imageSet(images, labels);
    expect([...pixels]).toEqual(Array.from({ length: 12 }, (_, i) => 20 * i));
    expect([...digits]).toEqual([7, 4]);
    // From the middle of a larger buffer, as Node's pool hands files out.
    const shifted = new Uint8Array([9, 9, 9, ...images]).subarray(3);
    expect(readIdx(shifted)).toEqual({ sizes: [2, 2, 3], data: images.subarray(16) });
  });

  it.each([
    ['text', new TextEncoder().encode('<html>')],
    ['words, not bytes', Uint8Array.of(0, 0, 12, 1, 0, 0, 0, 0)],
    ['a cut header', images.subarray(0, 9)],
    ['a byte too few', images.subarray(0, -1)],
    ['a byte too many', new Uint8Array([...images, 0])],
    ['nothing', new Uint8Array()],
  ])('are refused: %s', (_, bytes) => {
    expect(() => readIdx(bytes)).toThrow(IdxError);
  });

  it('are refused where labels do not go with images', () => {
    expect(() => imageSet(images, idxFile([3], Uint8Array.of(1, 2, 3)))).toThrow(
      /2 x 2 x 3 do not go with labels of 3/,
    );
  });
});

const population = { name: 'stripes', training: 20_000, test: 100, features: 50 };
const limits: DeviceLimits = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65535,
};
const sampler = kernelSampler(async (asked) => syntheticImages(asked));

describe('the schedule', () => {
  it('shares images, factors and the chain', () => {
    const recipes = kernelRecipes({ population, rows: [10, 40, 30], generations: [0, 1, 2], ridges: [0.1, 0.2] });
    const { samples, passes, tested, fits } = kernelScheduleOf(recipes);
    expect(samples.map(({ inputs, rows }) => `${inputs.unit} ${inputs.generation}: ${rows}`).toSorted()).toEqual([
      'downstream 0: 40',
      'generator 0: 20',
      'generator 1: 20',
    ]);
    // Two generators, and three numbers of rows with two ridges.
    expect(fits.factors).toBe(2 + 3 * 2);
    expect(passes).toHaveLength(2 + 3);
    expect(tested).toMatchObject([{ count: 3 * 2 * 3 }]);
    const labelled = passes.map(({ labeller }) => labeller.targets.map(({ sample }) => samples[sample]!.inputs));
    expect(labelled.slice(0, 2)).toEqual([
      [expect.objectContaining({ unit: 'generator', generation: 1 }), expect.objectContaining({ unit: 'downstream' })],
      [expect.objectContaining({ unit: 'downstream' })],
    ]);
  });
});

describe('the schedule of mixtures', () => {
  it('forms and factors one matrix for all shares, and asks the generator once', () => {
    const options = { population, rows: [10, 40], fractions: [0, 0.01, 0.25, 1], features: 50 };
    const { samples, passes, tested, fits, outputs } = kernelScheduleOf(mixtureRecipes(options));
    expect(samples.map(({ rows }) => rows)).toEqual([20, 40]);
    expect(fits.factors).toBe(1 + 2);
    expect(outputs).toBe(10);
    // Of 10 images none is a hundredth: as with none at all.
    expect(passes.map(({ pass }) => pass.sides.length)).toEqual([1, 3, 3]);
    expect(passes[0]!.labeller.targets).toHaveLength(1);
    expect(tested).toMatchObject([{ count: 6, projection: { features: 50 } }]);
  });
});

describe('cost', () => {
  const mnist = { name: 'mnist', training: 60_000, test: 100, features: 784 };
  const job = (rows: number) => ({
    seed: 1,
    recipes: kernelRecipes({ population: mnist, rows: [rows], generations: [0, 1] }),
  });

  it('names a number of samples that fits', () => {
    let message: readonly string[] = [];
    try {
      costOn(sampler, job(50_000), limits);
    } catch (error) {
      expect(error).toBeInstanceOf(DeviceTooSmall);
      message = (error as DeviceTooSmall).changes;
    }
    const fitting = Number(/at most (\d+) samples/.exec(message[0] ?? '')?.[1]);
    // 128 MiB of 784 pixels, 20 images of the generator and padding among them.
    expect(fitting).toBe(42_752);
    expect(costOn(sampler, job(fitting), limits).bytes(1)).toBeGreaterThan(2 ** 32);
    expect(() => costOn(sampler, job(fitting + 16), limits)).toThrow(DeviceTooSmall);
  });

  it('knows no number of features in memory, and refuses samples in the same words', () => {
    const mixture = (rows: number, features: number) => ({
      seed: 1,
      recipes: mixtureRecipes({ population, rows: [rows], fractions: [0, 0.5], features }),
    });
    const bytes = (features: number) => costOn(sampler, mixture(3000, features), limits).bytes(1);
    expect(bytes(100_000)).toBe(bytes(1000));
    expect(costOn(sampler, mixture(3000, 100_000), limits).flopsPerTrial).toBeGreaterThan(3000 ** 2 * 100_000);
    const small = { ...limits, maxStorageBufferBindingSize: 2 ** 26 };
    expect(() => costOn(sampler, mixture(10_000, 10_000), small)).toThrow(/"gram 1"; this device allows 64 MiB/);
  });

  it('refuses what is no ridge regression on one sample', () => {
    const [recipe] = mixtureRecipes({ population, rows: [10], fractions: [0.5], features: 5 });
    const { estimate } = recipe!;
    const [real, other] = estimate.data;
    const refusal = (changes: Partial<typeof estimate>) =>
      refusalOf(sampler, { ...recipe!, estimate: { ...estimate, ...changes } });
    expect(refusal({})).toBeNull();
    const { projection: _, ...plain } = estimate;
    expect(refusalOf(sampler, { ...recipe!, estimate: plain })).toMatch(/projection in every fit/);
    expect(refusalOf(sampler, { ...recipe!, kernel: RBF })).toMatch(/projection in every fit/);
    expect(refusal({ data: [other!] })).toMatch(/block after block/);
    expect(refusal({ data: [real!, { ...other!, inputs: { unit: 'x', generation: 0 } }] })).toMatch(/one draw/);
    expect(refusal({ data: [{ ...real!, weight: 2 }, other!] })).toBe('kernel draws no weighted blocks');
    expect(refusal({ subsample: { rows: 3, draw: real!.inputs } })).toMatch(/random part/);
    const shifted = { shift: real!.inputs, deviations: [1], scale: 1 };
    expect(refusal({ data: [real!, { ...other!, labels: shifted }] })).toMatch(/shifted/);
  });

  it('refuses what there are no images for, and fits without ridge', () => {
    const [recipe] = job(10).recipes;
    const { estimate } = recipe!;
    expect(refusalOf(sampler, recipe!)).toBeNull();
    expect(refusalOf(sampler, { ...recipe!, tests: 101 })).toMatch(/100 test images/);
    expect(refusalOf(sampler, { ...recipe!, estimate: { ...estimate, ridge: 0 } })).toMatch(/ridge above 0/);
    const data = [{ ...estimate.data[0]!, rows: 60_001 }];
    expect(refusalOf(sampler, { ...recipe!, estimate: { ...estimate, data } })).toMatch(/60000 images/);
  });
});

it('says where a page has no files how to draw what needs them', async () => {
  const recipes = kernelRecipes({ population, rows: [10], generations: [0] });
  const pages = samplers.get('kernel')!;
  expect(refusalOf(pages, recipes[0]!)).toBeNull();
  await expect(pages.prepare!({ seed: 1, recipes })).rejects.toThrow(ImagesAbsent);
  await expect(pages.openReference({ seed: 1, recipes }).run(0, 1)).rejects.toThrow(
    /page cannot read.*npx collapse data/,
  );
});
