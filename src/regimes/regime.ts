import type { Scheme } from '../experiment/scheme.ts';
import type { Prediction } from '../theory/prediction.ts';
import type { Scaling } from '../theory/scaling.ts';
import type { Recipe } from './recipe.ts';

/** One generation scheme: usually the setup of one paper. The schema of its part of the file is `Scheme.parameters`. */
export interface Regime<P = unknown, R extends Recipe = Recipe> extends Scheme<P> {
  readonly title: string;
  /** Full citation with arXiv number. */
  readonly citation: string;
  recipe(parameters: P): R;
  /** null where no theorem covers the cell. */
  theory(parameters: P): Prediction | null;
  /** Absent or null where no scaling law covers the cell. */
  scaling?(parameters: P): Scaling | null;
}
