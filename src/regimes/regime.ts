import type { z } from 'zod';
import type { Prediction } from '../theory/prediction.ts';
import type { Recipe } from './recipe.ts';

/** One generation scheme: usually the setup of one paper. */
export interface Regime<P = unknown> {
  readonly name: string;
  readonly title: string;
  /** Full citation with arXiv number. */
  readonly citation: string;
  /** Schema of the regime's part of the experiment file, with defaults. Sweepable numbers are marked by `axis(...)`. */
  readonly parameters: z.ZodType;
  /** Problems that only show once all numbers of a cell are known; empty if none. Paths are dotted. */
  problems(parameters: P): readonly { readonly path: string; readonly message: string }[];
  recipe(parameters: P): Recipe;
  /** null where no theorem covers the cell. */
  theory(parameters: P): Prediction | null;
}
