import type { GaussianRecipe, GaussianSample } from '../../../regimes/gaussian-recipe.ts';
import type { CellResultPlace } from '../../batch.ts';

/** Rows that join others: those of slot `from`, or none, become those of slot `to`. */
export interface RefitStep extends GaussianSample {
  readonly from: number | null;
  /** Slot of what the model was fitted to that makes the rows; null: they are real. */
  readonly by: number | null;
  readonly to: number;
  /** Rows in `from`. */
  readonly seen: number;
  /** What the factor of scatter of `by` is multiplied by to be that of what is drawn. */
  readonly scale: number;
}

/** Rows that were seen, by number of slot: their model is what a cell measures. */
export interface RefitCell extends CellResultPlace {
  readonly slot: number;
  readonly rows: number;
  /** The factor of scatter times this is that of the covariance. */
  readonly scale: number;
  readonly measure: GaussianRecipe['estimate']['measure'];
}

export interface RefitSchedule {
  readonly dimension: number;
  readonly steps: readonly RefitStep[];
  readonly slots: number;
  readonly cells: readonly RefitCell[];
}

/** Every distinct round of a job once. */
export function refitScheduleOf(recipes: readonly GaussianRecipe[]): RefitSchedule {
  const { dimension, estimator, sharpen } = recipes[0]!;
  const scaleOf = (rows: number) => 1 / Math.sqrt(estimator === 'unbiased' ? rows - 1 : rows);
  const numbers = new Map<string, { readonly slot: number; readonly rows: number }>();
  const steps: RefitStep[] = [];
  const cells = recipes.map(({ estimate: { rounds, measure } }, error): RefitCell => {
    let before: { readonly slot: number; readonly rows: number } | null = null;
    for (const round of rounds) {
      const key: string = JSON.stringify([before?.slot, round]);
      const known = numbers.get(key);
      if (known) {
        before = known;
        continue;
      }
      const to = numbers.size;
      let from: number | null = round.kept ? before!.slot : null;
      let seen: number = round.kept ? before!.rows : 0;
      for (const sample of round.samples) {
        const made = sample.real
          ? { by: null, scale: 1 }
          : { by: before!.slot, scale: sharpen * scaleOf(before!.rows) };
        steps.push({ ...sample, ...made, from, to, seen });
        from = to;
        seen += sample.rows;
      }
      before = { slot: to, rows: seen };
      numbers.set(key, before);
    }
    const { slot, rows } = before!;
    return { slot, rows, scale: scaleOf(rows), measure, error, factors: [] };
  });
  return { dimension, steps, slots: numbers.size, cells };
}

/** Numbers of a slot: a mean, and the rows of a lower triangle one after the other. */
export const entriesOf = (dimension: number): number => dimension + (dimension * (dimension + 1)) / 2;
