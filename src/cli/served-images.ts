import { POPULATIONS } from '../regimes/image-parameters.ts';
import type { ImageSource } from '../samplers/images/images.ts';
import { servedAt } from '../web/served-images.ts';
import type { Served } from './static-server.ts';

/** Serves the images of every population to the page that draws with them (src/web/served-images.ts). */
export function servingImages(images: ImageSource): Served {
  return async (path) => {
    for (const population of Object.values(POPULATIONS))
      for (const set of ['training', 'test'] as const)
        for (const part of ['pixels', 'digits'] as const)
          if (path === `/${servedAt(population.name, set, part)}`) return (await images(population))[set][part];
    return null;
  };
}
