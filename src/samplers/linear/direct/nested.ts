import { drawName } from '../../../regimes/draw.ts';
import type { FitPass } from '../../fit-schedule.ts';

/** Random features of which several passes want the first ones: they are made once, as many as the widest of these passes wants. */
export interface Nest {
  readonly features: number;
  /** Whether this pass is the one that makes them. */
  readonly first: boolean;
}

/** By pass; null where no neighbour wants features of the same rows by the same directions. Passes without features lie between. */
export function nestsOf(passes: readonly FitPass[]): readonly (Nest | null)[] {
  const nests = passes.map((): Nest | null => null);
  let run: number[] = [];
  const settle = () => {
    const features = Math.max(...run.map((index) => passes[index]!.design.projection!.features));
    if (run.length > 1) for (const [i, index] of run.entries()) nests[index] = { features, first: i === 0 };
  };
  let last = '';
  for (const [index, { design }] of passes.entries()) {
    const { projection, ...rows } = design;
    if (!projection) continue;
    const key = JSON.stringify([rows, drawName(projection.draw)]);
    if (key !== last) {
      settle();
      run = [];
    }
    last = key;
    run.push(index);
  }
  settle();
  return nests;
}
