import type { Coding, Population, Preprocessing } from '../../regimes/recipe.ts';

/** Images as rows of bytes, and the digit that each shows. */
export interface ImageSet {
  readonly pixels: Uint8Array;
  readonly digits: Uint8Array;
}

export interface Images {
  readonly training: ImageSet;
  readonly test: ImageSet;
}

/** Brings the images of a population. Rejects with `ImagesAbsent` where they are not to be had. */
export type ImageSource = (population: Population) => Promise<Images>;

/** The images that an experiment is about are not here; the message says how to get them. */
export class ImagesAbsent extends Error {
  override readonly name = 'ImagesAbsent';
}

/** What a pixel of the column becomes: (pixel - means[column]) * factor. */
export interface Scaling {
  readonly means: Float64Array;
  readonly factor: number;
}

/** The scaling that a preprocessing comes to on a training set. */
export function scalingOf(preprocessing: Preprocessing, { pixels }: ImageSet, features: number): Scaling {
  const means = new Float64Array(features);
  if (preprocessing !== 'standard') return { means, factor: preprocessing === 'unit' ? 1 / 255 : 1 };
  const count = pixels.length / features;
  let squares = 0;
  for (let at = 0, column = 0; at < pixels.length; at++) {
    const pixel = pixels[at]!;
    means[column]! += pixel;
    squares += pixel * pixel;
    if (++column === features) column = 0;
  }
  let variance = squares / pixels.length;
  for (let column = 0; column < features; column++) {
    means[column]! /= count;
    variance -= means[column]! ** 2 / features;
  }
  return { means, factor: variance > 0 ? 1 / Math.sqrt(variance) : 1 };
}

/** Images as numbers, rounded to f32, image by image. */
export function featuresOf({ pixels }: ImageSet, rows: ArrayLike<number>, { means, factor }: Scaling): Float32Array {
  const features = means.length;
  const out = new Float32Array(rows.length * features);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * features;
    for (let j = 0; j < features; j++) out[i * features + j] = (pixels[from + j]! - means[j]!) * factor;
  }
  return out;
}

/** Whether digits are odd, in numbers. */
export function labelsOf({ digits }: ImageSet, rows: ArrayLike<number>, coding: Coding): Float32Array {
  return Float32Array.from(rows, (row) => (digits[row]! % 2 === 1 ? 1 : coding === 'signs' ? -1 : 0));
}

export function assertSizes({ training, test }: Images, { name, features, ...population }: Population): void {
  const sizes = [training, test].map(({ pixels, digits }) => [pixels.length, digits.length]);
  const need = [population.training, population.test].map((count) => [count * features, count]);
  if (sizes.join() !== need.join()) throw new Error(`${name}: found ${sizes.join()} bytes, need ${need.join()}.`);
}
