import type { TrialSource } from '../../../program/trials.ts';
import { type AliasTable, memberOf, tokenOf } from '../../../reference/discrete.ts';
import { Purpose, type StreamKey } from '../../../reference/normal.ts';
import { threefry4x32 } from '../../../reference/threefry.ts';
import { tokenLaw } from '../../../regimes/discrete-law.ts';
import { type DiscreteRecipe, isSample, type Law, type Sample } from '../../../regimes/discrete-recipe.ts';
import { streamKey } from '../../address.ts';
import { integerMasses, tableOf, WHOLE } from '../masses.ts';

type Recipe = Pick<DiscreteRecipe, 'truth' | 'training'>;

/** The tokens sampler without a device: every sample of every cell by itself, by the definition, on the same integers. */
export function openTokensReference(recipes: readonly Recipe[], tokens: number, seed: number): TrialSource {
  const masses = new Map<string, Float64Array>();
  const tables = new Map<string, AliasTable>();
  const cached = <T>(known: Map<string, T>, law: Law, make: () => T): T => {
    const key = JSON.stringify(law);
    const found = known.get(key) ?? make();
    known.set(key, found);
    return found;
  };
  const tableAt = (law: Law) => cached(tables, law, () => tableOf(tokenLaw(law), tokens));
  const massesOf = (law: Law) => cached(masses, law, () => integerMasses(tokenLaw(law), tokens, WHOLE));

  const missing = ({ truth, training }: Recipe, trial: number): number => {
    const left = massesOf(truth).slice();
    for (const sample of training) for (const token of draws(sample, trial)) if (token < tokens) left[token] = 0;
    return left.reduce((sum, mass) => sum + mass, 0) / WHOLE;
  };

  const draws = ({ from, size, draw }: Sample, trial: number): Uint32Array => {
    const key = streamKey(seed, draw);
    if (!isSample(from)) return fromLaw(tableAt(from), size, key, trial);
    const source = draws(from, trial);
    return Uint32Array.from(
      { length: size },
      (_, j) => source[memberOf(key, trial, j >> 2, (j & 3) as 0 | 1 | 2 | 3, Purpose.token, source.length)]!,
    );
  };

  return {
    capacity: Number.POSITIVE_INFINITY,
    run: async (first, count) => {
      const errors = Float64Array.from({ length: recipes.length * count }, (_, i) =>
        missing(recipes[Math.floor(i / count)]!, first + (i % count)),
      );
      return { first, count, errors, statuses: new Uint8Array(errors.length) };
    },
    close: () => {},
  };
}

function fromLaw(table: AliasTable, size: number, key: StreamKey, trial: number): Uint32Array {
  return Uint32Array.from({ length: size }, (_, j) => {
    const words = threefry4x32([trial, j >> 1, 0, Purpose.token], key);
    return j & 1 ? tokenOf(table, words[2], words[3]) : tokenOf(table, words[0], words[1]);
  });
}
