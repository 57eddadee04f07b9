import { bidiagonal } from './bidiagonal/index.ts';
import { direct } from './direct/index.ts';
import { jacobi } from './jacobi/index.ts';
import { type ImageSource, ImagesAbsent } from './kernel/images.ts';
import { kernelSampler } from './kernel/index.ts';
import { krylov } from './krylov/index.ts';
import { memory } from './memory/index.ts';
import { pairs } from './pairs/index.ts';
import { poisson } from './poisson/index.ts';
import type { Sampler } from './sampler.ts';
import { tokens } from './tokens/index.ts';
import { wishart } from './wishart/index.ts';

/** Every sampler by its name in experiment files; `auto` takes the cheapest that covers a cell. Images come from `images`. */
export function samplersWith(images: ImageSource): ReadonlyMap<string, Sampler> {
  return new Map<string, Sampler>(
    [direct, wishart, krylov, bidiagonal, jacobi, kernelSampler(images), tokens, poisson, pairs, memory].map(
      (sampler) => [sampler.name, sampler],
    ),
  );
}

/** Every sampler, where there are no files: enough to plan anything, and to draw all that needs no images. */
export const samplers: ReadonlyMap<string, Sampler> = samplersWith(({ name }) =>
  Promise.reject(
    new ImagesAbsent(
      `This page cannot read the images of ${name} from your disk. On the command line, npx collapse data ${name} brings ` +
        'them, and npx collapse run draws this experiment.',
    ),
  ),
);
