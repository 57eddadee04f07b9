/** A mean, and how far off the formula may be. */
export interface PredictedTerm {
  readonly value: number;
  /**
   * Absolute distance from the true mean that the formula's own derivation admits: 0 where it is exact at finite size,
   * otherwise an estimate of the next term of its expansion (docs/theory.md), infinite where that says nothing.
   */
  readonly allowance: number;
  /** The value to leading order, as papers print it, where `value` has terms beyond it. */
  readonly leading?: number;
  /**
   * Standard deviation of a trial, or a bound above it, where the law has rare events that a sample may not show: its own standard error
   * is then too small, 0 even.
   */
  readonly deviation?: number;
}

/** What a theorem says about the mean test error of a cell. */
export type Prediction =
  | (PredictedTerm & {
      readonly kind: 'value';
      /** Paper, theorem and equation, for captions and tables. */
      readonly source: string;
      /** The parts that sum to the value, where the theorem tells them apart. */
      readonly terms?: Readonly<Record<'bias' | 'variance' | 'collapse', PredictedTerm>>;
    })
  | { readonly kind: 'no-mean'; readonly reason: string }
  /** The formula gave what no mean error can be: a mistake of this program, never a prediction. */
  | { readonly kind: 'fault'; readonly reason: string };

/**
 * The one gate through which every prediction passes: a number that no mean error can be is a fault, by name. null where the formula
 * itself says, by an infinite allowance, that its expansion says nothing there. What is no error, a cosine or a coefficient, may be negative.
 */
export function soundPrediction(prediction: Prediction | null, isError = true): Prediction | null {
  if (prediction?.kind !== 'value') return prediction;
  const parts = Object.entries<PredictedTerm>({ error: prediction, ...prediction.terms });
  const faults = parts.flatMap(([name, part]) =>
    faultsOf(part, isError ? 0 : -Number.MAX_VALUE).map((fault) => `${fault} of the ${name}`),
  );
  if (faults.length === 0) return prediction;
  return prediction.allowance === Infinity
    ? null
    : { kind: 'fault', reason: `the theory gives the ${faults.join(', the ')}` };
}

/** An allowance may be infinite: the formula then says nothing. All else is finite, no value is below the least, and nothing else negative. */
function faultsOf({ value, allowance, deviation = 0 }: PredictedTerm, least: number): readonly string[] {
  const found: string[] = [];
  if (!(value >= least && value < Infinity)) found.push(`value ${value}`);
  if (!(allowance >= 0)) found.push(`allowance ${allowance}`);
  if (!(deviation >= 0)) found.push(`deviation ${deviation}`);
  return found;
}

/** What a prediction says of one of its terms; of all together where none is named. */
export function predictedTerm(
  prediction: Prediction | null,
  term: 'bias' | 'variance' | 'collapse' | undefined,
): Prediction | null {
  if (prediction?.kind !== 'value' || term === undefined) return prediction;
  return prediction.terms ? { kind: 'value', source: prediction.source, ...prediction.terms[term] } : null;
}
