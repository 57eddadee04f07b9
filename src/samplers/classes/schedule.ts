import {
  type ClassBlock,
  type ClassFit,
  type ClassMeasure,
  type ClassRecipe,
  classFitsBehind,
  isClassFit,
} from '../../regimes/class-recipe.ts';

/** One fit, after those that label its rows. */
export interface FitStep {
  readonly fit: ClassFit;
  /** By block the number of the fit that labels its rows; null where none does. */
  readonly labellers: readonly (number | null)[];
}

/** A cell: what is measured of the fit of a number, and the numbers of all behind it and its own. */
export interface MeasuredFit {
  readonly measure: ClassMeasure;
  readonly fit: number;
  readonly behind: readonly number[];
}

/** All that one trial does. */
export interface ClassSchedule {
  readonly dimension: number;
  readonly separation: number;
  readonly norm: number;
  readonly fits: readonly FitStep[];
  readonly cells: readonly MeasuredFit[];
}

/** Every distinct fit of a job once. */
export function classScheduleOf(recipes: readonly ClassRecipe[]): ClassSchedule {
  const { dimension, separation, norm } = recipes[0]!;
  const numbers = new Map<string, number>();
  const fits: FitStep[] = [];
  const cells = recipes.map(({ estimate: { fit, measure } }) => {
    const known = new Map<ClassFit, number>();
    for (const one of classFitsBehind(fit)) {
      const labellers = one.blocks.map(({ labels }) => (isClassFit(labels) ? known.get(labels)! : null));
      const key = JSON.stringify([labellers, { ...one, blocks: one.blocks.map(spelled) }]);
      const number = numbers.get(key) ?? fits.push({ fit: one, labellers }) - 1;
      numbers.set(key, number);
      known.set(one, number);
    }
    return { measure, fit: known.get(fit)!, behind: [...known.values()] };
  });
  return { dimension, separation, norm, fits, cells };
}

/** A block without what is behind it. */
const spelled = ({ labels, keep, ...block }: ClassBlock) => ({
  ...block,
  keep: { ...keep, most: String(keep.most) },
  labels: isClassFit(labels) ? 'fit' : labels,
});
