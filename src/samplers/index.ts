import { newton } from './classes/newton/index.ts';
import { span } from './classes/span/index.ts';
import { refits } from './gaussian/refits/index.ts';
import { type ImageSource, ImagesAbsent } from './images/images.ts';
import { kernelSampler } from './images/kernel/index.ts';
import { bidiagonal } from './linear/bidiagonal/index.ts';
import { descent } from './linear/descent/index.ts';
import { direct } from './linear/direct/index.ts';
import { jacobi } from './linear/jacobi/index.ts';
import { krylov } from './linear/krylov/index.ts';
import { wishart } from './linear/wishart/index.ts';
import { trainedSampler } from './networks/trained/index.ts';
import type { Sampler } from './sampler.ts';
import { tokens } from './tokens/literal/index.ts';
import { memory } from './tokens/memory/index.ts';
import { pairs } from './tokens/pairs/index.ts';
import { poisson } from './tokens/poisson/index.ts';
import { accepted } from './verified/accepted/index.ts';

/** Every sampler by its name in experiment files; `auto` takes the cheapest that covers a cell. Images come from `images`. */
export function samplersWith(images: ImageSource): ReadonlyMap<string, Sampler> {
  return new Map<string, Sampler>(
    [
      direct,
      wishart,
      krylov,
      bidiagonal,
      jacobi,
      descent,
      kernelSampler(images),
      tokens,
      poisson,
      pairs,
      memory,
      span,
      newton,
      accepted,
      refits,
      trainedSampler(images),
    ].map((sampler) => [sampler.name, sampler]),
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
