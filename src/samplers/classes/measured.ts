import { misclassified } from '../../reference/misclassified.ts';
import type { ClassMeasure } from '../../regimes/class-recipe.ts';
import type { ClassSchedule } from './schedule.ts';

/** What is measured of a classifier, from its coordinate along the truth and its length across it. */
export function measured(
  measure: Exclude<ClassMeasure, 'kept'>,
  along: number,
  across: number,
  { separation, norm }: Pick<ClassSchedule, 'separation' | 'norm'>,
): number {
  switch (measure) {
    case 'misclassified':
      return misclassified([along, across], separation);
    case 'norm':
      return Math.hypot(along, across);
    case 'cosine':
      return along / Math.hypot(along, across);
    case 'distance':
      return (along - norm) ** 2 + across * across;
  }
}
