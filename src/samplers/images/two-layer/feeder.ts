import type { BufferName, Host } from '../../../program/program.ts';
import { streamKey } from '../../address.ts';
import { choose } from '../choose.ts';
import { assertSizes, brightnessOf, type ImageSource } from '../images.ts';
import type { NetworkSchedule } from './schedule.ts';

/** Writes all images once, training set before test set, as bytes; and of every trial which of them are chosen. */
export function imageFeeder({ world, samples }: NetworkSchedule, seed: number, source: ImageSource): Host {
  const { population, preprocessing } = world;
  const { training: size, features } = population;
  const picked = samples.reduce((sum, { rows }) => sum + rows, 0);
  return async (write) => {
    const put = (name: string, at: number, words: Float32Array | Uint32Array) => write(name as BufferName, at, words);
    const images = await source(population);
    assertSizes(images, population);
    const { ofImage, shifts } = brightnessOf(preprocessing, images.training, features);
    let at = 0;
    for (const { pixels, digits } of [images.training, images.test]) {
      put('pixels', (at * features) / 4, new Uint32Array(new Uint8Array(pixels).buffer));
      const each = Array.from(digits, (_, i) => ofImage(pixels.subarray(i * features, (i + 1) * features)));
      put('images', 2 * at, Float32Array.from(each.flatMap(({ shift, factor }) => [shift, factor])));
      put('digits', at, Uint32Array.from(digits));
      at += digits.length;
    }
    put('shifts', 0, Float32Array.from(shifts));
    return (trial, place) => {
      for (const { inputs, rows, offset } of samples)
        put('picks', place * picked + offset, choose(streamKey(seed, inputs), trial, size, rows));
    };
  };
}
