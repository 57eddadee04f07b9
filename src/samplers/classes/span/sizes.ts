/** Coordinates of a row that labels and judge see. */
export const KNOWN = 4;

/** Kept rows that a fit needs at least. */
export const LEAST_KEPT = 10;
