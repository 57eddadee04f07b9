/** A term of the mean test error at finite size, beside the power of T that the scaling law gives it. */
export interface ScalingTerm {
  readonly name: 'bias' | 'variance' | 'collapse';
  /** Its part of the mean at this size. */
  readonly value: number;
  /** e of T^e, with which it grows at these numbers if d is large enough. */
  readonly exponent: number;
}

/** What a scaling law says of one cell. */
export interface Scaling {
  /** Their values sum to the theory of the cell. */
  readonly terms: readonly ScalingTerm[];
  /** How far that sum may be off, as in `Prediction`. */
  readonly allowance: number;
  /** Paper and theorem. */
  readonly source: string;
}
