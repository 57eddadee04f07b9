import type { Draw } from '../regimes/recipe.ts';

/** Words of a seed below 2^53. */
function seedWords(seed: number): { readonly low: number; readonly high: number } {
  return { low: seed >>> 0, high: Math.floor(seed / 2 ** 32) >>> 0 };
}

/** The key word of a unit's name: FNV-1a over its characters, then a mixing step. */
function unitWord(unit: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < unit.length; i++) hash = Math.imul(hash ^ unit.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The four key words of a draw. */
export function streamKey(seed: number, draw: Draw): readonly [number, number, number, number] {
  const { low, high } = seedWords(seed);
  return [low, high, unitWord(draw.unit), draw.generation];
}

/** The same as the fields of a launch that draws. */
export function launchAddress(seed: number, draw: Draw) {
  const [seed_low, seed_high, unit, generation] = streamKey(seed, draw);
  return { seed_low, seed_high, unit, generation };
}

/** Where the true coefficients stand: one stream per seed and dimension. */
export const truthDraw = (dimension: number): Draw => ({ unit: `truth:${dimension}`, generation: 0 });
