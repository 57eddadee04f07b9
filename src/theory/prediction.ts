/** What a theorem says about the mean test error of a cell. */
export type Prediction =
  | {
      readonly kind: 'value';
      readonly value: number;
      /** Paper, theorem and equation, for captions and tables. */
      readonly source: string;
      /**
       * Absolute distance from the true mean that the formula's own derivation admits: 0 where it is exact at finite size,
       * otherwise an estimate of the next term of its expansion (docs/theory.md), infinite where that says nothing.
       */
      readonly allowance: number;
      /** The value to leading order, as papers print it, where `value` has terms beyond it. */
      readonly leading?: number;
    }
  | { readonly kind: 'no-mean'; readonly reason: string };
