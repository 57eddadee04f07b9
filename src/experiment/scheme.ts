import type { z } from 'zod';
import type { Problem } from './problem.ts';

/** What an experiment file needs to know about a regime: the schema of its keys and what it says of one cell. */
export interface Scheme<P = unknown> {
  readonly name: string;
  /**
   * The regime's keys with defaults, strict at every level. Sweepable numbers are marked by `axis(...)`. Plain objects
   * merge when a panel overrides them, unions are replaced whole.
   */
  readonly parameters: z.ZodObject;
  /** False where the test error has no bias, variance and collapse term: figures can only show the error itself. */
  readonly terms?: false;
  /** Blocks of data behind the estimate of a cell, where these are not one for each of `generations` and the last fit's own. */
  blocks?(parameters: P): number;
  /** What the test error is where it has a name of its own, such as a perplexity. */
  errorName?(parameters: P): string;
  /** Whether less of what is measured is better; where absent it is. */
  isError?(parameters: P): boolean;
  /** Problems that only show once all numbers of a cell are known; empty if none. */
  problems(parameters: P): readonly Problem[];
}
