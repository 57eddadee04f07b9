import type { z } from 'zod';
import type { Recipe } from './recipe.ts';

/** What a theorem says about the mean test error of a cell. */
export type Prediction =
  | {
      readonly kind: 'value';
      readonly value: number;
      /** Paper, theorem and equation, for captions and tables. */
      readonly source: string;
      /**
       * Absolute distance from the true mean that the formula's own derivation admits: 0 where it is exact at finite size,
       * otherwise the stated term of order 1/d.
       */
      readonly allowance: number;
    }
  | { readonly kind: 'no-mean'; readonly reason: string };

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
