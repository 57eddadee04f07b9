const ALWAYS = 0xffffffff;

/** A chance as a bound of a random word: `happens` of it is the same on device and reference. */
export function chancePattern(chance: number): number {
  return chance >= 1 ? ALWAYS : Math.min(ALWAYS - 1, Math.round(chance * 2 ** 32));
}

export const happens = (word: number, pattern: number): boolean => word < pattern || pattern === ALWAYS;
