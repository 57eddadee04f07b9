import type { Coding, Draw, Population, Preprocessing } from '../../regimes/recipe.ts';

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

/** What becomes of the pixels of an image, written to `out` from `at` on. */
export type Scaling = (pixels: Uint8Array, out: Float32Array, at: number) => void;

/** What becomes of a pixel: (pixel - shift of its image - shift of its place) * factor of its image. */
export interface Brightness {
  ofImage(pixels: Uint8Array): { readonly shift: number; readonly factor: number };
  /** By place in the image. */
  readonly shifts: Float64Array;
}

/** What a preprocessing comes to on a training set. */
export function brightnessOf(preprocessing: Preprocessing, { pixels }: ImageSet, features: number): Brightness {
  const alike = (factor: number): Brightness => ({
    ofImage: () => ({ shift: 0, factor }),
    shifts: new Float64Array(features),
  });
  switch (preprocessing) {
    case 'image':
      return { ...alike(1), ofImage: standardised };
    case 'pixel': {
      const { means, factor } = meansOf(pixels, features);
      return { ...alike(factor), shifts: means };
    }
    case 'unit':
      return alike(1 / 255);
    case 'bytes':
      return alike(1);
    default:
      return preprocessing satisfies never;
  }
}

/** The same as a function. */
export function scalingOf(preprocessing: Preprocessing, set: ImageSet, features: number): Scaling {
  const { ofImage, shifts } = brightnessOf(preprocessing, set, features);
  return (image, out, at) => {
    const { shift, factor } = ofImage(image);
    for (let j = 0; j < image.length; j++) out[at + j] = (image[j]! - shift - shifts[j]!) * factor;
  };
}

/** Less the image's mean and divided by its standard deviation; an image of one colour becomes zero. */
function standardised(image: Uint8Array) {
  let sum = 0;
  let squares = 0;
  for (const pixel of image) {
    sum += pixel;
    squares += pixel * pixel;
  }
  const shift = sum / image.length;
  const variance = squares / image.length - shift ** 2;
  return { shift, factor: variance > 0 ? 1 / Math.sqrt(variance) : 0 };
}

/** By pixel the mean over the images, and 1 over the root of their mean variance. */
function meansOf(pixels: Uint8Array, features: number) {
  const count = pixels.length / features;
  const means = new Float64Array(features);
  let squares = 0;
  for (let at = 0, j = 0; at < pixels.length; at++) {
    const pixel = pixels[at]!;
    means[j]! += pixel / count;
    squares += pixel * pixel;
    if (++j === features) j = 0;
  }
  const variance = squares / pixels.length - means.reduce((sum, mean) => sum + mean ** 2, 0) / features;
  return { means, factor: variance > 0 ? 1 / Math.sqrt(variance) : 0 };
}

/** Images as numbers, rounded to f32, image by image. */
export function featuresOf({ pixels }: ImageSet, rows: ArrayLike<number>, scaling: Scaling, features: number) {
  const out = new Float32Array(rows.length * features);
  for (let i = 0; i < rows.length; i++)
    scaling(pixels.subarray(rows[i]! * features, (rows[i]! + 1) * features), out, i * features);
  return out;
}

/** Numbers that an image is labelled by. */
export const outputsOf = (coding: Coding): number => (coding === 'one-hot' ? 10 : 1);

/** One of the numbers that images are labelled by: whether digits are odd, or whether they are digit `output`. */
export function labelsOf({ digits }: ImageSet, rows: ArrayLike<number>, coding: Coding, output = 0): Float32Array {
  if (coding === 'one-hot') return Float32Array.from(rows, (row) => (digits[row] === output ? 1 : 0));
  return Float32Array.from(rows, (row) => (digits[row]! % 2 === 1 ? 1 : coding === 'signs' ? -1 : 0));
}

/** Where the errors of that number stand. */
export const errorsOf = (errors: Draw, coding: Coding, output: number): Draw =>
  outputsOf(coding) === 1 ? errors : { ...errors, unit: `${errors.unit}/output ${output}` };

export function assertSizes({ training, test }: Images, { name, features, ...population }: Population): void {
  const sizes = [training, test].map(({ pixels, digits }) => [pixels.length, digits.length]);
  const need = [population.training, population.test].map((count) => [count * features, count]);
  if (sizes.join() !== need.join()) throw new Error(`${name}: found ${sizes.join()} bytes, need ${need.join()}.`);
}
