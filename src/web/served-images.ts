import type { ImageSource } from '../samplers/images/images.ts';

/** Images from the command that serves the runner; those of the page are the visitor's (image-files.ts). */

export type Part = 'pixels' | 'digits';

/** The path under which a part of a set of images is served as bytes, image after image. */
export const servedAt = (population: string, set: 'training' | 'test', part: Part): string =>
  `images/${population}/${set}-${part}`;

/** Brings the images that the server of this page has. */
export const servedImages: ImageSource = async ({ name }) => {
  const bytes = async (set: 'training' | 'test', part: Part) => {
    const response = await fetch(servedAt(name, set, part));
    if (!response.ok) throw new Error(`The command serves no ${set} images of ${name} (${response.status}).`);
    return new Uint8Array(await response.arrayBuffer());
  };
  const both = async (set: 'training' | 'test') => ({
    pixels: await bytes(set, 'pixels'),
    digits: await bytes(set, 'digits'),
  });
  return { training: await both('training'), test: await both('test') };
};
