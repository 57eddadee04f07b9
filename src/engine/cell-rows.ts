import type { Numbers } from '../statistics/sort.ts';

/** Some trials of one recipe, in order. */
export interface CellRows {
  /** Meaningful only where the status is `ok`. */
  readonly errors: Numbers;
  readonly statuses: Uint8Array;
}
