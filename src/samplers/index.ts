import { bidiagonal } from './bidiagonal/index.ts';
import { direct } from './direct/index.ts';
import { krylov } from './krylov/index.ts';
import type { Sampler } from './sampler.ts';
import { wishart } from './wishart/index.ts';

/** Every sampler by its name in experiment files; `auto` takes the cheapest that covers a cell. */
export const samplers: ReadonlyMap<string, Sampler> = new Map<string, Sampler>(
  [direct, wishart, krylov, bidiagonal].map((sampler) => [sampler.name, sampler]),
);
