/** Where random numbers of a block stand in the random stream. Equal draws are the same numbers. */
export interface Draw {
  /** Says what the data are, for instance `generator:300x600`; equal units share their random numbers. */
  readonly unit: string;
  /** Index of the generation within the unit. */
  readonly generation: number;
}

/** Equal for equal draws. */
export const drawName = ({ unit, generation }: Draw): string => `${unit}/${generation}`;
