const MOST_STEPS = 40;
const SOLVED = 1e-9;
const NEARLY_SOLVED = 1e-6;
/** Of a step: one that does not come nearer with less ends the search. */
const LEAST_SHARE = 1 / 200;

/**
 * A root by Broyden's method: derivatives by differences, mended by every step, and worked out anew where a whole step does not come nearer.
 * null if there is none, or where the search is `lost`.
 */
export function rootOf(
  of: (x: readonly number[]) => readonly number[],
  start: readonly number[],
  lost: (x: readonly number[]) => boolean,
): readonly number[] | null {
  const size = (vector: readonly number[]) => Math.max(...vector.map(Math.abs));
  let x = start;
  let off = of(x);
  let slopes: number[][] | null = null;
  for (let step = 0; step < MOST_STEPS; step++) {
    if (size(off) < SOLVED) return x;
    const fresh = slopes === null;
    slopes ??= differences(of, x, off);
    const change = linearly(slopes, off);
    let share = 1;
    let next = x;
    let nextOff = off;
    for (; share > LEAST_SHARE; share /= 2) {
      next = x.map((value, i) => value - share * change[i]!);
      nextOff = of(next);
      if (size(nextOff) < size(off)) break;
      // Mended slopes are not worth shorter steps.
      if (!fresh) break;
    }
    if (size(nextOff) < size(off)) {
      if (lost(next)) return null;
      if (size(nextOff) > size(off) / 2) slopes = null;
      else mend(slopes, x, off, next, nextOff);
      [x, off] = [next, nextOff];
    } else if (fresh) {
      // Rounding ends the search a little before.
      return size(off) < NEARLY_SOLVED ? x : null;
    } else slopes = null;
  }
  return null;
}

/** Makes slopes say what a step has shown: along it, and as before across. */
function mend(
  slopes: number[][],
  x: readonly number[],
  off: readonly number[],
  next: readonly number[],
  nextOff: readonly number[],
): void {
  const moved = next.map((value, j) => value - x[j]!);
  const square = moved.reduce((sum, value) => sum + value * value, 0);
  for (const [i, row] of slopes.entries()) {
    const missed = nextOff[i]! - off[i]! - row.reduce((sum, slope, j) => sum + slope * moved[j]!, 0);
    for (let j = 0; j < row.length; j++) row[j]! += (missed * moved[j]!) / square;
  }
}

/** Rows: of each equation; columns: of each unknown. */
function differences(of: (x: readonly number[]) => readonly number[], x: readonly number[], off: readonly number[]) {
  const delta = 1e-6;
  const columns = x.map((_, k) =>
    of(x.map((value, i) => value + (i === k ? delta : 0))).map((f, i) => (f - off[i]!) / delta),
  );
  return off.map((_, i) => columns.map((column) => column[i]!));
}

/** A x = b by Gauss's elimination with pivots. */
function linearly(matrix: readonly (readonly number[])[], b: readonly number[]): readonly number[] {
  const n = b.length;
  const rows = matrix.map((row, i) => [...row, b[i]!]);
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[best]![k]!)) best = i;
    [rows[k], rows[best]] = [rows[best]!, rows[k]!];
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= n; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i]![n]!;
    for (let j = i + 1; j < n; j++) sum -= rows[i]![j]! * x[j]!;
    x[i] = sum / rows[i]![i]!;
  }
  return x;
}
